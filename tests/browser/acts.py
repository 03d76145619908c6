"""What people do and see on the pages, in words that a test reads as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

SELECT_WORDS = """words => {
  const text = document.querySelector('.passage-text');
  const at = text.textContent.indexOf(words);
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let before = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const inside = place => place >= before && place <= before + node.length;
    if (inside(at)) range.setStart(node, at - before);
    if (inside(at + words.length)) { range.setEnd(node, at + words.length - before); break; }
    before += node.length;
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def title(page: Page) -> Locator:
    """The title of the screen that stands instead of the test or the dashboard."""
    return page.locator("main:visible h1:visible")


async def go_to(page: Page, number: int) -> Locator:
    """Go to a question by its number; returns the question."""
    await page.get_by_role("button", name=f"Question {number},").click()
    return page.locator(".question:visible")


async def highlight(page: Page, words: str, color: str) -> None:
    """Select words of the passage and choose a colour."""
    await page.evaluate(SELECT_WORDS, words)
    await page.get_by_role("button", name=f"Highlight in {color}").click()
    await expect(page.locator(f'mark[data-color="{color}"]').first).to_be_visible()


async def press(page: Page, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        await page.keyboard.press(key)


async def tab_to(page: Page, selector: str) -> None:
    """Go on with Tab until what the selector names has the focus."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


async def hand_in(page: Page) -> None:
    """Hand in, and agree that this is meant."""
    await page.get_by_role("button", name="Hand in", exact=True).click()
    await page.get_by_role("button", name="Hand in now").click()


def row(dashboard: Page, name: str) -> Locator:
    """A student's row on the teacher's page."""
    return dashboard.locator("tr[data-student]", has_text=name)


def counter(dashboard: Page, name: str) -> Locator:
    """The number of a counter on the teacher's page."""
    return dashboard.locator(f'.counter[data-status="{name}"] .count')


async def confirmed(dashboard: Page, button: str) -> None:
    """Press a button of the sitting's bar, and the same in the dialog that asks."""
    await dashboard.locator(".actions").get_by_role("button", name=button, exact=True).click()
    await dashboard.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()


async def typed(dashboard: Page, button: str, word: str) -> None:
    """Press a button that wants a word typed before it does what it says."""
    await dashboard.get_by_role("button", name=button, exact=True).click()
    dialog = dashboard.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name=button, exact=True)).to_be_disabled()
    await dialog.get_by_label("to confirm").fill(word)
    await dialog.get_by_role("button", name=button, exact=True).click()


async def expect_saved(page: Page) -> None:
    """Wait until the student's page says that everything is saved."""
    await expect(page.locator('.save[data-kind="saved"]')).to_contain_text("saved")
