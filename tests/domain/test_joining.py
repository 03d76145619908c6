from __future__ import annotations

import pytest

from monitor.domain import commands as c
from monitor.domain.event import EventType
from monitor.domain.joining import attempt_id
from monitor.domain.outcome import JoinReply
from tests.domain.desk import ADA, BO, Desk, a_session, later


@pytest.fixture
def desk() -> Desk:
    """A sitting with its waiting room open."""
    desk = Desk()
    desk.do(c.OpenSession)
    return desk


def reply_of(outcome: object) -> JoinReply:
    reply = getattr(outcome, "reply", None)
    assert isinstance(reply, JoinReply)
    return reply


def test_the_first_join_makes_a_place_and_an_attempt_that_waits(desk: Desk) -> None:
    desk.wait(5)
    reply = reply_of(desk.join(ADA, "ada-1.1"))
    assert reply == JoinReply(
        attempt=desk.attempts[ADA], connection_id="ada-1.1", reconnected=False
    )
    participant, attempt = desk.participants[ADA], desk.attempts[ADA]
    assert participant.joined_at == participant.last_activity == later(5)
    assert participant.connection_status == "CONNECTED"
    assert participant.attempt_id == attempt.id == attempt_id("session", ADA)
    assert (attempt.status, attempt.total, attempt.started_at) == ("NOT_STARTED", 4, None)
    assert (participant.version, attempt.version) == (desk.version, desk.version)
    assert [(e.type, e.data) for e in desk.events[1:]] == [(EventType.JOINED, {})]


def test_a_join_after_the_start_begins_at_once(desk: Desk) -> None:
    desk.do(c.StartSession)
    desk.wait(30)
    desk.join(ADA)
    assert desk.attempts[ADA].status == "IN_PROGRESS"
    assert desk.attempts[ADA].started_at == later(30)


def test_who_is_not_on_the_list_finds_nothing_whatever_the_status() -> None:
    desk = Desk()
    join = {"student_id": "eve", "connection_id": "eve-1.1"}
    assert desk.refused(c.Join, **join) == "not_found"
    desk.begin()
    assert desk.refused(c.Join, **join) == "not_found"
    desk.do(c.CompleteSession)
    assert desk.refused(c.Join, **join) == "not_found"


def test_a_join_comes_too_early_or_too_late() -> None:
    desk = Desk()
    join = {"student_id": ADA, "connection_id": "ada-1.1"}
    assert desk.refused(c.Join, **join) == "not_open"
    desk.begin(ADA)
    desk.do(c.CompleteSession)
    assert desk.refused(c.Join, **join) == "session_over"
    assert desk.refused(c.Join, **join | {"student_id": BO}) == "session_over"


def test_places_keep_the_order_in_which_they_were_taken(desk: Desk) -> None:
    for student_id in ("chi", ADA, "dana", BO):
        desk.join(student_id)
    desk.join(ADA, "ada-2.1")
    assert list(desk.participants) == ["chi", ADA, "dana", BO]


def test_a_reconnect_gets_the_next_number_of_its_line(desk: Desk) -> None:
    desk.join(ADA, "ada-1.1")
    desk.wait(2)
    reply = reply_of(desk.join(ADA, "ada-1.2", former_connection_id="ada-1.1"))
    assert reply.connection_id == desk.participants[ADA].connection_id == "ada-1.2"
    assert reply.reconnected
    assert desk.attempts[ADA].reconnects == 1
    assert len(desk.of_type(EventType.RECONNECTED)) == 1


def test_a_client_whose_joined_was_lost_reconnects_with_the_number_it_knows(desk: Desk) -> None:
    desk.join(ADA, "ada-1.1")
    desk.join(ADA, "ada-1.2", former_connection_id="ada-1.1")
    reply = reply_of(desk.join(ADA, "ada-1.2", former_connection_id="ada-1.1"))
    assert reply.connection_id == "ada-1.3"


def test_a_reconnect_that_a_later_one_of_its_client_has_overtaken_replaces_nobody(
    desk: Desk,
) -> None:
    desk.join(ADA, "ada-1.1")
    desk.wait(2)
    held_up = {"connection_id": "ada-1.2", "former_connection_id": "ada-1.1"}
    held_up_at = desk.now
    desk.wait(5)
    desk.join(ADA, "ada-1.2", former_connection_id="ada-1.1")
    version = desk.version
    assert desk.refused(c.Join, student_id=ADA, received_at=held_up_at, **held_up) == "replaced"
    assert desk.participants[ADA].connection_id == "ada-1.2"
    assert desk.version == version


def test_a_join_without_a_former_connection_takes_over(desk: Desk) -> None:
    desk.join(ADA, "ada-1.1")
    desk.wait(1)
    desk.join(ADA, "ada-2.1")
    assert desk.participants[ADA].connection_id == "ada-2.1"
    assert desk.participants[ADA].joined_at == later(0)
    assert desk.attempts[ADA].reconnects == 0
    (event,) = desk.of_type(EventType.TAKEN_OVER)
    assert event.data == {"lost_seconds": 0.0, "last_activity": "2026-11-22T12:00:00.000Z"}


def test_a_reconnect_after_a_takeover_is_refused(desk: Desk) -> None:
    desk.join(ADA, "ada-1.1")
    desk.join(ADA, "ada-2.1")
    old = {"connection_id": "ada-1.2", "former_connection_id": "ada-1.1"}
    assert desk.refused(c.Join, student_id=ADA, **old) == "replaced"
    assert desk.participants[ADA].connection_id == "ada-2.1"


def test_coming_back_without_memory_after_the_connection_was_gone_is_a_reconnect(
    desk: Desk,
) -> None:
    desk.join(ADA, "ada-1.1")
    desk.do(c.Leave, student_id=ADA, connection_id="ada-1.1")
    desk.wait(100)
    desk.join(ADA, "ada-2.1")
    participant = desk.participants[ADA]
    assert (participant.connection_status, participant.disconnected_at) == ("CONNECTED", None)
    assert desk.attempts[ADA].reconnects == 1
    assert len(desk.of_type(EventType.TAKEN_OVER)) == 0


def test_a_join_by_rest_takes_the_place_without_a_connection(desk: Desk) -> None:
    reply = reply_of(desk.join(ADA, None))
    assert reply.connection_id is None
    assert desk.participants[ADA].connection_status == "CONNECTED"


def test_a_join_by_rest_replaces_no_connection_and_is_a_sign_of_life(desk: Desk) -> None:
    desk.join(ADA, "ada-1.1")
    desk.wait(4)
    reply = reply_of(desk.join(ADA, None))
    assert reply.connection_id == desk.participants[ADA].connection_id == "ada-1.1"
    assert reply.reconnected
    assert desk.participants[ADA].last_activity == later(4)
    assert desk.attempts[ADA].reconnects == 0


def test_a_join_by_rest_after_the_connection_was_gone_is_a_return(desk: Desk) -> None:
    desk.join(ADA, "ada-1.1")
    desk.do(c.Leave, student_id=ADA, connection_id="ada-1.1")
    desk.wait(4)
    desk.join(ADA, None)
    assert desk.last is not None
    assert desk.events[-1].id == desk.last.id
    assert desk.participants[ADA].connection_status == "CONNECTED"
    assert desk.participants[ADA].connection_id == "ada-1.1"
    assert desk.attempts[ADA].reconnects == 1


def test_a_socket_after_rest_needs_no_line_to_go_on_with(desk: Desk) -> None:
    desk.join(ADA, None)
    desk.join(ADA, "ada-1.6", former_connection_id="ada-1.5")
    assert desk.participants[ADA].connection_id == "ada-1.6"
    assert len(desk.of_type(EventType.TAKEN_OVER)) == 0


def test_who_takes_part_may_come_back_though_the_list_has_changed(desk: Desk) -> None:
    desk.join(ADA)
    desk.session = a_session(status=desk.session.status, roster=())
    desk.join(ADA, "ada-2.1")
    assert desk.participants[ADA].connection_id == "ada-2.1"


def test_a_join_found_done_already_is_answered_with_its_connection_and_the_present_attempt(
    desk: Desk,
) -> None:
    from monitor.domain.decide import repeat

    first = reply_of(desk.join(ADA, "ada-1.1"))
    command = desk.last
    assert command is not None
    stored = desk.events[-1].reply
    desk.do(c.StartSession)
    again = reply_of(repeat(desk.sitting(command), command, stored))
    assert again.connection_id == first.connection_id
    assert again.attempt == desk.attempts[ADA]


def test_a_first_socket_after_rest_takes_over_from_nobody(desk: Desk) -> None:
    desk.join(ADA, None)
    desk.join(ADA, "ada-1.1")
    assert desk.participants[ADA].connection_id == "ada-1.1"
    assert len(desk.of_type(EventType.TAKEN_OVER)) == 0
    assert desk.attempts[ADA].reconnects == 1


def test_a_join_by_rest_gets_no_number_though_it_names_a_former_connection(desk: Desk) -> None:
    desk.join(ADA, "ada-1.1")
    desk.do(c.Leave, student_id=ADA, connection_id="ada-1.1")
    desk.join(ADA, None, former_connection_id="ada-1.1")
    assert desk.participants[ADA].connection_id == "ada-1.1"


def test_a_reconnect_that_was_held_up_but_not_overtaken_is_accepted(desk: Desk) -> None:
    desk.join(ADA, "ada-1.1")
    desk.wait(9)
    desk.beat(ADA)  # by another process, which was quicker
    desk.join(ADA, "ada-1.2", former_connection_id="ada-1.1", received_at=later(8))
    assert desk.participants[ADA].connection_id == "ada-1.2"


def test_a_reconnect_that_its_client_has_overtaken_replaces_nobody(desk: Desk) -> None:
    desk.join(ADA, "ada-1.1")
    desk.wait(20)
    desk.join(ADA, "ada-1.2", former_connection_id="ada-1.1")
    held_up = {
        "connection_id": "ada-1.2",
        "former_connection_id": "ada-1.1",
        "received_at": later(10),
    }
    assert desk.refused(c.Join, student_id=ADA, **held_up) == "replaced"
    assert desk.participants[ADA].connection_id == "ada-1.2"
