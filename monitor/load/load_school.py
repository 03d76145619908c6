"""The school of a run: made through the API before it, taken away again after it.

What has an attempt in it the API keeps for good, so that no pupil's work is ever removed: then the
sittings are cancelled, the classes archived, and what stays is told.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from msgspec import Struct

from monitor.load.acts import QUESTIONS
from monitor.load.rest import RefusedError, RestClient
from monitor.load.school import AT_ONCE, plain_test, seats

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from monitor.load.plan import LoadPlan

T = TypeVar("T")
R = TypeVar("R")

# What a server allows one user by default.
DASHBOARDS_PER_USER = 10
# What a sitting may have of invigilators.


class LoadSitting(Struct, frozen=True):
    """A sitting of the run, its students (id and token) and the tokens that watch it."""

    session_id: str
    students: tuple[tuple[str, str], ...]
    watchers: tuple[str, ...]


class LoadSchool:
    """Makes everything a plan needs, and takes it away.

    Args:
        admin: Signed in as an ADMIN.
        plan: How many.
        tell: Called with a sentence about what is going on.
    """

    def __init__(self, admin: RestClient, plan: LoadPlan, tell: Callable[[str], None]) -> None:
        self.run_id = secrets.token_hex(3)
        self.sittings: list[LoadSitting] = []
        self._admin = admin
        self._plan = plan
        self._tell = tell
        self._teachers: dict[int, str] = {}
        self._students: list[str] = []
        self._classes: list[str] = []
        self._tests: list[str] = []
        self._sessions: list[str] = []

    async def make(self) -> None:
        """Make it, and start every sitting.

        Raises:
            RefusedError: The server refuses something.
            httpx.HTTPError: It cannot be reached.
        """
        plan = self._plan
        names = [f"Load {self.run_id} {number + 1:05}" for number in range(plan.students)]
        tokens = await self._make_teachers(-(-plan.dashboards // DASHBOARDS_PER_USER))
        body = plain_test(f"Load {self.run_id}", QUESTIONS)
        self._tests.append(str((await self._admin.post("/api/tests", body))["id"]))

        async def make_student(name: str) -> str:
            made = await self._admin.post("/api/users", {"name": name, "role": "STUDENT"})
            self._students.append(str(made["id"]))
            return str(made["id"])

        ids = await self._each("Making students", names, make_student)
        classes = [ids[at : at + plan.class_size] for at in range(0, len(ids), plan.class_size)]
        numbered = list(enumerate(classes))
        self.sittings = await self._each(
            "Starting sittings",
            numbered,
            lambda one: self._make_sitting(one[0], one[1], tokens),
        )

    async def remove(self) -> str:
        """Take away what the API gives up, close the rest, and say what stays."""
        self._tell("Cleaning up")
        left: Counter[str] = Counter()
        for session_id in self._sessions:
            # Teachers first: their accounts can be removed when nothing refers to them.
            await self._try(
                self._admin.patch(f"/api/sessions/{session_id}", {"invigilator_ids": []})
            )
            await self._try(self._admin.command(session_id, "cancel"))
            left["cancelled sittings"] += 1
        for class_id in self._classes:
            if not await self._try(self._admin.delete(f"/api/classes/{class_id}")):
                await self._try(
                    self._admin.patch(f"/api/classes/{class_id}", {"status": "ARCHIVED"})
                )
                left["archived classes"] += 1
        for what, path, ids in (
            ("tests", "tests", self._tests),
            ("teachers whose password nobody knows", "users", list(self._teachers.values())),
        ):
            for id_ in ids:
                left[what] += not await self._try(self._admin.delete(f"/api/{path}/{id_}"))
        if not self._sessions:
            for id_ in self._students:
                left["students"] += not await self._try(self._admin.delete(f"/api/users/{id_}"))
        else:
            left["students"] = len(self._students)
        stays = [f"{what}: {number:,}" for what, number in left.items() if number]
        if not stays:
            return "Everything that was made was removed."
        return f"What stays on the server is named 'Load {self.run_id}'. {', '.join(stays)}."

    async def _make_teachers(self, number: int) -> list[str]:
        """Accounts that watch, and their tokens; their passwords are forgotten at once."""

        async def make(place: int) -> str:
            email = f"load-{self.run_id}-{place + 1}@load.invalid"
            password = secrets.token_urlsafe(24)
            name = f"Load {self.run_id} teacher {place + 1}"
            made = await self._admin.post(
                "/api/users",
                {"name": name, "role": "TEACHER", "email": email, "password": password},
            )
            self._teachers[place] = str(made["id"])
            async with RestClient(self._admin.url) as teacher:
                return await teacher.login(email, password)

        return await self._each("Making teachers", range(number), make)

    async def _make_sitting(
        self, number: int, student_ids: Sequence[str], tokens: Sequence[str]
    ) -> LoadSitting:
        title = f"Load {self.run_id} sitting {number + 1}"
        each = self._plan.dashboards_per_session
        watching = [
            place // DASHBOARDS_PER_USER for place in range(number * each, (number + 1) * each)
        ]
        body: dict[str, Any] = {"name": title, "student_ids": list(student_ids)}
        class_id = str((await self._admin.post("/api/classes", body))["id"])
        self._classes.append(class_id)
        made = await self._admin.post(
            "/api/sessions",
            {
                "class_id": class_id,
                "test_id": self._tests[0],
                "title": title,
                "invigilator_ids": [self._teachers[one] for one in sorted(set(watching))],
            },
        )
        session_id = str(made["id"])
        self._sessions.append(session_id)
        await self._admin.command(session_id, "open")
        await self._admin.command(session_id, "start")
        places = await seats(self._admin, session_id)
        async with RestClient(self._admin.url) as door:
            students = [(seat.student_id, await door.login_link(seat.link)) for seat in places]
        return LoadSitting(session_id, tuple(students), tuple(tokens[one] for one in watching))

    async def _each(
        self, what: str, things: Iterable[T], make: Callable[[T], Awaitable[R]]
    ) -> list[R]:
        """What `make` gives of each, in order, a few at once, the first failure ending it."""
        todo = list(things)
        made: dict[int, R] = {}
        left = iter(enumerate(todo))

        async def work() -> None:
            for place, thing in left:
                made[place] = await make(thing)
                self._tell(f"{what}: {len(made):,} of {len(todo):,}")

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(AT_ONCE, len(todo))):
                    group.create_task(work())
        except* (RefusedError, httpx.HTTPError) as errors:
            raise errors.exceptions[0] from None
        return [made[place] for place in range(len(todo))]

    async def _try(self, doing: Awaitable[Any]) -> bool:
        """Whether it worked."""
        try:
            await doing
        except (RefusedError, httpx.HTTPError):
            return False
        return True
