from __future__ import annotations

from base64 import b64encode
from typing import Any

from tests.support.school import School


def base64(text: str, encoding: str) -> str:
    return b64encode(text.encode(encoding)).decode()


async def read(school: School, who: str = "teacher", **body: object) -> dict[str, Any]:
    answer: dict[str, Any] = await school.ok(who, "POST", "/api/student-lists", json=body)
    return answer


async def import_(school: School, key: str | None = None, **body: object) -> dict[str, Any]:
    path = f"/api/classes/{school.seeded.class_id}/import"
    headers = {} if key is None else {"Idempotency-Key": key}
    answer: dict[str, Any] = await school.ok("teacher", "POST", path, json=body, headers=headers)
    return answer


async def everyone(school: School) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await school.ok("admin", "GET", "/api/users"))["items"]
    return items


async def test_a_preview_says_what_each_line_means_and_changes_nothing(school: School) -> None:
    before = await everyone(school)
    text = (
        "Name;E-Mail\nKim Kaya;kim@school.example\nstudent 01;\n"
        "Somebody;other_student@school.example\nMs X;teacher\n;no@name.example\n"
        "Me;admin@school.example\n"
    )
    answer = await read(school, text=text, class_id=school.seeded.class_id)
    assert [(one["line"], one["name"], one["state"]) for one in answer["students"]] == [
        (2, "Kim Kaya", "new"),
        (3, "Student 01", "listed"),
        (4, "Other_Student", "known"),
    ]
    assert [(one["line"], one["code"]) for one in answer["errors"]] == [
        (5, "bad_email"),
        (6, "no_name"),
        (7, "not_a_student"),
    ]
    assert await everyone(school) == before


async def test_a_file_is_read_in_excels_code_page(school: School) -> None:
    answer = await read(school, file=base64("Name;Vorname\nMüller;Änne", "cp1252"))
    assert [one["name"] for one in answer["students"]] == ["Änne Müller"]


async def test_an_import_makes_students_and_the_sitting_gets_them(school: School) -> None:
    done = await import_(school, file=base64("Name\nKim Kaya\nStudent 02", "utf-8-sig"))
    assert [one["state"] for one in done["students"]] == ["new", "listed"]
    kim = done["students"][0]["student_id"]
    assert done["school_class"]["student_ids"] == [*school.seeded.student_ids, kim]
    snapshot = await school.ok("teacher", "GET", "./snapshot")
    assert {"id": kim, "name": "Kim Kaya"} in snapshot["students"]


async def test_importing_again_doubles_nobody(school: School) -> None:
    text = "Kim Kaya\nKim Kaya\nLou Li,lou@school.example"
    first = await import_(school, text=text)
    again = await import_(school, text=text)
    assert [one["state"] for one in again["students"]] == ["listed"] * 3
    assert again["school_class"] == first["school_class"]
    assert len(set(again["school_class"]["student_ids"])) == len(school.seeded.student_ids) + 3


async def test_a_repeated_key_makes_nobody_twice(school: School) -> None:
    first = await import_(school, key="k", text="Kim Kaya")
    path = f"/api/classes/{school.seeded.class_id}"
    await school.ok("teacher", "PATCH", path, json={"student_ids": list(school.seeded.student_ids)})
    again = await import_(school, key="k", text="Kim Kaya")
    assert again["students"][0]["student_id"] == first["students"][0]["student_id"]


async def test_an_account_that_is_there_joins_and_is_not_changed(school: School) -> None:
    before = {one["id"]: one for one in await everyone(school)}
    done = await import_(school, text="Another Name,OTHER_STUDENT@school.example")
    assert done["students"][0]["student_id"] == school.id("other_student")
    assert school.id("other_student") in done["school_class"]["student_ids"]
    assert {one["id"]: one for one in await everyone(school)} == before


async def test_a_wrong_line_stops_the_import_unless_it_is_left_out(school: School) -> None:
    path = f"/api/classes/{school.seeded.class_id}/import"
    text = "name,email\nKim Kaya,kim\nLou Li,lou@school.example"
    refused = await school("teacher", "POST", path, json={"text": text})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
    assert "Line 2" in refused.json()["detail"]
    assert all(one["name"] != "Lou Li" for one in await everyone(school))
    done = await import_(school, text=text, skip_errors=True)
    assert [one["name"] for one in done["students"]] == ["Lou Li"]
    assert [one["line"] for one in done["errors"]] == [2]


async def test_a_class_stays_within_its_limit(school: School) -> None:
    path = f"/api/classes/{school.seeded.class_id}/import"
    text = "\n".join(f"New {number}" for number in range(998))
    assert await school.refused("teacher", "POST", path, json={"text": text}) == (
        422,
        "invalid_request",
    )


async def test_text_or_file_and_nothing_else(school: School) -> None:
    for body in ({}, {"text": "Kim", "file": base64("Kim", "utf-8")}, {"file": "PK%"}):
        refused = await school("teacher", "POST", "/api/student-lists", json=body)
        assert refused.status_code in (400, 422), refused.text
    binary = {"file": b64encode(b"PK\x03\x04\0\0").decode()}
    assert (await school("teacher", "POST", "/api/student-lists", json=binary)).status_code == 422


async def test_the_students_of_a_class_are_listed_in_its_order(school: School) -> None:
    await import_(school, text="Aa First")
    path = f"/api/classes/{school.seeded.class_id}/students"
    listed = await school.ok("teacher", "GET", path)
    assert [one["name"] for one in listed["items"]] == [
        "Student 00",
        "Student 01",
        "Student 02",
        "Aa First",
    ]
    assert listed["next"] is None
