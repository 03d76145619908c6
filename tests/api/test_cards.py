from __future__ import annotations

from typing import Any

from tests.support.school import School, a_school


async def cards(school: School) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await school.ok("teacher", "GET", "./cards"))["items"]
    return items


async def test_reading_cards_makes_no_link(school: School) -> None:
    first = await cards(school)
    assert [card["name"] for card in first] == ["Student 00", "Student 01", "Student 02"]
    assert all(card["code"] is card["url"] is card["qr"] is None for card in first)
    assert await cards(school) == first


async def test_cards_show_the_links_there_are_with_a_drawing_of_each(school: School) -> None:
    issued = (await school.ok("teacher", "POST", "./links"))["items"]
    shown = await cards(school)
    assert [(one["code"], one["url"]) for one in shown] == [
        (one["code"], one["url"]) for one in issued
    ]
    assert len({one["qr"] for one in shown}) == 3
    assert all(one["qr"].startswith("<svg") for one in shown)


async def test_a_link_taken_back_leaves_its_card_empty(school: School) -> None:
    issued = (await school.ok("teacher", "POST", "./links"))["items"]
    await school.ok("teacher", "DELETE", f"./links/{issued[1]['student_id']}")
    assert [card["code"] is None for card in await cards(school)] == [False, True, False]


async def test_cards_name_the_public_address(sqlite_url: str) -> None:
    async with a_school(sqlite_url, public_url="https://monitor.example/") as school:
        await school.ok("teacher", "POST", "./links")
        answer = await school.ok("teacher", "GET", "./cards")
        assert answer["address"] == "https://monitor.example"
        assert answer["qr"].startswith("<svg")
        assert answer["items"][0]["url"].startswith("https://monitor.example/join#")


async def test_a_sitting_that_is_over_has_no_cards(school: School) -> None:
    await school.ok("teacher", "POST", "./complete")
    assert await school.refused("teacher", "GET", "./cards") == (409, "session_over")
