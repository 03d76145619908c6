from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from monitor.domain import commands as c
from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.lost_time import give_back
from monitor.domain.moments import Interval
from tests.domain.desk import ADA, BO, Desk, a_session, later


@pytest.fixture
def desk() -> Desk:
    """A sitting of ten minutes that runs, with Ada at work."""
    desk = Desk()
    desk.begin(ADA)
    return desk


def come_back(desk: Desk, at: float) -> float:
    """Ada reconnects; the seconds lost so far."""
    desk.now = later(at)
    current = desk.participants[ADA].connection_id
    desk.join(ADA, f"{current}", former_connection_id=current)
    return desk.attempts[ADA].lost_seconds


def test_up_to_two_heartbeats_nothing_is_lost(desk: Desk) -> None:
    assert come_back(desk, 10) == 0
    assert come_back(desk, 20.001) == 10.001


def test_time_lost_adds_up(desk: Desk) -> None:
    come_back(desk, 20)
    desk.beat(ADA, received_at=later(25))
    assert come_back(desk, 55) == 50
    assert [span.seconds for span in desk.attempts[ADA].lost] == [20, 30]


def test_time_before_the_start_is_not_lost() -> None:
    desk = Desk()
    desk.do(c.OpenSession)
    desk.join(ADA)
    desk.wait(100)
    desk.do(c.StartSession)
    assert come_back(desk, 130) == 30


def test_paused_time_is_not_lost(desk: Desk) -> None:
    desk.now = later(20)
    desk.do(c.PauseSession)
    desk.now = later(80)
    desk.do(c.ResumeSession)
    assert come_back(desk, 100) == 40
    assert [span.seconds for span in desk.attempts[ADA].lost] == [20, 20]


def test_during_a_pause_only_what_was_before_it_is_lost(desk: Desk) -> None:
    desk.now = later(20)
    desk.do(c.PauseSession)
    assert come_back(desk, 100) == 20


def test_time_after_the_students_own_close_is_not_lost() -> None:
    desk = Desk(a_session(extra_seconds={ADA: -60, BO: 600}))
    desk.begin(ADA, BO)
    desk.beat(ADA, received_at=later(530))
    assert come_back(desk, 545) == 10


def test_time_after_the_hand_in_is_not_lost(desk: Desk) -> None:
    desk.now = later(40)
    desk.do(c.ForceSubmit)
    assert come_back(desk, 100) == 40


def test_after_a_reopen_the_time_it_was_closed_is_not_lost(desk: Desk) -> None:
    desk.now = later(20)
    desk.do(c.Sweep)
    desk.now = later(40)
    desk.do(c.ForceSubmit)
    desk.now = later(100)
    desk.do(c.Reopen)
    assert desk.attempts[ADA].lost_seconds == 40
    assert come_back(desk, 130) == 70
    assert desk.attempts[ADA].lost == (
        Interval(later(0), later(40)),
        Interval(later(100), later(130)),
    )


def test_a_takeover_counts_lost_time_too(desk: Desk) -> None:
    desk.now = later(30)
    desk.join(ADA, "ada-2.1")
    assert desk.attempts[ADA].lost_seconds == 30
    assert desk.attempts[ADA].reconnects == 0


def test_an_outage_of_the_server_counts_too(desk: Desk) -> None:
    assert come_back(desk, 95) == 95  # nobody swept, nobody was marked as gone


SPANS = st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 300)), max_size=6)
WINDOW = st.tuples(st.integers(0, 6000), st.integers(0, 6000)).map(sorted)


@given(spans=SPANS, windows=st.lists(st.none() | WINDOW, max_size=6))
def test_nobody_is_given_the_same_seconds_twice(
    spans: list[tuple[int, int]], windows: list[list[int] | None]
) -> None:
    lost, at = [], 0.0
    for gap, length in spans:
        lost.append(Interval(later(at + gap), later(at + gap + length / 10)))
        at += gap + length / 10
    attempt = Attempt(
        id="attempt",
        test_id="test",
        student_id=ADA,
        status=AttemptStatus.IN_PROGRESS,
        lost=tuple(lost),
        lost_seconds=round(sum(span.seconds for span in lost), 3),
    )
    given_seconds = 0
    for window in windows:
        span = None if window is None else Interval(later(window[0]), later(window[1]))
        attempt, seconds = give_back(attempt, span)
        given_seconds += seconds
        left = sum(piece.seconds for piece in attempt.lost)
        assert round(attempt.given_back_seconds + left, 3) == attempt.lost_seconds
        assert attempt.given_back_seconds <= given_seconds < attempt.given_back_seconds + 1
        if window is None:
            assert attempt.lost == ()
            assert give_back(attempt, None) == (attempt, 0)
