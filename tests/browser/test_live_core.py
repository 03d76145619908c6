"""The frame of the live page: address and views, selection, who may do what, a thousand rows."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from playwright.async_api import expect

from monitor.load.rest import RestClient
from monitor.load.school import make_sitting
from tests.browser.acts import counter, row
from tests.browser.axe import faults
from tests.browser.conftest import SETTINGS
from tests.browser.crowd import SECRET, connected, enrolled
from tests.browser.stage import PASSWORD, Stage, opened, sign_in, staged
from tests.support import eventually

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.fixtures.browser import NewPage

pytestmark = pytest.mark.asyncio(loop_scope="session")

MANY = 1_000

# Counts what the page does to the table: which rows it touches, which it moves, how long a draw
# takes, how long a frame.
WATCH = """async () => {
  const {LiveView} = await import('/static/dashboard/live_view.js');
  const body = document.querySelector('.students tbody');
  const seen = window.seen = {touched: new Set(), moved: new Set(), draws: [], frames: []};
  const near = tr => {
    const {top, bottom} = tr.getBoundingClientRect();
    return bottom > -500 && top < innerHeight + 500;
  };
  new MutationObserver(records => records.forEach(({type, target, addedNodes, removedNodes}) => {
    if (target === body) {
      [...addedNodes, ...removedNodes].forEach(tr => seen.moved.add(tr.dataset.student));
    } else {
      const tr = (target.nodeType === 1 ? target : target.parentElement)?.closest('tr');
      if (tr) seen.touched.add(tr);
    }
  })).observe(body, {subtree: true, childList: true, characterData: true, attributes: true});
  const {draw} = LiveView.prototype;
  LiveView.prototype.draw = function () {
    const began = performance.now();
    draw.call(this);
    seen.draws.push(performance.now() - began);
  };
  let last = performance.now();
  const frame = now => { seen.frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  window.seenSoFar = () => {
    const rows = [...seen.touched];
    const ids = rows.map(tr => tr.dataset.student);
    const far = rows.filter(tr => !near(tr)).map(tr => tr.dataset.student);
    const {draws, frames} = seen;
    const moved = [...seen.moved];
    Object.assign(seen, {draws: [], frames: []});
    seen.touched.clear();
    seen.moved.clear();
    return {touched: ids, far, moved, draws, frames};
  };
}"""


async def test_what_was_chosen_stands_in_the_address_and_the_back_button_undoes_it(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    await page.get_by_role("button", name="Show only: absent, 3").click()
    await page.get_by_label("Sort").select_option("name")
    await page.get_by_role("searchbox").fill("bo")
    await expect(row(page, "Bo Karlsson")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"\?filter=absent&search=bo&order=name$"))
    await page.reload()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.get_by_role("searchbox")).to_have_value("bo")
    await expect(page.get_by_label("Sort")).to_have_value("name")
    await page.go_back()
    await expect(page.get_by_label("Sort")).to_have_value("problems")
    await expect(page.locator("tbody tr")).to_have_count(3)
    await expect(page.locator('.counter[data-status="absent"]')).to_have_attribute(
        "aria-pressed", "true"
    )
    await row(page, "Chi Nguyen").get_by_role("button", name="Chi Nguyen").click()
    await expect(page).to_have_url(re.compile(rf"student={stage.student_ids[2]}$"))
    await expect(row(page, "Chi Nguyen")).to_have_attribute("data-open", "")
    await page.go_back()
    await expect(row(page, "Chi Nguyen")).not_to_have_attribute("data-open", "")
    await page.go_back()
    await expect(page).to_have_url(re.compile(rf"{session_id}$"))
    await expect(page.locator('.counter[data-status="enrolled"]')).to_have_attribute(
        "aria-pressed", "true"
    )


async def test_tiles_show_everyone_and_the_view_is_remembered_for_the_next_sitting(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    await page.get_by_role("button", name="Tiles").click()
    await expect(page).to_have_url(re.compile(r"\?view=tiles$"))
    tile = page.locator(".tiles li", has_text="Ada Lovelace")
    await expect(tile).to_contain_text("absent")
    student = await stage.student(session_id)
    await expect(student.get_by_role("heading", name="How was the sea?")).to_be_visible()
    await student.get_by_label("Calm").check()
    await expect(tile).to_contain_text("1/4")
    await expect(page.locator(".average")).to_contain_text("1.0 of 4 avg")
    await expect(page.get_by_role("img", name="How much 1 student has answered")).to_be_visible()
    assert await faults(page) == []
    await page.goto(f"/sittings/{await stage.sitting('open')}")
    await expect(page.locator(".tiles li")).to_have_count(3)
    await expect(page).to_have_url(re.compile(r"\?view=tiles$"))
    await page.get_by_role("button", name="Table", exact=True).click()
    await expect(page.locator("tbody tr")).to_have_count(3)
    await page.goto(f"/sittings/{session_id}")
    await expect(page.locator("tbody tr")).to_have_count(3)


async def test_a_selection_survives_filters_and_updates_and_whoever_leaves_it_is_told(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    everybody = page.get_by_role("checkbox", name="All 3 shown")
    await pick(page, "Ada Lovelace").check()
    await pick(page, "Chi Nguyen").click(modifiers=["Shift"])
    await expect(everybody).to_be_checked()
    await pick(page, "Bo Karlsson").uncheck()
    await expect(everybody).to_have_js_property("indeterminate", True)
    # Filtered out, changed, and put elsewhere: Ada and Chi stay what they are.
    await page.get_by_role("searchbox").fill("bo")
    await expect(page.get_by_role("checkbox", name="All 1 shown")).not_to_be_checked()
    chi = await stage.student(session_id, 2)
    await chi.get_by_role("button", name="Ask the teacher").click()
    await chi.get_by_role("button", name="Raise hand").click()
    await expect(counter(page, "hand")).to_have_text("1")
    await page.get_by_role("searchbox").fill("")
    await expect(page.locator("tbody tr").first).to_contain_text("Chi Nguyen")
    for name, wanted in (("Ada Lovelace", True), ("Bo Karlsson", False), ("Chi Nguyen", True)):
        await expect(pick(page, name)).to_be_checked(checked=wanted)
    # By keyboard: down one row and in, by space.
    await pick(page, "Ada Lovelace").focus()
    await page.keyboard.press("ArrowDown")
    await expect(pick(page, "Bo Karlsson")).to_be_focused()
    await page.keyboard.press("Space")
    await expect(everybody).to_be_checked()
    # Ada is taken off the list: she cannot stay selected, and that is said.
    await stage.teacher.patch(
        f"/api/classes/{stage.class_id}", {"student_ids": stage.student_ids[1:]}
    )
    await expect(page.locator("tbody tr")).to_have_count(2)
    await expect(page.get_by_role("status").filter(has_text="no longer on the list")).to_have_text(
        "1 student is no longer on the list and was unselected."
    )
    await expect(page.get_by_role("checkbox", name="All 2 shown")).to_be_checked()


async def test_who_may_only_watch_sees_everything_and_is_offered_nothing_that_is_refused(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    helper, watcher = [await colleague(stage, name) for name in ("Mr Osei", "Ms Quist")]
    page = await stage.dashboard(session_id)
    await page.get_by_role("link", name="Edit").click()
    for part, person in (("Co-invigilators", "Mr Osei"), ("Observers", "Ms Quist")):
        people = page.locator("details.people", has_text=part)
        await people.locator("summary").click()
        await people.get_by_label(person).check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    chi = await stage.student(session_id, 2)
    await chi.get_by_role("button", name="Ask the teacher").click()
    await chi.get_by_role("button", name="Raise hand").click()

    page = await staff_page(stage, watcher["email"], session_id)
    await expect(row(page, "Chi Nguyen")).to_contain_text("hand up")
    await expect(counter(page, "absent")).to_have_text("2")
    await expect(page.locator(".chip")).to_contain_text("live ·")
    for refused in ("Pause", "End the sitting", "Lower the hand of Chi Nguyen"):
        await expect(page.get_by_role("button", name=refused)).to_be_hidden()
    await expect(page.locator(".place input[type=checkbox]:visible")).to_have_count(0)
    await expect(page.get_by_role("link", name="Sign-in cards")).to_be_hidden()
    for panel, seen in (("Hands", "Chi Nguyen"), ("Messages", "Nothing was written yet.")):
        await page.get_by_role("button", name=re.compile(f"^{panel}")).click()
        opened_panel = page.get_by_role("region", name=panel)
        await expect(opened_panel).to_contain_text(seen)
        offered = opened_panel.get_by_role("button", name=re.compile("Answer|Lower|Write"))
        await expect(offered).to_have_count(0)

    page = await staff_page(stage, helper["email"], session_id)
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await expect(pick(page, "Chi Nguyen")).to_be_visible()
    await expect(page.get_by_role("link", name=re.compile("cards|Projector|Edit"))).to_have_count(0)
    await page.get_by_text("How students get in").click()
    await expect(page.get_by_text("hands the codes out")).to_be_visible()
    await expect(page.get_by_role("button", name="Show sign-in codes")).to_be_hidden()
    await page.goto("/sittings")
    await expect(page.get_by_role("link", name="The bell", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name=re.compile("cards|Projector|Edit"))).to_have_count(0)

    page = await stage.dashboard(session_id)
    await expect(page.get_by_role("link", name="Sign-in cards")).to_be_visible()


async def test_on_a_phone_rows_are_cards_and_nothing_is_wider_than_the_page(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    await page.set_viewport_size({"width": 390, "height": 844})
    await stage.teacher.command(
        session_id, "extend", minutes=10, student_ids=[stage.student_ids[0]], reason="Agreed"
    )
    ada = row(page, "Ada Lovelace")
    await expect(ada.locator(".left")).to_contain_text("+10 min")
    await page.get_by_role("button", name="Show only: absent, 3").click()
    for view in ("Table", "Tiles"):
        await page.get_by_role("button", name=view, exact=True).click()
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(wide) <= 0, view
        assert await faults(page) == [], view


async def test_a_thousand_rows_touch_only_what_changed_and_tick_only_where_one_looks(
    empty_sqlite_url: str, new_page: NewPage
) -> None:
    settings = {**SETTINGS, "HEARTBEAT_SECONDS": "5", "SECRET_KEY": SECRET}
    async with (
        opened(empty_sqlite_url, settings) as (server, admin),
        staged(server, admin, new_page) as stage,
    ):
        crowd = await enrolled(stage.teacher, MANY)
        session_id = await make_sitting(
            stage.teacher, crowd.class_id, stage.test_id, title="All", duration_seconds=3_000
        )
        for step in ("open", "start"):
            await stage.teacher.command(session_id, step)
        page = await stage.dashboard(session_id)
        await expect(page.locator("tbody tr")).to_have_count(MANY)
        async with connected(crowd, server.url, session_id):
            await expect(counter(page, "online")).to_have_text(str(MANY), timeout=20_000)
            await page.evaluate(WATCH)

            # Heartbeats of all, and the clock: rows near the window tick, no row moves.
            quiet = await seen_after(page, seconds=5)
            tell("at rest", quiet)
            assert 5 < len(quiet["touched"]) < 80
            assert quiet["far"] == []
            assert quiet["moved"] == []

            # One far away answers: of the rows far away exactly this one is touched, none moves.
            far = crowd.ids[700]
            crowd.clients[700].answer("q1", "b")
            await expect(progress(page, far)).to_have_text("1/4")
            answered = await seen_after(page)
            assert answered["far"] == [far]
            assert answered["moved"] == []

            # A hand goes to the top: one row moves, and not all that it passes. The next heartbeat
            # of who answered may tell meanwhile at which question they are.
            crowd.clients[900].raise_hand("May I?")
            await expect(page.locator("tbody tr").first).to_contain_text("May I?")
            raised = await seen_after(page)
            assert raised["moved"] == [crowd.ids[900]]
            assert set(raised["far"]) <= {crowd.ids[900], far}

            # Everybody answers: what that takes is told.
            for client in crowd.clients:
                client.answer("q2", ["a"])
            await expect(page.locator(".average")).to_contain_text("1.0 of 4 avg", timeout=15_000)
            busy = await seen_after(page)
            tell("while all answer", busy)
            assert set(crowd.ids) <= set(busy["touched"])
            assert busy["moved"] == []

            # What is out of sight lags behind, and is right when it comes into sight.
            await eventually(lambda: same_clock(page, False))
            await page.evaluate("document.querySelector('tbody tr:last-child').scrollIntoView()")
            await eventually(lambda: same_clock(page, True))


def pick(page: Page, name: str) -> Locator:
    """The checkbox of a student's row."""
    return page.locator("tbody").get_by_role("checkbox", name=f"Select {name}")


def progress(page: Page, student_id: str) -> Locator:
    """How much a student has answered, by id."""
    return page.locator(f'tr[data-student="{student_id}"] .progress')


async def same_clock(page: Page, wanted: bool) -> bool:
    """Whether the second and the last row show the same time left, or another, as wanted."""
    rows = "[...document.querySelectorAll('tbody tr .left')]"
    same = f"(rows => rows[1].textContent === rows.at(-1).textContent)({rows})"
    return bool(await page.evaluate(same)) is wanted


async def colleague(stage: Stage, name: str) -> dict[str, Any]:
    """Another teacher of the school."""
    async with RestClient(stage.server.url) as admin:
        await admin.login("admin@school.example", PASSWORD)
        email = f"{uuid4()}@school.example"
        account = {"email": email, "name": name, "role": "TEACHER", "password": PASSWORD}
        made: dict[str, Any] = await admin.post("/api/users", account)
        return made


async def staff_page(stage: Stage, email: str, session_id: str) -> Page:
    """The live page of a sitting, as a colleague sees it."""
    page = await stage.page()
    await page.goto("/")
    await sign_in(page, email)
    await page.wait_for_url("**/sittings")
    await page.goto(f"/sittings/{session_id}")
    return page


async def seen_after(page: Page, seconds: float = 0.0) -> dict[str, Any]:
    """What the page did to the table since it was last asked, so many seconds from now."""
    began = await page.evaluate("performance.now()")
    if seconds:
        await page.evaluate("seenSoFar()")
        wait = f"performance.now() > {began} + {1000 * seconds}"
        await eventually(lambda: page.evaluate(wait), timeout=seconds + 5, interval=0.2)
    seen: dict[str, Any] = await page.evaluate("seenSoFar()")
    return seen


def tell(when: str, seen: dict[str, Any]) -> None:
    """Print times in ms: they say how fast the machine was, so nothing is asserted of them."""
    parts = []
    for name in ("draws", "frames"):
        values = sorted(seen[name]) or [0.0]
        p99 = values[int(0.99 * (len(values) - 1))]
        parts.append(f"{name} {len(values)}: median {values[len(values) // 2]:.1f} p99 {p99:.1f}")
    rows = f"{len(seen['touched'])} rows touched, {len(seen['moved'])} moved"
    sys.stdout.write(f"\n{MANY} rows {when}: {'; '.join(parts)}; {rows}\n")
