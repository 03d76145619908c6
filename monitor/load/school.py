"""A school made through the API: students, a class, a test, sittings, and everyone's way in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.load.rest import RestClient

# Requests of ours under way at once: enough to be quick, few enough not to be the load.
AT_ONCE = 8


class Seat(Struct, frozen=True):
    """A student's place in a sitting, and the ways to sign in to it."""

    student_id: str
    name: str
    link: str
    code: str
    url: str


async def make_students(staff: RestClient, names: Sequence[str]) -> list[str]:
    """Make a student of each name; they need no password. Returns their ids, in order."""
    few = asyncio.Semaphore(AT_ONCE)

    async def make(name: str) -> str:
        async with few:
            student = await staff.post("/api/users", {"name": name, "role": "STUDENT"})
            return str(student["id"])

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(make(name)) for name in names]
    return [task.result() for task in tasks]


async def make_class(staff: RestClient, name: str, student_ids: Sequence[str]) -> str:
    """Make a class of these students, taught by whoever asks; returns its id."""
    made = await staff.post("/api/classes", {"name": name, "student_ids": list(student_ids)})
    return str(made["id"])


async def make_test(staff: RestClient, body: Mapping[str, Any] | None = None) -> str:
    """Make a test, a plain one where none is given; returns its id."""
    return str((await staff.post("/api/tests", body or plain_test()))["id"])


async def make_sitting(
    staff: RestClient,
    class_id: str,
    test_id: str,
    *,
    title: str,
    duration_seconds: int | None = None,
    scheduled_at: datetime | None = None,
) -> str:
    """Plan a sitting of a test by a class, for now if not said otherwise; returns its id."""
    when = scheduled_at or datetime.now(UTC)
    made = await staff.post(
        "/api/sessions",
        {
            "class_id": class_id,
            "test_id": test_id,
            "title": title,
            "duration_seconds": duration_seconds,
            "scheduled_at": when.isoformat(),
        },
    )
    return str(made["id"])


async def seats(staff: RestClient, session_id: str) -> list[Seat]:
    """Everyone's way into a sitting; asking again gives the same ones."""
    answer = await staff.post(f"/api/sessions/{session_id}/links")
    return [
        Seat(item["student_id"], item["name"], item["link"], item["code"], item["url"])
        for item in answer["items"]
    ]


def plain_test(title: str = "A test of many questions", questions: int = 10) -> dict[str, Any]:
    """A test with one passage and questions of all four types in turn, `q1` to `qN`."""
    choices = [{"id": letter, "text": f"Choice {letter}"} for letter in "abcd"]
    types = ("single_choice", "multiple_choice", "text", "number")
    return {
        "title": title,
        "passages": [{"id": "p1", "title": "A passage", "text": "Something to read. " * 50}],
        "questions": [
            {
                "id": f"q{number + 1}",
                "type": types[number % 4],
                "prompt": f"Question {number + 1}?",
                "choices": choices if number % 4 < 2 else [],
                "passage_id": "p1",
            }
            for number in range(questions)
        ],
    }
