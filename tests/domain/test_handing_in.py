from __future__ import annotations

import pytest

from monitor.domain import commands as c
from monitor.domain.event import EventType
from tests.domain.desk import ADA, BO, Desk, later


@pytest.fixture
def desk() -> Desk:
    """A sitting that runs for ten minutes, with Ada and Bo at work."""
    desk = Desk()
    desk.begin(ADA, BO)
    return desk


def test_a_student_hands_in_and_is_not_told_what_they_did(desk: Desk) -> None:
    told = desk.attempts[ADA].student_version
    desk.wait(60)
    desk.submit(ADA)
    attempt = desk.attempts[ADA]
    assert (attempt.status, attempt.submitted_by) == ("SUBMITTED", "student")
    assert attempt.submitted_at == later(60)
    assert attempt.student_version == told
    (event,) = desk.of_type(EventType.SUBMITTED, ADA)
    assert event.data == {"by": "student", "answered": 0, "total": 4}


def test_handing_in_again_changes_nothing(desk: Desk) -> None:
    desk.submit(ADA)
    version = desk.version
    desk.submit(ADA)
    assert desk.version == version


def test_a_hand_in_before_the_start_is_refused() -> None:
    desk = Desk()
    desk.do(c.OpenSession)
    desk.join(ADA)
    assert desk.refused(c.Submit, student_id=ADA) == "not_started"


def test_a_hand_in_to_a_cancelled_sitting_is_refused(desk: Desk) -> None:
    desk.do(c.CancelSession)
    assert desk.refused(c.Submit, student_id=ADA) == "session_over"


def test_a_hand_in_from_a_replaced_connection_counts(desk: Desk) -> None:
    desk.join(ADA, "ada-2.1")
    desk.submit(ADA, connection_id="ada-1.1")
    assert desk.attempts[ADA].status == "SUBMITTED"


def test_a_hand_in_within_the_grace_is_the_students(desk: Desk) -> None:
    desk.wait(610)
    desk.submit(ADA)
    assert desk.attempts[ADA].submitted_by == "student"


def test_a_hand_in_received_in_time_is_the_students_though_the_deadline_came_first(
    desk: Desk,
) -> None:
    desk.wait(611)
    desk.do(c.Sweep)
    desk.submit(ADA, received_at=later(608))
    assert desk.attempts[ADA].submitted_by == "student"
    assert desk.attempts[ADA].submitted_at == later(608)


def test_a_hand_in_that_is_late_closes_the_attempt_in_the_deadlines_name(desk: Desk) -> None:
    desk.wait(611)
    desk.submit(ADA)
    assert desk.attempts[ADA].submitted_by == "deadline"
    assert desk.attempts[ADA].submitted_at == later(600)


def test_a_late_hand_in_leaves_an_attempt_that_the_deadline_closed_as_it_is(desk: Desk) -> None:
    desk.wait(611)
    desk.do(c.Sweep)
    version = desk.version
    desk.submit(ADA)
    assert desk.version == version


def test_a_hand_in_given_before_the_reopen_is_stale(desk: Desk) -> None:
    desk.wait(10)
    desk.submit(ADA)
    desk.wait(10)
    desk.do(c.Reopen, student_ids=(ADA,))
    desk.wait(10)
    assert desk.refused(c.Submit, student_id=ADA, given_at=later(19)) == "stale_submit"
    desk.submit(ADA, given_at=later(20))
    assert desk.attempts[ADA].submitted_at == later(30)


def test_a_hand_in_from_the_future_is_given_when_it_was_received(desk: Desk) -> None:
    desk.wait(10)
    desk.submit(ADA)
    desk.wait(10)
    desk.do(c.Reopen)
    stale = desk.command(c.Submit, student_id=ADA, received_at=later(15), given_at=later(9999))
    outcome = desk.run(stale)
    assert outcome.error is not None
    assert outcome.error.code == "stale_submit"


def test_handing_in_is_possible_while_paused(desk: Desk) -> None:
    desk.do(c.PauseSession)
    desk.wait(5)
    desk.submit(ADA)
    assert desk.attempts[ADA].submitted_by == "student"


def test_that_it_was_the_student_is_written_down_after_the_deadlines_line(desk: Desk) -> None:
    desk.wait(611)
    desk.do(c.Sweep)
    desk.submit(ADA, received_at=later(608))
    assert [event.data["by"] for event in desk.of_type(EventType.SUBMITTED, ADA)] == [
        "deadline",
        "student",
    ]


def test_a_late_hand_in_while_the_clock_stands_closes_the_attempt_when_it_came(desk: Desk) -> None:
    desk.wait(611)
    desk.do(c.PauseSession)
    desk.wait(4)
    desk.submit(ADA)
    attempt = desk.attempts[ADA]
    assert (attempt.submitted_by, attempt.submitted_at) == ("deadline", later(615))
