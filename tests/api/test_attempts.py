from __future__ import annotations

from typing import Any
from uuid import uuid4

from monitor.domain.commands import Join
from tests.api.test_operations import answer, now, operate
from tests.support.school import School, a_school


async def give(school: School, who: str = "teacher", student: str = "student") -> dict[str, Any]:
    body = {"test_id": school.seeded.test_id, "student_id": school.id(student)}
    made: dict[str, Any] = await school.ok(who, "POST", "/api/attempts", json=body)
    return made


async def test_staff_see_the_work_and_students_their_own_form(school: School) -> None:
    attempt = await school.joined(0)
    await operate(school, attempt, answer(school, 1, "q3", "x"))
    path = f"/api/attempts/{attempt}"
    staff = await school.ok("invigilator", "GET", path)
    own = await school.ok("student", "GET", path)
    assert staff["answers"] == own["answers"]
    assert staff["session_id"] == school.seeded.session_id
    assert staff["student_id"] == school.id("student")
    assert "note" not in own


async def test_a_test_is_given_to_a_single_student(database_url: str) -> None:
    async with a_school(database_url) as school:
        made = await give(school)
        path = f"/api/attempts/{made['id']}"
        assert (made["session_id"], made["status"], made["total"]) == (None, "NOT_STARTED", 4)
        assert await school.refused("student", "GET", f"{path}/test") == (409, "not_started")
        begun = await operate(school, made["id"])
        assert (begun["session"], begun["messages"]) == (None, [])
        assert begun["attempt"]["status"] == "IN_PROGRESS"
        assert len((await school.ok("student", "GET", f"{path}/test"))["questions"]) == 4
        done = await operate(
            school,
            made["id"],
            answer(school, 1, "q3", "x"),
            answer(school, 2, "q9", "x"),
            {"type": "heartbeat", "seq": 3},
            {"type": "raise_hand", "seq": 4},
            {"type": "submit", "seq": 5, "given_at": now(school)},
            answer(school, 6, "q3", "y"),
        )
        assert done["ack"] == 6
        assert [(error["seq"], error["code"]) for error in done["errors"]] == [
            (2, "unknown_question"),
            (4, "invalid_message"),
            (6, "attempt_closed"),
        ]
        work = await school.ok("teacher", "GET", path)
        assert (work["status"], work["answers"]["q3"]["value"]) == ("SUBMITTED", "x")
        assert (await school.ok("teacher", "PATCH", path, json={"note": "good"}))["note"] == "good"
        assert (await school.ok("teacher", "POST", f"{path}/accept-late"))["accepted"] == []


async def test_an_attempt_outside_of_sittings_is_its_students_and_the_test_makers(
    school: School,
) -> None:
    path = f"/api/attempts/{(await give(school))['id']}"
    for who in ("other_student", "invigilator", "other_teacher"):
        assert await school.refused(who, "GET", path) == (404, "not_found")
    for who in ("student", "teacher", "admin"):
        assert (await school(who, "GET", path)).status_code == 200
    body = {"client_time": now(school)}
    for who in ("other_student", "teacher", "admin"):
        assert (await school(who, "POST", f"{path}/operations", json=body)).status_code in {
            403,
            404,
        }


async def test_a_repeated_key_gives_the_test_once(school: School) -> None:
    body = {"test_id": school.seeded.test_id, "student_id": school.id("student")}
    headers = {"Idempotency-Key": "give"}
    first = await school.ok("teacher", "POST", "/api/attempts", json=body, headers=headers)
    again = await school.ok("teacher", "POST", "/api/attempts", json=body, headers=headers)
    assert first == again


async def test_a_test_is_given_to_students_only(school: School) -> None:
    body = {"test_id": school.seeded.test_id, "student_id": school.id("teacher")}
    response = await school("teacher", "POST", "/api/attempts", json=body)
    assert (response.status_code, response.json()["field"]) == (422, "student_id")


async def test_who_made_a_test_sees_nothing_of_other_teachers_sittings_of_it(
    school: School,
) -> None:
    mine = await school.joined(0)
    student = school.seeded.student_ids[1]
    theirs = {"name": "9A", "teacher_id": school.id("other_teacher"), "student_ids": [student]}
    other_class = await school.ok("admin", "POST", "/api/classes", json=theirs)
    body = {"class_id": other_class["id"], "test_id": school.seeded.test_id}
    sitting = await school.ok("admin", "POST", "/api/sessions", json=body)
    await school.ok("other_teacher", "POST", f"/api/sessions/{sitting['id']}/open")
    await school.services.recorder.run(
        Join(
            id=str(uuid4()),
            session_id=sitting["id"],
            received_at=school.services.clock.now(),
            student_id=student,
        )
    )
    path = f"/api/attempts?test_id={school.seeded.test_id}"
    assert [item["id"] for item in (await school.ok("teacher", "GET", path))["items"]] == [mine]
    assert len((await school.ok("admin", "GET", path))["items"]) == 2


async def test_everyone_lists_what_is_theirs(school: School) -> None:
    sitting = await school.joined(0)
    await school.joined(1)
    alone = (await give(school))["id"]

    async def listed(who: str, query: str = "") -> set[str]:
        items = (await school.ok(who, "GET", f"/api/attempts{query}"))["items"]
        return {item["id"] for item in items}

    assert await listed("student") == {sitting, alone}
    assert await listed("student", f"?session_id={school.seeded.session_id}") == {sitting}
    assert len(await listed("invigilator", f"?session_id={school.seeded.session_id}")) == 2
    assert len(await listed("teacher", f"?test_id={school.seeded.test_id}")) == 3
    assert len(await listed("teacher", f"?test_id={school.seeded.test_id}&status=SUBMITTED")) == 0
    assert len(await listed("admin")) == 3
    assert await school.refused("teacher", "GET", "/api/attempts") == (422, "invalid_request")
    assert await school.refused(
        "invigilator", "GET", f"/api/attempts?test_id={school.seeded.test_id}"
    ) == (404, "not_found")
