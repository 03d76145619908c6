from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.domain import commands as c
from monitor.domain.event import EventType
from monitor.domain.outcome import LateReply
from monitor.domain.rules import Rules
from tests.domain.desk import ADA, BO, Desk, later


@pytest.fixture
def desk() -> Desk:
    """A sitting of ten minutes, eleven minutes after its start; Ada had answered q3."""
    desk = Desk()
    desk.begin(ADA, BO)
    desk.wait(60)
    desk.answer(ADA, "q3", "first")
    desk.wait(600)
    return desk


def accept(desk: Desk, *event_ids: str) -> LateReply:
    reply = desk.do(c.AcceptLate, student_id=ADA, event_ids=event_ids or None).reply
    assert isinstance(reply, LateReply)
    return reply


def test_a_late_answer_is_neither_applied_nor_thrown_away(desk: Desk) -> None:
    outcome = desk.answer(ADA, "q3", "second", corrected_at=later(500))
    assert outcome.late
    attempt = desk.attempts[ADA]
    assert attempt.answers["q3"].value == "first"
    assert attempt.late_answers == 1
    (kept,) = desk.of_type(EventType.LATE_ANSWER, ADA)
    assert kept.data == {
        "question_id": "q3",
        "value": "second",
        "answered_at": "2026-11-22T12:08:20.000Z",
        "received_at": "2026-11-22T12:11:00.000Z",
    }


def test_a_late_answer_sent_again_is_kept_once_and_acked_as_late_again(desk: Desk) -> None:
    desk.answer(ADA, "q3", "second", answered_at=later(-9))
    version = desk.version
    desk.wait(2)
    outcome = desk.answer(ADA, "q3", "second", answered_at=later(-9), connection_id="ada-1.2")
    assert outcome.late
    assert desk.attempts[ADA].late_answers == 1
    assert desk.version == version


def test_a_late_answer_that_says_what_stands_needs_no_keeping(desk: Desk) -> None:
    outcome = desk.answer(ADA, "q3", "first", connection_id="ada-1.2")
    assert not outcome.late
    assert desk.attempts[ADA].late_answers == 0


def test_accepting_applies_a_late_answer_and_tells_its_student(desk: Desk) -> None:
    desk.answer(ADA, "q3", "second", corrected_at=later(500))
    desk.do(c.Sweep)
    kept = desk.attempts[ADA].late_event_ids[0]
    assert accept(desk) == LateReply(accepted=[kept], superseded=[])
    attempt = desk.attempts[ADA]
    assert attempt.answers["q3"].value == "second"
    assert attempt.answers["q3"].answered_at == later(500)
    assert (attempt.late_answers, attempt.late_event_ids) == (0, ())
    assert attempt.status == "SUBMITTED"
    assert attempt.student_version == desk.version
    (event,) = desk.of_type(EventType.LATE_ACCEPTED)
    assert (event.student_id, event.data) == (ADA, {"event_ids": [kept]})


def test_of_two_late_answers_to_one_question_the_later_given_stands(desk: Desk) -> None:
    desk.answer(ADA, "q3", "third", corrected_at=later(550), connection_id="a.1")
    desk.answer(ADA, "q3", "second", corrected_at=later(500), connection_id="b.1")
    accept(desk)
    assert desk.attempts[ADA].answers["q3"].value == "third"


def test_a_late_answer_older_than_what_stands_is_accepted_and_changes_nothing(desk: Desk) -> None:
    desk.answer(ADA, "q3", "even earlier", corrected_at=later(30))
    kept = desk.attempts[ADA].late_event_ids[0]
    assert accept(desk) == LateReply(accepted=[], superseded=[kept])
    assert desk.attempts[ADA].answers["q3"].value == "first"
    assert desk.attempts[ADA].late_answers == 0


def test_named_late_answers_are_accepted_and_the_others_wait_on(desk: Desk) -> None:
    desk.answer(ADA, "q1", "a")
    desk.answer(ADA, "q4", 3)
    first, second = desk.attempts[ADA].late_event_ids
    accept(desk, second)
    attempt = desk.attempts[ADA]
    assert attempt.late_event_ids == (first,)
    assert attempt.late_answers == 1
    assert set(attempt.answers) == {"q3", "q4"}


def test_accepting_what_is_accepted_changes_nothing(desk: Desk) -> None:
    desk.answer(ADA, "q1", "a")
    kept = desk.attempts[ADA].late_event_ids[0]
    accept(desk)
    version = desk.version
    assert accept(desk) == LateReply(accepted=[], superseded=[])
    assert accept(desk, kept) == LateReply(accepted=[], superseded=[])
    assert desk.version == version


def test_a_late_answer_sent_again_after_it_was_accepted_is_not_kept_again(desk: Desk) -> None:
    desk.answer(ADA, "q3", "second", answered_at=later(5), corrected_at=later(500))
    accept(desk)
    desk.answer(ADA, "q3", "third", corrected_at=later(501))
    accept(desk)
    outcome = desk.answer(ADA, "q3", "second", answered_at=later(5), corrected_at=later(500))
    assert outcome.late
    assert desk.attempts[ADA].late_answers == 0


def test_an_unknown_late_answer_is_not_found_and_none_is_accepted(desk: Desk) -> None:
    desk.answer(ADA, "q1", "a")
    kept = desk.attempts[ADA].late_event_ids[0]
    ids = (kept, "no such id")
    assert desk.refused(c.AcceptLate, student_id=ADA, event_ids=ids) == "not_found"
    assert desk.refused(c.AcceptLate, student_id="chi") == "not_found"


def test_another_students_late_answers_are_left_alone(desk: Desk) -> None:
    desk.answer(ADA, "q1", "a")
    desk.answer(BO, "q1", "b")
    accept(desk)
    assert desk.attempts[BO].late_answers == 1


def leave(desk: Desk, *event_ids: str, **fields: Any) -> LateReply:
    reply = desk.do(c.LeaveLate, student_id=ADA, event_ids=event_ids or None, **fields).reply
    assert isinstance(reply, LateReply)
    return reply


def test_a_late_answer_that_is_left_does_not_count_and_waits_no_longer(desk: Desk) -> None:
    desk.answer(ADA, "q1", "a")
    desk.answer(ADA, "q4", 3)
    first, second = desk.attempts[ADA].late_event_ids
    assert leave(desk, second, reason="after the bell").left == [second]
    attempt = desk.attempts[ADA]
    assert (attempt.late_event_ids, attempt.late_answers) == ((first,), 1)
    assert set(attempt.answers) == {"q3"}
    assert attempt.student_version == desk.version
    (event,) = desk.of_type(EventType.LATE_LEFT)
    assert (event.student_id, event.actor_id) == (ADA, "rivera")
    assert event.data == {"event_ids": [second], "reason": "after the bell"}


def test_leaving_what_was_decided_before_changes_nothing(desk: Desk) -> None:
    desk.answer(ADA, "q1", "a")
    desk.answer(ADA, "q4", 3)
    accepted, left = desk.attempts[ADA].late_event_ids
    accept(desk, accepted)
    leave(desk)
    version = desk.version
    assert leave(desk).left == leave(desk, accepted, left).left == []
    assert desk.version == version
    assert desk.refused(c.LeaveLate, student_id=ADA, event_ids=("no such id",)) == "not_found"


def test_what_was_left_is_not_kept_again_and_can_still_be_accepted_by_name(desk: Desk) -> None:
    desk.answer(ADA, "q3", "second", answered_at=later(5), corrected_at=later(500))
    (kept,) = desk.attempts[ADA].late_event_ids
    leave(desk)
    desk.answer(ADA, "q3", "second", answered_at=later(5), corrected_at=later(500))
    assert desk.attempts[ADA].late_answers == 0
    assert accept(desk) == LateReply(accepted=[], superseded=[])
    assert desk.attempts[ADA].answers["q3"].value == "first"
    assert accept(desk, kept) == LateReply(accepted=[kept], superseded=[])
    assert desk.attempts[ADA].answers["q3"].value == "second"
    assert [event.data for event in desk.of_type(EventType.LATE_ACCEPTED)] == [
        {"event_ids": [kept]}
    ]


def test_what_was_left_and_is_older_than_what_stands_says_so_and_changes_nothing(
    desk: Desk,
) -> None:
    desk.answer(ADA, "q3", "even earlier", corrected_at=later(30))
    (kept,) = desk.attempts[ADA].late_event_ids
    leave(desk)
    version = desk.version
    assert accept(desk, kept) == LateReply(accepted=[], superseded=[kept])
    assert desk.version == version


def test_only_so_many_late_answers_wait_for_the_teacher() -> None:
    desk = Desk(rules=Rules(late_answers_per_attempt=2))
    desk.begin(ADA)
    desk.wait(700)
    desk.answer(ADA, "q1", "a")
    desk.answer(ADA, "q4", 1)
    fields = {"student_id": ADA, "question_id": "q3", "value": "x"}
    assert desk.refused(c.GiveAnswer, **fields) == "too_large"


def test_the_memory_of_what_was_kept_is_bounded() -> None:
    desk = Desk(rules=Rules(kept_events_per_attempt=3))
    desk.begin(ADA)
    desk.wait(700)
    for number in range(5):
        desk.answer(ADA, "q4", number)
    assert len(desk.attempts[ADA].kept_event_ids) == 3
    assert desk.attempts[ADA].late_answers == 5
    accept(desk)
    assert desk.attempts[ADA].answers["q4"].value == 4


@given(
    given_at=st.lists(st.integers(0, 900), min_size=1, max_size=10),
    receive_after=st.integers(0, 300),
)
def test_every_answer_is_applied_or_kept_and_accepting_all_ends_with_the_latest(
    given_at: list[int], receive_after: int
) -> None:
    desk = Desk()
    desk.begin(ADA)
    for number, at in enumerate(sorted(given_at)):
        desk.now = later(at + receive_after)
        outcome = desk.answer(ADA, "q4", number, corrected_at=later(at))
        in_time = at + receive_after <= 610
        assert outcome.late is not in_time
        kept = [event.data["value"] for event in desk.of_type(EventType.LATE_ANSWER)]
        assert (desk.attempts[ADA].answers["q4"].value == number) if in_time else number in kept
    waiting = desk.attempts[ADA].late_answers
    reply = accept(desk)
    assert len(reply.accepted) + len(reply.superseded) == waiting
    assert desk.attempts[ADA].answers["q4"].value == len(given_at) - 1
