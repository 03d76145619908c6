from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.acts import SELECT_WORDS, press, tab_to, title
from tests.browser.stage import PASSAGE, Stage
from tests.support import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_sitting_is_gone_through_by_keyboard_alone(stage: Stage) -> None:
    session_id = await stage.sitting("open")
    code = (await stage.seat(session_id))["code"]
    page = await stage.page()
    await page.goto("/")
    await tab_to(page, "input[maxlength='64']")
    await page.keyboard.type(code)
    await press(page, "Enter")
    await expect(title(page)).to_have_text("You are in the waiting room.")
    await stage.teacher.command(session_id, "start")
    await expect(page.get_by_role("heading", name="How was the sea?")).to_be_visible()

    # A highlight of three words, with a comment; what is selected is said to who cannot see it.
    await tab_to(page, "button:has-text('Highlight by keyboard')")
    await press(page, "Enter", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    heard = page.locator(".only-heard", has_text="3 words selected: sea 🌊 was")
    await expect(heard).to_be_attached()
    await press(page, "Enter", "Tab", "Enter")  # the second colour
    await expect(page.locator('.passage-text mark[data-color="green"]')).to_have_text("sea 🌊 was")
    await expect(page.get_by_role("application")).to_be_focused()
    await press(page, "ArrowLeft", "Enter")  # a word of it: the same colours, and a comment
    await tab_to(page, ".highlight-tools input")
    await page.keyboard.type("calm?")
    await press(page, "Enter", "Escape")
    await expect(page.get_by_role("button", name="Highlight by keyboard")).to_be_focused()
    await expect(page.get_by_role("application")).to_have_count(0)

    async def highlighted() -> bool:
        [mark] = (await stage.attempt(session_id))["highlighted_text"]
        assert PASSAGE[mark["position_start"] : mark["position_end"]] == mark["text"]
        return (mark["text"], mark["comment"], mark["color_code"]) == (
            "sea 🌊 was",
            "calm?",
            "green",
        )

    await eventually(highlighted)

    # Answers, the hand, and the end.
    await tab_to(page, "input[type=radio]")
    await press(page, "ArrowDown")
    await tab_to(page, "button:has-text('Next')")
    await press(page, "Enter")
    await expect(page.get_by_role("heading", name="What was there?")).to_be_focused()
    await press(page, "Tab", "Space")
    await tab_to(page, "button:has-text('Next')")
    await press(page, "Enter", "Tab")
    await page.keyboard.type("They slept.")
    await tab_to(page, "button.hand")
    await press(page, "Enter")
    await page.keyboard.type("May I go?")
    await press(page, "Tab", "Enter")
    await expect(page.get_by_role("button", name="Hand is up")).to_be_focused()
    await tab_to(page, "button:has-text('Hand in')")
    await press(page, "Enter")
    await tab_to(page, "dialog button.main")
    await press(page, "Enter")
    await expect(title(page)).to_have_text("Handed in.")
    values = await stage.values(session_id)
    assert (values["q1"] in {"a", "b"}, values["q2"], values["q3"]) == (True, ["a"], "They slept.")


async def test_highlights_that_overlap_are_changed_and_removed_one_by_one(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    await expect(page.locator(".passage-text")).to_be_visible()
    for words, color in (("the bell ring", "yellow"), ("ring twice", "pink")):
        await page.evaluate(SELECT_WORDS, words)
        await page.get_by_role("button", name=f"Highlight in {color}").click()
    await expect(page.locator(".passage-text mark")).to_have_text(["the bell ", "ring", " twice"])
    # Where two lie over each other the bar is about the upper one, and about the lower one next.
    await page.locator(".passage-text mark[data-several]").click()
    await page.get_by_role("button", name="Next of 2").click()
    await page.get_by_role("button", name="Highlight in blue").click()
    await expect(page.locator(".passage-text mark").first).to_have_attribute("data-color", "blue")
    await page.get_by_text("2 highlights in this text").click()
    await page.get_by_role("button", name="Change the highlight “ring twice”").click()
    await expect(page.locator(".highlight-tools")).to_be_visible()
    await page.locator(".highlight-tools").get_by_role("button", name="Remove").click()
    await expect(page.locator(".passage-text mark")).to_have_text("the bell ring")
    await page.reload()
    await expect(page.locator(".passage-text mark")).to_have_text("the bell ring")


async def test_under_a_finger_the_bar_stands_at_the_foot_and_does_its_work(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    browser = (await stage.page()).context.browser
    assert browser is not None
    phone = await browser.new_context(
        base_url=stage.server.url,
        has_touch=True,
        is_mobile=True,
        viewport={"width": 390, "height": 780},
    )
    page = await phone.new_page()
    stage.watcher.watch(page)
    await page.goto((await stage.seat(session_id))["url"])
    await expect(page.locator(".passage-text")).to_be_visible()
    await page.evaluate(SELECT_WORDS, "the bell")
    bar = page.locator(".highlight-tools")
    await expect(bar).to_be_visible()
    box = await bar.bounding_box()
    assert box is not None
    assert (round(box["x"]), round(box["y"] + box["height"])) == (0, 780)
    await page.get_by_role("button", name="Highlight in green").tap()
    await expect(page.locator(".passage-text mark")).to_have_text("the bell")
    await page.locator(".passage-text mark").tap()
    await page.get_by_role("button", name="Remove", exact=True).tap()
    await expect(page.locator(".passage-text mark")).to_have_count(0)
    # The question is one swipe, or one button, away.
    await page.get_by_role("button", name="Question", exact=True).tap()
    await expect(page.get_by_role("heading", name="How was the sea?")).to_be_in_viewport()
    await expect(page.locator(".passage-text")).not_to_be_in_viewport()
