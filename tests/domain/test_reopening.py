from __future__ import annotations

import pytest
from msgspec.structs import replace

from monitor.domain import commands as c
from monitor.domain.event import EventType
from monitor.domain.outcome import BulkReply
from tests.domain.desk import ADA, BO, CHI, DANA, STUDENTS, TEACHER, Desk, a_session, later


@pytest.fixture
def desk() -> Desk:
    """A sitting that runs, with Ada, Bo and Chi at work and Dana absent."""
    desk = Desk()
    desk.begin(ADA, BO, CHI)
    desk.wait(60)
    return desk


def codes(reply: BulkReply) -> dict[str, str]:
    return {refused.student_id: refused.code for refused in reply.refused}


def test_force_submit_hands_in_for_some_and_says_for_whom_it_could_not(desk: Desk) -> None:
    reply = desk.do(c.ForceSubmit, student_ids=(ADA, DANA, "eve"), reason="fire drill").reply
    assert reply.done == [ADA]
    assert codes(reply) == {DANA: "not_started", "eve": "unknown_student"}
    attempt = desk.attempts[ADA]
    assert (attempt.submitted_by, attempt.submitted_at) == ("teacher", later(60))
    assert attempt.student_version == desk.version
    assert desk.attempts[BO].status == "IN_PROGRESS"
    (main,) = desk.of_type(EventType.FORCE_SUBMITTED)
    assert main.data == {"student_ids": [ADA], "all": False, "reason": "fire drill"}
    (event,) = desk.of_type(EventType.SUBMITTED)
    assert (event.student_id, event.actor_id, event.data["by"]) == (ADA, TEACHER, "teacher")


def test_force_submit_for_all_hands_in_for_everyone_who_has_begun(desk: Desk) -> None:
    desk.submit(BO)
    reply = desk.do(c.ForceSubmit).reply
    assert sorted(reply.done) == [ADA, BO, CHI]
    assert reply.unchanged == [BO], "who had handed in is not to be reopened by who takes it back"
    assert desk.attempts[BO].submitted_by == "student"
    assert desk.attempts[CHI].submitted_by == "teacher"


def test_reopen_lets_a_student_work_on_and_tells_them(desk: Desk) -> None:
    desk.submit(ADA)
    desk.wait(5)
    reply = desk.do(c.Reopen, student_ids=(ADA, BO)).reply
    assert reply == BulkReply(done=[ADA, BO], refused=[], unchanged=[BO])
    attempt = desk.attempts[ADA]
    assert (attempt.status, attempt.reopened_at) == ("IN_PROGRESS", later(65))
    assert attempt.student_version == desk.version
    assert desk.attempts[BO].reopened_at is None  # it was open: nothing changed
    desk.answer(ADA)
    assert desk.attempts[ADA].answered == 1


def test_reopen_must_leave_a_minute_of_the_students_own_time() -> None:
    desk = Desk(a_session(extra_seconds={BO: 1}))
    desk.begin(ADA, BO)
    desk.do(c.ForceSubmit)
    desk.wait(541)
    reply = desk.do(c.Reopen).reply
    assert reply.done == [BO]
    assert codes(reply) == {ADA: "deadline_too_near"}


def test_what_the_deadline_closed_can_be_reopened_after_more_time() -> None:
    desk = Desk(a_session(extra_seconds={BO: 900}))
    desk.begin(ADA, BO)
    desk.wait(620)
    desk.do(c.Sweep)
    assert codes(desk.do(c.Reopen, student_ids=(ADA,)).reply) == {ADA: "deadline_too_near"}
    assert codes(desk.do(c.Extend, minutes=5, student_ids=(ADA,)).reply) == {ADA: "attempt_closed"}
    desk.do(c.Extend, minutes=5)
    assert desk.do(c.Reopen, student_ids=(ADA,)).reply.done == [ADA]


@pytest.mark.parametrize("kind", [c.Reopen, c.ForceSubmit])
def test_only_a_sitting_that_runs_closes_and_opens_attempts(kind: type[c.StaffCommand]) -> None:
    desk = Desk()
    assert desk.refused(kind) == "invalid_transition"
    desk.begin(ADA)
    desk.do(c.CompleteSession)
    assert desk.refused(kind) == "invalid_transition"


@pytest.mark.parametrize("kind", [c.Reopen, c.ForceSubmit])
def test_when_nobody_changes_there_is_no_version(desk: Desk, kind: type[c.StaffCommand]) -> None:
    if kind is c.ForceSubmit:
        desk.do(c.ForceSubmit)
    version = desk.version
    assert sorted(desk.do(kind).reply.done) == [ADA, BO, CHI]
    assert desk.version == version


def test_a_student_named_twice_is_answered_once(desk: Desk) -> None:
    assert desk.do(c.ForceSubmit, student_ids=(ADA, ADA)).reply.done == [ADA]


def test_nobody_named_is_nobody_done(desk: Desk) -> None:
    version = desk.version
    assert desk.do(c.ForceSubmit, student_ids=()).reply == BulkReply(done=[], refused=[])
    assert desk.version == version


def test_who_left_the_list_but_takes_part_is_a_student_of_the_sitting(desk: Desk) -> None:
    desk.session = replace(desk.session, roster=desk.session.roster[1:])
    assert desk.do(c.ForceSubmit, student_ids=STUDENTS[:1]).reply.done == [ADA]


def test_without_a_duration_there_is_always_time_to_reopen() -> None:
    desk = Desk(a_session(duration_seconds=None))
    desk.begin(ADA)
    desk.submit(ADA)
    desk.wait(1e6)
    assert desk.do(c.Reopen).reply.done == [ADA]


def test_silence_on_a_connection_that_holds_is_not_lost_by_a_reopen(desk: Desk) -> None:
    desk.beat(ADA)
    desk.wait(12)
    desk.do(c.ForceSubmit, student_ids=(ADA,))
    desk.do(c.Reopen, student_ids=(ADA,))
    desk.beat(ADA)
    assert desk.attempts[ADA].lost_seconds == 0
