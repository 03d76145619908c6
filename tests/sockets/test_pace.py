from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from monitor.sockets import pace as pace_module
from monitor.sockets.pace import Allowance, Pace


def test_a_burst_passes_at_once_and_then_so_many_a_second() -> None:
    pace = Pace(per_second=20, burst=60)

    waits = [pace.take(now=0.0) for _ in range(62)]

    assert waits[:59] == [0.0] * 59
    assert [round(wait, 3) for wait in waits[59:]] == [0.05, 0.1, 0.15]


def test_a_pause_earns_the_burst_again_and_no_more() -> None:
    pace = Pace(per_second=20, burst=60)
    for _ in range(60):
        pace.take(now=0.0)

    waits = [pace.take(now=100.0) for _ in range(60)]

    assert waits[:59] == [0.0] * 59
    assert waits[59] > 0


@given(gaps=st.lists(st.floats(0, 2), min_size=1, max_size=300))
def test_who_waits_as_told_is_never_faster_than_the_rate(gaps: list[float]) -> None:
    pace, now = Pace(per_second=10, burst=5), 0.0
    for taken, gap in enumerate(gaps, start=1):
        now += gap
        wait = pace.take(now)
        assert taken <= 5 + 10 * now + 1e-6
        now += wait


def test_tries_are_counted_for_each_key_alone() -> None:
    allowance = Allowance(per_minute=2)

    assert [allowance.take("a", 0.0) for _ in range(2)] == [0.0, 0.0]
    assert allowance.take("a", 0.0) == 30.0
    assert allowance.take("b", 0.0) == 0.0
    assert allowance.take("a", 29.0) == 1.0
    assert allowance.take("a", 30.0) == 0.0


def test_a_refused_try_costs_nothing() -> None:
    allowance = Allowance(per_minute=2)
    for _ in range(50):
        allowance.take("a", 0.0)

    assert allowance.take("a", 30.0) == 0.0


def test_keys_that_are_paid_for_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_module, "PRUNE_ABOVE", 10)
    allowance = Allowance(per_minute=30)
    for number in range(100):
        allowance.take(str(number), now=float(number * 10))

    assert len(allowance._paid_until) <= 11
