from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import pytest

from monitor.domain.session import SessionStatus
from monitor.repositories.sql_link_repository import SignInLink, SqlLinkRepository
from tests.support.school import School, a_school


async def links(school: School, **body: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await school.ok("teacher", "POST", "./links", json=body))[
        "items"
    ]
    return items


async def sign_in(school: School, link: str) -> tuple[int, dict[str, Any]]:
    response = await school("nobody", "POST", "/api/login", json={"link": link})
    return response.status_code, response.json()


async def test_every_student_on_the_list_gets_a_link_and_a_code(school: School) -> None:
    issued = await links(school)
    assert [item["student_id"] for item in issued] == list(school.seeded.student_ids)
    assert [item["name"] for item in issued] == ["Student 00", "Student 01", "Student 02"]
    assert len({item["code"] for item in issued} | {item["link"] for item in issued}) == 6
    assert issued[0]["url"] == f"{school.app.base_url}/join#{issued[0]['link']}"


async def test_links_begin_with_the_public_address_where_one_is_set(sqlite_url: str) -> None:
    async with a_school(sqlite_url, public_url="https://monitor.example/") as school:
        issued = await links(school)
        assert issued[0]["url"].startswith("https://monitor.example/join#")


@pytest.mark.parametrize("kind", ["link", "code"])
async def test_link_and_code_let_the_student_into_this_sitting_only(
    school: School, kind: str
) -> None:
    issued = await links(school)
    status, answer = await sign_in(school, issued[0][kind])
    assert status == 200
    assert answer["user"]["id"] == school.seeded.student_ids[0]
    assert answer["session_id"] == school.seeded.session_id
    async with school.client(answer["access_token"]) as client:
        joined = (await client.post(f"{school.session}/join")).json()
        assert (await client.get(f"/api/attempts/{joined['attempt']['id']}")).status_code == 200
        listed = (await client.get("/api/sessions")).json()["items"]
        assert [item["id"] for item in listed] == [school.seeded.session_id]
        refreshed = (await client.post("/api/refresh")).json()
        assert refreshed["session_id"] == school.seeded.session_id
        assert (await client.post("/api/sign-out-everywhere")).status_code == 403
        me = answer["user"]["id"]
        change = await client.patch(f"/api/users/{me}", json={"password": "12345678"})
        assert change.status_code == 403


async def test_a_link_does_not_open_another_sitting_of_the_same_student(school: School) -> None:
    issued = await links(school)
    _, answer = await sign_in(school, issued[0]["link"])
    other = await school.ok(
        "teacher",
        "POST",
        "/api/sessions",
        json={"class_id": school.seeded.class_id, "test_id": school.seeded.test_id},
    )
    assert (await school("student", "GET", f"/api/sessions/{other['id']}")).status_code == 200
    async with school.client(answer["access_token"]) as client:
        for method, path in (("GET", ""), ("POST", "/join"), ("GET", "/test")):
            refused = await client.request(method, f"/api/sessions/{other['id']}{path}")
            assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


async def test_who_was_taken_off_the_list_sees_the_sitting_no_more(school: School) -> None:
    issued = await links(school)
    _, answer = await sign_in(school, issued[2]["link"])
    left = {"student_ids": list(school.seeded.student_ids[:2])}
    await school.ok("teacher", "PATCH", f"/api/classes/{school.seeded.class_id}", json=left)
    async with school.client(answer["access_token"]) as client:
        assert (await client.get(school.session)).status_code == 404
        assert (await client.get("/api/sessions")).json()["items"] == []


async def test_a_lost_card_is_printed_again(school: School) -> None:
    first = await links(school)
    one = school.seeded.student_ids[1]
    assert await links(school) == first
    assert await links(school, student_ids=[one]) == [first[1]]


async def test_a_renewed_link_replaces_the_former_and_ends_its_sign_ins(school: School) -> None:
    first = await links(school)
    _, answer = await sign_in(school, first[0]["link"])
    renewed = await links(school, student_ids=[first[0]["student_id"]], renew=True)
    assert renewed[0]["code"] != first[0]["code"]
    assert (await sign_in(school, first[0]["link"]))[0] == 401
    assert (await sign_in(school, first[0]["code"]))[0] == 401
    assert (await sign_in(school, renewed[0]["code"]))[0] == 200
    assert (await sign_in(school, first[1]["code"]))[0] == 200
    async with school.client(answer["access_token"]) as client:
        assert (await client.get("/api/me")).json()["code"] == "bad_token"


async def test_links_are_taken_back_for_one_and_for_all(school: School) -> None:
    issued = await links(school)
    await school.ok("teacher", "DELETE", f"./links/{issued[0]['student_id']}")
    assert (await sign_in(school, issued[0]["code"]))[0] == 401
    assert (await sign_in(school, issued[1]["code"]))[0] == 200
    assert await school.refused("teacher", "DELETE", f"./links/{issued[0]['student_id']}") == (
        404,
        "not_found",
    )
    await school.ok("teacher", "DELETE", "./links")
    assert (await sign_in(school, issued[1]["code"]))[0] == 401
    assert (await links(school))[0]["code"] != issued[0]["code"]


async def test_links_hold_until_the_sitting_is_over(school: School) -> None:
    issued = await links(school)
    await school.ok("teacher", "POST", "./complete")
    status, answer = await sign_in(school, issued[0]["link"])
    assert (status, answer["code"]) == (409, "session_over")
    assert await school.refused("teacher", "POST", "./links") == (409, "session_over")


async def test_a_student_of_another_class_gets_no_link(school: School) -> None:
    body = {"student_ids": [school.id("other_student")]}
    assert await school.refused("teacher", "POST", "./links", json=body) == (
        422,
        "invalid_request",
    )


async def test_the_database_holds_neither_links_nor_codes(school: School, sqlite_url: str) -> None:
    issued = await links(school)
    stored = await school.services.database.read(
        lambda uow: uow.links.of_session(school.seeded.session_id)
    )
    text = repr(stored)
    for item in issued:
        assert item["link"] not in text
        assert item["code"].replace("-", "") not in text


async def test_guessed_codes_are_limited(sqlite_url: str) -> None:
    async with a_school(sqlite_url, failed_logins_per_minute=1) as school:
        for number in range(30):
            assert (await sign_in(school, f"0000{number:04}"))[0] == 401
        assert (await sign_in(school, "00009999"))[0] == 429


async def test_two_requests_at_once_make_one_link_a_student(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_many = SqlLinkRepository.add_many

    def slowly(repository: SqlLinkRepository, links: Iterable[SignInLink]) -> None:
        time.sleep(0.1)  # in a thread: long enough for the other to have looked, too
        add_many(repository, links)

    monkeypatch.setattr(SqlLinkRepository, "add_many", slowly)
    async with a_school(database_url, status=SessionStatus.SCHEDULED) as school:
        both = await asyncio.gather(*(links(school) for _ in range(4)))
        assert all(one == both[0] for one in both)
