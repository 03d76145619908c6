"""The schedule: from a seed alone, every fault in turn, two at once now and then."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from tests.chaos.run import FAULTS, STRIKING, Options
from tests.chaos.schedule import Sort, Strike, schedule

# What the issue names, by arrangement.
EVERYWHERE = {
    *("worker_sigkill", "worker_sigstop", "server_sigkill"),
    *("links_delay", "links_cut", "links_half_close", "links_drip"),
    *("dashboard_stops_reading", "student_floods", "clock_hours_off"),
}
ON_POSTGRES = {
    *("redis_restart", "redis_client_kill", "redis_client_pause", "redis_sigstop"),
    *("postgres_restart", "postgres_terminate", "postgres_hang", "database_stall", "commit_cut"),
}


def _strikes(seed: int, arrangement: str = "postgres", number: int = 200) -> list[Strike]:
    sorts = [fault.sort() for fault in Options(seed=seed, arrangement=arrangement).faults]
    return list(islice(schedule(seed, sorts), number))


def test_the_same_seed_gives_the_same_strikes_and_another_one_others() -> None:
    assert _strikes(7) == _strikes(7)
    assert _strikes(7) != _strikes(8)


@pytest.mark.parametrize(
    ("arrangement", "names"),
    [("postgres", EVERYWHERE | ON_POSTGRES), ("sqlite", EVERYWHERE | {"disk_full"})],
)
def test_every_fault_strikes_before_any_strikes_again(arrangement: str, names: set[str]) -> None:
    strikes = _strikes(7, arrangement)
    first = [strike.faults[0] for strike in strikes]

    assert set(first[: len(names)]) == names
    assert max(Counter(first).values()) - min(Counter(first).values()) <= 1


def test_every_third_strike_is_of_two_parts_at_once() -> None:
    strikes = _strikes(7)

    assert [len(strike.faults) for strike in strikes[:6]] == [1, 1, 2, 1, 1, 2]
    for strike in strikes[2::3]:
        one, other = (FAULTS[name].part for name in strike.faults)
        assert one != other


def test_every_part_has_its_place_in_the_order_of_strikes() -> None:
    assert {fault.part for fault in FAULTS.values()} == set(STRIKING)


def test_a_fault_is_held_for_as_long_as_it_says_and_no_longer_than_allowed() -> None:
    sorts = [Sort("short", "a", 1, 2), Sort("long", "b", 10, 20)]
    for strike in islice(schedule(1, sorts), 50):
        shortest = 10 if "long" in strike.faults else 1
        assert shortest <= strike.hold_seconds <= 2 * shortest
    assert {one.hold_seconds for one in islice(schedule(1, sorts, longest=0.5), 9)} == {0.5}
