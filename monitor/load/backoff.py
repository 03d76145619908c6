"""When a client comes back: full jitter, so that a school does not return all in one instant."""

from __future__ import annotations

import random

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 20.0


def backoff_seconds(tries: int, dice: random.Random) -> float:
    """How long to wait before try number `tries` (from 1) since the last success.

    Evenly spread between nothing and a bound that doubles from 0.5 to 20 s.
    """
    bound = min(FIRST_SECONDS * 2.0 ** min(max(tries - 1, 0), 10), LONGEST_SECONDS)
    return dice.uniform(0, bound)
