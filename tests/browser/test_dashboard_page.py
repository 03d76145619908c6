from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from monitor.load.school import make_students
from tests.browser.acts import confirmed, counter, row, title, typed
from tests.browser.axe import faults
from tests.browser.stage import Stage
from tests.support import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_frozen_server_makes_the_page_say_so_within_seconds_and_it_recovers(
    own_stage: Stage,
) -> None:
    """Sockets stay open and say nothing: only the page itself can know."""
    stage = own_stage
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    await stage.student(session_id)
    ada = row(page, "Ada Lovelace")
    await expect(ada.locator(".shown")).to_have_text(re.compile("online"))
    await expect(page.locator(".chip")).to_contain_text("live ·")
    with stage.watcher.without_network():
        stage.server.stop()
        await expect(page.locator(".chip")).to_have_text("not live", timeout=4_500)
        await expect(page.locator(".notice")).to_contain_text(
            re.compile(r"Not live\. Last known \d\d:\d\d:\d\d\. The server does not answer\.")
        )
        await expect(page.locator(".live-view")).to_have_attribute("data-stale", "")
        known = await ada.inner_text()
        at = await page.evaluate("Date.now()")
        await eventually(lambda: page.evaluate(f"Date.now() > {at} + 3000"))
        assert await ada.inner_text() == known  # nothing pretends to know that time went on
        assert await faults(page) == []  # grey, and readable
        stage.server.cont()
        await expect(page.locator(".chip")).to_contain_text("live ·", timeout=20_000)
    await expect(page.locator(".live-view")).not_to_have_attribute("data-stale", "")


async def test_what_happened_while_the_page_was_cut_off_is_there_without_a_reload(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    await expect(row(page, "Ada Lovelace")).to_be_visible()
    await page.evaluate("window.stillTheSamePage = true")
    with stage.watcher.without_network():
        await page.context.set_offline(True)
        await expect(page.locator(".chip")).to_have_text("not live", timeout=10_000)
        await expect(page.locator(".notice")).to_contain_text(
            re.compile(r"Trying again in \d+ s\.")
        )
        student = await stage.student(session_id)
        await expect(student.get_by_role("heading", name="How was the sea?")).to_be_visible()
        await student.get_by_label("Calm").check()
        await expect(row(page, "Ada Lovelace").locator(".shown")).to_have_text(re.compile("absent"))
        await page.context.set_offline(False)
        await expect(row(page, "Ada Lovelace").locator(".progress")).to_have_text(
            "1/4", timeout=15_000
        )
    assert await page.evaluate("window.stillTheSamePage") is True


async def test_a_hand_comes_to_the_top_with_its_words_and_is_lowered(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    ada = await stage.student(session_id, 0)
    chi = await stage.student(session_id, 2)
    await expect(counter(page, "online")).to_have_text("2")
    await expect(page.locator("tbody tr").first).to_contain_text("Ada Lovelace")
    await chi.get_by_role("button", name="Ask the teacher").click()
    await chi.get_by_role("textbox").last.fill("May I open the window?")
    await chi.get_by_role("button", name="Raise hand").click()
    await expect(page.locator("tbody tr").first).to_contain_text("May I open the window?")
    await expect(page.locator(".live-view > [role=status].only-heard")).to_have_text(
        "Hand up: Chi Nguyen."
    )
    await page.get_by_role("button", name="Lower the hand of Chi Nguyen").click()
    await expect(counter(page, "hand")).to_have_text("0")
    await expect(chi.get_by_role("button", name="Ask the teacher")).to_be_visible()
    await expect(ada.get_by_role("button", name="Ask the teacher")).to_be_visible()


async def test_counters_filter_and_a_search_finds_a_name(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    await stage.student(session_id)
    await expect(counter(page, "online")).to_have_text("1")
    await page.get_by_role("button", name="Show only: absent, 2").click()
    await expect(page.locator("tbody tr")).to_have_count(2)
    await page.get_by_role("button", name="Show everyone, 3").click()
    await page.get_by_role("searchbox").fill("chi")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.get_by_role("searchbox").fill("nobody")
    await expect(page.get_by_text("No student fits.")).to_be_visible()


async def test_a_row_that_did_not_change_is_not_touched(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    await expect(row(page, "Bo Karlsson")).to_be_visible()
    await page.evaluate(
        """() => {
            window.touched = new Set();
            const note = records => records.forEach(({target}) => {
                const row = (target.nodeType === 1 ? target : target.parentElement)?.closest('tr');
                const cell = target.parentElement?.closest('td')?.className;
                if (row && cell !== 'left') window.touched.add(row.querySelector('th').textContent);
            });
            new MutationObserver(note).observe(document.querySelector('tbody'),
                {subtree: true, childList: true, characterData: true, attributes: true});
        }"""
    )
    student = await stage.student(session_id)
    await expect(student.get_by_role("heading", name="How was the sea?")).to_be_visible()
    await student.get_by_label("Calm").check()
    await expect(row(page, "Ada Lovelace").locator(".progress")).to_have_text("1/4")
    touched = await page.evaluate("[...window.touched]")
    assert "Ada Lovelace" in touched
    assert "Bo Karlsson" not in touched


async def test_a_pupil_who_is_added_appears_and_a_message_is_sent(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    await expect(page.locator("tbody tr")).to_have_count(3)
    [new] = await make_students(stage.teacher, ["Dan Okoye"])
    await stage.teacher.command(session_id, "participants", student_id=new)
    await expect(row(page, "Dan Okoye")).to_be_visible()
    await page.get_by_role("button", name="Message", exact=True).click()
    await page.get_by_role("dialog").get_by_role("textbox").fill("Ten minutes to go.")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".result .words")).to_contain_text("Sent to 4 students: ")
    [message] = (await stage.teacher.snapshot(session_id)).messages
    assert message.text == "Ten minutes to go."


async def test_pause_and_resume_are_shown_and_the_clock_stands(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    await confirmed(page, "Pause")
    await expect(page.locator(".status").first).to_have_text("Paused")
    left = await page.locator(".clock").inner_text()
    at = await page.evaluate("Date.now()")
    await eventually(lambda: page.evaluate(f"Date.now() > {at} + 2500"))
    assert await page.locator(".clock").inner_text() == left
    await page.get_by_role("button", name="Resume").click()
    await expect(page.locator(".status").first).to_have_text("In progress")
    await expect(page.locator(".clock")).not_to_have_text(left)


async def test_a_sitting_that_is_called_off_wants_a_typed_word(stage: Stage) -> None:
    session_id = await stage.sitting("open")
    page = await stage.dashboard(session_id)
    student = await stage.student(session_id)
    await typed(page, "Call off", "call off")
    await expect(page.locator(".status").first).to_have_text("Cancelled")
    await expect(title(student)).to_have_text("This test was called off.")


async def test_the_results_of_a_sitting_that_is_over_are_downloaded(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start", "complete")
    page = await stage.dashboard(session_id)
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Results (CSV)").click()
    path = await (await download.value).path()
    assert "Ada Lovelace" in path.read_text(encoding="utf-8-sig")


async def test_somebody_elses_sitting_and_one_that_is_not_there_look_the_same(
    stage: Stage,
) -> None:
    page = await stage.dashboard("00000000-0000-4000-8000-000000000000")
    await expect(title(page)).to_have_text("There is no such sitting, or it is not yours.")


async def test_a_second_command_that_is_too_late_says_why(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    await page.context.route("**/complete", lambda route: route.continue_())
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    with stage.watcher.expecting("status of 409"):
        # The click arrives after somebody else has ended the sitting.
        async def end_first(route: object) -> None:
            await stage.teacher.command(session_id, "complete")
            await route.continue_()  # type: ignore[attr-defined]

        await page.route("**/pause", end_first)
        await confirmed(page, "Pause")
        await expect(page.get_by_role("dialog").locator(".error")).not_to_be_empty()
