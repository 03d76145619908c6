from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.browser.acts import expect_saved, go_to, hand_in, title
from tests.browser.stage import Stage
from tests.support import TcpProxy, eventually

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

SENTENCE = "They slept, because the night was calm and the sea was far away."
SHIFTED_CLOCK = """shift => {
  const RealDate = Date;
  Date = class extends RealDate {
    constructor(...given) { given.length ? super(...given) : super(RealDate.now() + shift); }
    static now() { return RealDate.now() + shift; }
  };
}"""


async def test_a_network_that_is_gone_for_20_seconds_costs_no_keystroke(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    with TcpProxy("127.0.0.1", stage.server.port) as proxy, stage.watcher.without_network():
        page = await _through(stage, proxy, session_id)
        text = (await go_to(page, 3)).get_by_role("textbox")
        await text.press_sequentially(SENTENCE[:10], delay=20)
        proxy.stall()  # nothing passes and nobody says so, as where the Wi-Fi ends
        typing = asyncio.create_task(text.press_sequentially(SENTENCE[10:], delay=150))
        gone = asyncio.get_running_loop().time()
        await expect(page.locator(".warning")).to_be_visible(timeout=10_000)
        await typing
        await (await go_to(page, 1)).get_by_label("Rough").check()
        await page.get_by_label("Calm").check()
        await expect(page.locator(".warning")).to_contain_text("Keep going: 2 answers are kept")
        await eventually(lambda: asyncio.get_running_loop().time() - gone >= 20, timeout=25)
        assert SENTENCE not in (await stage.values(session_id)).values()
        proxy.cut()  # what was under way is lost
        proxy.flow()
        await expect(page.locator(".warning")).to_be_hidden(timeout=25_000)
        await expect_saved(page)
    assert await stage.values(session_id) == {"q1": "b", "q3": SENTENCE}
    assert await _kept_apart(stage, session_id) == []


async def test_a_server_that_is_killed_while_someone_types_costs_no_keystroke(
    own_stage: Stage,
) -> None:
    stage = own_stage
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    text = (await go_to(page, 3)).get_by_role("textbox")
    with stage.watcher.without_network():
        typing = asyncio.create_task(text.press_sequentially(SENTENCE, delay=60))
        await eventually(lambda: _begun(stage, session_id, "q3"))
        stage.server.kill()
        await stage.server.restart()
        await typing
        await expect_saved(page)
        await eventually(lambda: _is(stage, session_id, {"q3": SENTENCE}), timeout=25)
    assert await _kept_apart(stage, session_id) == []


async def test_a_reload_in_mid_answer_loses_nothing_and_so_does_a_closed_tab(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    text = (await go_to(page, 3)).get_by_role("textbox")
    await text.press_sequentially(SENTENCE, delay=1)
    await page.reload()
    await expect(page.locator(".question:visible").get_by_role("textbox")).to_have_value(SENTENCE)
    await eventually(lambda: _is(stage, session_id, {"q3": SENTENCE}))
    # Where there is no socket, the last keystrokes go while the page is being closed.
    with stage.watcher.without_network():
        await page.route_web_socket("**/ws/**", lambda socket: socket.close())
        await page.reload()
        await expect_saved(page)
        await page.locator(".question:visible").get_by_role("textbox").fill("Closed at once")
        await page.goto("about:blank")
        await eventually(lambda: _is(stage, session_id, {"q3": "Closed at once"}))
    # The request of a closing page may overtake its socket: only older values may have lost by it.
    lost = [event["data"]["value"] for event in await _kept_apart(stage, session_id)]
    assert all(SENTENCE.startswith(value) and value != SENTENCE for value in lost)


async def test_the_network_is_back_and_within_two_seconds_so_is_the_student(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    await expect(page.get_by_role("heading", name="How was the sea?")).to_be_visible()
    with stage.watcher.without_network():
        await page.context.set_offline(True)
        await expect(page.locator(".warning")).to_be_visible()
        await page.get_by_label("Calm").check()
        await stage.teacher.command(session_id, "messages", text="You may use a ruler.")
        await page.context.set_offline(False)
        await expect(page.locator(".warning")).to_be_hidden(timeout=2_000)
    # What was written meanwhile is there, and that it was read is told.
    message = page.locator(".message", has_text="You may use a ruler.")
    await message.get_by_role("button", name="OK, read").click()
    await eventually(lambda: _read(stage, session_id))
    assert await stage.values(session_id) == {"q1": "b"}


async def test_work_that_is_forced_in_while_typing_is_kept_to_the_last_letter(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    text = (await go_to(page, 3)).get_by_role("textbox")
    typing = asyncio.create_task(text.press_sequentially(SENTENCE, delay=50))
    await eventually(lambda: _begun(stage, session_id, "q3"))
    await stage.teacher.command(session_id, "force-submit", student_ids=[stage.student_ids[0]])
    await expect(title(page)).to_have_text("Handed in.")
    await expect(page.locator(".question:visible")).to_have_count(0)
    typing.cancel()
    await asyncio.gather(typing, return_exceptions=True)
    typed = await page.locator("textarea").input_value()
    stored = (await stage.values(session_id))["q3"]
    assert typed.startswith(stored)

    async def all_kept() -> bool:
        kept = [event["data"]["value"] for event in await _kept_apart(stage, session_id)]
        return typed in (stored, *kept)

    await eventually(all_kept)
    await stage.teacher.command(session_id, "reopen", student_ids=[stage.student_ids[0]])
    await (await go_to(page, 3)).get_by_role("textbox").fill("A little further")
    await eventually(lambda: _is(stage, session_id, {"q3": "A little further"}))


@pytest.mark.parametrize("hours", [-5, 7])
async def test_a_device_whose_clock_is_hours_off_works_like_any_other(
    stage: Stage, hours: int
) -> None:
    session_id = await stage.sitting("open", "start", minutes=30)
    page = await stage.page()
    await page.add_init_script(f"({SHIFTED_CLOCK})({hours * 3_600_000})")
    await page.goto((await stage.seat(session_id))["url"])
    await page.get_by_label("Rough").check()
    await expect(page.locator(".time")).to_have_text(re.compile(r"^(30:00|29:\d\d) left$"))
    await expect_saved(page)
    attempt = await stage.attempt(session_id)
    given = attempt["answers"]["q1"]["answered_at"]
    assert attempt["started_at"] <= given <= attempt["last_saved_at"]
    # On another device, whose clock is right, the later answer stands, here and there.
    with stage.watcher.without_network():
        other = await stage.student(session_id)
        await other.get_by_label("Calm").check()
        await expect_saved(other)
        assert await stage.values(session_id) == {"q1": "b"}
        await page.get_by_role("button", name="Continue here instead").click()
        await expect(page.get_by_label("Calm")).to_be_checked()
        await page.get_by_label("Rough").check()
        await hand_in(page)
        await expect(title(page)).to_have_text("Handed in.")
    assert await stage.values(session_id) == {"q1": "a"}


async def _through(stage: Stage, proxy: TcpProxy, session_id: str) -> Page:
    page = await stage.page()
    await page.goto(proxy.url_for((await stage.seat(session_id))["url"]))
    await page.wait_for_url(f"**/student/{session_id}")
    return page


async def _kept_apart(stage: Stage, session_id: str) -> list[dict[str, Any]]:
    """Answers that did not come to stand: superseded, or too late."""
    events: list[dict[str, Any]] = (
        await stage.teacher.get(f"/api/sessions/{session_id}/events?limit=1000")
    )["items"]
    return [event for event in events if event["type"] in ("answer_superseded", "late_answer")]


async def _begun(stage: Stage, session_id: str, question: str) -> bool:
    return bool((await stage.values(session_id)).get(question))


async def _is(stage: Stage, session_id: str, values: dict[str, object]) -> bool:
    return await stage.values(session_id) == values


async def _read(stage: Stage, session_id: str) -> bool:
    [message] = (await stage.teacher.snapshot(session_id)).messages
    return stage.student_ids[0] in message.read
