"""What all connections of a process share: handshakes, the drain, faults, and memory."""

from __future__ import annotations

import asyncio
import gc
import time
import weakref
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import NoReturn

import pytest
from structlog.testing import capture_logs

from monitor.errors import Unavailable
from monitor.protocol.close_codes import CloseCode
from monitor.sockets.lag import Lag
from monitor.sockets.student_reading import StudentReading
from tests.support import eventually
from tests.support.classroom import Classroom, classroom
from tests.support.wire import Wire, wire

STUDENT = "/ws/student"


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Classroom]:
    async with classroom(sqlite_url, disconnect_grace_seconds=0.2) as opened:
        yield opened


async def answer(room: Classroom, socket: Wire, value: str) -> int:
    """Answer the third question, and return the seq of it."""
    return await socket.operate("answer", question_id="q3", value=value, answered_at=room.moment())


# -- handshakes


async def test_more_unfinished_handshakes_than_allowed_are_told_to_come_back(
    sqlite_url: str,
) -> None:
    async with classroom(sqlite_url, handshakes_per_process=2) as room:
        url = room.app.ws_url + STUDENT
        async with wire(url), wire(url) as silent:
            await eventually(lambda: len(room.app.sockets.handshakes) == 2)
            async with wire(url) as third:
                code, bye = await third.end()
            await silent.send("{}")  # one of them is over
            assert (await silent.end())[0] == CloseCode.PROTOCOL
            async with room.student():
                assert len(room.app.sockets.handshakes) == 1  # the joined one is none any more

    assert code == CloseCode.TOO_BUSY
    assert bye is not None
    assert (bye["code"], bye["reconnect"]) == (4013, True)
    assert bye["after_ms"] > 0


async def test_handshakes_of_both_kinds_count_together(sqlite_url: str) -> None:
    async with (
        classroom(sqlite_url, handshakes_per_process=1) as room,
        wire(f"{room.app.ws_url}/ws/dashboard"),
    ):
        await eventually(lambda: len(room.app.sockets.handshakes) == 1)
        async with wire(room.app.ws_url + STUDENT) as socket:
            assert (await socket.end())[0] == CloseCode.TOO_BUSY


async def test_a_process_that_is_late_sends_newcomers_away_for_a_moment(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room.student(0) as (socket, _):
        monkeypatch.setattr(Lag, "seconds", 1.1)
        async with wire(room.app.ws_url + STUDENT) as late:
            code, bye = await late.end()
        assert await socket.acked(await socket.operate("heartbeat"))  # who is in stays in
        monkeypatch.setattr(Lag, "seconds", 0.9)
        async with room.student(1):
            pass

    assert code == CloseCode.TOO_BUSY
    assert bye is not None
    assert bye["after_ms"] > 0


async def test_the_lag_is_how_late_the_loop_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.sockets.lag.STEP_SECONDS", 0.01)
    lag = Lag()
    assert lag.seconds < 0.2
    time.sleep(0.3)  # noqa: ASYNC251 - it is the loop that has to stand still
    assert lag.seconds > 0.25
    await eventually(lambda: lag.seconds < 0.2)


# -- drain


async def test_a_drain_sends_everyone_away_and_marks_nobody_disconnected(room: Classroom) -> None:
    async with AsyncExitStack() as stack:
        students = [
            (await stack.enter_async_context(room.student(number)))[0] for number in range(3)
        ]
        dashboard = await stack.enter_async_context(room.dashboard(watch=True))
        silent = await stack.enter_async_context(wire(room.app.ws_url + STUDENT))
        await eventually(lambda: len(room.app.sockets.handshakes) == 1)
        seqs = [await answer(room, student, "last") for student in students]

        await room.services.drain()

        async with asyncio.timeout(3):  # who has said nothing is not waited for
            rests = [await student.rest() for student in students]
            ends = [await socket.end() for socket in (dashboard, silent)]
        async with wire(room.app.ws_url + STUDENT) as late:
            ends.append(await late.end())

    waits = set()
    for seq, messages, student in zip(seqs, rests, students, strict=True):
        assert [(m["type"], m.get("seq")) for m in messages] == [("ack", seq), ("bye", None)]
        assert student.socket.close_code == messages[-1]["code"] == CloseCode.DRAINING
        waits.add(messages[-1]["after_ms"])
    for code, bye in ends:
        assert code == CloseCode.DRAINING
        assert bye is not None
        waits.add(bye["after_ms"])
    assert all(0 <= wait <= 7_500 for wait in waits)  # half a lease
    assert len(waits) > 3  # each its own moment
    assert len(room.app.sockets.farewells) == 0
    for number in range(3):
        assert await room.connection_status(number) == "CONNECTED"
        assert await room.answers(number) == {"q3": "last"}


async def test_a_reload_during_the_drain_is_no_incident_either(room: Classroom) -> None:
    async with room.student():
        pass
    await eventually(lambda: len(room.app.sockets.farewells) == 1)

    await room.services.drain()

    assert len(room.app.sockets.farewells) == 0
    assert await room.connection_status() == "CONNECTED"


async def test_sockets_work_until_the_bye(room: Classroom) -> None:
    async with room.student() as (socket, _):
        async with room.recorder_held():
            await answer(room, socket, "before")
            await socket.silent_for(0.1)
            draining = asyncio.create_task(room.services.drain())
            await eventually(lambda: room.services.draining)
            await answer(room, socket, "meanwhile")
            await socket.silent_for(0.1)
        messages = await socket.rest()
        await draining

    assert [m["type"] for m in messages[:-1]] == ["ack"] * len(messages[:-1])
    assert messages[-2]["seq"] == 2
    assert messages[-1]["code"] == CloseCode.DRAINING
    assert await room.answers() == {"q3": "meanwhile"}


async def test_a_drain_ends_in_time_though_the_database_hangs(sqlite_url: str) -> None:
    async with (
        classroom(sqlite_url, drain_seconds=1.0, slow_frame_seconds=0.3) as room,
        room.student() as (socket, _),
        room.recorder_held(),
    ):
        await answer(room, socket, "x")
        async with asyncio.timeout(3):
            await room.services.drain()
        code, bye = await socket.end()

    assert code == CloseCode.DRAINING
    assert bye is not None  # without an ack: it will be sent again


# -- faults


async def test_while_the_database_is_away_a_join_is_told_to_come_back(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    join = await room.join_message()

    async def away(work: object) -> NoReturn:
        raise Unavailable

    monkeypatch.setattr(room.services.database, "read", away)
    for path, frame in (
        (STUDENT, join),
        ("/ws/dashboard", {"type": "authenticate", "token": join["token"]}),
    ):
        async with wire(room.app.ws_url + path) as socket:
            await socket.send(frame)
            code, bye = await socket.end()
        assert code == CloseCode.TOO_BUSY
        assert bye is not None
        assert bye["after_ms"] > 0


async def test_a_watch_while_the_database_is_away_is_refused_for_now(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room.dashboard() as socket:

        async def away(work: object) -> NoReturn:
            raise Unavailable

        with monkeypatch.context() as patch:
            patch.setattr(room.services.database, "read", away)
            await socket.send({"type": "watch", "session_id": room.session_id})
            error = await socket.receive()
        await socket.send({"type": "watch", "session_id": room.session_id})
        assert (await socket.receive())["type"] == "snapshot"

    assert (error["code"], error["temporary"]) == ("unavailable", True)
    assert error["session_id"] == room.session_id


async def test_a_process_that_holds_too_much_refuses_for_now_and_acks_that(
    sqlite_url: str,
) -> None:
    async with (
        classroom(sqlite_url, waiting_commands_per_process=2) as room,
        room.student() as (socket, _),
    ):
        async with room.recorder_held():
            for number in range(6):
                await answer(room, socket, str(number))
            await socket.silent_for(0.2)
        messages = await socket.acked(6)

    refused = [m for m in messages if m["type"] == "error"]
    assert refused
    assert {(m["code"], m["temporary"]) for m in refused} == {("unavailable", True)}


async def test_a_fault_of_ours_ends_one_connection_with_a_reason_and_is_logged(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room.student(0) as (mine, _), room.student(1) as (other, _):
        original = StudentReading.take

        def broken(self: StudentReading, data: bytes) -> None:
            if b"trigger" in data:
                raise RuntimeError("a bug")
            original(self, data)

        monkeypatch.setattr(StudentReading, "take", broken)
        with capture_logs() as logs:
            await mine.send('{"type":"trigger"}')
            code, bye = await mine.end()
        assert await other.acked(await other.operate("heartbeat"))

    assert code == CloseCode.TOO_BUSY
    assert bye is not None
    assert bye["reconnect"] is True
    (line,) = [line for line in logs if line["log_level"] == "error"]
    assert line["event"] == "a connection failed"
    assert "a bug" in str(line["exc_info"])


# -- memory


async def test_a_closed_connection_is_freed_without_the_collector(sqlite_url: str) -> None:
    # To collect all that a test's process holds may take a second: nobody is to be sent away.
    async with classroom(sqlite_url, busy_lag_ms=60_000, disconnect_grace_seconds=0.2) as room:
        await _come_and_go_without_the_collector(room)


async def _come_and_go_without_the_collector(room: Classroom) -> None:
    async def visit() -> None:
        async with room.student() as (socket, _):
            await socket.acked(await socket.operate("heartbeat"))
        async with room.dashboard(watch=True) as dashboard:
            await dashboard.receive("snapshot")

    await visit()  # caches of all kinds are filled
    await eventually(lambda: room.app.websockets == [])
    gc.collect()
    gc.disable()
    try:
        watched: list[weakref.ref[object]] = []
        for _ in range(3):
            async with room.student() as (socket, _), room.dashboard(watch=True) as dashboard:
                await dashboard.receive("snapshot")
                await socket.acked(await socket.operate("heartbeat"))
                watched += [weakref.ref(line) for line in room.app.sockets.registry.lines]
                watched += [weakref.ref(one) for one in room.app.websockets]
                watched += [weakref.ref(one.conn) for one in room.app.websockets]
            # The server hears of the end a moment later: the next round is to find its own only.
            await eventually(lambda: room.app.websockets == [])
        assert len(watched) == 18
        await eventually(lambda: [one for one in watched if one() is not None] == [])
    finally:
        gc.enable()
