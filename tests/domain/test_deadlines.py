from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, strategies as st

from monitor.domain import commands as c
from monitor.domain.deadlines import (
    clock_ran,
    clock_ran_seconds,
    clock_seconds,
    closes_at,
    ends_at,
    is_in_time,
    last_closes_at,
    left_seconds,
)
from monitor.domain.moments import Interval
from monitor.domain.session import SessionStatus
from tests.domain.desk import ADA, BO, Desk, a_session, later

RUNNING: dict[str, Any] = {"status": SessionStatus.IN_PROGRESS, "started_at": later(0)}


def test_closes_at_is_the_sum_the_design_names() -> None:
    session = a_session(
        **RUNNING,
        extended_seconds=60,
        paused_seconds=12.5,
        pauses=(Interval(later(1), later(13.5)),),
        extra_seconds={ADA: 300},
    )
    assert closes_at(session, ADA) == later(600 + 60 + 12.5 + 300)
    assert closes_at(session, BO) == ends_at(session) == later(672.5)
    assert last_closes_at(session, [BO, ADA]) == later(972.5)
    assert last_closes_at(session, []) == later(672.5)


def test_nobody_knows_the_end_before_the_start_while_paused_or_without_a_duration() -> None:
    for session in (
        a_session(),
        a_session(**RUNNING, paused_at=later(5)),
        a_session(**RUNNING, duration_seconds=None),
    ):
        assert ends_at(session) is None
        assert closes_at(session, ADA) is None
        assert last_closes_at(session, [ADA]) is None


def test_a_last_student_with_less_time_than_the_others_does_not_end_the_sitting_early() -> None:
    session = a_session(**RUNNING, extra_seconds={ADA: -120})
    assert last_closes_at(session, [ADA, BO]) == later(600)
    assert last_closes_at(session, [ADA]) == later(480)


def test_without_a_duration_everything_is_in_time() -> None:
    session = a_session(**RUNNING, duration_seconds=None)
    assert is_in_time(session, ADA, later(1e6), 0)
    assert left_seconds(session, ADA, later(1e6)) is None
    assert clock_ran_seconds(session, ADA, later(0), later(1e6)) == 1e6


def test_the_clock_does_not_run_before_the_start_nor_after_the_close() -> None:
    session = a_session(**RUNNING, duration_seconds=100)
    assert clock_ran_seconds(session, ADA, later(-50), later(30)) == 30
    assert clock_ran_seconds(session, ADA, later(90), later(500)) == 10
    assert clock_ran_seconds(session, ADA, later(200), later(500)) == 0
    assert clock_ran_seconds(session, ADA, later(30), later(20)) == 0
    assert clock_ran_seconds(a_session(), ADA, later(0), later(20)) == 0


def test_the_clock_does_not_run_after_the_sitting_was_completed() -> None:
    ended = {"status": SessionStatus.COMPLETED, "completed_at": later(50)}
    session = a_session(**RUNNING | ended)
    assert clock_ran_seconds(session, ADA, later(40), later(90)) == 10


def test_a_late_answer_is_not_made_early_by_a_pause_that_began_afterwards() -> None:
    session = a_session(
        **RUNNING,
        duration_seconds=100,
        paused_seconds=50.0,
        pauses=(Interval(later(120), later(170)),),
    )
    assert not is_in_time(session, ADA, later(115), 10)
    assert closes_at(session, ADA) == later(150)  # the formula shifts, the verdict does not


def test_what_comes_on_the_last_millisecond_of_the_grace_counts() -> None:
    session = a_session(**RUNNING, duration_seconds=100)
    assert is_in_time(session, ADA, later(110), 10)
    assert not is_in_time(session, ADA, later(110.001), 10)


class StopWatch:
    """A clock that is stepped second by second: the slow and obvious way to say what time it is."""

    def __init__(self) -> None:
        self.seconds = 0
        self.shown: list[int] = [0]  # what it showed after so many seconds since the start
        self.stands = False
        self.allowance = {ADA: 600, BO: 600}

    def tick(self, seconds: int) -> None:
        for _ in range(seconds):
            self.seconds += not self.stands
            self.shown.append(self.seconds)

    def left(self, student_id: str) -> int:
        return self.allowance[student_id] - self.seconds


WAITS = st.integers(0, 90)
STEPS = st.one_of(
    st.tuples(st.just("pause")),
    st.tuples(st.just("resume")),
    st.tuples(st.just("extend"), st.integers(-3, 5)),
    st.tuples(st.just("extra"), st.sampled_from([ADA, BO]), st.integers(-3, 5)),
)


@given(
    steps=st.lists(st.tuples(WAITS, STEPS), max_size=12),
    tail=st.integers(0, 400),
    window=st.tuples(st.integers(0, 900), st.integers(0, 900)).map(sorted),
    grace=st.integers(0, 20),
)
def test_any_pauses_and_extensions_give_what_a_stop_watch_shows(
    steps: list[tuple[int, tuple[Any, ...]]], tail: int, window: list[int], grace: int
) -> None:
    desk, watch = Desk(), StopWatch()
    desk.begin(ADA, BO)
    for wait, step in steps:
        desk.wait(wait)
        watch.tick(wait)
        match step:
            case ("pause",):
                desk.do(c.PauseSession)
                watch.stands = True
            case ("resume",):
                desk.do(c.ResumeSession)
                watch.stands = False
            case ("extend", minutes):
                enough = min(map(watch.left, (ADA, BO))) + minutes * 60 >= 60
                outcome = desk.run(desk.command(c.Extend, minutes=minutes))
                assert (outcome.error is None) == (enough or minutes == 0)
                if enough:
                    for student_id in watch.allowance:
                        watch.allowance[student_id] += minutes * 60
            case ("extra", student_id, minutes):
                enough = watch.left(student_id) + minutes * 60 >= 60
                reply = desk.do(c.Extend, minutes=minutes, student_ids=(student_id,)).reply
                assert bool(reply.done) == (enough or minutes == 0)
                if enough:
                    watch.allowance[student_id] += minutes * 60
    desk.wait(tail)
    watch.tick(tail)
    session, now = desk.session, len(watch.shown) - 1
    for student_id in (ADA, BO):
        allowance = watch.allowance[student_id]
        for second in {0, now // 3, now // 2, now}:
            assert clock_seconds(session, later(second)) == watch.shown[second]
            in_time = watch.shown[second] <= allowance + grace
            assert is_in_time(session, student_id, later(second), grace) is in_time
        assert left_seconds(session, student_id, desk.now) == allowance - watch.seconds
        closes = closes_at(session, student_id)
        assert (closes is None) == watch.stands
        if closes is not None and watch.left(student_id) >= 0:
            assert closes == later(now + watch.left(student_id))
        from_, to = (min(edge, now) for edge in window)
        ran = min(watch.shown[to], allowance) - min(watch.shown[from_], allowance)
        assert clock_ran_seconds(session, student_id, later(from_), later(to)) == ran
        pieces = clock_ran(session, student_id, Interval(later(from_), later(to)))
        assert all(a.to <= b.from_ for a, b in pairwise(pieces))
    assert session.paused_seconds == sum(pause.seconds for pause in session.pauses)


def test_before_its_start_the_clock_shows_nothing() -> None:
    session = a_session(**RUNNING)
    assert clock_seconds(session, later(-60)) == 0
    assert left_seconds(session, ADA, later(-60)) == 600


def test_of_a_sitting_that_was_called_off_no_time_is_counted() -> None:
    session = a_session(**RUNNING | {"status": SessionStatus.CANCELLED})
    assert clock_ran_seconds(session, ADA, later(0), later(60)) == 0
