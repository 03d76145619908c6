from __future__ import annotations

from datetime import datetime

from hypothesis import given, strategies as st
from msgspec.structs import replace

from monitor.domain import commands as c
from monitor.domain.decide import apply
from monitor.domain.event import EventType
from monitor.domain.rules import Rules
from monitor.domain.sweeping import due_at
from tests.domain.desk import ADA, BO, Desk, a_session, later


def due(desk: Desk, *, leases: bool = True) -> datetime | None:
    at_work = [a.student_id for a in desk.attempts.values() if a.status == "IN_PROGRESS"]
    participants = desk.participants.values()
    return due_at(desk.session, participants, at_work, desk.rules, leases=leases)


def sweep(desk: Desk, at: float, *, leases: bool = True) -> bool:
    """Sweep at a moment; whether something was due."""
    desk.now = later(at)
    version = desk.version
    desk.do(c.Sweep, leases=leases)
    return desk.version > version


def test_a_lease_runs_out_after_three_heartbeats_and_not_before() -> None:
    desk = Desk()
    desk.begin(ADA)
    assert not sweep(desk, 14.999)
    assert sweep(desk, 15)
    participant = desk.participants[ADA]
    assert participant.connection_status == "DISCONNECTED"
    (event,) = desk.of_type(EventType.DISCONNECTED, ADA)
    assert event.data == {"last_activity": "2026-11-22T12:00:00.000Z", "why": "lease"}


def test_a_lease_ended_when_it_ran_out_whenever_the_sweep_came() -> None:
    desk = Desk()
    desk.begin(ADA)
    sweep(desk, 40)
    assert desk.participants[ADA].disconnected_at == later(15)
    assert desk.of_type(EventType.DISCONNECTED)[0].at == later(15)
    assert not sweep(desk, 41)


def test_while_no_lease_may_expire_deadlines_fire_all_the_same() -> None:
    desk = Desk(a_session(extra_seconds={BO: 60}))
    desk.begin(ADA)
    sweep(desk, 611, leases=False)
    assert desk.participants[ADA].connection_status == "CONNECTED"
    assert desk.attempts[ADA].status == "SUBMITTED"


def test_leases_run_out_in_the_waiting_room_and_while_paused() -> None:
    desk = Desk()
    desk.do(c.OpenSession)
    desk.join(ADA)
    assert sweep(desk, 15)
    desk.do(c.StartSession)
    desk.join(BO)
    desk.do(c.PauseSession)
    assert sweep(desk, 30)
    assert desk.participants[BO].connection_status == "DISCONNECTED"


def test_a_deadline_hands_in_after_the_grace_at_the_moment_time_was_up() -> None:
    desk = Desk(a_session(extra_seconds={BO: 60}))
    desk.begin(ADA, BO)
    sweep(desk, 609.999)
    assert desk.attempts[ADA].status == "IN_PROGRESS"
    sweep(desk, 615)
    attempt = desk.attempts[ADA]
    assert (attempt.submitted_by, attempt.submitted_at) == ("deadline", later(600))
    assert attempt.student_version == desk.version
    assert desk.attempts[BO].status == "IN_PROGRESS"
    assert desk.session.status == "IN_PROGRESS"
    (event,) = desk.of_type(EventType.SUBMITTED)
    assert (event.student_id, event.at, event.data["by"]) == (ADA, later(600), "deadline")


def test_a_deadline_fires_though_the_browser_is_gone() -> None:
    desk = Desk(a_session(extra_seconds={BO: 60}))
    desk.begin(ADA)
    desk.do(c.Leave, student_id=ADA, connection_id="ada-1.1")
    sweep(desk, 611)
    assert desk.attempts[ADA].submitted_by == "deadline"


def test_the_sitting_completes_itself_after_the_last_students_time_and_grace() -> None:
    desk = Desk(a_session(extra_seconds={BO: 60}))
    desk.begin(ADA)
    assert not sweep(desk, 20, leases=False)
    sweep(desk, 660)
    assert desk.session.status == "IN_PROGRESS"  # Bo, who is absent, could still come
    sweep(desk, 700)
    assert desk.session.status == "COMPLETED"
    assert desk.session.completed_at == later(670)
    (event,) = desk.of_type(EventType.COMPLETED)
    assert (event.at, event.actor_id, event.data) == (later(670), None, {"by": "deadline"})
    assert due(desk) is None
    assert not sweep(desk, 800)


def test_one_sweep_long_after_the_end_does_everything() -> None:
    desk = Desk(a_session(extra_seconds={BO: 60, ADA: -60}))
    desk.begin(ADA, BO)
    sweep(desk, 10_000)
    assert desk.session.completed_at == later(670)
    assert desk.attempts[ADA].submitted_at == later(540)
    assert desk.attempts[BO].submitted_at == later(660)


def test_the_sitting_does_not_end_because_everyone_has_handed_in() -> None:
    desk = Desk()
    desk.begin(ADA)
    desk.submit(ADA)
    assert not sweep(desk, 500, leases=False)
    assert desk.do(c.Reopen).reply.done == [ADA]


def test_nothing_ends_while_paused() -> None:
    desk = Desk()
    desk.begin(ADA)
    desk.now = later(599)
    desk.do(c.PauseSession)
    assert not sweep(desk, 10_000, leases=False)
    assert due(desk, leases=False) is None
    desk.do(c.ResumeSession)
    assert due(desk, leases=False) == later(10_011)
    assert sweep(desk, 10_011, leases=False)


def test_after_a_change_of_the_session_in_one_batch_deadlines_wait_for_the_next_sweep() -> None:
    desk = Desk()
    desk.begin(ADA)
    desk.now = later(605)
    desk.do(c.PauseSession)
    desk.now = later(700)
    resume = desk.command(c.ResumeSession)
    desk.now = later(800)
    sweep_ = desk.command(c.Sweep)
    sitting = desk.sitting(resume)  # at its time nothing more was needed, for the clock stood
    for command in (resume, sweep_):
        assert apply(sitting, command, desk.rules).error is None
    assert sitting.session.status == "IN_PROGRESS"
    sitting.stamp(desk.version + 1)
    sitting.settle()
    sitting.load(attempts=desk.attempts.values())
    apply(sitting, sweep_, desk.rules)
    assert sitting.session.status == "COMPLETED"
    assert sitting.attempts[ADA].submitted_by == "deadline"


def test_without_a_duration_nothing_ends() -> None:
    desk = Desk(a_session(duration_seconds=None))
    desk.begin(ADA)
    assert due(desk, leases=False) is None
    assert not sweep(desk, 1e6, leases=False)


def test_before_the_waiting_room_nothing_is_due() -> None:
    assert due(Desk()) is None
    assert not sweep(Desk(), 1e6)


def test_what_is_due_next_is_the_earliest_of_leases_deadlines_and_the_end() -> None:
    desk = Desk(a_session(extra_seconds={BO: 60}))
    desk.begin(ADA, BO)
    desk.now = later(4)
    desk.beat(ADA)
    assert due(desk) == later(15)
    assert due(desk, leases=False) == later(610)
    desk.submit(ADA)
    assert due(desk, leases=False) == later(670)
    desk.submit(BO)
    assert due(desk, leases=False) == later(670)


@given(
    joins=st.lists(st.tuples(st.sampled_from([ADA, BO]), st.integers(0, 50)), max_size=6),
    extra=st.dictionaries(st.sampled_from([ADA, BO, "chi"]), st.integers(-500, 500)),
    grace=st.integers(0, 20),
)
def test_sweeps_at_the_moments_that_are_due_leave_what_one_sweep_at_the_end_leaves(
    joins: list[tuple[str, int]], extra: dict[str, int], grace: int
) -> None:
    rules = Rules(deadline_grace_seconds=grace)
    often, once = (Desk(a_session(extra_seconds=extra), rules) for _ in range(2))
    for desk in (often, once):
        desk.begin()
        for number, (student_id, wait) in enumerate(joins):
            desk.wait(wait)
            desk.join(student_id, f"line-{number}.1")
    swept = 0
    while (moment := due(often)) is not None:
        often.now = moment
        often.do(c.Sweep)
        assert often.changed, "what is due at a moment is done at that moment"
        swept += 1
        assert swept < 20
    once.now = later(100_000)
    once.do(c.Sweep)
    assert often.session.status == once.session.status == "COMPLETED"
    assert often.session.completed_at == once.session.completed_at
    for desk in (often, once):
        assert all(attempt.status == "SUBMITTED" for attempt in desk.attempts.values())
    for student_id, attempt in often.attempts.items():
        same = once.attempts[student_id]
        assert (attempt.submitted_at, attempt.submitted_by) == (
            same.submitted_at,
            same.submitted_by,
        )
    for student_id, participant in often.participants.items():
        assert participant.disconnected_at == once.participants[student_id].disconnected_at


def test_who_has_a_place_without_being_on_the_list_counts_for_the_end() -> None:
    desk = Desk(a_session(extra_seconds={ADA: 60}))
    desk.begin(ADA, BO)
    desk.submit(ADA)
    desk.session = replace(desk.session, roster=())
    assert due(desk, leases=False) == later(610)
    desk.submit(BO)
    assert due(desk, leases=False) == later(670)
    assert due_at(desk.session, desk.participants.values(), [], desk.rules) == later(15)
    sweep(desk, 669, leases=False)
    assert desk.session.status == "IN_PROGRESS"
    sweep(desk, 670, leases=False)
    assert desk.session.status == "COMPLETED"
