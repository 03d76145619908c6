"""Very many students of one sitting: accounts by import, tokens made here, simulated sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.clock import Clock
from monitor.domain.user import Role, User
from monitor.identity.tokens import Tokens
from monitor.load.school import make_class
from monitor.load.student import StudentClient

if TYPE_CHECKING:
    from monitor.load.rest import RestClient

SECRET = "a secret for a crowd of students, long enough"
CONNECTING_AT_ONCE = 60


@dataclass
class Crowd:
    """Students of a class, in the order of their names, and their sockets once they came."""

    class_id: str
    names: list[str]
    ids: list[str]
    clients: list[StudentClient]


async def enrolled(teacher: RestClient, size: int) -> Crowd:
    """A class of so many students."""
    names = [f"Student {number:04}" for number in range(1, size + 1)]
    class_id = await make_class(teacher, "Everybody", [])
    imported = await teacher.post(f"/api/classes/{class_id}/import", {"text": "\n".join(names)})
    ids = {item["name"]: item["student_id"] for item in imported["students"]}
    return Crowd(class_id, names, [ids[name] for name in names], [])


@asynccontextmanager
async def connected(crowd: Crowd, url: str, session_id: str) -> AsyncIterator[None]:
    """Everybody is let in, beats as the server asks, and answers when told to.

    The server's secret must be `SECRET`.
    """
    tokens = Tokens(SECRET, Clock(), hours=1)
    few = asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def come(client: StudentClient) -> None:
        async with few:
            await stack.enter_async_context(client)
            await client.until(lambda: client.is_connected)

    async with AsyncExitStack() as stack:
        for student_id, name in zip(crowd.ids, crowd.names, strict=True):
            user = User(id=student_id, email=None, name=name, role=Role.STUDENT)
            crowd.clients.append(StudentClient(url, tokens.issue(user)[0], session_id))
        async with asyncio.TaskGroup() as group:
            for client in crowd.clients:
                group.create_task(come(client))
        yield
        # All at once: one after the other takes a thousand closing handshakes.
        await asyncio.gather(*(client.stop() for client in crowd.clients))
