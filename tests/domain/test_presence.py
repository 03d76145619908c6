from __future__ import annotations

from typing import Any

import pytest

from monitor.domain import commands as c
from monitor.domain.event import EventType
from tests.domain.desk import ADA, Desk, later


@pytest.fixture
def desk() -> Desk:
    """A sitting that runs, with Ada at work on `ada-1.1`."""
    desk = Desk()
    desk.begin(ADA)
    return desk


def test_a_heartbeat_renews_the_lease_and_nothing_else(desk: Desk) -> None:
    attempt = desk.attempts[ADA]
    desk.wait(5)
    desk.beat(ADA)
    assert desk.participants[ADA].last_activity == later(5)
    assert desk.attempts[ADA] is attempt
    assert desk.changed is not None
    assert desk.changed.events == []


def test_the_last_sign_of_life_never_goes_back(desk: Desk) -> None:
    desk.wait(5)
    desk.beat(ADA)
    version = desk.version
    desk.beat(ADA, received_at=later(3))
    assert desk.participants[ADA].last_activity == later(5)
    assert desk.version == version


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (c.Heartbeat, {}),
        (c.GiveAnswer, {"question_id": "q1", "value": "a"}),
        (c.SetVisibility, {"is_visible": True}),
        (c.RaiseHand, {}),
        (c.LowerHand, {}),
        (c.RemoveHighlight, {"highlight_id": "none"}),
        (c.Submit, {}),
    ],
)
def test_any_frame_of_the_current_connection_and_any_by_rest_renews_the_lease(
    desk: Desk, kind: type[c.Command], fields: dict[str, Any]
) -> None:
    for seconds, connection_id in ((5, "ada-1.1"), (10, None)):
        desk.now = later(seconds)
        desk.do(kind, student_id=ADA, connection_id=connection_id, **fields)
        assert desk.participants[ADA].last_activity == later(seconds)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (c.Heartbeat, {"question_id": "q2", "is_visible": False}),
        (c.SetVisibility, {"is_visible": False}),
        (c.Leave, {}),
        (c.Disconnect, {}),
    ],
)
def test_from_a_replaced_connection_these_change_nothing(
    desk: Desk, kind: type[c.Command], fields: dict[str, Any]
) -> None:
    desk.join(ADA, "ada-2.1")
    desk.wait(5)
    version = desk.version
    desk.do(kind, student_id=ADA, connection_id="ada-1.1", **fields)
    assert desk.version == version


def test_acts_of_the_person_count_from_a_replaced_connection_without_renewing_the_lease(
    desk: Desk,
) -> None:
    desk.join(ADA, "ada-2.1")
    desk.wait(5)
    desk.do(c.RaiseHand, student_id=ADA, connection_id="ada-1.1")
    desk.answer(ADA, connection_id="ada-1.1")
    assert desk.attempts[ADA].hand_raised_at == later(5)
    assert desk.attempts[ADA].answered == 1
    assert desk.participants[ADA].last_activity == later(0)


def test_a_heartbeat_tells_where_the_student_is(desk: Desk) -> None:
    desk.beat(ADA, question_id="q2")
    assert desk.attempts[ADA].question_id == "q2"
    version = desk.version
    desk.beat(ADA, question_id="q2")
    desk.beat(ADA)
    assert desk.attempts[ADA].question_id == "q2"
    assert desk.version == version


def test_a_heartbeat_at_an_unknown_question_is_refused(desk: Desk) -> None:
    desk.wait(5)
    beat = {"student_id": ADA, "connection_id": "ada-1.1", "question_id": "q9"}
    assert desk.refused(c.Heartbeat, **beat) == "unknown_question"


def test_before_the_start_a_heartbeat_is_at_no_question_and_tells_of_none() -> None:
    desk = Desk()
    desk.do(c.OpenSession)
    desk.join(ADA)
    for question_id in ("q1", "q9"):
        desk.wait(1)
        desk.beat(ADA, question_id=question_id)
        assert desk.attempts[ADA].question_id is None


def test_a_closed_socket_is_a_disconnect_since_the_moment_it_closed(desk: Desk) -> None:
    desk.wait(5)
    desk.do(c.Disconnect, student_id=ADA, connection_id="ada-1.1")
    participant = desk.participants[ADA]
    assert (participant.connection_status, participant.disconnected_at) == (
        "DISCONNECTED",
        later(5),
    )
    (event,) = desk.of_type(EventType.DISCONNECTED)
    assert event.data == {"last_activity": "2026-11-22T12:00:00.000Z", "why": "closed"}


def test_a_disconnect_of_a_student_seen_since_by_rest_changes_nothing(desk: Desk) -> None:
    desk.wait(7)
    desk.beat(ADA, connection_id=None)
    desk.do(c.Disconnect, student_id=ADA, connection_id="ada-1.1", received_at=later(5))
    assert desk.participants[ADA].connection_status == "CONNECTED"


def test_leaving_is_a_disconnect_at_once(desk: Desk) -> None:
    desk.wait(5)
    desk.do(c.Leave, student_id=ADA, connection_id="ada-1.1")
    assert desk.participants[ADA].disconnected_at == later(5)
    assert len(desk.of_type(EventType.LEFT)) == 1
    version = desk.version
    desk.do(c.Disconnect, student_id=ADA, connection_id="ada-1.1")
    assert desk.version == version


def test_a_sign_of_life_after_the_lease_ran_out_is_a_return(desk: Desk) -> None:
    desk.wait(20)
    desk.do(c.Sweep)
    desk.wait(2)
    desk.beat(ADA)
    participant, attempt = desk.participants[ADA], desk.attempts[ADA]
    assert (participant.connection_status, participant.disconnected_at) == ("CONNECTED", None)
    assert participant.connection_id == "ada-1.1"
    assert (attempt.reconnects, attempt.lost_seconds) == (1, 22.0)
    (event,) = desk.of_type(EventType.RECONNECTED)
    assert event.data == {"lost_seconds": 22.0, "last_activity": "2026-11-22T12:00:00.000Z"}
    desk.wait(30)
    desk.do(c.Sweep)
    desk.beat(ADA)
    assert [e.data["lost_seconds"] for e in desk.of_type(EventType.RECONNECTED)] == [22.0, 30.0]
    assert desk.attempts[ADA].lost_seconds == 52.0


@pytest.mark.parametrize("ending", [c.CompleteSession, c.CancelSession])
def test_once_the_sitting_is_over_nobodys_presence_changes(
    desk: Desk, ending: type[c.StaffCommand]
) -> None:
    desk.do(ending)
    desk.wait(100)
    version = desk.version
    desk.beat(ADA, question_id="q2", is_visible=False)
    desk.do(c.SetVisibility, student_id=ADA, connection_id="ada-1.1", is_visible=False)
    desk.do(c.Disconnect, student_id=ADA, connection_id="ada-1.1")
    desk.do(c.Sweep)
    assert desk.version == version


def test_who_has_no_place_gives_no_sign_of_life(desk: Desk) -> None:
    assert desk.refused(c.Heartbeat, student_id="bo") == "not_found"
    assert desk.refused(c.Leave, student_id="bo") == "not_found"
