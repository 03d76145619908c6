"""A running Monitor to fuzz: a server process with two sittings, and what it must not do."""

from __future__ import annotations

import asyncio
import itertools
import json
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx

from monitor.clock import Clock
from monitor.domain.user import Role, User
from monitor.identity.tokens import Tokens
from tests.e2e.school import School, found, opened
from tests.support.server import SECRET_KEY, MonitorServer, run_server

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Self, TypeVar

    T = TypeVar("T")

# Nothing that comes in time may change while an example is looked at.
SETTINGS = {
    "HEARTBEAT_SECONDS": "600",
    "DISCONNECT_GRACE_SECONDS": "600",
    "JOINS_PER_MINUTE": "1000000",
    "MESSAGES_PER_SECOND": "1000",
    "DASHBOARDS_PER_USER": "1000",
    "FAILED_LOGINS_PER_MINUTE": "1000000",
    "LOG_FORMAT": "json",
    # Nobody waits for anybody else here.
    "VISIBLE_WINDOW_MS": "1",
    "HEARTBEAT_WINDOW_MS": "2",
    "BATCH_SLACK_MS": "1",
}


class Fuzzed:
    """A server, for plain code: every call runs in one event loop of its own.

    Attributes:
        server: The process.
        school: A sitting whose students are fuzzed.
        quiet: A sitting that nobody is in, which dashboards watch.
        admin_id: An administrator.
    """

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._seqs = itertools.count(1)
        self._log_read = 0
        self.server: MonitorServer
        self.school: School
        self.quiet: School
        self.admin_id = str(uuid4())

    def __enter__(self) -> Self:
        self.run(self._open())
        return self

    def __exit__(self, *_error: object) -> None:
        self.run(self._stack.aclose())
        self._runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What it returns."""
        return self._runner.run(work)

    def next_seq(self) -> int:
        """A seq higher than all before."""
        return next(self._seqs)

    def clean_log(self) -> None:
        """Pass if nothing went wrong inside since the last call; AssertionError with the log."""
        new = self.server.logs()[self._log_read :]
        self._log_read += len(new)
        wrong = [line for line in new.splitlines() if _is_wrong(line)]
        assert not wrong, f"in the server's log: {wrong[0]}"
        assert self.server.running

    def token(self, user: User) -> str:
        """A token as the server would give it now."""
        return Tokens(SECRET_KEY, Clock(), 12).issue(user)[0]

    async def state(self, school: School, student: int | None = None) -> dict[str, Any]:
        """What the database holds of a sitting; of one student in it where one is named."""
        teacher = school.token(school.seeded.teacher_id, Role.TEACHER)
        snapshot = await self._get(f"/api/sessions/{school.session_id}/snapshot", teacher)
        for moving in ("server_time", "epoch"):
            del snapshot[moving]
        if student is None:
            return snapshot
        id_ = school.seeded.student_ids[student]
        [place] = [item for item in snapshot["participants"] if item["student_id"] == id_]
        attempt = await self._get(f"/api/attempts/{place['attempt_id']}", teacher)
        return {"session": snapshot["session"], "place": place, "attempt": attempt}

    async def _get(self, path: str, token: str) -> dict[str, Any]:
        answer = await self._client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.is_success, answer.text
        got: dict[str, Any] = answer.json()
        return got

    async def _open(self) -> None:
        url = self._database_url
        self.school = await found(url, students=3)
        self.quiet = await found(url, students=3)
        admin = User(id=self.admin_id, email="admin@x.example", name="Admin", role=Role.ADMIN)
        async with opened(url) as database:
            await database.write(lambda uow: uow.users.add(admin, None))
        self.server = await self._stack.enter_async_context(
            run_server(database_url=url, settings=SETTINGS)
        )
        self._client = await self._stack.enter_async_context(
            httpx.AsyncClient(base_url=self.server.url, trust_env=False)
        )


def _is_wrong(line: str) -> bool:
    if "Traceback" in line:
        return True
    try:
        return json.loads(line).get("level") in {"error", "critical"}
    except (json.JSONDecodeError, AttributeError):
        return False
