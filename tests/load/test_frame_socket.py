"""The lean WebSocket against a complete one."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from monitor.load.frame_socket import LARGEST_FRAME_BYTES, Address, FrameSocket
from tests.support import eventually, unused_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


class _Owner:
    def __init__(self) -> None:
        self.is_open = False
        self.texts: list[bytes] = []
        self.ended: tuple[int, str] | None = None

    def opened(self) -> None:
        self.is_open = True

    def text(self, data: bytes) -> None:
        self.texts.append(data)

    def closed(self, code: int, reason: str) -> None:
        assert self.ended is None
        self.ended = code, reason


async def _connected(port: int) -> tuple[FrameSocket, _Owner]:
    owner = _Owner()
    address = Address.of(f"http://127.0.0.1:{port}", "/ws/student")
    _, socket = await asyncio.get_running_loop().create_connection(
        lambda: FrameSocket(address, owner, random.Random(1)), address.host, address.port
    )
    return socket, owner


@asynccontextmanager
async def _talking_to(
    server: Callable[[ServerConnection], Awaitable[None]],
) -> AsyncIterator[tuple[FrameSocket, _Owner]]:
    async with serve(
        server, "127.0.0.1", 0, close_timeout=0.2, max_size=None, compression=None
    ) as running:
        socket, owner = await _connected(next(iter(running.sockets)).getsockname()[1])
        await eventually(lambda: owner.is_open)
        try:
            yield socket, owner
        finally:
            socket.abort()


async def _echo(connection: ServerConnection) -> None:
    try:
        async for text in connection:
            await connection.send(text)
    except ConnectionClosed:
        pass


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, 200_000])
async def test_texts_of_all_lengths_go_there_and_back(length: int) -> None:
    text = (b"\xc3\xa4" * length)[: length // 2 * 2] + b"x" * (length % 2)
    async with _talking_to(_echo) as (socket, owner):
        socket.send(text)
        socket.send(b"after")
        await eventually(lambda: len(owner.texts) == 2)

    assert owner.texts == [text, b"after"]


async def test_fragments_are_put_together_and_pings_are_answered() -> None:
    async def server(connection: ServerConnection) -> None:
        pong = await connection.ping()
        await asyncio.wait_for(pong, 5)
        await connection.send(["in ", "three ", "parts"])
        await connection.close(4001, "enough")

    async with _talking_to(server) as (_, owner):
        await eventually(lambda: owner.ended)

    assert owner.texts == [b"in three parts"]
    assert owner.ended == (4001, "enough")


async def test_a_message_that_is_too_large_ends_it() -> None:
    async def server(connection: ServerConnection) -> None:
        await connection.send("x" * (LARGEST_FRAME_BYTES + 1))
        await connection.wait_closed()

    async with _talking_to(server) as (_, owner):
        await eventually(lambda: owner.ended)

    assert owner.ended == (1009, "a message that is too large")
    assert owner.texts == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "answered by HTTP/1.1 403 Forbidden"),
        (b"HTTP/1.1 101 Switching\r\nSec-WebSocket-Accept: x\r\n\r\n", "no WebSocket"),
        (b"x" * 20_000, "does not end"),
    ],
)
async def test_an_answer_that_is_no_handshake_ends_it(answer: bytes, reason: str) -> None:
    async def serve_bytes(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve_bytes, "127.0.0.1", 0) as running:
        _, owner = await _connected(running.sockets[0].getsockname()[1])
        await eventually(lambda: owner.ended)

    assert owner.ended is not None
    assert owner.ended[0] == 1006
    assert reason in owner.ended[1]
    assert not owner.is_open


async def test_an_address_keeps_scheme_port_and_path() -> None:
    assert Address.of("https://a.example/monitor/", "/ws/student") == Address(
        "a.example", 443, True, "/monitor/ws/student", "a.example"
    )
    assert Address.of("http://[::1]:8000", "/ws/student").host == "::1"
    with pytest.raises(OSError, match=r"refused|Connect"):
        await _connected(unused_port())
