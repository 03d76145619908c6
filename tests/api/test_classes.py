from __future__ import annotations

import asyncio
from typing import Any

import pytest

from monitor.api import rosters
from monitor.api.call import Call
from monitor.domain.session import RosterEntry, SessionStatus
from tests.support.school import School, a_school


async def names(school: School) -> list[str]:
    students = (await school.ok("teacher", "GET", "./snapshot"))["students"]
    return [student["name"] for student in students]


async def new_student(school: School, name: str) -> str:
    body = {"name": name, "role": "STUDENT"}
    made: dict[str, Any] = await school.ok("teacher", "POST", "/api/users", json=body)
    return str(made["id"])


async def test_a_class_is_made_of_students_that_exist_and_changes_nobody(school: School) -> None:
    student = await new_student(school, "Noor")
    body = {"name": "8C", "student_ids": [student]}
    made = await school.ok("teacher", "POST", "/api/classes", json=body)
    assert made == body | {
        "id": made["id"],
        "teacher_id": school.id("teacher"),
        "status": "ACTIVE",
    }
    user = await school.ok("teacher", "GET", f"/api/users/{student}")
    assert user == {"id": student, "email": None, "name": "Noor", "role": "STUDENT"}


async def test_who_is_no_student_or_given_twice_is_refused_by_name(school: School) -> None:
    student = school.id("student")
    for ids in ([school.id("admin")], ["nobody"], [student, student]):
        body = {"name": "8C", "student_ids": ids}
        response = await school("teacher", "POST", "/api/classes", json=body)
        assert response.status_code == 422
        assert response.json()["field"] == "student_ids"


async def test_only_an_admin_gives_a_class_to_someone_else(school: School) -> None:
    body = {"name": "8C", "teacher_id": school.id("other_teacher")}
    assert await school.refused("teacher", "POST", "/api/classes", json=body) == (403, "forbidden")
    made = await school.ok("admin", "POST", "/api/classes", json=body)
    assert made["teacher_id"] == school.id("other_teacher")
    path = f"/api/classes/{made['id']}"
    change = {"teacher_id": school.id("student")}
    response = await school("admin", "PATCH", path, json=change)
    assert response.json()["field"] == "teacher_id"


async def test_a_sitting_follows_its_class_until_it_is_over(database_url: str) -> None:
    async with a_school(database_url, status=SessionStatus.WAITING_FOR_STUDENTS) as school:
        path = f"/api/classes/{school.seeded.class_id}"
        first, second, third = school.seeded.student_ids
        await school.joined(0)
        new = await new_student(school, "Noor")
        await school.ok("teacher", "PATCH", path, json={"student_ids": [new, third]})
        # Who has joined stays; who has not is gone.
        assert await names(school) == ["Noor", "Student 02", "Student 00"]
        assert (await school("student", "GET", ".")).status_code == 200
        await school.ok("teacher", "POST", "./start")
        await school.ok("teacher", "POST", "./complete")
        await school.ok("teacher", "PATCH", path, json={"student_ids": [first, second]})
        assert await names(school) == ["Noor", "Student 02", "Student 00"]


async def test_of_two_changes_at_once_the_sitting_ends_up_with_the_classs_list(
    database_url: str,
) -> None:
    async with a_school(database_url, status=SessionStatus.SCHEDULED, students=8) as school:
        path = f"/api/classes/{school.seeded.class_id}"
        ids = school.seeded.student_ids
        await asyncio.gather(
            *(
                school.ok("teacher", "PATCH", path, json={"student_ids": list(ids[:count])})
                for count in range(1, 9)
            )
        )
        listed = (await school.ok("teacher", "GET", path))["student_ids"]
        students = (await school.ok("teacher", "GET", "./snapshot"))["students"]
        assert [student["id"] for student in students] == listed


async def test_a_slow_request_does_not_undo_what_a_later_one_did(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/api/classes/{school.seeded.class_id}"
    ids = list(school.seeded.student_ids)
    slow, go_on = asyncio.Event(), asyncio.Event()
    run = rosters._run

    async def hesitating(call: Call, session_id: str, roster: tuple[RosterEntry, ...]) -> None:
        if len(roster) == 1 and not slow.is_set():
            slow.set()
            await go_on.wait()
        await run(call, session_id, roster)

    monkeypatch.setattr(rosters, "_run", hesitating)
    first = asyncio.create_task(school.ok("teacher", "PATCH", path, json={"student_ids": ids[:1]}))
    await slow.wait()
    await school.ok("teacher", "PATCH", path, json={"student_ids": ids[:2]})
    go_on.set()
    await first
    assert await names(school) == ["Student 00", "Student 01"]


async def test_an_archived_class_stays_readable_and_gets_no_new_sitting(school: School) -> None:
    path = f"/api/classes/{school.seeded.class_id}"
    await school.ok("teacher", "PATCH", path, json={"status": "ARCHIVED"})
    assert (await school.ok("teacher", "GET", path))["status"] == "ARCHIVED"
    assert (await school.ok("teacher", "GET", "/api/classes?status=ACTIVE"))["items"] == []
    body = {"class_id": school.seeded.class_id, "test_id": school.seeded.test_id}
    response = await school("teacher", "POST", "/api/sessions", json=body)
    assert response.json()["field"] == "class_id"


async def test_a_class_without_sittings_can_be_removed(school: School) -> None:
    made = await school.ok("teacher", "POST", "/api/classes", json={"name": "8C"})
    await school.ok("teacher", "DELETE", f"/api/classes/{made['id']}")
    assert await school.refused("teacher", "GET", f"/api/classes/{made['id']}") == (
        404,
        "not_found",
    )
