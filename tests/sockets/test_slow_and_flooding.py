"""Who sends too much is read more slowly; who takes too little is sent away; memory is bounded."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from monitor.domain.commands import SendMessage
from monitor.protocol.close_codes import CloseCode
from tests.support import eventually
from tests.support.classroom import Classroom, classroom
from tests.support.wire import Wire, narrow_socket, wire

KIB = 1024
NARROW: dict[str, Any] = {
    "serving_as": {"buffer_bytes": 8 * KIB},
    "dashboard_sends_per_second": 1000.0,
}


async def test_a_flood_is_read_more_slowly_and_never_closed(sqlite_url: str) -> None:
    async with (
        classroom(sqlite_url, messages_per_second=50.0, messages_burst=10) as room,
        room.student() as (socket, _),
    ):
        loop = asyncio.get_running_loop()
        began = loop.time()
        for _ in range(60):
            await socket.operate("heartbeat")
        await socket.acked(60)
        seconds = loop.time() - began

    assert 0.95 < seconds < 4.0  # 10 at once, 50 a second


async def test_a_burst_after_a_tunnel_is_read_at_once(sqlite_url: str) -> None:
    async with (
        classroom(sqlite_url, messages_per_second=1.0, messages_burst=60) as room,
        room.student() as (socket, _),
    ):
        for number in range(60):
            await socket.operate(
                "answer", question_id="q3", value=str(number), answered_at=room.moment()
            )
        await socket.acked(60)


def answer(room: Classroom, seq: int, size: int) -> str:
    """An answer of so many characters."""
    message = {
        "type": "answer",
        "seq": seq,
        "question_id": "q3",
        "value": "x" * size,
        "answered_at": room.moment(),
    }
    return json.dumps(message)


@pytest.mark.parametrize(("size", "most"), [(10, 64), (15_000, 256 * KIB // 15_000 + 1)])
async def test_no_more_is_read_than_may_wait_while_the_database_hangs(
    sqlite_url: str, size: int, most: int
) -> None:
    async with (
        classroom(sqlite_url, messages_per_second=1e6, messages_burst=10**6) as room,
        room.student() as (socket, _),
    ):
        backlog = room.services.recorder
        async with room.recorder_held():
            sending = asyncio.create_task(send_all(room, socket, 300, size))
            await eventually(lambda: waiting(backlog) >= most - 2)
            await socket.silent_for(0.3)
            assert waiting(backlog) <= most + 1  # one may be in the recorder's hand
        await sending
        await socket.acked(300)
        assert set((await room.answers()).values()) == {"x" * size}


async def send_all(room: Classroom, socket: Wire, count: int, size: int) -> None:
    """Send answers as fast as TCP takes them."""
    for seq in range(1, count + 1):
        await socket.send(answer(room, seq, size))


def waiting(recorder: Any) -> int:
    """How many commands wait in the recorder."""
    waiting: int = recorder._backlog.count
    return waiting + sum(len(one.entries) for one in recorder._in_flight)


async def tell_much(room: Classroom) -> None:
    """Give every dashboard more to read than buffers hold, until there is none."""
    for _ in range(400):
        if len(room.app.sockets.registry) == 0:
            return
        await room.command(SendMessage, text="x" * 2_000)
    await eventually(lambda: len(room.app.sockets.registry) == 0)


def dashboard_url(room: Classroom) -> str:
    """The address of the dashboards' socket."""
    return f"{room.app.ws_url}/ws/dashboard"


async def narrow_dashboard(room: Classroom, socket: Wire) -> None:
    """Authenticate on a connection that takes little, watch the sitting and read no more."""
    await socket.send({"type": "authenticate", "token": await room.teacher_token()})
    await socket.receive("authenticated")
    await socket.send({"type": "watch", "session_id": room.session_id})
    await socket.receive("snapshot")


async def test_who_takes_no_frame_in_time_is_closed_with_4008(sqlite_url: str) -> None:
    async with classroom(sqlite_url, slow_frame_seconds=0.3, **NARROW) as room:
        url = dashboard_url(room)
        async with wire(url, sock=narrow_socket(url), max_queue=1) as socket:
            await narrow_dashboard(room, socket)
            await tell_much(room)

            # What it had not read, the bye and the close were put behind each other.
            messages = await socket.rest()

    assert messages[-1]["type"] == "bye"
    assert messages[-1]["code"] == socket.socket.close_code == CloseCode.TOO_SLOW
    assert messages[-1]["reconnect"] is True


async def test_who_never_reads_again_is_cut_off_all_the_same(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.sockets.protocol.LINGER_SECONDS", 0.3)
    async with classroom(sqlite_url, slow_frame_seconds=0.3, **NARROW) as room:
        url = dashboard_url(room)
        async with wire(url, sock=narrow_socket(url), max_queue=1, close_timeout=0.1) as socket:
            await narrow_dashboard(room, socket)
            await tell_much(room)
            await eventually(lambda: room.app.websockets == [])
            assert socket.socket.close_code in (None, 1006)


async def test_under_plain_uvicorn_a_slow_connection_ends_too(sqlite_url: str) -> None:
    plain = {"buffer_bytes": 8 * KIB, "ws": WebSocketsSansIOProtocol}
    settings = {**NARROW, "serving_as": plain}
    async with classroom(sqlite_url, slow_frame_seconds=0.3, **settings) as room:
        url = dashboard_url(room)
        async with wire(url, sock=narrow_socket(url), max_queue=1, close_timeout=0.1) as socket:
            await narrow_dashboard(room, socket)
            await tell_much(room)


async def test_a_dashboard_that_stops_reading_costs_one_frame_and_jumps_to_the_present(
    sqlite_url: str,
) -> None:
    async with classroom(sqlite_url, slow_frame_seconds=60.0, **NARROW) as room:
        url = dashboard_url(room)
        async with wire(url, sock=narrow_socket(url), max_queue=1) as socket:
            await narrow_dashboard(room, socket)
            (protocol,) = room.app.websockets
            largest, last, changes = 0, 0, 0
            for number in range(150):
                text = f"{number} " + "x" * 1_900
                last = (await room.command(SendMessage, text=text)).version
                largest = max(largest, protocol.transport.get_write_buffer_size())
            version, texts = 0, []
            while version < last:
                change = await socket.receive("change")
                version, changes = change["version"], changes + 1
                texts += [message["text"].split()[0] for message in change["messages"]]

    # The mark at which it pauses and one frame; all that it missed came in one piece.
    assert 16 * KIB < largest < 64 * KIB + 8 * KIB
    assert changes < 75
    assert texts == [str(number) for number in range(150)]
