"""The sittings that chaos happens to, made through the API of a server that is still well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from monitor.load.acts import QUESTIONS
from monitor.load.rest import RestClient
from monitor.load.school import (
    make_class,
    make_sitting,
    make_students,
    make_test,
    plain_test,
    seats,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

# Longer than any run: no deadline is among the faults.
DURATION_SECONDS = 10 * 3600


class Place(Struct, frozen=True):
    """A sitting in progress; students are id and token, `reserve` is one who plays the villain."""

    session_id: str
    students: tuple[tuple[str, str], ...]
    reserve: tuple[str, str]


async def make_places(teacher: RestClient, sittings: int, students: int) -> list[Place]:
    """Make sittings of so many students each, and start them."""
    test_id = await make_test(teacher, plain_test("Chaos", QUESTIONS))
    return [
        await _make_place(teacher, test_id, f"Chaos {number + 1}", students)
        for number in range(sittings)
    ]


async def _make_place(teacher: RestClient, test_id: str, title: str, students: int) -> Place:
    names = (f"{title} student {number:02}" for number in range(students + 1))
    class_id = await make_class(teacher, title, await make_students(teacher, list(names)))
    session_id = await make_sitting(
        teacher, class_id, test_id, title=title, duration_seconds=DURATION_SECONDS
    )
    await teacher.command(session_id, "open")
    await teacher.command(session_id, "start")
    *others, reserve = await _tokens(teacher, session_id)
    return Place(session_id, tuple(others), reserve)


async def _tokens(teacher: RestClient, session_id: str) -> Iterable[tuple[str, str]]:
    async with RestClient(teacher.url) as door:
        return [
            (seat.student_id, await door.login_link(seat.link))
            for seat in await seats(teacher, session_id)
        ]
