from __future__ import annotations

import pytest

from monitor.domain import commands as c
from monitor.domain.event import EventType
from monitor.domain.session import SessionStatus as S
from tests.domain.desk import ADA, BO, Desk, a_session, later

HOLDS, REFUSED = "holds", "invalid_transition"

# status before × command → status after, or that it holds already, or that it is refused
TABLE = {
    (S.SCHEDULED, c.OpenSession): S.WAITING_FOR_STUDENTS,
    (S.SCHEDULED, c.StartSession): REFUSED,
    (S.SCHEDULED, c.PauseSession): REFUSED,
    (S.SCHEDULED, c.ResumeSession): REFUSED,
    (S.SCHEDULED, c.CompleteSession): REFUSED,
    (S.SCHEDULED, c.CancelSession): S.CANCELLED,
    (S.WAITING_FOR_STUDENTS, c.OpenSession): HOLDS,
    (S.WAITING_FOR_STUDENTS, c.StartSession): S.IN_PROGRESS,
    (S.WAITING_FOR_STUDENTS, c.PauseSession): REFUSED,
    (S.WAITING_FOR_STUDENTS, c.ResumeSession): REFUSED,
    (S.WAITING_FOR_STUDENTS, c.CompleteSession): REFUSED,
    (S.WAITING_FOR_STUDENTS, c.CancelSession): S.CANCELLED,
    (S.IN_PROGRESS, c.OpenSession): REFUSED,
    (S.IN_PROGRESS, c.StartSession): HOLDS,
    (S.IN_PROGRESS, c.PauseSession): S.IN_PROGRESS,
    (S.IN_PROGRESS, c.ResumeSession): HOLDS,
    (S.IN_PROGRESS, c.CompleteSession): S.COMPLETED,
    (S.IN_PROGRESS, c.CancelSession): S.CANCELLED,
    (S.COMPLETED, c.OpenSession): REFUSED,
    (S.COMPLETED, c.StartSession): REFUSED,
    (S.COMPLETED, c.PauseSession): REFUSED,
    (S.COMPLETED, c.ResumeSession): REFUSED,
    (S.COMPLETED, c.CompleteSession): HOLDS,
    (S.COMPLETED, c.CancelSession): REFUSED,
    (S.CANCELLED, c.OpenSession): REFUSED,
    (S.CANCELLED, c.StartSession): REFUSED,
    (S.CANCELLED, c.PauseSession): REFUSED,
    (S.CANCELLED, c.ResumeSession): REFUSED,
    (S.CANCELLED, c.CompleteSession): REFUSED,
    (S.CANCELLED, c.CancelSession): HOLDS,
}

PATHS: dict[S, list[type[c.StaffCommand]]] = {
    S.SCHEDULED: [],
    S.WAITING_FOR_STUDENTS: [c.OpenSession],
    S.IN_PROGRESS: [c.OpenSession, c.StartSession],
    S.COMPLETED: [c.OpenSession, c.StartSession, c.CompleteSession],
    S.CANCELLED: [c.OpenSession, c.CancelSession],
}


def desk_at(status: S) -> Desk:
    desk = Desk()
    for kind in PATHS[status]:
        desk.do(kind)
        desk.wait(1)
    assert desk.session.status is status
    return desk


@pytest.mark.parametrize(("before", "kind"), TABLE, ids=lambda part: getattr(part, "name", None))
def test_every_step_from_every_status_is_in_the_table(
    before: S, kind: type[c.StaffCommand]
) -> None:
    desk = desk_at(before)
    version, events = desk.version, len(desk.events)
    outcome = desk.run(desk.command(kind, reason="why not"))
    expected = TABLE[before, kind]
    if expected is REFUSED:
        assert outcome.error is not None
        assert outcome.error.code == REFUSED
    elif expected is HOLDS:
        assert outcome.error is None
    else:
        assert desk.session.status == expected
        assert desk.version == version + 1
        (event,) = desk.events[events:]
        assert desk.last is not None
        assert event.id == desk.last.id
        assert event.data["reason"] == "why not"
        return
    assert (desk.session.status, desk.version, len(desk.events)) == (before, version, events)


def test_starting_begins_every_attempt_that_waits_and_tells_its_student() -> None:
    desk = Desk()
    desk.do(c.OpenSession)
    desk.join(ADA)
    desk.join(BO)
    desk.wait(30)
    desk.do(c.StartSession)
    assert desk.session.started_at == later(30)
    for attempt in desk.attempts.values():
        assert attempt.status == "IN_PROGRESS"
        assert attempt.started_at == later(30)
        assert attempt.student_version == desk.version


def test_completing_submits_every_attempt_in_the_same_step() -> None:
    desk = Desk()
    desk.begin(ADA, BO)
    desk.wait(60)
    desk.submit(BO)
    desk.wait(60)
    desk.do(c.CompleteSession)
    assert desk.session.completed_at == later(120)
    assert desk.attempts[ADA].submitted_by == "completion"
    assert desk.attempts[ADA].submitted_at == later(120)
    assert desk.attempts[BO].submitted_by == "student"
    assert [e.student_id for e in desk.of_type(EventType.SUBMITTED)] == [BO, ADA]
    assert {a.version for a in desk.attempts.values()} == {desk.version, desk.version - 1}


def test_completing_after_a_students_time_was_up_closes_that_attempt_by_its_deadline() -> None:
    desk = Desk(a_session(extra_seconds={BO: 300}))
    desk.begin(ADA, BO)
    desk.wait(700)
    desk.do(c.CompleteSession)
    assert desk.attempts[ADA].submitted_by == "deadline"
    assert desk.attempts[ADA].submitted_at == later(600)
    assert desk.attempts[BO].submitted_by == "completion"


def test_cancelling_leaves_the_attempts_as_they_are() -> None:
    desk = Desk()
    desk.begin(ADA)
    before = desk.attempts[ADA]
    desk.do(c.CancelSession)
    assert desk.attempts[ADA] == before
    assert desk.session.completed_at is None


@pytest.mark.parametrize("ending", [c.CompleteSession, c.CancelSession])
def test_a_pause_that_stands_is_closed_by_the_end(ending: type[c.StaffCommand]) -> None:
    desk = Desk()
    desk.begin(ADA)
    desk.wait(100)
    desk.do(c.PauseSession)
    desk.wait(50)
    desk.do(ending)
    assert desk.session.paused_at is None
    assert desk.session.paused_seconds == 50.0
    assert [pause.seconds for pause in desk.session.pauses] == [50.0]


def test_pausing_twice_and_resuming_twice_changes_nothing_the_second_time() -> None:
    desk = Desk()
    desk.begin()
    desk.wait(10)
    desk.do(c.PauseSession)
    desk.wait(5)
    version = desk.version
    desk.do(c.PauseSession)
    assert desk.version == version
    assert desk.session.paused_at == later(10)
    desk.do(c.ResumeSession)
    desk.wait(5)
    desk.do(c.ResumeSession)
    assert desk.version == version + 1
    assert desk.session.paused_seconds == 5.0
    assert len(desk.of_type(EventType.PAUSED)) == 1
    (resumed,) = desk.of_type(EventType.RESUMED)
    assert resumed.data == {"paused_at": "2026-11-22T12:00:10.000Z", "seconds": 5.0}


def test_a_resume_stamped_before_its_pause_makes_no_negative_pause() -> None:
    desk = Desk()
    desk.begin()
    desk.wait(10)
    desk.do(c.PauseSession)
    desk.wait(-3)  # from a process whose clock is behind
    desk.do(c.ResumeSession)
    assert desk.session.paused_seconds == 0.0
    assert desk.session.paused_at is None


def test_a_pause_stamped_before_the_last_one_ended_begins_where_that_ended() -> None:
    desk = Desk()
    desk.begin()
    desk.wait(10)
    desk.do(c.PauseSession)
    desk.wait(10)
    desk.do(c.ResumeSession)
    desk.wait(-5)
    desk.do(c.PauseSession)
    assert desk.session.paused_at == later(20)


def test_a_reason_that_is_too_long_is_refused_and_nothing_happens() -> None:
    desk = Desk()
    assert desk.refused(c.OpenSession, reason="x" * 2001) == "too_large"
    assert desk.session.status is S.SCHEDULED
