"""A school on a real server, and the pages that its people have open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from monitor.load.rest import RestClient
from monitor.load.school import make_class, make_sitting, make_students, make_test
from tests.support import run_monitor, run_server
from tests.support.server import MonitorServer

if TYPE_CHECKING:
    from playwright.async_api import ConsoleMessage, Page

    from tests.fixtures.browser import NewPage

PASSWORD = "a passphrase for tests"
ADMIN = "admin@school.example"
TEACHER_NAME = "Ms Rivera"
STUDENTS = ("Ada Lovelace", "Bo Karlsson", "Chi Nguyen")
PASSAGE = "The sea 🌊 was calm that night. Nobody on the island heard the bell ring twice."

TEST: dict[str, Any] = {
    "title": "The bell",
    "passages": [{"id": "p1", "title": "A night on the island", "text": PASSAGE}],
    "questions": [
        {
            "id": "q1",
            "type": "single_choice",
            "prompt": "How was the sea?",
            "choices": [{"id": "a", "text": "Rough"}, {"id": "b", "text": "Calm"}],
            "passage_id": "p1",
        },
        {
            "id": "q2",
            "type": "multiple_choice",
            "prompt": "What was there?",
            "choices": [
                {"id": "a", "text": "An island"},
                {"id": "b", "text": "A train"},
                {"id": "c", "text": "A bell"},
            ],
            "passage_id": "p1",
        },
        {"id": "q3", "type": "text", "prompt": "Why did nobody hear it?", "passage_id": "p1"},
        {"id": "q4", "type": "number", "prompt": "How often did it ring?", "passage_id": "p1"},
    ],
}

# A browser says these of itself when the network or the server is away.
_NETWORK = ("net::ERR_", "WebSocket connection to")


@dataclass
class Watcher:
    """Hears what the browser complains of; blocked scripts and styles are among it."""

    complaints: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", self._hear)

    @contextmanager
    def expecting(self, *parts: str) -> Iterator[None]:
        """Let complaints with one of these in them pass inside the block."""
        self._expected.extend(parts)
        yield
        del self._expected[-len(parts) :]

    @contextmanager
    def without_network(self) -> Iterator[None]:
        """Let the browser complain of the network; also after the block, it is slow to."""
        self._expected.extend(_NETWORK)
        yield

    def _hear(self, message: ConsoleMessage) -> None:
        heard = f"{message.type}: {message.text}"
        if message.type not in ("error", "warning"):
            return
        if not any(part in heard for part in self._expected):
            self.complaints.append(heard)


@dataclass
class Stage:
    """A running server with a teacher, a class and a test; pages are opened as needed."""

    server: MonitorServer
    teacher: RestClient
    email: str  # the teacher's
    class_id: str
    test_id: str
    student_ids: list[str]
    watcher: Watcher
    new_page: NewPage

    async def page(self) -> Page:
        """An empty page of its own browser context, listened to."""
        page = await self.new_page(self.server.url)
        self.watcher.watch(page)
        return page

    async def sitting(self, *steps: str, minutes: int | None = 30, title: str = "The bell") -> str:
        """A new sitting after these steps (`open`, `start`, …); returns its id."""
        session_id = await make_sitting(
            self.teacher,
            self.class_id,
            self.test_id,
            title=title,
            duration_seconds=None if minutes is None else minutes * 60,
        )
        for step in steps:
            await self.teacher.command(session_id, step)
        return session_id

    async def seat(self, session_id: str, number: int = 0) -> dict[str, Any]:
        """The n-th student's way in: `url`, `code`."""
        answer = await self.teacher.post(f"/api/sessions/{session_id}/links")
        seats: dict[str, dict[str, Any]] = {item["student_id"]: item for item in answer["items"]}
        return seats[self.student_ids[number]]

    async def student(self, session_id: str, number: int = 0) -> Page:
        """The n-th student's page, signed in by link."""
        page = await self.page()
        await page.goto((await self.seat(session_id, number))["url"])
        await page.wait_for_url(f"**/student/{session_id}")
        return page

    async def dashboard(self, session_id: str) -> Page:
        """The teacher's live page of a sitting, signed in by password."""
        page = await self.page()
        await page.goto("/")
        await sign_in(page, self.email)
        await page.wait_for_url("**/sittings")
        await page.goto(f"/sittings/{session_id}")
        return page

    async def attempt(self, session_id: str, number: int = 0) -> dict[str, Any]:
        """The n-th student's stored attempt, answers and all, as its teacher may read it."""
        snapshot = await self.teacher.snapshot(session_id)
        ids = {item.student_id: item.id for item in snapshot.attempts}
        attempt: dict[str, Any] = await self.teacher.get(
            f"/api/attempts/{ids[self.student_ids[number]]}"
        )
        return attempt

    async def values(self, session_id: str, number: int = 0) -> dict[str, Any]:
        """The n-th student's stored values by question."""
        answers = (await self.attempt(session_id, number))["answers"]
        return {question: answer["value"] for question, answer in answers.items()}


async def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in with a password on the page that asks for it."""
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()


@asynccontextmanager
async def opened(
    database_url: str, settings: dict[str, str]
) -> AsyncIterator[tuple[MonitorServer, RestClient]]:
    """A running server, and its administrator signed in."""
    async with run_server(database_url=database_url, settings=settings) as server:
        made = await run_monitor(
            *("users", "create", "--email", ADMIN, "--name", "Admin", "--role", "ADMIN"),
            "--password-stdin",
            settings={"DATABASE_URL": database_url},
            stdin=PASSWORD,
        )
        assert made.returncode == 0, made.stderr
        async with RestClient(server.url) as admin:
            await admin.login(ADMIN, PASSWORD)
            yield server, admin


@asynccontextmanager
async def staged(
    server: MonitorServer, admin: RestClient, new_page: NewPage
) -> AsyncIterator[Stage]:
    """A teacher, a class and a test of their own; fails at its end if a page complained."""
    watcher = Watcher()
    email = f"rivera-{uuid4()}@school.example"
    account = {"email": email, "name": TEACHER_NAME, "role": "TEACHER", "password": PASSWORD}
    await admin.post("/api/users", account)
    async with RestClient(server.url) as teacher:
        await teacher.login(email, PASSWORD)
        student_ids = await make_students(teacher, STUDENTS)
        class_id = await make_class(teacher, "7B", student_ids)
        test_id = await make_test(teacher, TEST)
        yield Stage(server, teacher, email, class_id, test_id, student_ids, watcher, new_page)
    if watcher.complaints:
        pytest.fail("a page complained:\n" + "\n".join(watcher.complaints), pytrace=False)
