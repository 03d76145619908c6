from __future__ import annotations

import random

from monitor.load.backoff import backoff_seconds


def _longest(tries: int) -> float:
    dice = random.Random(1)
    return max(backoff_seconds(tries, dice) for _ in range(2_000))


def test_waits_grow_from_half_a_second_to_twenty() -> None:
    assert 0.45 < _longest(1) <= 0.5
    assert 1.9 < _longest(3) <= 2.0
    assert 19 < _longest(50) <= 20.0


def test_waits_are_spread_over_the_whole_time_so_that_a_school_does_not_come_as_one() -> None:
    dice = random.Random(1)
    waits = [backoff_seconds(9, dice) for _ in range(1_000)]

    quarters = [sum(low <= wait < low + 5 for wait in waits) for low in (0, 5, 10, 15)]
    assert min(quarters) > 200
