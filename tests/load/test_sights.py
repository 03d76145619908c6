from __future__ import annotations

from typing import Any

from monitor.load.acts import KEPT, GivenAct, Work
from monitor.load.meters import Meters
from monitor.load.server_clock import seconds_of
from monitor.load.sights import Sights
from monitor.load.student_record import StudentRecord
from tests.load.records import NOW, STAMP, attempt, clock, participant, record


class _Watched:
    """One student and one dashboard."""

    def __init__(self, student: StudentRecord) -> None:
        self.meters = Meters()
        self.student = student
        self.sights = Sights({"s1": student}, self.meters, clock())

    def attempt(self, now: float, **changes: Any) -> None:
        self.sights.look([], [attempt(**changes)], now)

    def participant(self, now: float, **changes: Any) -> None:
        self.sights.look([participant(**changes)], [], now)


def test_an_answer_is_seen_when_the_number_of_answers_says_so() -> None:
    watched = _Watched(record("answer", "answer"))

    watched.attempt(0.5, answered=1)
    watched.attempt(0.9, answered=1, note="looked at")

    assert watched.meters.act_sights.count == 1
    assert watched.meters.act_sights.summary().max_ms == 500
    assert watched.sights.unseen() == 1


def test_what_a_slow_dashboard_skips_is_seen_with_what_it_is_sent() -> None:
    watched = _Watched(record("answer", "answer", "answer", "highlight", "hand"))

    watched.attempt(10.0, answered=3, highlights=1, hand_raised_at=STAMP)

    # Given at seconds 0 to 4.
    assert watched.meters.act_sights.count == 5
    assert watched.meters.act_sights.summary().max_ms == 10_000
    assert watched.sights.unseen() == 0


def test_answers_of_the_second_pass_are_told_from_those_of_the_first() -> None:
    watched = _Watched(record(*["answer"] * 43))
    watched.attempt(50.0, answered=38)
    assert watched.meters.act_sights.count == 38

    watched.attempt(50.0, answered=40)
    watched.attempt(50.0, answered=38)

    assert watched.meters.act_sights.count == 42


def test_a_join_is_seen_by_its_connection_not_by_the_former_one() -> None:
    student = record()
    student.try_join(100.0, measured=True)
    watched = _Watched(student)

    watched.participant(100.1, connection_id="c.1")
    assert watched.meters.join_sights.count == 0
    watched.participant(100.2, connection_id="c.2")
    watched.participant(100.3, connection_id="c.2", connection_status="DISCONNECTED")

    assert watched.meters.join_sights.count == 1


def test_a_heartbeat_is_seen_when_the_last_activity_is_no_earlier() -> None:
    student = record()
    sent = seconds_of(STAMP)
    student.beat(1, sent - 0.5, sent, measured=True)
    watched = _Watched(student)

    watched.participant(sent + 0.1, last_activity="2026-11-22T07:59:59.900Z")
    assert watched.meters.beat_sights.count == 0
    watched.participant(sent + 0.2, last_activity="2026-11-22T08:00:00.010Z")
    watched.participant(sent + 0.3, last_activity="2026-11-22T08:00:00.020Z")

    assert watched.meters.beat_sights.count == 1
    # From the intended moment.
    assert watched.meters.beat_sights.summary().max_ms == 700


def test_heartbeats_of_a_lost_connection_are_not_seen_with_the_next() -> None:
    student = record()
    student.beat(1, 0.0, 0.0, measured=True)
    student.lost()
    watched = _Watched(student)

    watched.participant(9.0)

    assert watched.meters.beat_sights.count == 0


def test_what_is_not_measured_is_followed_without_being_counted() -> None:
    student = record("answer")
    operation, marks = Work(0).next("answer", NOW)
    student.acts[0] = GivenAct(operation, 0.0, marks, False, KEPT)
    watched = _Watched(student)

    watched.attempt(1.0, answered=1)

    assert watched.meters.act_sights.count == 0
    assert watched.sights.unseen() == 0


def test_students_of_no_concern_are_passed_over() -> None:
    watched = _Watched(record("answer"))

    watched.attempt(1.0, student_id="somebody", answered=1)
    watched.participant(1.0, student_id="somebody")

    assert watched.meters.act_sights.count == 0
