from __future__ import annotations

import pytest

from monitor.domain import commands as c
from monitor.domain.event import EventType
from monitor.domain.rules import Rules
from tests.domain.desk import ADA, BO, Desk, a_session, later


@pytest.fixture
def desk() -> Desk:
    """A sitting that runs for ten minutes, with Ada and Bo at work."""
    desk = Desk()
    desk.begin(ADA, BO)
    return desk


def test_an_answer_is_stored_counted_and_written_down(desk: Desk) -> None:
    desk.wait(5)
    desk.answer(ADA, "q1", "a")
    attempt = desk.attempts[ADA]
    assert attempt.answers["q1"].value == "a"
    assert attempt.answers["q1"].answered_at == later(5)
    assert (attempt.answered, attempt.total, attempt.last_saved_at) == (1, 4, later(5))
    (saved,) = desk.of_type(EventType.SAVED)
    assert saved.data == {"question_id": "q1", "answered": 1, "total": 4}


def test_an_answer_is_no_younger_than_when_it_was_received(desk: Desk) -> None:
    desk.wait(5)
    desk.answer(ADA, corrected_at=later(3600))
    assert desk.attempts[ADA].answers["q1"].answered_at == later(5)


def test_times_of_clients_are_cut_to_milliseconds(desk: Desk) -> None:
    desk.wait(5)
    desk.answer(ADA, corrected_at=later(1.0004567))
    assert desk.attempts[ADA].answers["q1"].answered_at == later(1)


def test_changing_an_answer_quickly_writes_one_line_of_history_in_thirty_seconds(
    desk: Desk,
) -> None:
    for value in ("a", "b", "c"):
        desk.answer(ADA, "q1", value)
        desk.wait(14.9)
    assert len(desk.of_type(EventType.SAVED)) == 1
    desk.answer(ADA, "q4", 1)
    assert len(desk.of_type(EventType.SAVED)) == 2  # another question has its own measure
    desk.answer(ADA, "q1", "a")
    assert len(desk.of_type(EventType.SAVED)) == 3


def test_the_same_answer_sent_again_changes_nothing(desk: Desk) -> None:
    desk.answer(ADA, corrected_at=later(0))
    version = desk.version
    desk.answer(ADA, corrected_at=later(0))
    assert desk.version == version


def test_the_same_answer_at_a_later_time_moves_its_time_on_without_a_line_of_history(
    desk: Desk,
) -> None:
    desk.answer(ADA)
    desk.wait(60)
    desk.answer(ADA)
    assert desk.attempts[ADA].answers["q1"].answered_at == later(60)
    assert len(desk.of_type(EventType.SAVED)) == 1


@pytest.mark.parametrize(
    ("question_id", "value", "code"),
    [("q9", "a", "unknown_question"), ("q1", "z", "invalid_value"), ("q4", True, "invalid_value")],
)
def test_what_does_not_fit_is_refused(
    desk: Desk, question_id: str, value: object, code: str
) -> None:
    fields = {"student_id": ADA, "question_id": question_id, "value": value}
    assert desk.refused(c.GiveAnswer, **fields) == code


def test_a_bad_answer_is_refused_though_it_is_late_too(desk: Desk) -> None:
    desk.wait(5000)
    assert desk.refused(c.GiveAnswer, student_id=ADA, question_id="q1", value=5) == "invalid_value"


def test_more_answers_than_fit_are_refused() -> None:
    desk = Desk(rules=Rules(answers_bytes_per_attempt=20))
    desk.begin(ADA)
    long = {"student_id": ADA, "question_id": "q3", "value": "x" * 30}
    assert desk.refused(c.GiveAnswer, **long) == "too_large"


def test_before_the_start_there_is_nothing_to_answer() -> None:
    desk = Desk()
    desk.do(c.OpenSession)
    desk.join(ADA)
    answer = {"student_id": ADA, "question_id": "q1", "value": "a"}
    assert desk.refused(c.GiveAnswer, **answer) == "not_started"
    desk.do(c.CancelSession)
    assert desk.refused(c.GiveAnswer, **answer) == "session_over"


@pytest.mark.parametrize(("question_id", "value"), [("q9", "a"), ("q1", "z"), ("q1", "a")])
def test_before_the_start_a_refused_answer_tells_nothing_about_the_test(
    question_id: str, value: object
) -> None:
    desk = Desk()
    desk.do(c.OpenSession)
    desk.join(ADA)
    fields = {"student_id": ADA, "question_id": question_id, "value": value}
    assert desk.refused(c.GiveAnswer, **fields) == "not_started"


def test_who_has_no_place_gives_no_answer(desk: Desk) -> None:
    answer = {"student_id": "chi", "question_id": "q1", "value": "a"}
    assert desk.refused(c.GiveAnswer, **answer) == "not_found"


def test_an_answer_that_loses_is_kept_and_its_sender_is_sent_the_winner(desk: Desk) -> None:
    desk.wait(20)
    desk.answer(ADA, "q3", "new")
    outcome = desk.answer(ADA, "q3", "old", connection_id="other.1", corrected_at=later(10))
    assert outcome.winner is not None
    assert outcome.winner == desk.attempts[ADA]
    assert outcome.winner.answers["q3"].value == "new"
    (kept,) = desk.of_type(EventType.ANSWER_SUPERSEDED, ADA)
    assert kept.data == {
        "question_id": "q3",
        "value": "old",
        "answered_at": "2026-11-22T12:00:10.000Z",
        "received_at": "2026-11-22T12:00:20.000Z",
    }


def test_an_answer_that_loses_again_is_kept_once_and_its_sender_is_sent_the_winner_again(
    desk: Desk,
) -> None:
    desk.wait(20)
    desk.answer(ADA, "q3", "new")
    old = {"value": "old", "answered_at": later(-500), "connection_id": "other.1"}
    desk.answer(ADA, "q3", corrected_at=later(10), **old)
    version = desk.version
    desk.wait(3)
    outcome = desk.answer(ADA, "q3", corrected_at=later(10.2), **old | {"connection_id": "o.2"})
    assert outcome.winner is not None
    assert len(desk.of_type(EventType.ANSWER_SUPERSEDED)) == 1
    assert desk.version == version


def test_an_answer_from_a_replaced_connection_counts_by_its_time_and_the_student_is_told(
    desk: Desk,
) -> None:
    desk.wait(10)
    desk.join(ADA, "ada-2.1")
    desk.answer(ADA, "q3", "from the tablet", corrected_at=later(5))
    told = desk.attempts[ADA].student_version
    desk.answer(ADA, "q3", "from the laptop", connection_id="ada-1.1", corrected_at=later(7))
    assert desk.attempts[ADA].answers["q3"].value == "from the laptop"
    assert desk.attempts[ADA].student_version == desk.version > told


def test_an_answer_of_the_students_own_connection_is_not_told_back(desk: Desk) -> None:
    told = desk.attempts[ADA].student_version
    desk.answer(ADA)
    assert desk.attempts[ADA].student_version == told


def test_answers_are_taken_while_the_sitting_is_paused(desk: Desk) -> None:
    desk.wait(599)
    desk.do(c.PauseSession)
    desk.wait(5000)
    assert not desk.answer(ADA).late
    assert desk.attempts[ADA].answered == 1


def test_an_answer_received_within_the_grace_counts(desk: Desk) -> None:
    desk.wait(610)
    assert not desk.answer(ADA).late
    assert desk.attempts[ADA].answered == 1


def test_an_answer_received_in_time_counts_though_the_deadline_closed_the_attempt_first(
    desk: Desk,
) -> None:
    desk.wait(611)
    desk.do(c.Sweep)
    assert desk.attempts[ADA].submitted_by == "deadline"
    assert not desk.answer(ADA, received_at=later(609)).late
    assert desk.attempts[ADA].answered == 1
    assert desk.attempts[ADA].status == "SUBMITTED"


def test_time_added_after_the_deadline_closed_an_attempt_does_not_let_new_answers_in() -> None:
    desk = Desk(a_session(extra_seconds={BO: 900}))
    desk.begin(ADA, BO)
    desk.wait(611)
    desk.do(c.Sweep)
    desk.do(c.Extend, minutes=10)
    assert desk.answer(ADA).late
    assert not desk.answer(BO).late


@pytest.mark.parametrize("kind", [c.ForceSubmit, c.CompleteSession])
def test_an_answer_received_before_someone_closed_the_attempt_is_kept_as_late(
    desk: Desk, kind: type[c.StaffCommand]
) -> None:
    desk.wait(60)
    desk.do(kind)
    assert desk.answer(ADA, received_at=later(59)).late


def test_an_answer_after_a_cancellation_is_kept_as_late(desk: Desk) -> None:
    desk.do(c.CancelSession)
    assert desk.answer(ADA).late
    assert desk.attempts[ADA].late_answers == 1


def test_extra_time_is_time_to_answer() -> None:
    desk = Desk(a_session(extra_seconds={ADA: 60}))
    desk.begin(ADA, BO)
    desk.wait(665)
    assert not desk.answer(ADA).late
    assert desk.answer(BO).late


def test_an_answer_by_rest_needs_no_connection(desk: Desk) -> None:
    desk.answer(ADA, connection_id=None)
    assert desk.attempts[ADA].answered == 1


def test_after_exactly_thirty_seconds_there_is_another_line_of_history(desk: Desk) -> None:
    desk.answer(ADA, "q1", "a")
    desk.wait(30)
    desk.answer(ADA, "q1", "b")
    assert len(desk.of_type(EventType.SAVED)) == 2


def test_when_work_was_last_saved_never_goes_back(desk: Desk) -> None:
    desk.wait(20)
    desk.answer(ADA, "q1", "a")
    desk.answer(ADA, "q4", 1, received_at=later(10))  # from another process, a little later
    assert desk.attempts[ADA].last_saved_at == later(20)


def test_a_repeat_from_elsewhere_that_only_moves_the_time_is_not_told(desk: Desk) -> None:
    desk.answer(ADA)
    told = desk.attempts[ADA].student_version
    desk.wait(5)
    desk.answer(ADA, connection_id=None)
    assert desk.attempts[ADA].answers["q1"].answered_at == later(5)
    assert desk.attempts[ADA].student_version == told
