"""Who is sent away comes back one after the other."""

from __future__ import annotations

from itertools import pairwise

from monitor.sockets.appointments import LATEST_MS, SOONEST_MS, Appointments


def test_those_who_ask_together_are_given_moments_one_after_the_other() -> None:
    appointments = Appointments(per_second=100.0)

    given = [appointments.next_ms(1_000.0) for _ in range(300)]

    assert given[0] == SOONEST_MS + 10
    assert [later - sooner for sooner, later in pairwise(given)] == [10] * 299


def test_moments_that_have_passed_are_not_given() -> None:
    appointments = Appointments(per_second=100.0)
    for _ in range(300):
        appointments.next_ms(1_000.0)

    assert appointments.next_ms(1_010.0) == SOONEST_MS + 10


def test_nobody_is_kept_for_longer_than_a_while() -> None:
    appointments = Appointments(per_second=100.0)

    given = [appointments.next_ms(0.0) for _ in range(5_000)]

    assert max(given) <= LATEST_MS
    assert min(given) >= SOONEST_MS
    assert len(set(given[3_000:])) > 1_000
