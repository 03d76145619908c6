"""Under a server that offers nothing but ASGI connections work all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from monitor.domain.commands import SendMessage
from monitor.protocol.close_codes import CloseCode
from tests.support import eventually
from tests.support.classroom import Classroom, classroom

PLAIN = {"ws": WebSocketsSansIOProtocol}


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Classroom]:
    async with classroom(
        sqlite_url,
        serving_as=PLAIN,
        disconnect_grace_seconds=0.2,
        messages_per_second=50.0,
        messages_burst=10,
    ) as opened:
        yield opened


async def test_a_student_answers_and_is_acked_and_closes(room: Classroom) -> None:
    async with room.student() as (socket, _):
        for number in range(20):  # more than the burst: it is read more slowly
            await socket.operate(
                "answer", question_id="q3", value=str(number), answered_at=room.moment()
            )
        await socket.acked(20)
        assert len(room.app.sockets.registry) == len(room.app.sockets.pulses) == 1

    await eventually(lambda: len(room.app.sockets.registry) == 0)
    assert len(room.app.sockets.pulses) == 0
    assert await room.answers() == {"q3": "19"}

    async def disconnected() -> bool:
        return await room.connection_status() == "DISCONNECTED"

    await eventually(disconnected)


async def test_an_end_of_ours_comes_with_its_reason_behind_the_last_ack(room: Classroom) -> None:
    async with room.student() as (socket, _):
        seq = await socket.operate("heartbeat")
        for _ in range(5):
            await socket.send(b"binary")
        messages = await socket.rest()

    acks = [message for message in messages if message["type"] == "ack"]
    assert [ack["seq"] for ack in acks] == [seq]
    assert messages[-1]["type"] == "bye"
    assert messages[-1]["code"] == socket.socket.close_code == CloseCode.PROTOCOL


async def test_leaving_ends_normally(room: Classroom) -> None:
    async with room.student() as (socket, _):
        await socket.send({"type": "leave"})
        code, bye = await socket.end()

    assert (code, bye) == (1000, None)
    assert await room.connection_status() == "DISCONNECTED"


async def test_a_dashboard_is_told_what_is_new_and_pulses_and_unwatches(room: Classroom) -> None:
    async with room.dashboard(watch=True) as dashboard:
        version = (await dashboard.receive("snapshot"))["version"]
        for number in range(5):
            await room.command(SendMessage, text=f"message {number}")
            change = await dashboard.receive("change")
            assert change["from_version"] == version
            version = change["version"]
        pulse = await dashboard.receive("pulse")
        assert [one["version"] for one in pulse["sessions"]] == [version]
        await dashboard.send({"type": "unwatch", "session_id": room.session_id})
        while pulse["sessions"]:
            pulse = await dashboard.receive("pulse")
        for _ in range(5):
            await dashboard.send(b"binary")
        code, bye = await dashboard.end()
        assert code == CloseCode.PROTOCOL
        assert bye is not None

    await eventually(lambda: len(room.app.sockets.registry) == 0)
    assert len(room.app.sockets.dashboard_pulses) == 0
