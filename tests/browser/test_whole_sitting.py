from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.browser.acts import (
    confirmed,
    counter,
    expect_saved,
    go_to,
    hand_in,
    highlight,
    row,
    title,
    typed,
)
from tests.browser.stage import PASSAGE, Stage, sign_in
from tests.support import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_three_students_and_a_teacher_go_through_a_whole_sitting(
    own_stage: Stage,
) -> None:
    """From the first sign-in to the end, with a reload, no network and no server in between."""
    stage = own_stage
    # The teacher makes a sitting and opens its waiting room.
    teacher = await stage.page()
    await teacher.goto("/")
    await sign_in(teacher, stage.email)
    await teacher.wait_for_url("**/sittings")
    await teacher.get_by_label("Title").fill("The bell, Monday")
    await teacher.get_by_label("Minutes").fill("20")
    await teacher.get_by_role("button", name="Make the sitting").click()
    await teacher.wait_for_url(re.compile(r"/sittings/[0-9a-f-]{36}$"))
    session_id = teacher.url.rsplit("/", 1)[-1]
    await expect(teacher.get_by_role("heading", name="The bell, Monday")).to_be_visible()
    await expect(teacher.locator(".heading")).to_contain_text("Class 7B · The bell")
    await expect(teacher.locator(".chip")).to_contain_text(re.compile(r"live · \d+ signals/10 s"))
    await expect(counter(teacher, "absent")).to_have_text("3")
    await teacher.get_by_role("button", name="Open waiting room").click()

    # The student comes by the code that the teacher sees there.
    await teacher.get_by_role("button", name="Show sign-in codes").click()
    card = teacher.locator(".code-card", has_text="Ada Lovelace")
    code = await card.locator(".code").inner_text()
    student = await stage.page()
    await student.goto("/")
    await student.get_by_label("Code from your card").fill(code.lower().replace("-", " "))
    await student.get_by_role("button", name="Go to the test").click()
    await student.wait_for_url(f"**/student/{session_id}")
    await expect(title(student)).to_have_text("You are in the waiting room.")
    await expect(student.locator(".screen")).to_contain_text(
        "Hello, Ada Lovelace. You will have 20"
    )
    await expect(row(teacher, "Ada Lovelace").locator(".shown")).to_have_text(re.compile("waiting"))

    # The other two come by their links.
    bo, chi = await asyncio.gather(stage.student(session_id, 1), stage.student(session_id, 2))
    await expect(counter(teacher, "waiting")).to_have_text("3")
    await expect(counter(teacher, "absent")).to_have_text("0")

    # The start reaches the students at once; every kind of answer is saved as it is given.
    await confirmed(teacher, "Start")
    await expect(student.get_by_role("heading", name="How was the sea?")).to_be_visible()
    await expect(student.locator(".time")).to_have_text(re.compile(r"(20:00|19:\d\d) left"))
    await student.get_by_label("Calm").check()
    await student.get_by_role("button", name="Next").click()
    await student.get_by_label("An island").check()
    await student.get_by_label("A bell").check()
    await (await go_to(student, 3)).get_by_role("textbox").press_sequentially("They slept.")
    await (await go_to(student, 4)).get_by_role("textbox").fill("2,5")
    await highlight(student, "🌊 was calm", "green")
    await expect_saved(student)
    await asyncio.gather(bo.get_by_label("Rough").check(), chi.get_by_label("Calm").check())
    ada = row(teacher, "Ada Lovelace")
    await expect(ada.locator(".progress")).to_have_text("4/4")
    await expect(row(teacher, "Bo Karlsson").locator(".progress")).to_have_text("1/4")
    # One is done early; that changes nothing for the others.
    await hand_in(bo)
    await expect(bo.get_by_role("heading", name="Handed in.")).to_be_visible()
    await expect(counter(teacher, "submitted")).to_have_text("1")
    await expect(counter(teacher, "online")).to_have_text("2")
    await expect(ada).to_contain_text("Q4")
    await expect(ada.locator(".shown")).to_have_text(re.compile("online"))
    stored = await stage.attempt(session_id)
    assert await stage.values(session_id) == {
        "q1": "b",
        "q2": ["a", "c"],
        "q3": "They slept.",
        "q4": 2.5,
    }
    [mark] = stored["highlighted_text"]
    assert PASSAGE[mark["position_start"] : mark["position_end"]] == mark["text"] == "🌊 was calm"

    # A reload brings everything back: answers, highlight, place, time.
    await student.reload()
    await expect(student.get_by_role("heading", name="How often did it ring?")).to_be_visible()
    await expect(student.locator(".question:visible").get_by_role("textbox")).to_have_value("2.5")
    await expect((await go_to(student, 1)).get_by_label("Calm")).to_be_checked()
    await expect((await go_to(student, 2)).get_by_label("A bell")).to_be_checked()
    await expect((await go_to(student, 3)).get_by_role("textbox")).to_have_value("They slept.")
    await expect(student.locator('mark[data-color="green"]').first).to_have_text("🌊 was calm")

    # Without network the work goes on, is kept, and is sent when the network is back.
    with stage.watcher.without_network():
        await student.context.set_offline(True)
        await student.locator(".question:visible").get_by_role("textbox").fill("They were away.")
        await (await go_to(student, 1)).get_by_label("Rough").check()
        bar = student.get_by_text(
            "Offline. Keep going: 2 answers are kept on this device and will be sent."
        )
        await expect(bar).to_be_visible()
        await expect(row(teacher, "Ada Lovelace").locator(".shown")).to_have_text(
            re.compile("disconnected"), timeout=15_000
        )
        assert (await stage.values(session_id))["q3"] == "They slept."
        await student.context.set_offline(False)
        await expect(bar).to_be_hidden()
        await expect_saved(student)
    values = await stage.values(session_id)
    assert (values["q1"], values["q3"]) == ("a", "They were away.")
    await expect(row(teacher, "Ada Lovelace").locator(".shown")).to_have_text(re.compile("online"))

    # More time is there at once, on both pages.
    await teacher.get_by_role("button", name="+ time").click()
    await teacher.get_by_role("button", name="+5", exact=True).click()
    await teacher.get_by_role("button", name="Change time").click()
    await expect(teacher.locator(".result .words").first).to_have_text("+5 min for everyone.")
    await expect(student.locator(".time")).to_have_text(re.compile(r"2[34]:\d\d left"))
    await expect(student.locator(".toast")).to_contain_text("Your time has changed")

    # The server is gone: neither page pretends, both come back by themselves.
    with stage.watcher.without_network():
        stage.server.kill()
        await expect(teacher.locator(".chip")).to_have_text("not live", timeout=6_000)
        await expect(teacher.locator(".notice", has_text="Not live. Last known")).to_be_visible()
        await (await go_to(student, 4)).get_by_role("textbox").fill("2")
        await expect(student.get_by_text("1 answer is kept on this device")).to_be_visible()
        await stage.server.restart()
        # Whoever looks at a page again need not wait for its next try.
        for page in (student, chi, teacher):
            await page.evaluate("dispatchEvent(new Event('focus'))")
        await expect(student.locator(".warning")).to_be_hidden(timeout=30_000)
        await expect_saved(student)
        await expect(teacher.locator(".chip")).to_contain_text("live ·", timeout=30_000)
        await expect(teacher.locator(".notice")).to_be_hidden()
    await eventually(lambda: _is(stage, session_id, "q4", 2))

    # Handing in shows what is open, and is done when the server says so.
    await hand_in(student)
    await expect(student.get_by_role("heading", name="Handed in.")).to_be_visible()
    await expect(student.locator(".screen")).to_contain_text(
        re.compile(r"Your work was handed in at \d\d:\d\d:\d\d\.")
    )
    await expect(counter(teacher, "submitted")).to_have_text("2")
    assert (await stage.attempt(session_id))["submitted_by"] == "student"

    # The end.
    await typed(teacher, "End the sitting", "end")
    await expect(teacher.locator(".status").first).to_have_text("Completed")
    await expect(chi.get_by_role("heading", name="Handed in.")).to_be_visible()
    await expect(chi.get_by_text("The teacher has ended the test.")).to_be_visible()
    await expect(chi.locator(".question:visible")).to_have_count(0)
    by = [(await stage.attempt(session_id, number))["submitted_by"] for number in range(3)]
    assert by == ["student", "student", "completion"]
    assert [await stage.values(session_id, number) for number in (1, 2)] == [
        {"q1": "a"},
        {"q1": "b"},
    ]
    await student.reload()
    await expect(title(student)).to_have_text("This test is over.")


async def _is(stage: Stage, session_id: str, question: str, value: object) -> bool:
    return (await stage.values(session_id)).get(question) == value
