"""Every wrong frame of a connection that lives, and the exact answer to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.domain.session import SessionStatus
from monitor.protocol.close_codes import CloseCode
from tests.support.classroom import Classroom, classroom
from tests.support.wire import PATIENCE_SECONDS, Message, Wire

MOMENT = "2026-11-22T10:45:00.000Z"
HIGHLIGHT = {
    "id": "h1",
    "timestamp": MOMENT,
    "text": "highlighted",
    "passage_id": "p1",
    "position_start": 4,
    "position_end": 15,
    "color_code": "yellow",
    "comment": None,
}


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Classroom]:
    async with classroom(sqlite_url) as opened:
        yield opened


def operation(type_: str, **fields: object) -> str:
    """An operation under seq 7, as text."""
    return json.dumps({"type": type_, "seq": 7, **fields})


def answer(value: str, question_id: str = "q3") -> str:
    """An answer under seq 7 whose value is this JSON text."""
    return (
        f'{{"type":"answer","seq":7,"question_id":"{question_id}","value":{value},'
        f'"answered_at":"{MOMENT}"}}'
    )


def highlight(**fields: object) -> str:
    """A highlight under seq 7, some of its fields replaced."""
    return operation("highlight", highlight={**HIGHLIGHT, **fields})


# What has no seq that could be read is answered without one, and acked by nothing.
NAMELESS = {
    "empty": "",
    "broken": '{"type":"heartbeat","seq":7',
    "a list": "[1]",
    "20,000 levels": "[" * 20_000,
    "20,000 closed levels": '{"type":"answer","value":' + "[" * 20_000 + "]" * 20_000 + "}",
    "no seq": '{"type":"heartbeat"}',
    "seq is text": '{"type":"heartbeat","seq":"7"}',
    "seq is a fraction": '{"type":"heartbeat","seq":7.5}',
    "seq below zero": '{"type":"heartbeat","seq":-7}',
    "seq beyond 53 bits": '{"type":"heartbeat","seq":9007199254740992}',
    "seq of 4,000 digits": '{"type":"heartbeat","seq":' + "9" * 4_000 + "}",
    "binary": operation("heartbeat").encode(),
}


@pytest.mark.parametrize("frame", NAMELESS.values(), ids=NAMELESS.keys())
async def test_what_is_no_message_is_answered_and_the_connection_lives_on(
    room: Classroom, frame: str | bytes
) -> None:
    async with room.student() as (socket, _):
        await socket.send(frame)

        error = await socket.receive()
        assert list(error) == ["type", "code", "message", "temporary"]
        assert (error["type"], error["code"]) == ("error", "invalid_message")
        assert error["temporary"] is False
        assert await operates(socket)


# (frame under seq 7, code): the error names the seq, and the ack covers it.
NUMBERED = {
    "unknown type": (operation("dance"), "invalid_message"),
    "a dashboard's": (operation("watch", session_id="s"), "invalid_message"),
    "question_id is a number": (operation("heartbeat", question_id=3), "invalid_message"),
    "visible is text": (operation("visibility", visible="yes"), "invalid_message"),
    "no value": (operation("answer", question_id="q3", answered_at=MOMENT), "invalid_message"),
    "no time": (operation("answer", question_id="q3", value="x"), "invalid_message"),
    "a time without zone": (operation("submit", given_at="2026-11-22T10:45"), "invalid_message"),
    "a time before clocks": (
        operation("submit", given_at="0001-01-01T00:00:00+14:00"),
        "invalid_message",
    ),
    "a time after clocks": (
        operation("submit", given_at="9999-12-31T23:59:59-12:00"),
        "invalid_message",
    ),
    "NUL": (answer(r'"a\u0000b"'), "invalid_message"),
    "lone surrogate": (answer(r'"\ud83d"'), "invalid_message"),
    "swapped surrogates": (answer(r'"\ude00\ud83d"'), "invalid_message"),
    "a huge number": (answer("9" * 400, "q4"), "invalid_message"),
    "a number beyond 53 bits": (answer("9007199254740992", "q4"), "invalid_message"),
    "a number beyond doubles": (answer("1e400", "q4"), "invalid_message"),
    "33 levels": (answer("[" * 32 + "]" * 32), "invalid_message"),
    "highlight is text": (operation("highlight", highlight="x"), "invalid_message"),
    "highlight before its passage": (highlight(position_start=-1), "invalid_message"),
    "unknown question": (answer('"x"', "q99"), "unknown_question"),
    "beating at an unknown question": (
        operation("heartbeat", question_id="q99"),
        "unknown_question",
    ),
    "unknown passage": (highlight(passage_id="p99"), "unknown_passage"),
    "unknown message": (operation("read", message_id="m"), "unknown_message"),
    "unknown message received": (operation("received", message_id="m"), "unknown_message"),
    "text for a choice": (answer('"c"', "q1"), "invalid_value"),
    "a choice twice": (answer('["a","a"]', "q2"), "invalid_value"),
    "a list for a choice": (answer('["a"]', "q1"), "invalid_value"),
    "a number for text": (answer("3"), "invalid_value"),
    "an object for text": (answer('{"a":1}'), "invalid_value"),
    "text for a number": (answer('"3"', "q4"), "invalid_value"),
    "true for a number": (answer("true", "q4"), "invalid_value"),
    "a list in a list": (answer('[["a"]]', "q2"), "invalid_value"),
    "20,001 characters": (answer('"' + "x" * 20_001 + '"'), "invalid_value"),
    "a long highlight": (highlight(text="x" * 2_001), "too_large"),
    "a long comment": (highlight(comment="x" * 2_001), "too_large"),
    "a long call for the teacher": (operation("raise_hand", text="x" * 2_001), "too_large"),
}


@pytest.mark.parametrize(("frame", "code"), NUMBERED.values(), ids=NUMBERED.keys())
async def test_a_wrong_operation_is_answered_under_its_seq_and_changes_nothing(
    room: Classroom, frame: str, code: str
) -> None:
    async with room.student() as (socket, joined):
        await socket.send(frame)

        error = await socket.receive()
        assert error["type"] == "error", error
        assert (error["code"], error["seq"], error["temporary"]) == (code, 7, False)
        assert error["message"].endswith(".")
        ack = await socket.receive()
        assert (ack["type"], ack["seq"]) == ("ack", 7)
        participant = await room.participant()
        assert participant is not None
        assert participant.version == joined["version"]
        assert await room.answers() == {}
        socket.seq = 7
        assert await operates(socket)


async def operates(socket: Wire) -> bool:
    """Whether the connection still takes an operation and acks it."""
    seq = await socket.operate("heartbeat")
    return bool((await socket.receive("ack"))["seq"] == seq)


async def test_the_fifth_invalid_message_closes_with_4501(room: Classroom) -> None:
    async with room.student() as (socket, _):
        for _ in range(4):
            await socket.send("nonsense")
            assert (await socket.receive())["code"] == "invalid_message"
        assert await operates(socket)
        await socket.send('{"type":"dance","seq":9}')

        messages = await socket.rest()

    assert [message["type"] for message in messages] == ["error", "ack", "bye"]
    assert messages[0]["code"] == "invalid_message"
    assert messages[2]["code"] == socket.socket.close_code == CloseCode.PROTOCOL


async def test_what_was_sent_before_a_protocol_error_is_saved_and_acked(room: Classroom) -> None:
    async with room.student() as (socket, _):
        seq = await socket.operate("answer", question_id="q3", value="kept", answered_at=MOMENT)
        for _ in range(5):
            await socket.send("nonsense")

        messages = await socket.rest()

    assert {"type": "ack", "seq": seq}.items() <= messages[0].items()
    assert await room.answers() == {"q3": "kept"}


async def test_a_second_join_is_refused_and_changes_nothing(room: Classroom) -> None:
    async with room.student() as (socket, joined):
        await socket.send(await room.join_message())

        error = await socket.receive()
        assert (error["code"], "seq" in error) == ("already_joined", False)
        assert await operates(socket)
        participant = await room.participant()
        assert participant is not None
        assert participant.connection_id == joined["connection_id"]


@pytest.mark.parametrize("seq", [5, 4, 0])
async def test_a_seq_that_does_not_rise_is_refused_and_not_done(room: Classroom, seq: int) -> None:
    async with room.student() as (socket, _):
        socket.seq = 4
        await socket.operate("answer", question_id="q3", value="first", answered_at=MOMENT)
        await socket.send(answer('"second"').replace('"seq":7', f'"seq":{seq}'))

        first, second = await socket.receive(), await socket.receive()

        assert (first["type"], first["seq"]) == ("ack", 5)
        assert (second["type"], second["code"], second["seq"]) == ("error", "bad_sequence", seq)
        assert await operates(socket)
    assert await room.answers() == {"q3": "first"}


async def test_gaps_in_seq_are_no_fault(room: Classroom) -> None:
    async with room.student() as (socket, _):
        for seq in (1, 100, 2**53 - 1):
            await socket.send({"type": "heartbeat", "seq": seq})
            assert (await socket.receive())["seq"] == seq


@pytest.mark.parametrize("frame", [b"x" * 65_537, "x" * 65_537, "x" * 300_000])
async def test_a_frame_over_64_kib_closes_with_1009(room: Classroom, frame: str | bytes) -> None:
    async with room.student() as (socket, _):
        await socket.send(frame)

        assert await socket.end() == (1009, None)


async def test_who_is_still_sending_is_told_why_it_is_over(room: Classroom) -> None:
    """A close with bytes unread would become a reset, which overtakes the close frame."""
    address = urlsplit(room.app.ws_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        b"GET /ws/dashboard HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
    size = 16_000_000
    writer.write(bytes((0x81, 0x80 | 127)) + size.to_bytes(8, "big") + bytes(4))
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(0, size, 100_000):
            writer.write(bytes(100_000))
            await writer.drain()
        closing = await reader.read()
    writer.close()

    opcode, length = closing[0], closing[1]
    assert (opcode, length) == (0x88, len(closing) - 2)
    assert int.from_bytes(closing[2:4], "big") == 1009


async def test_a_frame_of_64_kib_is_read(room: Classroom) -> None:
    async with room.student() as (socket, _):
        socket.seq += 1
        await socket.send(answer('"x"').ljust(65_536))

        assert (await socket.receive())["type"] == "ack"


async def test_text_that_is_not_utf_8_closes_with_1007(room: Classroom) -> None:
    async with room.student() as (socket, _):
        await socket.socket.send(b'{"type":"heartbeat\xff"}', text=True)

        assert await socket.end() == (1007, None)


async def test_a_cut_off_frame_in_pieces_is_one_message(room: Classroom) -> None:
    async with room.student() as (socket, _):
        await socket.socket.send(iter(['{"type":"heart', 'beat","se', 'q":7}']))

        assert (await socket.receive())["seq"] == 7


async def test_an_answer_before_the_start_is_refused_as_not_started(sqlite_url: str) -> None:
    async with (
        classroom(sqlite_url, status=SessionStatus.WAITING_FOR_STUDENTS) as room,
        room.student() as (socket, joined),
    ):
        assert joined["test"] is None
        await socket.send(answer('"x"'))

        error, ack = await socket.receive(), await socket.receive()

    assert (error["code"], error["seq"], ack["seq"]) == ("not_started", 7, 7)


# -- dashboards

DASHBOARD_FRAMES = {
    "broken": ("{", "invalid_message", None),
    "binary": (b"{}", "invalid_message", None),
    "unknown type": ('{"type":"dance"}', "invalid_message", None),
    "a student's": ('{"type":"leave"}', "invalid_message", None),
    "authenticate again": ('{"type":"authenticate","token":"t"}', "invalid_message", None),
    "no session": ('{"type":"watch"}', "invalid_message", None),
    "version below zero": (
        '{"type":"watch","session_id":"s","version":-1}',
        "invalid_message",
        None,
    ),
    "20,000 levels": ("[" * 20_000, "invalid_message", None),
    "a sitting that is not there": ('{"type":"watch","session_id":"s"}', "forbidden", "s"),
    "a sitting with a hostile id": (
        '{"type":"watch","session_id":"\' OR 1=1 --"}',
        "forbidden",
        "' OR 1=1 --",
    ),
}


@pytest.mark.parametrize(
    ("frame", "code", "session_id"), DASHBOARD_FRAMES.values(), ids=DASHBOARD_FRAMES.keys()
)
async def test_a_wrong_frame_of_a_dashboard_is_answered_and_the_connection_lives_on(
    room: Classroom, frame: str | bytes, code: str, session_id: str | None
) -> None:
    async with room.dashboard() as socket:
        await socket.send(frame)

        error: Message = await socket.receive()
        assert (error["type"], error["code"]) == ("error", code)
        assert error.get("session_id") == session_id
        await socket.send({"type": "watch", "session_id": room.session_id})
        assert (await socket.receive())["type"] == "snapshot"


async def test_the_fifth_invalid_message_of_a_dashboard_closes_with_4501(room: Classroom) -> None:
    async with room.dashboard() as socket:
        for _ in range(5):
            await socket.send("nonsense")

        messages: list[dict[str, Any]] = await socket.rest()

    assert [message["type"] for message in messages] == ["error"] * 5 + ["bye"]
    assert socket.socket.close_code == CloseCode.PROTOCOL
