"""The demo's school: found again on a second run, made on the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from monitor.demo import names, reading_test
from monitor.load.school import make_class, make_students, make_test

if TYPE_CHECKING:
    from monitor.load.rest import RestClient

_OVER = frozenset({"COMPLETED", "CANCELLED"})


class DemoSchool(Struct, frozen=True):
    """Who and what there is; `guest_id` has the seat that is left for the visitor."""

    class_id: str
    test_id: str
    guest_id: str
    sittings: int


async def prepare(teacher: RestClient) -> DemoSchool:
    """Make what is missing, and end what an earlier run has left open."""
    class_id, guest_id = await _class(teacher)
    earlier = [one async for one in teacher.all("/api/sessions", class_id=class_id)]
    for sitting in earlier:
        if sitting["status"] == "IN_PROGRESS":
            await teacher.command(sitting["id"], "complete")
        elif sitting["status"] not in _OVER:
            await teacher.command(sitting["id"], "cancel")
    return DemoSchool(class_id, await _test(teacher), guest_id, len(earlier))


async def _class(teacher: RestClient) -> tuple[str, str]:
    async for one in teacher.all("/api/classes", status="ACTIVE"):
        if one["name"] == names.CLASS_NAME:
            # The guest was put last.
            return one["id"], one["student_ids"][-1]
    student_ids = await make_students(teacher, [*names.STUDENTS, names.GUEST])
    return await make_class(teacher, names.CLASS_NAME, student_ids), student_ids[-1]


async def _test(teacher: RestClient) -> str:
    async for one in teacher.all("/api/tests"):
        if one["title"] == reading_test.TITLE and one["total"] == len(reading_test.QUESTIONS):
            return str(one["id"])
    return await make_test(teacher, reading_test.body())
