from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.acts import title
from tests.browser.stage import ADMIN, PASSWORD, TEACHER_NAME, Stage, sign_in

REFUSED = "the server responded with a status of 401"

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_wrong_password_is_told_beside_its_field_and_what_was_typed_stays(
    stage: Stage,
) -> None:
    page = await stage.page()
    await page.goto("/")
    with stage.watcher.expecting(REFUSED):
        await sign_in(page, stage.email, "not the right one")
        error = page.get_by_text("E-mail address and password do not match an account.")
        await expect(error).to_be_visible()
    await expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("E-mail address")).not_to_have_value("")
    await page.get_by_label("Password").fill(PASSWORD)
    await expect(error).to_be_hidden()
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/sittings")
    await expect(page.get_by_role("banner").get_by_text(TEACHER_NAME)).to_be_visible()


async def test_an_empty_form_says_what_is_missing_and_asks_nobody(stage: Stage) -> None:
    page = await stage.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto("/")
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Go to the test").click()
    await expect(page.get_by_text("Write your e-mail address.")).to_be_visible()
    await expect(page.get_by_text("Write the code that is on your card.")).to_be_visible()
    assert [url for url in asked if "/api/" in url] == []


async def test_a_link_is_used_once_and_not_left_in_the_address(stage: Stage) -> None:
    session_id = await stage.sitting("open")
    page = await stage.student(session_id)
    await expect(title(page)).to_have_text("You are in the waiting room.")
    await page.go_back()
    assert "#" not in page.url


async def test_a_link_that_was_taken_back_leads_to_the_form(stage: Stage) -> None:
    session_id = await stage.sitting("open")
    url = (await stage.seat(session_id))["url"]
    await stage.teacher.post(f"/api/sessions/{session_id}/links", {"renew": True})
    page = await stage.page()
    with stage.watcher.expecting(REFUSED):
        await page.goto(url)
        await expect(page.get_by_text("This link is not valid any more.")).to_be_visible()
    await expect(page.get_by_label("Code from your card")).to_be_visible()


async def test_staff_pages_ask_who_is_there_and_go_on_where_one_wanted_to_go(stage: Stage) -> None:
    session_id = await stage.sitting()
    page = await stage.page()
    await page.goto(f"/sittings/{session_id}")
    await expect(page.get_by_text("Please sign in again.")).to_be_visible()
    await sign_in(page, stage.email)
    await page.wait_for_url(f"**/sittings/{session_id}")
    await expect(page.get_by_role("heading", name="The bell")).to_be_visible()


async def test_signing_out_leaves_nothing_behind(stage: Stage) -> None:
    session_id = await stage.sitting()
    page = await stage.dashboard(session_id)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Password")).to_be_visible()
    assert await page.evaluate("localStorage.length") == 0


async def test_teacher_and_student_do_not_disturb_each_other_in_one_browser(stage: Stage) -> None:
    session_id = await stage.sitting("open")
    teacher = await stage.dashboard(session_id)
    student = await teacher.context.new_page()
    stage.watcher.watch(student)
    await student.goto((await stage.seat(session_id))["url"])
    await expect(title(student)).to_have_text("You are in the waiting room.")
    await teacher.reload()
    await expect(teacher.get_by_role("heading", name="The bell")).to_be_visible()
    fresh = await teacher.context.new_page()
    await fresh.goto("/student")
    await expect(fresh.get_by_label("Code from your card")).to_be_visible()


async def test_an_admin_sees_every_sitting(stage: Stage) -> None:
    await stage.sitting(title="A sitting of somebody else")
    page = await stage.page()
    await page.goto("/")
    await sign_in(page, ADMIN)
    await expect(
        page.get_by_role("link", name="A sitting of somebody else", exact=True)
    ).to_be_visible()
