"""The picture of a sitting: live, by keyboard, back in time, and after the end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from monitor.load.rest import RestClient
from monitor.load.student import StudentClient
from tests.browser.axe import faults
from tests.browser.stage import Stage
from tests.support.lanes import lanes_of

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADA, BO, CHI = "Ada Lovelace", "Bo Karlsson", "Chi Nguyen"
CUT_SECONDS = 6  # longer than a lease of the stage

# Where a moment lies on the lanes of a sitting that is over, and the colour there.
DRAWN = """async ([name, at, first, last]) => {
  const { whole } = await import('/static/dashboard/lanes/span.js');
  const { from, to } = whole(first, last);
  const row = [...document.querySelectorAll('.lane')].find(one => one.textContent.includes(name));
  const plot = document.querySelector('.lanes-plot');
  const x = (at - from) / (to - from) * plot.clientWidth;
  const y = parseFloat(row.style.top) + 12;
  const scale = plot.width / plot.clientWidth;
  const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  copy.drawImage(plot, -Math.round(x * scale), -Math.round(y * scale));
  const [r, g, b] = copy.getImageData(0, 0, 1, 1).data;
  const colour = '#' + [r, g, b].map(part => part.toString(16).padStart(2, '0')).join('');
  const { left, top } = plot.getBoundingClientRect();
  return { colour, x: left + x, y: top + y };
}"""


@asynccontextmanager
async def students(stage: Stage, session_id: str) -> AsyncIterator[list[StudentClient]]:
    """All three students, connected."""
    async with AsyncExitStack() as stack:
        clients = []
        for number in range(3):
            seat = await stage.seat(session_id, number)
            async with RestClient(stage.server.url) as door:
                token = await door.login_link(seat["url"].split("#")[1])
            client = StudentClient(stage.server.url, token, session_id)
            clients.append(await stack.enter_async_context(client))
        for client in clients:
            await client.until(lambda client=client: client.attempt)  # type: ignore[misc]
        yield clients


def lane(page: Page, name: str) -> Locator:
    """A student's lane, as it is heard."""
    return page.get_by_role("option", name=name)


async def seek(page: Page, at: float) -> None:
    """Put the slider to a moment, in milliseconds."""
    move = "(one, at) => { one.value = at; one.dispatchEvent(new Event('input')) }"
    await page.get_by_label("Time shown").evaluate(move, at)


def count(page: Page, name: str) -> Locator:
    """How many were this at the moment shown."""
    return page.locator(f'.lanes-counts [data-status="{name}"] dd')


async def events(stage: Stage, session_id: str) -> list[dict[str, Any]]:
    """The sitting's history."""
    page = await stage.teacher.get(f"/api/sessions/{session_id}/events?limit=1000")
    found: list[dict[str, Any]] = page["items"]
    return found


def when(history: list[dict[str, Any]], type_: str) -> float:
    """The moment of the last event of a type, in milliseconds."""
    at = [event["at"] for event in history if event["type"] == type_][-1]
    return datetime.fromisoformat(at).timestamp() * 1000


async def test_the_lanes_tell_a_sitting_live_by_keyboard_and_back_in_time(stage: Stage) -> None:
    session_id = await stage.sitting("open")
    page = await stage.dashboard(session_id)
    await page.goto(f"/sittings/{session_id}?view=lanes")
    await expect(page.locator(".lanes-detail")).to_contain_text("Nobody has come yet.")
    async with students(stage, session_id) as (ada, bo, chi):
        await expect(lane(page, ADA)).to_contain_text("waiting")
        await stage.teacher.command(session_id, "start")
        await expect(lane(page, ADA)).to_contain_text(re.compile(r"online \d+ s"))

        # All are cut off at once: a band, and the lost time is given back to these three.
        await asyncio.gather(*(one.lose_network(CUT_SECONDS) for one in (ada, bo, chi)))
        band = page.get_by_role("button", name="3 cut off at once")
        await expect(band).to_have_accessible_name(re.compile("All back by .*Give lost time back"))
        await band.press("Enter")
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text(ADA)
        await dialog.get_by_role("button", name=re.compile("Give")).last.click()
        await expect(dialog.last).to_be_hidden()
        given = (await stage.teacher.snapshot(session_id)).session.extra_seconds
        assert sorted(given) == sorted(stage.student_ids)
        assert all(seconds >= CUT_SECONDS - 1 for seconds in given.values())

        # Each lane says what became of its student.
        ada.answer("q1", "b")
        await ada.all_settled()
        bo.show(visible=False)
        await bo.all_settled()
        chi.answer("q4", 2)
        chi.submit()
        await chi.all_settled()
        await stage.teacher.command(session_id, "messages", text="Look up.")
        await expect(lane(page, ADA)).to_contain_text("disconnected once")
        await expect(lane(page, ADA)).to_contain_text("1 of 4 answered, online")
        await expect(lane(page, BO)).to_contain_text("looked away once")
        await expect(lane(page, CHI)).to_contain_text(re.compile(r"handed in \d\d:\d\d:\d\d"))
        await expect(count(page, "submitted")).to_have_text("1")
        await expect(count(page, "away")).to_have_text("1")

        # The same by keyboard: down to a student, through what happened, into the drawer.
        await page.get_by_label("Search a name").fill("ada")
        await expect(page.locator(".lane")).to_have_count(2)
        await page.get_by_role("listbox").focus()
        await page.keyboard.press("End")
        await expect(lane(page, ADA)).to_have_attribute("aria-selected", "true")
        await page.keyboard.press("ArrowLeft")
        await expect(page.locator(".lanes > [role=status]")).to_contain_text(
            re.compile("Ada Lovelace · .* (lost time given back|saved an answer to question 1)")
        )
        whole = page.get_by_role("button", name="Whole sitting")
        await page.keyboard.press("+")
        await expect(whole).to_have_attribute("aria-pressed", "false")
        await page.keyboard.press("0")
        await expect(whole).to_have_attribute("aria-pressed", "true")
        await page.locator(".lanes-axis").hover()
        await page.mouse.wheel(0, -400)
        await expect(whole).to_have_attribute("aria-pressed", "false")
        await whole.click()
        await page.get_by_role("listbox").focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**student={stage.student_ids[0]}")
        await page.keyboard.press("Escape")
        await page.get_by_label("Search a name").fill("")

        # Back in time the earlier state is shown; then the present again.
        history = await events(stage, session_id)
        cut = when(history, "disconnected")
        await seek(page, cut + 500)
        await expect(count(page, "disconnected")).to_have_text("3")
        await expect(count(page, "submitted")).to_have_text("0")
        await expect(lane(page, CHI)).not_to_contain_text("handed in")
        await expect(band).to_have_accessible_name(re.compile("3 are not back yet"))
        await seek(page, cut - CUT_SECONDS * 1000)
        await expect(count(page, "disconnected")).to_have_text("0")
        await expect(band).to_be_hidden()
        await page.get_by_role("button", name="To now").click()
        await expect(count(page, "online")).to_have_text("2")
        assert await faults(page) == []
        await agree(stage, session_id)

    # After the end the report shows the same, and plays it.
    await stage.teacher.command(session_id, "complete")
    await page.goto(f"/sittings/{session_id}/report")
    await expect(count(page, "submitted")).to_have_text("3")
    await drawn(page, await events(stage, session_id))
    await seek(page, cut + 500)
    await expect(count(page, "disconnected")).to_have_text("3")
    await page.get_by_role("button", name="Play").click()
    await expect(page.get_by_role("button", name="Stop")).to_be_visible()
    await expect(page.get_by_role("button", name="Play")).to_be_visible()
    await expect(count(page, "submitted")).to_have_text("3")
    await agree(stage, session_id)


async def agree(stage: Stage, session_id: str) -> None:
    """From its stored events alone the picture ends as the snapshot stands, for every student."""
    history = await events(stage, session_id)
    snapshot = await stage.teacher.snapshot(session_id)
    sitting = {
        "events": history,
        "moments": [snapshot.server_time],
        "students": stage.student_ids,
        "heartbeatSeconds": 1,
    }
    [[told]] = lanes_of([sitting])
    stored = {attempt.student_id: attempt for attempt in snapshot.attempts}
    places = {place.student_id: place for place in snapshot.participants}
    for id_ in stage.student_ids:
        attempt, is_here = stored[id_], places[id_].connection_status == "CONNECTED"
        open_as = "online" if is_here else "disconnected"
        status = "submitted" if attempt.status == "SUBMITTED" else open_as
        away = status == "online" and not attempt.visible
        assert (told[id_]["status"], told[id_]["away"]) == (status, away)
        assert told[id_]["answered"] == attempt.answered


async def drawn(page: Page, history: list[dict[str, Any]]) -> None:
    """On the lanes of the report a gap is a gap, a bar is a bar, and both say what they are."""
    first = min(when([event], event["type"]) for event in history if event["type"] == "joined")
    last = max(when([event], event["type"]) for event in history)
    cut, back = when(history, "disconnected"), when(history, "reconnected")
    await expect(page.locator(".lane")).to_have_count(4)
    token = "getComputedStyle(document.documentElement).getPropertyValue('--online').trim()"
    online = await page.evaluate(token)
    moments = {(cut + back) / 2: "disconnected", cut - 2_000: "online"}
    for at, what in moments.items():
        place = await page.evaluate(DRAWN, [BO, at, first, last])
        assert (place["colour"] == online) is (what == "online"), (what, place)
        await page.mouse.move(place["x"], place["y"])
        await expect(page.locator(".lanes-detail")).to_contain_text(
            re.compile(rf"^Bo Karlsson · \d\d:\d\d:\d\d–\d\d:\d\d:\d\d {what}, ")
        )
