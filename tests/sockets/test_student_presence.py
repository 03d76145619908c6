"""A student's connection comes, goes, comes back and is replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from monitor.domain.commands import Command, Leave, SyncRoster
from monitor.errors import Unavailable
from monitor.identity.tokens import Tokens
from monitor.live.backlog import OnSettled
from monitor.protocol.close_codes import CloseCode
from tests.support import eventually
from tests.support.classroom import Classroom, classroom
from tests.support.server import SECRET_KEY
from tests.support.wire import wire


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Classroom]:
    async with classroom(sqlite_url, disconnect_grace_seconds=0.2) as opened:
        yield opened


async def test_opening_a_second_window_replaces_the_first(room: Classroom) -> None:
    async with room.student() as (old, first), room.student() as (new, second):
        assert first["connection_id"].partition(".")[0] != second["connection_id"].partition(".")[0]
        code, bye = await old.end()
        assert code == CloseCode.REPLACED
        assert bye is not None
        assert (bye["code"], bye["reconnect"]) == (4505, False)
        # The close of the replaced one disconnects nobody, also after its grace.
        seq = await new.operate("heartbeat")
        await new.acked(seq)
        assert len(room.app.sockets.farewells) == 0
        assert await room.connection_status() == "CONNECTED"


async def test_answers_on_their_way_from_a_replaced_connection_are_saved_and_acked(
    room: Classroom,
) -> None:
    async with room.student() as (old, _), wire(f"{room.app.ws_url}/ws/student") as new:
        async with room.recorder_held():
            await new.send(await room.join_message())
            seq = await old.operate(
                "answer", question_id="q3", value="before", answered_at=room.moment()
            )
            await old.silent_for(0.1)
        await new.receive("joined")
        messages = await old.rest()

    assert [(m["type"], m.get("seq")) for m in messages] == [("ack", seq), ("bye", None)]
    assert messages[-1]["code"] == CloseCode.REPLACED
    assert await room.answers() == {"q3": "before"}


async def test_a_reload_within_the_grace_is_no_incident(room: Classroom) -> None:
    async with room.student() as (_, joined):
        pass
    await eventually(lambda: len(room.app.sockets.farewells) == 1)
    async with room.student(connection_id=joined["connection_id"]) as (socket, again):
        assert again["connection_id"] == joined["connection_id"].replace(".1", ".2")
        assert len(room.app.sockets.farewells) == 0
        seq = await socket.operate("heartbeat")
        await socket.acked(seq)
        assert await room.connection_status() == "CONNECTED"
        events = await room.services.database.read(
            lambda uow: uow.events.of_session(room.session_id)
        )
        assert "disconnected" not in {str(event.type) for event in events}


async def test_a_closed_socket_is_disconnected_after_the_grace(room: Classroom) -> None:
    async with room.student():
        assert await room.connection_status() == "CONNECTED"
        closing_at = room.services.clock.now()

    async def disconnected() -> bool:
        return await room.connection_status() == "DISCONNECTED"

    await eventually(disconnected)
    participant = await room.participant()
    assert participant is not None
    assert participant.disconnected_at is not None
    # When it closed, not when the grace was over.
    assert participant.disconnected_at < room.moment(-0.15)
    assert room.services.clock.now() - closing_at >= timedelta(seconds=0.2)


async def test_leaving_is_at_once_and_without_grace(sqlite_url: str) -> None:
    async with classroom(sqlite_url, disconnect_grace_seconds=60.0) as room:
        async with room.student() as (socket, _):
            seq = await socket.operate("heartbeat")
            await socket.send({"type": "leave"})
            messages = await socket.rest()
            code = socket.socket.close_code

        assert (code, [m["type"] for m in messages]) == (1000, ["ack"])
        assert messages[0]["seq"] == seq
        assert await room.connection_status() == "DISCONNECTED"
        assert len(room.app.sockets.farewells) == 0


async def test_a_leave_that_the_recorder_cannot_take_is_a_closed_socket(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = room.services.recorder.hand

    def full_for_leaves(command: Command, settled: OnSettled) -> None:
        if isinstance(command, Leave):
            raise Unavailable
        hand(command, settled)

    monkeypatch.setattr(room.services.recorder, "hand", full_for_leaves)
    async with room.student() as (socket, _):
        await socket.send({"type": "leave"})
        await socket.rest()
        assert socket.socket.close_code == 1000

    async def disconnected() -> bool:
        return await room.connection_status() == "DISCONNECTED"

    await eventually(disconnected)


async def test_a_reconnect_after_a_takeover_is_refused(room: Classroom) -> None:
    async with room.student() as (_, first):
        pass
    async with room.student(), wire(f"{room.app.ws_url}/ws/student") as late:
        await late.send(await room.join_message(connection_id=first["connection_id"]))
        code, bye = await late.end()

    assert code == CloseCode.REPLACED
    assert bye is not None
    assert bye["reconnect"] is False


async def test_nothing_heard_for_a_lease_closes_with_4012(sqlite_url: str) -> None:
    async with (
        classroom(sqlite_url, heartbeat_seconds=0.1, lease_heartbeats=3) as room,
        room.student() as (socket, _),
    ):
        for _ in range(6):  # two leases long, and heard
            await socket.silent_for(0.1)
            await socket.acked(await socket.operate("heartbeat"))
        code, bye = await socket.end()

    assert code == CloseCode.LEASE_LOST
    assert bye is not None
    assert (bye["code"], bye["reconnect"], bye["after_ms"]) == (4012, True, None)


async def test_a_token_that_expires_while_connected_closes_with_4005(room: Classroom) -> None:
    user = await room.services.database.read(lambda uow: uow.users.get(room.seeded.student_ids[0]))
    assert user is not None
    token, expires_at = Tokens(SECRET_KEY, room.services.clock, 2 / 3600).issue(user)
    async with room.student(token=token) as (socket, _):
        seq = await socket.operate("answer", question_id="q3", value="x", answered_at=room.moment())
        await socket.acked(seq)
        code, bye = await socket.end()

    assert code == CloseCode.TOKEN_EXPIRED
    assert bye is not None
    assert bye["reconnect"] is True
    assert room.services.clock.now() >= expires_at


async def test_more_joins_a_minute_than_allowed_are_told_to_wait(sqlite_url: str) -> None:
    async with classroom(sqlite_url, joins_per_minute=3) as room:
        for _ in range(3):
            async with room.student(0):
                pass
        async with wire(f"{room.app.ws_url}/ws/student") as socket:
            await socket.send(await room.join_message(0))
            code, bye = await socket.end()
        async with room.student(1):
            pass  # a limit of each student alone

    assert code == CloseCode.TOO_BUSY
    assert bye is not None
    assert 15_000 < bye["after_ms"] <= 20_000


async def test_who_has_joined_keeps_the_place_though_no_longer_in_the_class(
    room: Classroom,
) -> None:
    async with room.student(0) as (_, joined):
        pass
    await room.command(SyncRoster, roster=())

    async with room.student(0, connection_id=joined["connection_id"]) as (socket, _):
        await socket.acked(await socket.operate("heartbeat"))
    async with wire(f"{room.app.ws_url}/ws/student") as stranger:
        await stranger.send(await room.join_message(1))
        assert (await stranger.end())[0] == CloseCode.FORBIDDEN
