"""A small school on a running server, for tests that need somebody in it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from monitor.cli import accounts
from monitor.config import Settings
from monitor.domain.user import Role
from monitor.load.dashboard import DashboardClient
from monitor.load.rest import RestClient
from monitor.load.school import Seat, make_class, make_sitting, make_students, make_test, seats
from monitor.load.student import StudentClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TEACHER = "teacher@school.example"
PASSWORD = "chalk-and-board"


class LiveSchool:
    """A teacher, a class and one sitting of a test with questions `q1` to `q10`.

    Attributes:
        teacher: Signed in.
        session_id: The sitting, SCHEDULED at first.
        seats: Everyone's way in.
    """

    def __init__(self, teacher: RestClient, class_id: str, session_id: str) -> None:
        self.teacher = teacher
        self.class_id = class_id
        self.session_id = session_id
        self.seats: list[Seat] = []

    async def command(self, verb: str, **body: object) -> None:
        """Steer the sitting."""
        await self.teacher.command(self.session_id, verb, **body)

    async def student(self, number: int, url: str | None = None) -> StudentClient:
        """A client of student `number` (from 0), not started yet."""
        base = url or self.teacher.url
        async with RestClient(base) as door:
            token = await door.login_link(self.seats[number].link)
        return StudentClient(base, token, self.session_id)

    def dashboard(self, url: str | None = None) -> DashboardClient:
        """A dashboard of the teacher's that watches the sitting, not started yet."""
        client = DashboardClient(url or self.teacher.url, self.teacher.token or "")
        client.watch(self.session_id)
        return client


@asynccontextmanager
async def live_school(
    url: str, database_url: str, *, students: int = 3, duration_seconds: int | None = None
) -> AsyncIterator[LiveSchool]:
    """A school on the server at `url`, whose database this is.

    Args:
        url: The server.
        database_url: Where the teacher's account is made.
        students: How many are in the class.
        duration_seconds: Of the sitting; without limit when left out.
    """
    settings = Settings(database_url=database_url)
    account = (TEACHER, "Ms Teacher", Role.TEACHER, PASSWORD)
    await asyncio.to_thread(accounts.ensure, settings, [account])
    async with RestClient(url) as teacher:
        await teacher.login(TEACHER, PASSWORD)
        names = [f"Student {number:04}" for number in range(students)]
        class_id = await make_class(teacher, "7b", await make_students(teacher, names))
        session_id = await make_sitting(
            teacher,
            class_id,
            await make_test(teacher),
            title="A sitting",
            duration_seconds=duration_seconds,
        )
        school = LiveSchool(teacher, class_id, session_id)
        school.seats = await seats(teacher, session_id)
        yield school
