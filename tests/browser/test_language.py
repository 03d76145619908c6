from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.stage import Stage, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_language_that_is_chosen_stays_and_refusals_are_told_in_it(stage: Stage) -> None:
    session_id = await stage.sitting("open")
    page = await stage.page()
    await page.goto("/")
    await sign_in(page, stage.email)
    await page.wait_for_url("**/sittings")
    await page.get_by_label("Language").select_option("Deutsch")
    await expect(page.get_by_role("heading", name="Prüfungen")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "de-DE"

    await page.goto(f"/sittings/{session_id}/edit")
    await stage.teacher.command(session_id, "start")
    await page.get_by_label("Minuten").fill("50")
    with stage.watcher.expecting("409"):
        await page.get_by_role("button", name="Speichern", exact=True).click()
        await expect(page.get_by_text("Das geht im jetzigen Zustand nicht.")).to_be_visible()

    await page.goto((await stage.seat(session_id))["url"])
    await page.wait_for_url(f"**/student/{session_id}")
    await expect(page.get_by_text("Frage 1 von 4")).to_be_visible()
    await page.get_by_label("Sprache").select_option("English")
    await expect(page.get_by_text("Question 1 of 4")).to_be_visible()
