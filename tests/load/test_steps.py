from __future__ import annotations

from typing import Any

import pytest

from monitor.load.steps import FAULTS_KEPT, Steps
from monitor.protocol.messages import Change, Snapshot
from tests.load.records import STAMP, attempt, participant, snapshot


def _change(from_version: int, version: int, **items: Any) -> Change:
    return Change(
        session_id="s", from_version=from_version, version=version, server_time=STAMP, **items
    )


def _faults(*messages: Snapshot | Change) -> list[str]:
    steps = Steps("s")
    for message in messages:
        steps.check(message)
    assert steps.steps == len(messages)
    return steps.faults


def test_steps_in_order_are_no_fault() -> None:
    later = "2026-11-22T08:00:01.000Z"

    assert (
        _faults(
            snapshot(5, participants=[participant(version=5)], attempts=[attempt(version=3)]),
            _change(5, 5),
            _change(5, 7, participants=[participant(version=6, last_activity=later)]),
            _change(7, 8, attempts=[attempt(version=8)]),
            snapshot(8, participants=[participant(version=6, last_activity=later)]),
        )
        == []
    )


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (_change(6, 7), "a change starts at 6, not at 5"),
        (_change(5, 4), "a change leads from 5 to 4"),
        (snapshot(4), "a snapshot leads from 5 back to 4"),
        (
            _change(5, 6, participants=[participant(version=7)]),
            "participant s1 of version 7 came with 5 to 6",
        ),
        (
            _change(5, 6, participants=[participant(version=5)]),
            "participant s1 of version 5 came with 5 to 6",
        ),
        (
            snapshot(6, attempts=[attempt(version=4)]),
            "attempt a1 went back from version 5 to 4",
        ),
        (
            _change(
                *(5, 6),
                participants=[participant(version=6, last_activity="2026-11-22T07:59:59.000Z")],
            ),
            "last_activity of participant s1 went back",
        ),
    ],
)
def test_a_step_back_or_aside_is_named(message: Snapshot | Change, sentence: str) -> None:
    first = snapshot(5, participants=[participant(version=5)], attempts=[attempt(version=5)])

    [fault] = _faults(first, message)

    assert fault.startswith("sitting s: ")
    assert sentence in fault


def test_another_epoch_is_another_history() -> None:
    first = snapshot(5, participants=[participant(version=5)])
    restored = snapshot(2, "e2", participants=[participant(version=1)])

    assert _faults(first, restored, _change(2, 3)) == []


def test_the_first_faults_are_enough() -> None:
    assert len(_faults(*[_change(9, 8)] * (FAULTS_KEPT * 2))) == FAULTS_KEPT
