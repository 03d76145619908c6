"""The checker finds what is wrong: each test spoils one thing of a run in which all was well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from monitor.load.acts import KEPT, QUESTIONS
from monitor.load.server_clock import seconds_of
from monitor.load.student_record import StudentRecord
from monitor.load.verify import check_sitting, ghosts, missing
from tests.load.records import STAMP, clock, participant, record, sitting, stored

EVERYTHING = (*["answer"] * 5, "highlight", "hand", "highlight", "hand", "hand", "submit")


def _differences(student: StudentRecord, data: dict[str, Any]) -> list[str]:
    return check_sitting([student], sitting(data), clock())


def test_a_run_in_which_all_was_well_has_no_differences() -> None:
    student = record(*EVERYTHING)

    assert _differences(student, stored(student)) == []


def test_answers_that_were_cleared_in_the_second_pass_are_null() -> None:
    student = record(*["answer"] * (QUESTIONS + 3))

    data = stored(student)

    assert data["students"][0]["answers"]["q1"]["value"] is None
    assert _differences(student, data) == []


def _spoil(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(student: dict[str, Any]) -> None:
        *way, last = path.split("/")
        place: Any = student
        for step in way:
            place = place[step]
        place[last] = value

    return spoil


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda one: one["answers"].pop("q3"), "the answer to q3 is 'nothing', acked was"),
        (_spoil("answers/q1/value", "d"), "the answer to q1 is 'd', acked was 'a'"),
        (_spoil("answers/q4/value", 3.0), "the answer to q4 is 3.0, acked was 3"),
        (_spoil("answers/q9", {"value": 1, "answered_at": STAMP}), "the answer to q9 is 1, acked"),
        (lambda one: one["highlighted_text"].pop(), "highlight h2 was acked and is not there"),
        (
            lambda one: one["highlighted_text"].append(one["highlighted_text"][0]),
            "highlight h1 is there 2 times",
        ),
        (
            lambda one: one["highlighted_text"].append({**one["highlighted_text"][0], "id": "x"}),
            "highlight x is there and was never accepted",
        ),
        (_spoil("attempt/hand_raised_at", None), "the hand is down"),
        (_spoil("attempt/status", "IN_PROGRESS"), "handing in was acked, the attempt is IN_PROG"),
        (_spoil("attempt/id", "other"), "has attempt other, was given a1"),
        (_spoil("participant", None), "the join was acked and is not there"),
        (
            _spoil("participant/last_activity", "2026-11-22T07:59:58.000Z"),
            "a heartbeat was acked that was sent 1.000 s after last_activity",
        ),
    ],
)
def test_what_was_spoiled_is_named(spoil: Callable[[dict[str, Any]], None], sentence: str) -> None:
    student = record(*EVERYTHING)
    data = stored(student)
    spoil(data["students"][0])

    [difference] = _differences(student, data)

    assert difference.startswith("student s1 of sitting sitting: ")
    assert sentence in difference


@pytest.mark.parametrize(
    ("type_", "sentence"),
    [
        ("joined", "the history tells joined 2 times, it was 1"),
        ("hand_raised", "the history tells hand_raised 3 times, it was 2"),
        ("submitted", "the history tells submitted 2 times, it was 1"),
        ("late_answer", "the history tells late_answer 1 times, it was 0"),
    ],
)
def test_what_was_done_twice_is_named(type_: str, sentence: str) -> None:
    student = record(*EVERYTHING)
    data = stored(student)
    data["events"].append({**data["events"][0], "type": type_})

    assert [sentence in one for one in _differences(student, data)] == [True]


def test_who_was_given_up_for_silence_may_be_back_without_a_join() -> None:
    data = stored(record())
    joined = data["events"][0]
    back = {**joined, "id": "back", "type": "reconnected"}
    closed = {**joined, "id": "gone", "type": "disconnected", "data": {"why": "closed"}}
    silent = {**closed, "data": {"why": "lease"}}

    assert (
        check_sitting([record()], sitting({**data, "events": [joined, silent, back]}), clock())
        == []
    )
    [difference] = check_sitting(
        [record()], sitting({**data, "events": [joined, closed, back]}), clock()
    )
    assert difference.endswith("the history tells reconnected 1 times, it was 0")


def test_what_was_never_acked_may_be_there_or_not() -> None:
    student = record("answer", "answer", "highlight", "hand", "submit", outcome=None)
    nothing = stored(record())

    assert _differences(student, stored(student)) == []
    assert _differences(student, nothing) == []


def test_what_was_refused_must_not_be_there() -> None:
    student = record("answer", "highlight", "hand", "submit", outcome="not_started")

    assert len(_differences(student, stored(student))) == 6
    assert _differences(student, stored(record())) == []


def test_of_two_answers_to_one_question_the_acked_or_a_later_unacked_one_stands() -> None:
    student = record(*["answer"] * (QUESTIONS + 1))
    student.acts[-1].outcome = None
    data = stored(student)

    assert _differences(student, data) == []
    data["students"][0]["answers"]["q1"]["value"] = student.acts[0].operation.value  # type: ignore[union-attr]
    assert _differences(student, data) == []
    student.acts[-1].outcome = KEPT
    assert len(_differences(student, data)) == 1


def test_who_is_not_on_the_list_and_who_changed_attempts_is_named() -> None:
    student = record()
    student.joined("a2", "c.2")

    assert "had attempt a1 and came back to a2" in _differences(student, stored(student))[0]
    assert _differences(student, {"students": [], "events": []}) == [
        "student s1 of sitting sitting is not on the list"
    ]


def test_ghosts_and_the_missing_are_told_apart() -> None:
    here, gone = participant(), participant(student_id="s2", connection_status="DISCONNECTED")

    assert ghosts([here, gone], {"s1"}) == []
    assert ghosts([here, gone], set()) == ["s1"]
    assert missing([here, gone], {"s1"}) == []
    assert missing([here, gone], {"s1", "s2"}) == ["s2"]
    assert seconds_of(here.last_activity) == seconds_of(STAMP)
