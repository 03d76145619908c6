"""When those who are sent away are to come back: one by one, as fast as they can be let in.

Pure; the clock is an argument (seconds of any steady clock).
"""

from __future__ import annotations

import random

PER_SECOND = 400.0  # what a core lets in beside its other work; who comes too soon is told again
SOONEST_MS = 500  # sooner nothing will have changed
LATEST_MS = 20_000  # later nobody is kept; they share what is left


class Appointments:
    """Gives each who asks a moment of its own, while moments last."""

    def __init__(self, per_second: float = PER_SECOND) -> None:
        """Let so many come in a second."""
        self._step = 1 / per_second
        self._taken_until = 0.0

    def next_ms(self, now: float) -> int:
        """In how many milliseconds the next one is to come."""
        self._taken_until = max(self._taken_until, now + SOONEST_MS / 1000) + self._step
        after_ms = round((self._taken_until - now) * 1000)
        if after_ms <= LATEST_MS:
            return after_ms
        self._taken_until -= self._step
        return random.randint(SOONEST_MS, LATEST_MS)  # noqa: S311 - spreads, hides nothing
