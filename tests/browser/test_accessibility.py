"""No page breaks WCAG 2.2 AA as far as axe can see, at any step of a sitting, in light or dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.acts import go_to, hand_in, highlight, row, title
from tests.browser.axe import faults
from tests.browser.stage import Stage, sign_in

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_axe_sees_what_is_wrong(stage: Stage) -> None:
    page = await stage.page()
    await page.goto("/")
    assert await faults(page) == []
    await page.evaluate("document.querySelector('input').parentElement.replaceWith('?')")
    await page.evaluate("document.body.append(document.createElement('input'))")
    assert any("label" in fault for fault in await faults(page))


async def test_the_pages_for_setting_up(stage: Stage) -> None:
    session_id = await stage.sitting("open")
    page = await stage.page()
    await page.goto("/")
    await page.get_by_role("button", name="Go to the test").click()
    assert await faults(page) == [], "the sign-in page with an error"
    await sign_in(page, stage.email)
    await page.wait_for_url("**/sittings")
    await expect(page.get_by_role("link", name="The bell").first).to_be_visible()
    wrong = []
    for path in (
        "/sittings",
        f"/sittings/{session_id}/edit",
        f"/sittings/{session_id}/cards",
        f"/sittings/{session_id}/screen",
        "/classes",
        f"/classes/{stage.class_id}",
        "/tests",
        f"/tests/{stage.test_id}",
        "/tests/new",
    ):
        await page.goto(path)
        await _drawn(page)
        wrong += [f"{path}: {fault}" for fault in await faults(page)]
    assert wrong == []


async def test_the_teachers_pages_of_a_sitting(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    student = await stage.student(session_id)
    await student.get_by_label("Calm").check()
    await student.get_by_role("button", name="Ask the teacher").click()
    await student.get_by_role("button", name="Raise hand").click()
    page = await stage.dashboard(session_id)
    await expect(row(page, "Ada Lovelace")).to_contain_text("hand up")
    assert await faults(page) == [], "the live page"
    await page.get_by_role("button", name="Message", exact=True).click()
    assert await faults(page) == [], "a dialog"
    await page.keyboard.press("Escape")
    await stage.teacher.command(session_id, "complete")
    await expect(page.locator(".status").first).to_contain_text("Completed")
    assert await faults(page) == [], "the live page of a sitting that is over"
    await page.goto(f"/sittings/{session_id}/report")
    await _drawn(page)
    assert await faults(page) == [], "the report"


async def test_the_students_page(stage: Stage) -> None:
    session_id = await stage.sitting("open")
    page = await stage.student(session_id)
    await expect(title(page)).to_have_text("You are in the waiting room.")
    assert await faults(page) == [], "the waiting room"
    await stage.teacher.command(session_id, "start")
    await expect(page.get_by_role("heading", name="How was the sea?")).to_be_visible()
    await stage.teacher.post(f"/api/sessions/{session_id}/messages", {"text": "Ten minutes"})
    await expect(page.get_by_text("Ten minutes", exact=True)).to_be_visible()
    for number in range(1, 5):
        await go_to(page, number)
        assert await faults(page) == [], f"question {number}"
    await highlight(page, "the island", "pink")
    assert await faults(page) == [], "a highlight"
    for button in ("Ask the teacher", "Hand in"):
        await page.get_by_role("button", name=button, exact=True).click()
        assert await faults(page) == [], button
        await page.keyboard.press("Escape")
    with stage.watcher.without_network():
        await page.context.set_offline(True)
        await expect(page.locator(".warning")).to_be_visible()
        assert await faults(page) == [], "offline"
        await page.context.set_offline(False)
    await expect(page.locator('.save[data-kind="saved"]')).to_be_visible()
    await stage.teacher.command(session_id, "pause")
    await expect(title(page)).to_have_text("The test is paused.")
    assert await faults(page) == [], "a pause"
    await stage.teacher.command(session_id, "resume")
    await hand_in(page)
    await expect(title(page)).to_have_text("Handed in.")
    assert await faults(page) == [], "handed in"


async def _drawn(page: Page) -> None:
    await expect(page.locator("main h1, main h2").first).to_be_visible()
    await expect(page.get_by_text("One moment…")).to_have_count(0)
