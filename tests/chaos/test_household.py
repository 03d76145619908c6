"""What is more than before is named; what is as before, or less, is not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from msgspec.structs import replace

from tests.chaos.gauges import MIB, Gauges
from tests.chaos.household import Wanted, differences, peak

WANTED = Wanted(students=4, dashboards=2, sittings=frozenset({"s1"}), workers=2)
BASE = Gauges(
    memory=[100 * MIB, 90 * MIB],
    tasks=Counter({"Recorder._work": 2, "Reader.run": 6}),
    threads=20,
    metrics={
        'monitor_sockets_open{kind="student"}': 4.0,
        'monitor_sockets_open{kind="dashboard"}': 2.0,
        "monitor_rooms_open": 2.0,
        "monitor_commands_dropped_total": 0.0,
    },
    redis_clients=4,
    channels={"monitor:session:s1": 2, "monitor:canary:a": 1, "monitor:canary:b": 1},
)


def test_what_is_as_before_is_no_difference() -> None:
    assert differences(BASE, BASE, WANTED) == []
    assert peak(BASE, 120 * MIB) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"memory": [300 * MIB]}, "a process has 300 MiB, before it was 100"),
        (
            {"tasks": Counter({"Reader.run": 60})},
            "60 tasks, before it was 8; more: 54 × Reader.run",
        ),
        ({"threads": 60}, "there are 60 threads, before there were 20"),
        ({"redis_clients": 9}, "9 connections to Redis, before it was 4"),
        ({"channels": {"monitor:session:s1": 3}}, "monitor:session:s1 has 3 subscribers for 2 w"),
        ({"channels": {"monitor:session:s2": 1}}, "somebody subscribes to monitor:session:s2"),
        (
            {"metrics": {**BASE.metrics, 'monitor_sockets_open{kind="student"}': 5.0}},
            "5 sockets of students are open, 4 are there",
        ),
        ({"metrics": {**BASE.metrics, "monitor_rooms_open": 3.0}}, "3 rooms are open, 2 would"),
        (
            {"metrics": {**BASE.metrics, "monitor_commands_dropped_total": 1.0}},
            "monitor_commands_dropped_total is 1",
        ),
    ],
)
def test_what_is_more_is_named(changes: dict[str, Any], sentence: str) -> None:
    [found] = differences(BASE, replace(BASE, **changes), WANTED)

    assert found.startswith(sentence)


def test_memory_out_of_bounds_while_a_fault_lasts_is_named() -> None:
    assert peak(BASE, 900 * MIB) == ["a process had 900 MiB while it lasted, before it was 100"]
