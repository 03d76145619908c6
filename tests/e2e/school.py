"""A sitting in a server's database, and clients of its people, for tests from outside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from monitor.clock import Clock
from monitor.domain.session import SessionStatus
from monitor.domain.user import Role, User
from monitor.identity.tokens import Tokens
from monitor.load.dashboard import DashboardClient
from monitor.load.student import StudentClient
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork
from tests.support.server import SECRET_KEY
from tests.support.sittings import Seeded, seed, settings_for

T = TypeVar("T")


@dataclass(frozen=True)
class School:
    """A seeded sitting in the database of one or more servers."""

    database_url: str
    seeded: Seeded

    @property
    def session_id(self) -> str:
        """The sitting."""
        return self.seeded.session_id

    def token(self, user_id: str, role: Role) -> str:
        """A token as the server would give it."""
        user = User(id=user_id, email=None, name="", role=role)
        return Tokens(SECRET_KEY, Clock(), 12).issue(user)[0]

    def student(self, n: int, url: str, **options: Any) -> StudentClient:
        """A client of the n-th student."""
        token = self.token(self.seeded.student_ids[n], Role.STUDENT)
        return StudentClient(url, token, self.session_id, **options)

    def dashboard(self, url: str, **options: Any) -> DashboardClient:
        """A client of the teacher that watches the sitting."""
        token = self.token(self.seeded.teacher_id, Role.TEACHER)
        client = DashboardClient(url, token, **options)
        client.watch(self.session_id)
        return client

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """What the database holds, read past every server."""
        async with opened(self.database_url) as database:
            return await database.read(work)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A database, open inside the block."""
    database = Database(settings_for(url), Clock())
    await database.start()
    try:
        yield database
    finally:
        await database.close()


async def found(
    url: str,
    *,
    students: int,
    status: SessionStatus = SessionStatus.IN_PROGRESS,
    duration_seconds: int | None = 3600,
) -> School:
    """Write a school with one sitting into a database."""
    async with opened(url) as database:
        seeded = await seed(
            database,
            Clock().now(),
            students=students,
            status=status,
            duration_seconds=duration_seconds,
        )
    return School(url, seeded)
