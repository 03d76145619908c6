from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.acts import expect_saved, go_to, hand_in, highlight, title
from tests.browser.stage import Stage
from tests.support import TcpProxy, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_second_window_takes_over_and_the_first_is_read_only(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    first = await stage.student(session_id)
    await (await go_to(first, 1)).get_by_label("Rough").check()
    await expect_saved(first)
    second = await stage.student(session_id)
    await expect((await go_to(second, 1)).get_by_label("Rough")).to_be_checked()
    await expect(first.locator(".elsewhere h2")).to_have_text("Continued elsewhere.")
    # What was known can be read there, and nothing be changed.
    await expect(first.get_by_label("Rough")).to_be_checked()
    await expect(first.get_by_label("Calm")).to_be_disabled()
    await expect((await go_to(first, 3)).get_by_role("textbox")).not_to_be_editable()
    await expect(first.get_by_role("button", name="Hand in", exact=True)).to_be_hidden()
    await first.get_by_role("button", name="Continue here instead").click()
    await expect((await go_to(first, 1)).get_by_label("Calm")).to_be_enabled()
    await expect(second.locator(".elsewhere h2")).to_have_text("Continued elsewhere.")


async def test_a_pause_covers_the_test_and_the_work_is_there_afterwards(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    await (await go_to(page, 3)).get_by_role("textbox").fill("Half a thought")
    await stage.teacher.command(session_id, "pause")
    await expect(title(page)).to_have_text("The test is paused.")
    await expect(page.locator(".question:visible")).to_have_count(0)
    await stage.teacher.command(session_id, "resume")
    await expect(page.locator(".question:visible").get_by_role("textbox")).to_have_value(
        "Half a thought"
    )
    await eventually(lambda: _stored(stage, session_id, "q3", "Half a thought"))


async def test_a_message_stays_until_it_is_read_and_the_teacher_knows(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    await expect(page.get_by_role("heading", name="How was the sea?")).to_be_visible()
    await stage.teacher.command(session_id, "messages", text="Look at the <b>map</b> again.")
    message = page.locator(".message", has_text="Look at the <b>map</b> again.")
    await expect(message).to_be_visible()
    await eventually(lambda: _receipts(stage, session_id, delivered=True, read=False))
    await message.get_by_role("button", name="OK, read").click()
    await expect(message).to_be_hidden()
    await eventually(lambda: _receipts(stage, session_id, delivered=True, read=True))
    await page.reload()
    await expect(page.get_by_text("1 message")).to_be_visible()
    await expect(message).to_be_hidden()


async def test_a_message_that_came_while_away_is_shown_at_the_return(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    await expect(page.get_by_role("heading", name="How was the sea?")).to_be_visible()
    await page.goto("about:blank")
    await stage.teacher.command(session_id, "messages", text="You may use a ruler.")
    await page.goto(f"{stage.server.url}/student/{session_id}")
    await expect(page.get_by_text("You may use a ruler.").first).to_be_visible()


async def test_where_sockets_are_blocked_a_sitting_works_over_http(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.page()
    with stage.watcher.without_network():
        await page.route_web_socket("**/ws/**", lambda socket: socket.close())
        await page.goto((await stage.seat(session_id))["url"])
        await expect(page.get_by_role("heading", name="How was the sea?")).to_be_visible(
            timeout=20_000
        )
        await page.get_by_label("Calm").check()
        await (await go_to(page, 3)).get_by_role("textbox").fill("By request only")
        await expect_saved(page)
        await eventually(lambda: _stored(stage, session_id, "q3", "By request only"))
        await hand_in(page)
        await expect(title(page)).to_have_text("Handed in.", timeout=15_000)
    assert (await stage.values(session_id))["q1"] == "b"


async def test_what_is_typed_is_not_lost_when_the_page_is_gone_before_it_is_sent(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    await expect(page.get_by_role("heading", name="How was the sea?")).to_be_visible()
    text = (await go_to(page, 3)).get_by_role("textbox")
    with stage.watcher.without_network():
        await page.context.set_offline(True)
        await text.press_sequentially("Typed in the tunnel")
        await expect(page.locator(".warning")).to_be_visible()
        await page.goto("about:blank")  # the tab is closed
        await page.context.set_offline(False)
        await page.goto(f"{stage.server.url}/student/{session_id}")
        await expect(page.locator(".question:visible").get_by_role("textbox")).to_have_value(
            "Typed in the tunnel"
        )
        await expect_saved(page)
    assert (await stage.values(session_id))["q3"] == "Typed in the tunnel"


async def test_the_next_pupil_at_the_same_computer_sees_nothing_of_the_last_one(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    ada = await stage.student(session_id)
    await (await go_to(ada, 3)).get_by_role("textbox").fill("What Ada wrote")
    await expect_saved(ada)
    await ada.get_by_role("button", name="Flag").click()
    with stage.watcher.without_network(), TcpProxy("127.0.0.1", stage.server.port) as proxy:
        # The same page, through a network that will be away when it is closed.
        await ada.goto("about:blank")
        await ada.goto(proxy.url_for((await stage.seat(session_id))["url"]))
        await expect((await go_to(ada, 3)).get_by_role("textbox")).to_have_value("What Ada wrote")
        proxy.refuse()
        await ada.locator(".question:visible").get_by_role("textbox").fill("Not sent any more")
        await expect(ada.locator(".warning")).to_be_visible()
        # A browser may send a page's last words when the network is back already: not these.
        await ada.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('away')); }")
        await ada.goto("about:blank")
        proxy.accept()
        await _the_next_pupil(stage, session_id, ada, proxy)


async def test_handing_in_shows_what_is_open_and_can_be_thought_over(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    await (await go_to(page, 1)).get_by_label("Calm").check()
    await go_to(page, 2)
    await page.get_by_role("button", name="Flag").click()
    await page.get_by_role("button", name="Hand in", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("3 questions are not answered:2, 3, 4")
    await expect(dialog).to_contain_text("1 question is flagged: 2")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    assert (await stage.attempt(session_id))["status"] == "IN_PROGRESS"


async def test_a_hand_in_without_network_waits_and_can_be_taken_back(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    await (await go_to(page, 1)).get_by_label("Calm").check()
    await expect_saved(page)
    with stage.watcher.without_network():
        await page.context.set_offline(True)
        await expect(page.locator(".warning")).to_be_visible()
        await hand_in(page)
        await expect(page.get_by_role("heading", name="Handing in…")).to_be_visible()
        await expect(page.get_by_text("There is no connection.")).to_be_visible()
        await expect(page.locator(".place")).to_have_attribute("inert", "")
        await expect(page.locator("input[type=radio]").first).to_be_disabled()
        await page.get_by_role("button", name="Go on working").click()
        await (await go_to(page, 1)).get_by_label("Rough").check()
        await hand_in(page)
        await page.context.set_offline(False)
        await expect(page.get_by_role("heading", name="Handed in.")).to_be_visible()
    assert (await stage.values(session_id))["q1"] == "a"


async def test_work_that_is_forced_in_while_typing_is_kept_and_nothing_can_be_edited(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    await (await go_to(page, 3)).get_by_role("textbox").fill("As far as I got")
    await eventually(lambda: _stored(stage, session_id, "q3", "As far as I got"))
    await stage.teacher.command(session_id, "force-submit", student_ids=[stage.student_ids[0]])
    await expect(title(page)).to_have_text("Handed in.")
    await expect(page.get_by_text("Your teacher has handed it in for you.")).to_be_visible()
    await stage.teacher.command(session_id, "reopen", student_ids=[stage.student_ids[0]])
    await expect(page.locator(".question:visible").get_by_role("textbox")).to_have_value(
        "As far as I got"
    )
    await (await go_to(page, 3)).get_by_role("textbox").fill("A little further")
    await eventually(lambda: _stored(stage, session_id, "q3", "A little further"))


async def test_time_that_is_up_covers_the_test_and_hands_in_what_is_saved(
    own_stage: Stage, empty_sqlite_url: str
) -> None:
    stage = own_stage
    session_id = await stage.sitting("open", "start", minutes=1)
    page = await stage.student(session_id)
    with stage.watcher.without_network():
        stage.server.kill()
        _begun_earlier(empty_sqlite_url, session_id, seconds=48)
        await stage.server.restart()
        await (await go_to(page, 4)).get_by_role("textbox").fill("2")
        await expect_saved(page)
    await expect(page.locator(".time")).to_have_text(re.compile(r"^0:0\d left$"))
    await expect(title(page)).to_have_text("Time is up.", timeout=20_000)
    await expect(title(page)).to_have_text("Handed in.", timeout=20_000)
    await expect(page.get_by_text("The time was up")).to_be_visible()
    assert (await stage.values(session_id)) == {"q4": 2}


async def test_a_highlight_gets_a_comment_and_can_be_removed(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    await expect(page.get_by_role("heading", name="How was the sea?")).to_be_visible()
    await highlight(page, "the bell ring", "yellow")
    await highlight(page, "ring twice", "pink")  # the two overlap
    await expect(page.locator(".passage-text mark")).to_have_text(["the bell ", "ring", " twice"])
    await page.locator("mark", has_text="the bell ").first.click()
    await page.get_by_role("textbox", name="Comment").fill("Important")
    await page.get_by_role("button", name="Save comment").click()
    await page.get_by_text("2 highlights in this text").click()
    await expect(page.locator(".highlight-list")).to_contain_text("Important")
    await eventually(lambda: _highlights(stage, session_id, ["the bell ring", "ring twice"]))
    await page.get_by_role("button", name="Remove the highlight “the bell ring”").click()
    await eventually(lambda: _highlights(stage, session_id, ["ring twice"]))
    await expect(page.locator(".passage-text mark")).to_have_text("ring twice")


async def test_a_word_where_a_number_belongs_is_told_and_not_saved(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.student(session_id)
    number = (await go_to(page, 4)).get_by_role("textbox")
    await number.fill("two")
    await expect(page.get_by_text("This is not saved yet.")).to_be_visible()
    await number.fill("2")
    await expect(page.get_by_text("This is not saved yet.")).to_be_hidden()
    await eventually(lambda: _stored(stage, session_id, "q4", 2))


async def test_a_waiting_room_that_is_not_open_yet_opens_by_itself(stage: Stage) -> None:
    session_id = await stage.sitting()
    page = await stage.student(session_id)
    await expect(title(page)).to_have_text("The waiting room is not open yet.")
    await stage.teacher.command(session_id, "open")
    await expect(title(page)).to_have_text("You are in the waiting room.", timeout=40_000)


async def test_a_page_asks_nobody_but_its_own_server(stage: Stage) -> None:
    asked: list[str] = []
    session_id = await stage.sitting("open", "start")
    page = await stage.page()
    page.on("request", lambda request: asked.append(request.url))
    await page.goto((await stage.seat(session_id))["url"])
    await expect(page.get_by_role("heading", name="How was the sea?")).to_be_visible()
    assert [url for url in asked if not url.startswith(stage.server.url)] == []


async def test_an_answer_that_the_server_does_not_take_is_named_at_its_question(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.page()

    async def choices_of_another_test(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=(await answer.text()).replace('"b"', '"z"'))

    # The page is made to believe in a choice that the server's test does not have.
    with stage.watcher.without_network():
        await page.route_web_socket("**/ws/**", lambda socket: socket.close())
        await page.route("**/api/sessions/*/join", choices_of_another_test)
        await page.goto((await stage.seat(session_id))["url"])
        await page.get_by_label("Calm").check(timeout=20_000)
        await expect(page.get_by_text("This answer was not accepted:")).to_be_visible()


def _begun_earlier(database_url: str, session_id: str, *, seconds: int) -> None:
    """Let a sitting have begun so much earlier; while no server runs."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as database:
        changed = database.execute(
            "UPDATE sessions SET started_at ="
            " strftime('%Y-%m-%d %H:%M:%f', started_at, ?) || '000' WHERE id = ?",
            (f"-{seconds} seconds", session_id),
        )
        assert changed.rowcount == 1
        database.commit()


async def _stored(stage: Stage, session_id: str, question: str, value: object) -> bool:
    return (await stage.values(session_id)).get(question) == value


async def _highlights(stage: Stage, session_id: str, texts: list[str]) -> bool:
    stored = (await stage.attempt(session_id))["highlighted_text"]
    return [item["text"] for item in stored] == texts


async def _receipts(stage: Stage, session_id: str, *, delivered: bool, read: bool) -> bool:
    [message] = (await stage.teacher.snapshot(session_id)).messages
    ada = stage.student_ids[0]
    return (ada in message.delivered, ada in message.read) == (delivered, read)


async def _the_next_pupil(stage: Stage, session_id: str, bo: Page, proxy: TcpProxy) -> None:
    await bo.goto(proxy.url_for((await stage.seat(session_id, 1))["url"]))
    await bo.wait_for_url(f"**/student/{session_id}")
    await expect((await go_to(bo, 3)).get_by_role("textbox")).to_have_value("")
    await (await go_to(bo, 1)).get_by_label("Calm").check()
    await expect_saved(bo)
    assert await stage.values(session_id, 1) == {"q1": "b"}
    await expect(bo.locator("[data-flagged]")).to_have_count(0)
    assert await stage.values(session_id, 0) == {"q3": "What Ada wrote"}
    # What Ada could not send has stayed on the device, for Ada alone.
    await bo.goto(proxy.url_for((await stage.seat(session_id, 0))["url"]))
    await eventually(lambda: _stored(stage, session_id, "q3", "Not sent any more"))
    # Who has handed in signs out, and the sign-in page knows nobody any more.
    await hand_in(bo)
    await expect(title(bo)).to_have_text("Handed in.")
    await bo.get_by_role("button", name="Sign out").click()
    await bo.wait_for_url(f"{proxy.url_for(stage.server.url)}/")
    await expect(bo.get_by_label("Code from your card")).to_be_visible()
    await expect(bo.get_by_text("Go on as")).to_have_count(0)
    kept = await bo.evaluate("Object.keys(sessionStorage).concat(Object.keys(localStorage))")
    assert [key for key in kept if key != "monitor.language"] == []
