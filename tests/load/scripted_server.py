"""A server that does what a test tells it, to see what the clients do."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.support import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SESSION: dict[str, Any] = {
    "id": "s1",
    "title": "Reading",
    "status": "IN_PROGRESS",
    "scheduled_at": None,
    "started_at": "2026-11-22T08:00:00.000Z",
    "completed_at": None,
    "duration_seconds": None,
    "paused_at": None,
    "ends_at": None,
    "closes_at": None,
    "extra_seconds": 0,
}
ATTEMPT: dict[str, Any] = {
    "id": "a1",
    "status": "IN_PROGRESS",
    "submitted_by": None,
    "started_at": None,
    "submitted_at": None,
    "reopened_at": None,
    "answered": 0,
    "total": 3,
    "hand_raised_at": None,
    "hand_text": None,
    "late_answers": 0,
    "last_saved_at": None,
    "answers": {},
    "highlighted_text": [],
    "version": 1,
}
NOW = "2026-11-22T08:00:01.000Z"


class Link:
    """One connection of a client, seen from the server."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        self.received: list[dict[str, Any]] = []

    def of(self, type_: str) -> list[dict[str, Any]]:
        """What was received of one type, in order."""
        return [message for message in self.received if message["type"] == type_]

    async def first(self, type_: str, count: int = 1) -> list[dict[str, Any]]:
        """The first messages of a type, when so many have come."""
        await eventually(lambda: len(self.of(type_)) >= count)
        return self.of(type_)[:count]

    async def send(self, **message: Any) -> None:
        """Send one frame."""
        await self.socket.send(json.dumps(message))

    async def join(self, **changes: Any) -> None:
        """Let a student in."""
        await self.first("join")
        joined = {
            "type": "joined",
            "version": 1,
            "epoch": "e1",
            "session": SESSION,
            "attempt": ATTEMPT,
            "test": None,
            "messages": [],
            "server_time": NOW,
            "heartbeat_seconds": 60.0,
            "connection_id": "c.1",
        }
        await self.send(**{**joined, **changes})

    async def ack(self, seq: int) -> None:
        """Settle everything up to seq."""
        await self.send(type="ack", seq=seq, server_time=NOW)

    async def bye(self, code: int, *, reconnect: bool, after_ms: int | None = None) -> None:
        """Send the client away."""
        reason = "because"
        await self.send(
            type="bye", code=code, reason=reason, reconnect=reconnect, after_ms=after_ms
        )
        await self.socket.close(code, reason)


class ScriptedServer:
    """Every connection it ever had is in `links`, in order."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.url = ""
        self.greeting: dict[str, Any] | None = None  # a bye for everyone who comes

    async def link(self, number: int = 1) -> Link:
        """Connection `number`, from 1, when it is there."""
        await eventually(lambda: len(self.links) >= number)
        return self.links[number - 1]

    async def serve(self, socket: ServerConnection) -> None:
        """Keep one connection and all it sends."""
        link = Link(socket)
        self.links.append(link)
        if self.greeting is not None:
            await link.send(**self.greeting)
            await socket.close(self.greeting["code"])
            return
        try:
            async for data in socket:
                link.received.append(json.loads(data))
        except ConnectionClosed:
            pass


@asynccontextmanager
async def scripted_server() -> AsyncIterator[ScriptedServer]:
    """A running one on a free port."""
    scripted = ScriptedServer()
    async with serve(scripted.serve, "127.0.0.1", 0, close_timeout=0.2) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        scripted.url = f"http://127.0.0.1:{port}"
        yield scripted
        await asyncio.gather(*(link.socket.close() for link in scripted.links))
