"""A client that speaks the wire frame by frame, so that tests can say and expect anything."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

Message = dict[str, Any]

PATIENCE_SECONDS = 5.0


class Wire:
    """One WebSocket; pulses are passed over unless they are asked for."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.seq = 0

    async def send(self, message: Mapping[str, object] | str | bytes) -> None:
        """Send a message, or a frame exactly as given."""
        frame = message if isinstance(message, str | bytes) else json.dumps(message)
        await self.socket.send(frame)

    async def operate(self, type_: str, **fields: object) -> int:
        """Send an operation under the next seq, and return that."""
        self.seq += 1
        await self.send({"type": type_, "seq": self.seq, **fields})
        return self.seq

    async def receive(self, type_: str | None = None) -> Message:
        """The next message, or the next of a type.

        Raises:
            AssertionError: None came in time, or the connection was closed instead.
        """
        seen: list[Message] = []
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    message: Message = json.loads(await self.socket.recv())
                    if message["type"] == (type_ or message["type"]) and (
                        type_ == "pulse" or message["type"] != "pulse"
                    ):
                        return message
                    seen.append(message)
        except TimeoutError:
            raise AssertionError(f"no {type_ or 'message'} came, only {seen}") from None
        except ConnectionClosed as closed:
            raise AssertionError(f"closed ({closed}) instead of {type_}; seen {seen}") from None

    async def acked(self, seq: int) -> list[Message]:
        """Everything that comes up to the ack of this seq, which is the last of it."""
        messages: list[Message] = []
        while not messages or (messages[-1]["type"], messages[-1].get("seq")) != ("ack", seq):
            messages.append(await self.receive())
        return messages

    async def rest(self) -> list[Message]:
        """Everything that comes until the connection is closed, pulses left out."""
        messages: list[Message] = []
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    message = json.loads(await self.socket.recv())
                    if message["type"] != "pulse":
                        messages.append(message)
        except ConnectionClosed:
            return messages
        except TimeoutError:
            raise AssertionError(f"the connection stayed open; seen {messages}") from None

    async def end(self) -> tuple[int | None, Message | None]:
        """The close code, and the `bye` before it if there was one; waits for both."""
        messages = await self.rest()
        bye = messages[-1] if messages and messages[-1]["type"] == "bye" else None
        return self.socket.close_code, bye

    async def silent_for(self, seconds: float) -> None:
        """Pass if nothing but pulses comes for so long."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    message = json.loads(await self.socket.recv())
                    assert message["type"] == "pulse", f"{message} came"
        except TimeoutError:
            return


def narrow_socket(url: str, buffer_bytes: int = 4096) -> socket.socket:
    """A connected socket that takes little before TCP pushes back; for `wire(url, sock=…)`."""
    parts = urlsplit(url)
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
    narrow.connect((parts.hostname, parts.port))
    narrow.setblocking(False)
    return narrow


@asynccontextmanager
async def wire(url: str, **options: Any) -> AsyncIterator[Wire]:
    """An open connection to this address; `options` are those of `websockets`' `connect`."""
    options = {"proxy": None, "compression": None, "ping_interval": None, **options}
    async with connect(url, **options) as socket:
        yield Wire(socket)
