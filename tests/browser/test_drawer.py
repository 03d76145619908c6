from __future__ import annotations

import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from monitor.load.rest import RestClient
from tests.browser.acts import expect_saved, go_to, highlight, row
from tests.browser.axe import faults
from tests.browser.stage import ADMIN, PASSWORD, Stage, sign_in
from tests.support import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Locator, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_drawer_shows_a_student_as_they_are_now(stage: Stage) -> None:
    """Answers, highlights, messages and history follow live, while the page beside stays usable."""
    session_id = await stage.sitting("open", "start")
    ada = await stage.student(session_id)
    await (await go_to(ada, 1)).get_by_label("Rough").check()
    page = await stage.dashboard(session_id)
    await row(page, "Ada Lovelace").get_by_role("button", name="Ada Lovelace").press("Enter")
    drawer = page.get_by_role("dialog", name="Ada Lovelace")
    await expect(drawer.get_by_role("heading", name="Ada Lovelace")).to_be_focused()
    await expect(page).to_have_url(re.compile(f"student={stage.student_ids[0]}"))
    answers = drawer.locator(".answers > li")
    await expect(answers.nth(0)).to_contain_text("Rough")
    await expect(answers.nth(2)).to_contain_text("not answered")

    # What she does is seen as she does it.
    await (await go_to(ada, 1)).get_by_label("Calm").check()
    await (await go_to(ada, 2)).get_by_label("An island").check()
    await (await go_to(ada, 2)).get_by_label("A bell").check()
    await expect(answers.nth(0)).to_contain_text("Calm")
    await expect(answers.nth(1).get_by_role("listitem")).to_have_text(["An island", "A bell"])
    await expect(answers.nth(1)).to_have_attribute("aria-current", "true")
    await expect(drawer.get_by_role("tab", name="Answers")).to_contain_text("2/4")
    await highlight(ada, "sea 🌊 was calm", "blue")
    await expect_saved(ada)
    await highlight(ada, "calm that night", "pink")
    await ada.locator('mark[data-color="blue"]').first.click()
    await ada.get_by_label("Comment", exact=True).fill("a wave!")
    await ada.get_by_role("button", name="Save comment").click()
    await drawer.get_by_role("tab", name="Highlights").click()
    marks = drawer.locator(".marks > li")
    await expect(marks).to_have_count(2)
    await expect(marks.nth(0)).to_contain_text("sea 🌊 was calm blue")
    await expect(marks.nth(0)).to_contain_text("a wave!")
    text = drawer.get_by_role("region", name="Passage “A night on the island”")
    await expect(text).to_have_text(re.compile("^The 1sea 🌊 was 2calm that night. Nobody"))
    await expect(text.locator("mark[data-several]")).to_have_text("calm")
    assert await faults(page) == [], "with highlights"

    # A message arrives and is read; the history tells it all in words.
    await drawer.get_by_role("button", name="Message").click()
    question = page.get_by_role("dialog").last
    await question.get_by_role("textbox").first.fill("Take your time.")
    await question.get_by_role("button", name="Send").click()
    await drawer.get_by_role("tab", name="Messages").click()
    await expect(drawer.get_by_text(re.compile("arrived .* not read yet"))).to_be_visible()
    await ada.get_by_role("button", name="OK, read").click()
    await expect(drawer.get_by_role("tabpanel")).to_contain_text(re.compile(r"read \d\d:\d\d"))
    body = {"minutes": 5, "student_ids": [stage.student_ids[0]], "reason": "came late"}
    await stage.teacher.command(session_id, "extend", **body)
    await stage.teacher.command(session_id, "extend", minutes=-1, student_ids=stage.student_ids[1:])
    await expect(drawer.locator('[data-fact="extra"]')).to_contain_text("+5 min")
    await drawer.get_by_role("tab", name="Messages").press("ArrowRight")
    lines = drawer.locator(".timeline > li")
    await expect(lines.nth(0)).to_contain_text("5 more minutes")
    await expect(lines.nth(0)).to_contain_text("by Ms Rivera · “came late”")
    await expect(lines.nth(1)).to_contain_text("Take your time.")
    await expect(lines.nth(2)).to_contain_text("Answered Q1, Q2 (2 of 4)")
    assert await faults(page) == [], "with the history"

    # The note is written in place, and kept when one goes on to the next student.
    await drawer.get_by_label("Note on Ada Lovelace").fill("left-handed, sits in front")
    await drawer.get_by_role("button", name="Save note").click()
    await expect(drawer.get_by_text("Saved.")).to_be_visible()
    await drawer.get_by_label("Note on Ada Lovelace").fill("sits in front")
    await page.keyboard.press("Alt+ArrowDown")
    await expect(page.get_by_role("dialog")).to_contain_text("Bo Karlsson2 of 3")
    await page.get_by_role("tab", name="Answers").click()
    await expect(page.get_by_role("tabpanel")).to_contain_text("No work yet.")
    await eventually(lambda: _note(stage, session_id, "sits in front"))

    # The page beside is live and usable; the address brings the drawer back.
    await page.get_by_role("button", name="Previous student").click()
    await expect(page.get_by_role("dialog", name="Ada Lovelace")).to_be_visible()
    await page.get_by_role("searchbox").fill("ada")
    await expect(page.locator("tr[data-student]")).to_have_count(1)
    await page.reload()
    await expect(page.get_by_role("dialog", name="Ada Lovelace")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("button", name="Ada Lovelace")).to_be_focused()
    assert "student=" not in page.url


async def test_late_answers_are_counted_or_left_with_a_reason(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    async with _by_rest(stage, session_id) as give:
        await give(q1="a")
        await stage.teacher.command(session_id, "force-submit", reason="fire drill")
        await give(q3="Too late, but true.")
        await give(q4=2)
    page = await stage.dashboard(session_id)
    await expect(row(page, "Ada Lovelace")).to_contain_text("2 late answers")
    await page.get_by_role("button", name="Ada Lovelace").click()
    drawer = page.get_by_role("dialog", name="Ada Lovelace")
    late = drawer.locator(".late > li")
    await expect(late.nth(0)).to_contain_text("Too late, but true.")
    await expect(late.nth(0)).to_contain_text(re.compile(r"Given .* arrived .* · 0:\d\d late"))
    await expect(drawer.locator(".answers > li").nth(2)).to_contain_text("Late, does not count")
    assert await faults(page) == [], "with late answers"

    await _decide(page, late.nth(0).get_by_role("button", name="Count it"), "the drill was ours")
    await _decide(page, late.nth(1).get_by_role("button", name="Leave it out"), "guessed")
    await expect(late.nth(0)).to_contain_text("by Ms Rivera “the drill was ours”")
    await expect(late.nth(1)).to_contain_text("by Ms Rivera “guessed”")
    await expect(row(page, "Ada Lovelace").get_by_text("late answer")).to_be_hidden()
    await expect(drawer.locator(".answers > li").nth(2).locator(".value")).to_have_text(
        "Too late, but true."
    )
    assert await stage.values(session_id) == {"q1": "a", "q3": "Too late, but true."}
    await drawer.get_by_role("tab", name="History").click()
    kinds = drawer.locator(".timeline > li")
    await expect(kinds.nth(0)).to_contain_text("Late answer left out: Q4")
    await expect(kinds.nth(1)).to_contain_text("Late answer counts: Q3")
    forced = drawer.locator('[data-kind="submitted.teacher"]')
    await expect(forced).to_contain_text("Handed in by the teacher, 1 of 4 answered")
    await expect(forced).to_contain_text("“fire drill”")

    await _decide(page, late.nth(1).get_by_role("button", name="Count it after all"), "")
    await eventually(lambda: _value(stage, session_id, "q4", 2))


async def test_the_answers_of_all_are_counted_live_and_can_be_printed(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    async with _by_rest(stage, session_id) as ada, _by_rest(stage, session_id, 1) as bo:
        await ada(q1="a", q2=["a", "c"], q4=2)
        await bo(q1="a", q3="Nobody was awake.")
        await page.get_by_text("Answers so far").click()
        panel = page.locator(".answers-panel")
        await expect(panel).to_contain_text("2 students have begun")
        first = panel.get_by_role("table").first
        await expect(first.get_by_role("row")).to_have_text(
            [re.compile("Rough.*2"), re.compile("Calm.*0"), re.compile("not answered.*0")]
        )
        await bo(q1="b")
        await expect(first.get_by_role("row").nth(1)).to_have_text(re.compile("Calm.*1"))
        await expect(panel.locator('[data-question="q4"]')).to_contain_text("median 2")
        assert await faults(page) == [], "the panel"

    student = await stage.student(session_id)
    await go_to(student, 1)
    await highlight(student, "bell", "green")
    await stage.teacher.command(session_id, "complete")
    await page.get_by_role("link", name="Everyone's answers").click()
    sheets = page.locator(".sheet")
    await expect(sheets).to_have_count(2)
    await expect(sheets.nth(0)).to_contain_text("An island")
    await expect(sheets.nth(1)).to_contain_text("Nobody was awake.")
    await expect(page.get_by_text("Without work: Chi Nguyen")).to_be_visible()
    await expect(sheets.nth(0).locator("mark")).to_have_count(0)
    await page.get_by_label("Highlights in the passages").check()
    await expect(sheets.nth(0).locator(".passage-text mark")).to_have_text("bell")
    assert await faults(page) == [], "the answers of everyone"
    await page.emulate_media(media="print")
    await expect(page.get_by_role("button", name="Print")).to_be_hidden()
    paper = await page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2, "a page for each student"
    await page.emulate_media(media="screen")
    await page.goto(f"/sittings/{session_id}/answers?student={stage.student_ids[1]}")
    await expect(page.locator(".sheet h2")).to_have_text("Bo Karlsson")


async def test_on_a_phone_the_drawer_covers_the_page_and_who_looks_on_changes_nothing(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    async with _by_rest(stage, session_id) as give:
        await give(q1="a")
        await stage.teacher.command(session_id, "force-submit")
        await give(q4=2)
    email = f"kim-{session_id}@school.example"
    account = {"email": email, "name": "Kim", "role": "TEACHER", "password": PASSWORD}
    async with RestClient(stage.server.url) as admin:
        await admin.login(ADMIN, PASSWORD)
        observer = await admin.post("/api/users", account)
    await stage.teacher.patch(f"/api/sessions/{session_id}", {"observer_ids": [observer["id"]]})
    page = await stage.page()
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto("/")
    await sign_in(page, email)
    await page.wait_for_url("**/sittings")
    await page.goto(f"/sittings/{session_id}")
    await page.get_by_role("button", name="Ada Lovelace").click()
    drawer = page.get_by_role("dialog", name="Ada Lovelace")
    box = await drawer.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    await expect(drawer.locator(".answers > li").first).to_contain_text("Rough")
    await expect(drawer.locator(".late > li")).to_contain_text("waits for you")
    await expect(
        drawer.locator(".late button, .acts button:visible, textarea:visible")
    ).to_have_count(0)
    await expect(drawer.get_by_text("No note.")).to_be_visible()
    for _ in range(12):  # the focus stays in the sheet
        await page.keyboard.press("Tab")
        assert await page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    assert await faults(page) == [], "the sheet"
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
    await expect(page.get_by_role("button", name="Ada Lovelace")).to_be_focused()


async def _decide(page: Page, button: Locator, reason: str) -> None:
    await button.click()
    question = page.locator("dialog:modal")
    await question.get_by_role("textbox").fill(reason)
    await question.locator("button[type=submit]").click()
    await expect(question).to_have_count(0)


async def _note(stage: Stage, session_id: str, note: str) -> bool:
    return bool((await stage.attempt(session_id))["note"] == note)


async def _value(stage: Stage, session_id: str, question_id: str, value: Any) -> bool:
    return bool((await stage.values(session_id)).get(question_id) == value)


@asynccontextmanager
async def _by_rest(stage: Stage, session_id: str, number: int = 0) -> AsyncIterator[Any]:
    """The n-th student joins without a page; gives answers by question."""
    async with RestClient(stage.server.url) as client:
        await client.login_link((await stage.seat(session_id, number))["code"])
        joined = await client.post(f"/api/sessions/{session_id}/join")
        seq = 0

        async def give(**values: Any) -> None:
            nonlocal seq
            operations = []
            now = datetime.now(UTC).isoformat()
            for question_id, value in values.items():
                seq += 1
                operations.append(
                    {
                        "type": "answer",
                        "seq": seq,
                        "question_id": question_id,
                        "value": value,
                        "answered_at": now,
                    }
                )
            path = f"/api/attempts/{joined['attempt']['id']}/operations"
            await client.post(path, {"client_time": now, "operations": operations})

        yield give
