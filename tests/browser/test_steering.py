from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from monitor.load.school import make_students
from tests.browser.acts import counter, hand_in, row
from tests.browser.axe import faults
from tests.browser.stage import Stage
from tests.support import eventually

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page, Route

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADA, BO, CHI = range(3)


async def pick(page: Page, *names: str) -> Locator:
    """Tick these students and nobody else; the bar of what can be done with them."""
    bar = page.get_by_role("region", name="Selected students")
    if await bar.is_visible():
        await bar.get_by_role("button", name="Clear").click()
    for name in names:
        await row(page, name).get_by_role("checkbox").check()
    await expect(bar).to_contain_text(f"{len(names)} selected")
    return bar


async def extra(stage: Stage, session_id: str) -> dict[int, int]:
    """The students' extra seconds as the server has them, by number."""
    found = (await stage.teacher.snapshot(session_id)).session.extra_seconds
    return {number: found.get(id_, 0) for number, id_ in enumerate(stage.student_ids)}


async def statuses(stage: Stage, session_id: str) -> list[tuple[str, str | None]]:
    """How the students' attempts stand, by number."""
    attempts = {one.student_id: one for one in (await stage.teacher.snapshot(session_id)).attempts}
    return [(attempts[id_].status, attempts[id_].submitted_by) for id_ in stage.student_ids]


async def history(stage: Stage, session_id: str, type_: str) -> list[dict[str, Any]]:
    """What the sitting's history tells of one type."""
    answer = await stage.teacher.get(f"/api/sessions/{session_id}/events", type=type_)
    return [event["data"] for event in answer["items"]]


async def begun(stage: Stage, session_id: str, *numbers: int) -> list[Page]:
    """The pages of these students, at work."""
    pages = [await stage.student(session_id, number) for number in numbers]
    for page in pages:
        await expect(page.get_by_role("heading", name="How was the sea?")).to_be_visible()
    return pages


async def test_time_and_hand_in_for_some_say_whom_they_did_not_reach_and_are_taken_back(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    ada, bo, _ = await begun(stage, session_id, ADA, BO, CHI)
    dialog, result = page.get_by_role("dialog"), page.locator(".result").first

    # More time for two, with a look at what it means, and a reason for the history.
    bar = await pick(page, "Ada Lovelace", "Bo Karlsson")
    await bar.get_by_role("button", name="+ time").click()
    await dialog.get_by_role("button", name="+10", exact=True).click()
    preview = dialog.locator(".preview")
    await expect(preview.get_by_role("listitem")).to_have_count(2)
    await expect(preview).to_contain_text(re.compile(r"Ada Lovelace\s*ends \d\d:\d\d → \d\d:\d\d"))
    assert await faults(page) == [], "a preview, and the bar of those selected"
    await dialog.get_by_label("Reason").fill("fire drill")
    await dialog.get_by_role("button", name="Change time").click()
    await expect(result).to_contain_text("+10 min for 2 students: Ada Lovelace, Bo Karlsson.")
    await expect(ada.locator(".time")).to_have_text(re.compile(r"(40:00|39:\d\d) left"))
    assert await extra(stage, session_id) == {ADA: 600, BO: 600, CHI: 0}
    [extended] = await history(stage, session_id, "extended")
    assert (extended["minutes"], extended["reason"]) == (10, "fire drill")
    await result.get_by_role("button", name="Undo").click()
    await expect(ada.locator(".time")).to_have_text(re.compile(r"(30:00|29:\d\d) left"))
    assert await extra(stage, session_id) == {ADA: 0, BO: 0, CHI: 0}

    # Less than a minute for those at work is not possible, and is said before it is asked for.
    await page.locator(".actions").get_by_role("button", name="+ time").click()
    await dialog.get_by_role("spinbutton").fill("-40")
    await expect(preview).to_contain_text("less than 60 seconds would be left for Ada Lovelace")
    await expect(dialog.get_by_role("button", name="Change time")).to_be_disabled()
    await page.keyboard.press("Escape")

    # Bo has handed in already: whoever takes the rest back does not take that back.
    await hand_in(bo)
    await expect(counter(page, "submitted")).to_have_text("1")
    bar = await pick(page, "Ada Lovelace", "Bo Karlsson", "Chi Nguyen")
    await bar.get_by_role("button", name="Hand in").click()
    await expect(dialog).to_contain_text("Hand in for 3 students?")
    await dialog.get_by_role("button", name="Hand in").click()
    await expect(result).to_contain_text("Handed in for 2 students: Ada Lovelace, Chi Nguyen.")
    await expect(result).to_contain_text("1 not:")
    await expect(result.locator("li")).to_have_text("Bo Karlsson: had handed in already")
    await expect(ada.get_by_role("heading", name="Handed in.")).to_be_visible()
    submitted = [("SUBMITTED", "teacher"), ("SUBMITTED", "student"), ("SUBMITTED", "teacher")]
    assert await statuses(stage, session_id) == submitted
    await result.get_by_role("button", name="Undo").click()
    await expect(result).to_contain_text("Reopened for 2 students: Ada Lovelace, Chi Nguyen.")
    await expect(ada.get_by_role("heading", name="How was the sea?")).to_be_visible()
    reopened = [status for status, _ in await statuses(stage, session_id)]
    assert reopened == ["IN_PROGRESS", "SUBMITTED", "IN_PROGRESS"]


async def test_a_command_whose_answer_is_lost_or_whose_button_is_hit_twice_is_done_once(
    stage: Stage,
) -> None:
    session_id = await stage.sitting()
    page = await stage.dashboard(session_id)
    keys: list[str] = []

    async def lose_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        answer = await route.fetch()  # done, but nobody hears of it
        await (route.abort() if len(keys) == 1 else route.fulfill(response=answer))

    await page.route("**/extend", lose_first)
    await page.locator(".actions").get_by_role("button", name="+ time").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator(".preview")).to_contain_text("30:00 in all → 35:00 in all")
    with stage.watcher.without_network():
        await dialog.get_by_role("button", name="Change time").dblclick()
        await expect(dialog).to_contain_text("No answer came")
    await expect(dialog.get_by_role("spinbutton")).to_be_disabled()
    await dialog.get_by_role("button", name="Ask again").click()
    await expect(page.locator(".result").first).to_contain_text("+5 min for everyone.")
    assert (await stage.teacher.snapshot(session_id)).session.extended_seconds == 300
    assert len(keys) == 2
    assert len(set(keys)) == 1


async def test_a_hand_alerts_is_answered_by_message_and_the_teacher_sees_who_has_read_what(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    ada, _ = await begun(stage, session_id, ADA, BO)
    await expect(counter(page, "online")).to_have_text("2")
    dialog = page.get_by_role("dialog")

    # The hand is told in the corner, in the title and to who hears the page; nothing is in the way.
    await ada.get_by_role("button", name="Ask the teacher").click()
    await ada.get_by_role("textbox").last.fill("May I open the window?")
    await ada.get_by_role("button", name="Raise hand").click()
    toast = page.locator(".alert-toast")
    await expect(toast).to_contain_text("Hand up: Ada Lovelace. “May I open the window?”")
    await expect(page).to_have_title(re.compile(r"^\(1\) The bell"))
    assert await page.evaluate("document.activeElement === document.body")
    await toast.get_by_role("button", name="Open hands").click()
    await expect(page).to_have_title(re.compile(r"^The bell"))
    hands = page.get_by_role("region", name="Hands")
    await expect(hands.get_by_role("listitem")).to_contain_text(
        re.compile(r"Ada Lovelace\s*\d:\d\d")
    )
    assert await faults(page) == [], "the hands"
    await hands.get_by_role("button", name="Answer").click()
    await dialog.get_by_label("Your answer").fill("Yes, do.")
    await dialog.get_by_role("button", name="Send").click()
    await expect(hands).to_contain_text("No hand is up.")
    await expect(ada.locator(".message .text")).to_have_text("“May I open the window?”\nYes, do.")
    await expect(ada.get_by_role("button", name="Ask the teacher")).to_be_visible()

    # To two, of whom one is not there.
    bar = await pick(page, "Ada Lovelace", "Chi Nguyen")
    await bar.get_by_role("button", name="Message").click()
    await dialog.get_by_label("Text", exact=True).fill("Ten minutes to go.")
    await dialog.get_by_label("Remember this text").check()
    await dialog.get_by_role("button", name="Send").click()
    await page.get_by_role("button", name="Messages").click()
    log = page.locator(".message-log > li")
    await expect(log).to_have_count(2)
    await expect(log.first).to_contain_text("to Ada Lovelace, Chi Nguyen")
    await expect(log.first).to_contain_text("delivered 1/2 · read 0/2")
    await log.first.locator("summary").click()
    await expect(log.first).to_contain_text("Chi Nguyen not delivered yet")
    for _ in range(2):
        await ada.locator(".message button").first.click()
    await expect(log.first).to_contain_text("delivered 1/2 · read 1/2")
    await expect(log.first).to_contain_text(re.compile(r"Ada Lovelace read \d\d:\d\d:\d\d"))
    await expect(log.last).to_contain_text("delivered 1/1 · read 1/1")
    messages = (await stage.teacher.snapshot(session_id)).messages
    assert sorted(len(message.read) for message in messages) == [1, 1]

    # What was kept is there for the next time, also after a reload, and no old alert comes again.
    await page.reload()
    await expect(counter(page, "online")).to_have_text("2")
    await page.get_by_role("button", name="Message", exact=True).click()
    await dialog.get_by_role("button", name="Ten minutes to go.", exact=True).click()
    await expect(dialog.get_by_label("Text", exact=True)).to_have_value("Ten minutes to go.")
    await expect(page.locator(".alert-toast")).to_have_count(0)


async def test_who_was_cut_off_is_told_of_and_gets_the_lost_time_back(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    [bo] = await begun(stage, session_id, BO)
    await page.get_by_role("button", name="Alerts").click()
    await page.get_by_label("disconnected for longer than").fill("1")
    await page.keyboard.press("Tab")
    await page.get_by_label("with a sound").check()
    # The browser of this test lets nobody notify: that is asked for now, not earlier, and told.
    await page.get_by_label("on the desktop").click()
    await expect(page.get_by_text("The browser does not allow this page")).to_be_visible()
    await expect(page.get_by_label("on the desktop")).not_to_be_checked()
    with stage.watcher.without_network():
        await bo.context.set_offline(True)
        toast = page.locator(".alert-toast")
        await expect(toast).to_contain_text("Disconnected: Bo Karlsson.", timeout=15_000)
        await bo.context.set_offline(False)
        await expect(toast).to_have_count(0, timeout=15_000)  # it is over
    await expect(page.locator(".alert-log")).to_contain_text("over")
    await expect(page).to_have_title(re.compile(r"^The bell"))

    await page.locator(".actions").get_by_role("button", name="Give back lost time").click()
    dialog = page.get_by_role("dialog")
    whole = dialog.locator(".preview li")
    await expect(whole).to_have_text(
        re.compile(r"Bo Karlsson lost 0:\d\d while the clock ran \+0:\d\d")
    )
    seconds = int((await whole.inner_text()).rsplit(":", 1)[-1])
    # The latest incident is filled in; only what lies between the two times counts.
    await dialog.get_by_label("between two times").check()
    await expect(whole).to_have_text(
        re.compile(r"Bo Karlsson lost 0:\d\d while the clock ran \+0:\d\d")
    )
    start = await dialog.get_by_label("from").input_value()
    end = await dialog.get_by_label("to", exact=True).input_value()
    await dialog.get_by_label("to", exact=True).fill(start)
    await expect(dialog.get_by_role("button", name="Give back")).to_be_disabled()
    await dialog.get_by_label("to", exact=True).fill(end)
    await dialog.get_by_role("button", name="Give back").click()
    await expect(page.locator(".result").first).to_contain_text(
        "Lost time given back to 1 student: Bo Karlsson."
    )
    assert (await extra(stage, session_id))[BO] == seconds
    [given] = await history(stage, session_id, "given_back")
    assert given["seconds"] == {stage.student_ids[BO]: seconds}
    await page.reload()
    await page.get_by_role("button", name="Alerts").click()
    await expect(page.get_by_label("disconnected for longer than")).to_have_value("1")
    await expect(page.get_by_label("with a sound")).to_be_checked()


# Headless nobody hears a tone, and no desktop shows what it is told: both are written down instead.
# The page has the keyboard's focus as far as tests go; who is elsewhere has not.
NOTE_ALARMS = """() => {
  window.alarms = [];
  const start = AudioScheduledSourceNode.prototype.start;
  AudioScheduledSourceNode.prototype.start = function (...when) {
    alarms.push(this.frequency.value);
    return start.apply(this, when);
  };
  window.Notification = class extends EventTarget {
    static permission = "default";
    static requestPermission = async () => (Notification.permission = "granted");
    constructor(title, { body }) { super(); alarms.push(body); }
  };
  document.hasFocus = () => false;
}"""


async def heard(page: Page, *alarms: object) -> bool:
    """Whether these alarms went off, and no other."""
    return bool(await page.evaluate("alarms") == list(alarms))


async def test_alerts_sound_and_reach_the_desktop_only_where_they_are_wanted(stage: Stage) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    ada, bo = await begun(stage, session_id, ADA, BO)
    await expect(counter(page, "online")).to_have_text("2")
    await page.evaluate(NOTE_ALARMS)

    await ada.get_by_role("button", name="Ask the teacher").click()
    await ada.get_by_role("button", name="Raise hand").click()
    await expect(page.locator(".alert-toast")).to_contain_text("Ada Lovelace")
    assert await page.evaluate("alarms") == []

    await page.get_by_role("button", name="Alerts").click()
    await page.get_by_label("with a sound").check()
    await eventually(lambda: heard(page, 660, 880))  # so that one knows the sound
    await page.evaluate("alarms.splice(0)")
    await page.get_by_label("on the desktop").check()
    await bo.get_by_role("button", name="Ask the teacher").click()
    await bo.get_by_role("button", name="Raise hand").click()
    await expect(page.locator(".alert-toast").last).to_contain_text("Bo Karlsson")
    await eventually(lambda: heard(page, 660, 880, "Hand up: Bo Karlsson."))


async def test_a_pupil_who_is_not_on_the_list_is_found_or_made_and_comes_in_by_the_code(
    stage: Stage,
) -> None:
    session_id = await stage.sitting("open", "start")
    page = await stage.dashboard(session_id)
    [known] = await make_students(stage.teacher, ["Dan Okoye-Lund"])
    await page.get_by_role("button", name="Add a student").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("searchbox").fill("okoye-l")
    await dialog.get_by_role("button", name="Add: Dan Okoye-Lund").first.click()
    await expect(dialog).to_contain_text("Dan Okoye-Lund is on the list.")
    await dialog.get_by_role("button", name="Make and add").click()
    await expect(dialog.locator(".error")).to_have_text("Write the name.")
    await dialog.get_by_label("Name", exact=True).fill("Eve Santos")
    await dialog.get_by_role("button", name="Make and add").click()
    await expect(dialog).to_contain_text("Eve Santos is on the list.")
    code = await dialog.locator(".code").inner_text()
    assert await faults(page) == [], "somebody new, and the code"
    await dialog.get_by_role("button", name="Done").click()
    await expect(row(page, "Eve Santos")).to_be_visible()
    students = (await stage.teacher.snapshot(session_id)).students
    assert known in {student.id for student in students}
    eve = await stage.page()
    await eve.goto("/")
    await eve.get_by_label("Code from your card").fill(code)
    await eve.get_by_role("button", name="Go to the test").click()
    await expect(eve.get_by_role("heading", name="How was the sea?")).to_be_visible()
    await eventually(lambda: _here(page, "Eve Santos"))


async def _here(page: Page, name: str) -> bool:
    return "online" in await row(page, name).inner_text()
