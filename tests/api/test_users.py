from __future__ import annotations

import pytest

from tests.support.school import PASSWORD, School


async def test_a_teacher_creates_students_and_nobody_else(school: School) -> None:
    made = await school.ok(
        "teacher", "POST", "/api/users", json={"name": " Noor ", "role": "STUDENT"}
    )
    assert made == {"id": made["id"], "email": None, "name": "Noor", "role": "STUDENT"}
    for role in ("TEACHER", "ADMIN"):
        body = {"name": "Mr T", "role": role, "email": "t@school.example"}
        assert await school.refused("teacher", "POST", "/api/users", json=body) == (
            403,
            "forbidden",
        )
        assert (await school.ok("admin", "POST", "/api/users", json=body | {"email": f"{role}@x"}))[
            "role"
        ] == role


async def test_an_account_that_exists_is_never_changed_by_creating_it(school: School) -> None:
    body = {"name": "Changed", "role": "STUDENT", "email": "ADMIN@school.example"}
    assert await school.refused("teacher", "POST", "/api/users", json=body) == (409, "conflict")
    admin = await school.ok("admin", "GET", "/api/me")
    assert admin["name"] == "Admin"
    assert admin["role"] == "ADMIN"


async def test_a_repeated_key_answers_the_first_user(school: School) -> None:
    body = {"name": "Noor", "role": "STUDENT", "email": "noor@school.example"}
    headers = {"Idempotency-Key": "one"}
    first = await school.ok("teacher", "POST", "/api/users", json=body, headers=headers)
    again = await school.ok("teacher", "POST", "/api/users", json=body, headers=headers)
    assert again == first
    other = await school("invigilator", "POST", "/api/users", json=body, headers=headers)
    assert other.json()["code"] == "conflict", "another caller's key is another key"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "", "role": "STUDENT"}, "name"),
        ({"name": "  ", "role": "STUDENT"}, "name"),
        ({"name": "x" * 256, "role": "STUDENT"}, "name"),
        ({"role": "STUDENT"}, "name"),
        ({"name": "A", "role": "student"}, "role"),
        ({"name": "A", "role": "STUDENT", "email": "no address"}, "email"),
        ({"name": "A", "role": "STUDENT", "email": "a@b", "password": "short"}, "password"),
        ({"name": "A", "role": "STUDENT", "password": "long enough"}, "email"),
        ({"name": "A", "role": "TEACHER"}, "email"),
    ],
)
async def test_what_does_not_fit_is_named(
    school: School, body: dict[str, object], field: str
) -> None:
    response = await school("admin", "POST", "/api/users", json=body)
    assert response.status_code == 422
    assert response.json()["field"] == field


async def test_a_password_is_written_and_never_read(school: School) -> None:
    body = {"name": "Noor", "role": "TEACHER", "email": "noor@school.example"}
    made = await school.ok("admin", "POST", "/api/users", json=body | {"password": "long enough"})
    read = await school("admin", "GET", f"/api/users/{made['id']}")
    assert "password" not in read.text
    login = {"email": "noor@school.example", "password": "long enough"}
    assert (await school("nobody", "POST", "/api/login", json=login)).status_code == 200


async def test_a_new_password_takes_the_present_one_and_ends_every_sign_in(
    school: School,
) -> None:
    path = f"/api/users/{school.id('other_teacher')}"
    change = {"password": "another password"}
    for present in ({}, {"current_password": "wrong"}):
        response = await school("other_teacher", "PATCH", path, json=change | present)
        assert response.json()["field"] == "current_password"
    await school.ok("other_teacher", "PATCH", path, json=change | {"current_password": PASSWORD})
    assert await school.refused("other_teacher", "GET", "/api/me") == (401, "bad_token")
    login = {"email": "other_teacher@school.example", "password": "another password"}
    assert (await school("nobody", "POST", "/api/login", json=login)).status_code == 200


async def test_an_admin_gives_others_a_new_password(school: School) -> None:
    path = f"/api/users/{school.id('other_teacher')}"
    await school.ok("admin", "PATCH", path, json={"password": "another password"})
    assert await school.refused("other_teacher", "GET", "/api/me") == (401, "bad_token")


async def test_teachers_rename_their_students_and_change_nothing_else(school: School) -> None:
    path = f"/api/users/{school.id('student')}"
    await school.ok("teacher", "PATCH", path, json={"name": "Kim"})
    for change in ({"email": "k@x"}, {"role": "ADMIN"}, {"password": "long enough"}):
        assert await school.refused("teacher", "PATCH", path, json=change) == (403, "forbidden")
    own = f"/api/users/{school.id('teacher')}"
    assert (await school.ok("teacher", "PATCH", own, json={"name": "Ms R"}))["name"] == "Ms R"
    assert await school.refused("teacher", "PATCH", own, json={"role": "ADMIN"}) == (
        403,
        "forbidden",
    )


async def test_nobody_changes_their_own_role_or_removes_themself(school: School) -> None:
    path = f"/api/users/{school.id('admin')}"
    change = {"role": "STUDENT"}
    assert await school.refused("admin", "PATCH", path, json=change) == (403, "forbidden")
    assert await school.refused("admin", "DELETE", path) == (403, "forbidden")


async def test_a_renamed_student_has_the_new_name_in_sittings_that_are_not_over(
    school: School,
) -> None:
    await school.ok(
        "teacher", "POST", "./participants", json={"student_id": school.id("other_student")}
    )
    for name in ("student", "other_student"):
        await school.ok(
            "admin", "PATCH", f"/api/users/{school.id(name)}", json={"name": f"New {name}"}
        )
    students = (await school.ok("teacher", "GET", "./snapshot"))["students"]
    assert [student["name"] for student in students] == [
        "New student",
        "Student 01",
        "Student 02",
        "New other_student",
    ]
    await school.ok("teacher", "POST", "./complete")
    path = f"/api/users/{school.id('student')}"
    await school.ok("admin", "PATCH", path, json={"name": "Too late"})
    students = (await school.ok("teacher", "GET", "./snapshot"))["students"]
    assert students[0]["name"] == "New student"


async def test_a_list_is_read_page_by_page(school: School) -> None:
    seen: list[str] = []
    after = ""
    while True:
        page = await school.ok("teacher", "GET", f"/api/users?limit=3{after}")
        seen += [user["name"] for user in page["items"]]
        assert len(page["items"]) <= 3
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen) == 8
    assert seen == sorted(seen)


async def test_a_list_is_narrowed_by_role_and_text(school: School) -> None:
    admins = await school.ok("teacher", "GET", "/api/users?role=ADMIN")
    assert [user["id"] for user in admins["items"]] == [school.id("admin")]
    found = await school.ok("teacher", "GET", "/api/users?search=other_T")
    assert [user["id"] for user in found["items"]] == [school.id("other_teacher")]
    assert (await school.ok("teacher", "GET", "/api/users?search=%25"))["items"] == []


async def test_somebody_to_whom_nothing_refers_can_be_removed(school: School) -> None:
    path = f"/api/users/{school.id('other_student')}"
    await school.ok("admin", "DELETE", path)
    assert await school.refused("admin", "GET", path) == (404, "not_found")
