from __future__ import annotations

from typing import Any

import pytest

from monitor.domain import commands as c
from monitor.domain.deadlines import closes_at
from monitor.domain.event import EventType
from monitor.domain.outcome import BulkReply
from monitor.domain.rules import Rules
from tests.domain.desk import ADA, BO, CHI, DANA, Desk, a_session, later


@pytest.fixture
def desk() -> Desk:
    """A sitting of ten minutes, one minute after its start; Dana is absent."""
    desk = Desk()
    desk.begin(ADA, BO, CHI)
    desk.wait(60)
    return desk


def codes(reply: BulkReply) -> dict[str, str]:
    return {refused.student_id: refused.code for refused in reply.refused}


def extend(desk: Desk, minutes: int, *student_ids: str, **fields: Any) -> BulkReply:
    reply = desk.do(c.Extend, minutes=minutes, student_ids=student_ids or None, **fields).reply
    assert isinstance(reply, BulkReply)
    return reply


def test_minutes_for_all_move_everyones_close_and_no_attempt_changes(desk: Desk) -> None:
    desk.submit(BO)
    reply = extend(desk, 5)
    assert reply.done == [ADA, CHI, DANA]
    assert codes(reply) == {BO: "attempt_closed"}
    assert desk.session.extended_seconds == 300
    assert closes_at(desk.session, ADA) == closes_at(desk.session, DANA) == later(900)
    assert desk.changed is not None
    assert (desk.changed.session, desk.changed.attempts) == (True, [])
    (event,) = desk.of_type(EventType.EXTENDED)
    assert event.data == {"minutes": 5, "student_ids": None}
    assert event.reply == {
        "done": [ADA, CHI, DANA],
        "refused": [
            {
                "student_id": BO,
                "code": "attempt_closed",
                "message": reply.refused[0].message,
            }
        ],
        "unchanged": [],
    }


def test_minutes_for_some_are_their_extra_seconds_and_their_attempts_carry_them(
    desk: Desk,
) -> None:
    desk.submit(BO)
    reply = extend(desk, 5, ADA, BO, DANA, "eve", reason="loud outside")
    assert reply.done == [ADA, DANA]
    assert codes(reply) == {BO: "attempt_closed", "eve": "unknown_student"}
    assert desk.session.extra_seconds == {ADA: 300, DANA: 300}
    assert closes_at(desk.session, ADA) == later(900)
    assert closes_at(desk.session, CHI) == later(600)
    assert desk.changed is not None
    assert desk.changed.attempts == [ADA]
    assert desk.attempts[ADA].version == desk.version
    (event,) = desk.of_type(EventType.EXTENDED)
    assert event.data == {
        "minutes": 5,
        "student_ids": [ADA, DANA],
        "reason": "loud outside",
    }


def test_a_line_of_history_about_one_student_names_the_student(desk: Desk) -> None:
    extend(desk, 5, ADA)
    (event,) = desk.of_type(EventType.EXTENDED, ADA)
    assert event.student_id == ADA


def test_extra_time_may_be_set_before_the_start_and_adds_up() -> None:
    desk = Desk()
    extend(desk, 5, ADA)
    extend(desk, 5, ADA)
    extend(desk, 2)
    desk.begin(ADA)
    assert closes_at(desk.session, ADA) == later(600 + 600 + 120)


def test_minutes_may_be_taken_away_as_long_as_one_is_left(desk: Desk) -> None:
    assert desk.refused(c.Extend, minutes=-9) == "deadline_too_near"
    extend(desk, -8)
    assert closes_at(desk.session, ADA) == later(120)


def test_for_all_it_is_refused_whole_if_one_at_work_would_have_too_little(desk: Desk) -> None:
    extend(desk, -4, CHI)
    assert desk.refused(c.Extend, minutes=-5) == "deadline_too_near"
    desk.submit(CHI)
    extend(desk, -5)  # who has handed in is no hindrance


def test_for_some_it_is_refused_one_by_one(desk: Desk) -> None:
    extend(desk, 4, BO)
    reply = extend(desk, -9, ADA, BO)
    assert reply.done == [BO]
    assert codes(reply) == {ADA: "deadline_too_near"}
    assert desk.session.extra_seconds == {BO: 240 - 540}


def test_exactly_a_minute_is_enough(desk: Desk) -> None:
    desk.wait(480)
    extend(desk, 0)
    assert codes(extend(desk, -1, ADA)) == {ADA: "deadline_too_near"}
    desk.wait(60)
    assert extend(desk, 1, ADA).done == [ADA]
    desk.wait(0.001)
    assert codes(extend(desk, 1, BO)) == {BO: "deadline_too_near"}


def test_while_paused_what_is_left_is_what_the_standing_clock_shows(desk: Desk) -> None:
    desk.do(c.PauseSession)
    desk.wait(10_000)
    extend(desk, -8)
    assert desk.refused(c.Extend, minutes=-1) == "deadline_too_near"
    desk.do(c.ResumeSession)
    assert closes_at(desk.session, ADA) == later(60 + 10_000 + 60)


def test_before_the_start_it_must_add_up_to_a_minute() -> None:
    desk = Desk()
    assert desk.refused(c.Extend, minutes=-10) == "deadline_too_near"
    assert codes(extend(desk, -10, ADA)) == {ADA: "deadline_too_near"}
    extend(desk, -9)


def test_where_nobody_is_at_work_the_sittings_own_end_counts() -> None:
    desk = Desk()
    desk.begin()
    desk.wait(605)
    assert desk.refused(c.Extend, minutes=1) == "deadline_too_near"
    extend(desk, 2)


def test_no_minutes_are_no_change(desk: Desk) -> None:
    version = desk.version
    assert extend(desk, 0).done == [ADA, BO, CHI, DANA]
    assert extend(desk, 0, ADA).done == [ADA]
    assert desk.version == version


def test_minutes_for_some_of_whom_none_can_have_them_are_no_change(desk: Desk) -> None:
    version = desk.version
    assert extend(desk, 5, "eve").done == []
    assert (desk.version, desk.session.extra_seconds) == (version, {})


def test_minutes_for_all_are_given_though_everyone_has_handed_in() -> None:
    desk = Desk(a_session(roster=a_session().roster[:1]))
    desk.begin(ADA)
    desk.submit(ADA)
    assert codes(extend(desk, 5)) == {ADA: "attempt_closed"}
    assert desk.session.extended_seconds == 300
    assert len(desk.of_type(EventType.EXTENDED)) == 1


def test_a_window_without_length_gives_nothing_back(desk: Desk) -> None:
    lose(desk, ADA, 100, 160)
    assert desk.do(c.GiveBack, from_=later(120), to=later(120)).reply.done == []


def test_a_sitting_without_a_limit_has_no_time_to_change_once_it_runs() -> None:
    desk = Desk(a_session(duration_seconds=None))
    extend(desk, 5, ADA)
    desk.begin(ADA)
    assert desk.refused(c.Extend, minutes=5) == "invalid_transition"
    assert desk.refused(c.GiveBack) == "invalid_transition"


def test_a_sitting_that_is_over_has_no_time_to_change(desk: Desk) -> None:
    desk.do(c.CompleteSession)
    assert desk.refused(c.Extend, minutes=5) == "invalid_transition"
    assert desk.refused(c.GiveBack) == "invalid_transition"


def test_more_than_a_week_is_refused(desk: Desk) -> None:
    assert desk.refused(c.Extend, minutes=10_081) == "invalid_value"
    assert desk.refused(c.Extend, minutes=10**30) == "invalid_value"
    assert codes(extend(desk, 10_081, ADA)) == {ADA: "invalid_value"}


# -- lost time given back


def lose(desk: Desk, student_id: str, from_: float, to: float) -> None:
    """The student's connection is gone between two moments."""
    desk.now = later(from_)
    desk.beat(student_id)
    desk.now = later(to)
    current = desk.participants[student_id].connection_id
    desk.join(student_id, f"{current}x", former_connection_id=current)


def test_lost_time_is_given_back_once(desk: Desk) -> None:
    lose(desk, ADA, 100, 160.5)
    reply = desk.do(c.GiveBack).reply
    assert reply == BulkReply(done=[ADA], refused=[])
    assert desk.session.extra_seconds == {ADA: 61}
    assert desk.attempts[ADA].given_back_seconds == 60.5
    assert desk.attempts[ADA].lost_seconds == 60.5
    (event,) = desk.of_type(EventType.GIVEN_BACK)
    assert event.data == {"seconds": {ADA: 61}, "student_ids": None}
    version = desk.version
    assert desk.do(c.GiveBack).reply.done == []
    assert codes(desk.do(c.GiveBack, student_ids=(ADA,)).reply) == {ADA: "nothing_lost"}
    assert desk.version == version


def test_only_what_was_lost_within_the_window_is_given_back(desk: Desk) -> None:
    lose(desk, ADA, 100, 160)
    lose(desk, BO, 150, 250)
    lose(desk, CHI, 250, 300)
    desk.do(c.GiveBack, from_=later(140), to=later(200))
    assert desk.session.extra_seconds == {ADA: 20, BO: 50}
    desk.do(c.GiveBack, from_=later(120), to=later(170))
    assert desk.session.extra_seconds == {ADA: 40, BO: 50}
    desk.do(c.GiveBack)
    assert desk.session.extra_seconds == {ADA: 60, BO: 100, CHI: 50}


def test_fractions_are_rounded_up_once_over_all_that_was_given_back(desk: Desk) -> None:
    lose(desk, ADA, 100, 120.2)
    desk.do(c.GiveBack)
    lose(desk, ADA, 130, 150.2)
    desk.do(c.GiveBack)
    assert desk.session.extra_seconds == {ADA: 41}


def test_who_cannot_be_given_time_back_is_named(desk: Desk) -> None:
    lose(desk, ADA, 100, 160)
    desk.submit(ADA)
    reply = desk.do(c.GiveBack, student_ids=(ADA, BO, DANA, "eve")).reply
    assert reply.done == []
    assert codes(reply) == {
        ADA: "attempt_closed",
        BO: "nothing_lost",
        DANA: "nothing_lost",
        "eve": "unknown_student",
    }


def test_time_given_back_must_leave_a_minute(desk: Desk) -> None:
    lose(desk, ADA, 100, 130)
    desk.now = later(575)
    reply = desk.do(c.GiveBack, student_ids=(ADA,)).reply
    assert codes(reply) == {ADA: "deadline_too_near"}
    assert desk.attempts[ADA].given_back_seconds == 0


@pytest.mark.parametrize(
    "window",
    [{"from_": later(0)}, {"to": later(0)}, {"from_": later(5), "to": later(0)}],
)
def test_half_a_window_or_one_that_runs_backwards_is_refused(
    desk: Desk, window: dict[str, Any]
) -> None:
    assert desk.refused(c.GiveBack, **window) == "invalid_request"


def test_a_long_time_adds_up_no_further_than_a_week() -> None:
    desk = Desk(rules=Rules(most_time_seconds=900))
    desk.begin(ADA)
    extend(desk, 15)
    assert desk.refused(c.Extend, minutes=1) == "invalid_value"
