from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.acts import counter, hand_in, typed
from tests.browser.stage import Stage, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

LIST = "Name;E-Mail\nZoë Müller;\nBo Karlsson;bo at home\nChi Nguyen;\n"


async def teacher_at(stage: Stage, path: str) -> Page:
    """The teacher's page, signed in, at a path."""
    page = await stage.page()
    await page.goto("/")
    await sign_in(page, stage.email)
    await page.wait_for_url("**/sittings")
    await page.goto(path)
    await expect(page.locator("html[data-ready]")).to_have_count(1)
    return page


async def test_a_teacher_makes_a_class_a_test_a_sitting_and_cards(stage: Stage) -> None:
    """From nothing to a student at work, who signed in with the code of the card."""
    page = await teacher_at(stage, "/classes")

    # A class of pasted rows, of which one is wrong.
    await page.get_by_label("Name of the class").fill("9C")
    await page.get_by_label("Students, one a line").fill(LIST)
    await expect(page.locator(".line-errors")).to_have_text(re.compile(r"Line 3:.*no e-mail"))
    await expect(page.locator("tbody tr")).to_have_count(2)
    await page.get_by_role("button", name="Make the class with 2 students").click()
    await expect(page.get_by_role("heading", name="2 students")).to_be_visible()
    await expect(page.locator(".rows")).to_contain_text("Zoë Müller")

    # A test with a text and questions of all four types.
    await page.goto("/tests/new")
    await page.get_by_label("Title of the test").fill("Spring")
    await page.get_by_role("button", name="Add a text").click()
    await page.get_by_label("Text", exact=True).fill("The frogs are loud in spring.")
    types = ("one choice", "several choices", "text", "number")
    for number, type_ in enumerate(types, start=1):
        if number > 1:
            await page.get_by_role("button", name="Add a question").click()
        question = page.get_by_role("group", name=f"Question {number}", exact=True)
        await question.get_by_label("Question", exact=True).fill(f"Prompt {number}?")
        await question.get_by_label("Kind of answer").select_option(type_)
        if "choice" in type_:
            await question.get_by_label("Choice 1", exact=True).fill("Frogs")
            if number == 1:
                await page.get_by_role("button", name="Make the test").click()
                await expect(question).to_contain_text("Write at least two choices.")
            await question.get_by_label("Choice 2", exact=True).fill("Toads")
    await page.get_by_label("About the text").last.select_option("Text 1")
    await page.get_by_role("button", name="Move question 4 up").click()
    await page.get_by_role("button", name="Make the test").click()
    await page.wait_for_url(re.compile(r"/tests/[0-9a-f-]{36}$"))
    await expect(page.get_by_role("heading", name="Spring")).to_be_visible()

    # A sitting of them.
    await page.goto("/sittings")
    await page.get_by_label("Class", exact=True).select_option("9C")
    await page.get_by_label("Test", exact=True).select_option("Spring")
    await page.get_by_label("Minutes").fill("40")
    await page.get_by_role("button", name="Make the sitting").click()
    await page.wait_for_url(re.compile(r"/sittings/[0-9a-f-]{36}$"))
    session_id = page.url.rsplit("/", 1)[-1]

    # Extra time before the start, and another title.
    await page.goto(f"/sittings/{session_id}/edit")
    await page.get_by_label("Title").fill("Spring, Monday")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    await page.get_by_label("Zoë Müller").fill("25 %")
    await page.get_by_role("button", name="Save extra time").click()
    await expect(page.get_by_text("Saved. 1 student has extra time.")).to_be_visible()
    session = await stage.teacher.get(f"/api/sessions/{session_id}")
    assert session["title"] == "Spring, Monday"
    assert list(session["extra_seconds"].values()) == [600]

    # Cards: made, one made anew, one taken back.
    await page.goto(f"/sittings/{session_id}/cards")
    await page.get_by_role("button", name="Make 2 codes").click()
    await expect(page.locator(".sign-in-card svg.qr")).to_have_count(2)
    zoe = page.locator(".sign-in-card", has_text="Zoë Müller")
    former = await zoe.locator(".code").inner_text()
    await page.get_by_role("button", name="New code for Zoë Müller").click()
    await expect(page.get_by_text("The old one does not work any more.")).to_be_visible()
    code = await zoe.locator(".code").inner_text()
    assert code != former
    await page.get_by_role("button", name="Take back the code of Chi Nguyen").click()
    await expect(page.get_by_role("button", name="Make a code for Chi Nguyen")).to_be_focused()
    await page.emulate_media(media="print")
    await expect(page.locator(".sign-in-card:visible")).to_have_count(1)
    await expect(page.get_by_role("button", name="Print")).to_be_hidden()
    await page.emulate_media(media="screen")

    # The projector shows where to go, and who has come.
    await stage.teacher.command(session_id, "open")
    await page.goto(f"/sittings/{session_id}/screen")
    await expect(page.locator(".wall-address")).to_have_text(stage.server.url.split("//")[1])
    await expect(page.locator(".wall-here")).to_have_text("0 of 2 are here")
    await page.get_by_label("Show the code of").select_option("Zoë Müller")
    await expect(page.locator(".wall-code")).to_have_text(code)

    student = await stage.page()
    await student.goto("/")
    with stage.watcher.expecting("401"):
        await student.get_by_label("Code from your card").fill(former)
        await student.get_by_role("button", name="Go to the test").click()
        await expect(student.get_by_text("This code is not valid.")).to_be_visible()
    await student.get_by_label("Code from your card").fill(code)
    await student.get_by_role("button", name="Go to the test").click()
    await expect(
        student.get_by_role("heading", name="You are in the waiting room.")
    ).to_be_visible()
    await expect(page.locator(".wall-here")).to_have_text("1 of 2 is here")
    await stage.teacher.command(session_id, "start")
    await expect(student.get_by_role("heading", name="Prompt 1?")).to_be_visible()
    await expect(page.locator(".wall-state")).to_have_text("The test is running")
    await student.get_by_role("radio", name="Toads").check()

    # The list of sittings counts along; after the end there is a report.
    await page.goto("/sittings")
    card = page.locator(f'[data-session="{session_id}"]')
    await expect(card).to_contain_text("1 of 2 here")
    await expect(card.locator('[data-status="online"]')).to_contain_text("1")
    await hand_in(student)
    await expect(card.locator('[data-status="submitted"]').first).to_contain_text("1")
    await stage.teacher.command(session_id, "complete")
    await expect(card).to_have_count(0)
    await page.get_by_role("link", name="Report of Spring, Monday").click()
    await expect(page.get_by_role("row", name="Zoë Müller")).to_contain_text("10 minutes extra")
    await page.get_by_role("link", name="Everyone's answers").click()
    await expect(page.locator(".sheet").first).to_contain_text("Toads")
    await page.get_by_role("link", name="Report").click()
    async with page.expect_download() as saving:
        await page.get_by_role("button", name="Students and answers (CSV)").click()
    download = await saving.value
    assert download.suggested_filename == "spring-monday.csv"
    assert "Toads" in (await download.path()).read_text("utf-8-sig")


async def test_a_list_in_excels_code_page_and_a_test_in_a_file_are_taken_in(
    stage: Stage, tmp_path: Path
) -> None:
    """Files say by line what is wrong with them, and are taken in when nothing is."""
    students = tmp_path / "7x.csv"
    students.write_bytes("Nachname;Vorname\r\nMüller;Zoë\r\nDupont;Chloé\r\n".encode("cp1252"))
    page = await teacher_at(stage, "/classes")
    await page.get_by_label("Name of the class").fill("7X")
    await page.get_by_label("Or a CSV file").set_input_files(students)
    await expect(page.locator("tbody tr").first).to_contain_text("Zoë Müller")
    await page.get_by_role("button", name="Make the class with 2 students").click()
    await expect(page.locator(".rows")).to_contain_text("Chloé Dupont")
    await page.get_by_role("button", name="Take Zoë Müller out").click()
    await expect(page.get_by_role("heading", name="1 student")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("heading", name="2 students")).to_be_visible()

    file = tmp_path / "test.json"
    question = {"type": "text", "prompt": "Why?"}
    file.write_text(
        json.dumps({"title": "Taken in", "questions": [question, {"type": "x"}]}, indent=1)
    )
    await page.goto("/tests")
    await page.get_by_label("JSON file").set_input_files(file)
    await expect(page.locator(".line-errors li")).to_have_count(2)
    await expect(page.locator(".line-errors")).to_contain_text("Line 9: type is one of")
    await expect(page.get_by_role("button", name="Take the test in")).to_be_disabled()
    better = tmp_path / "better.json"
    better.write_text(json.dumps({"title": "Taken in", "questions": [question]}))
    await page.get_by_label("JSON file").set_input_files(better)
    await expect(page.get_by_text("nothing is wrong with it")).to_be_visible()
    await page.get_by_role("button", name="Take the test in").click()
    await expect(page.get_by_label("Title of the test")).to_have_value("Taken in")


async def test_setting_up_works_by_keyboard_and_errors_stand_beside_their_fields(
    stage: Stage,
) -> None:
    """What is missing is said where it is missing, and the focus goes there."""
    page = await teacher_at(stage, "/sittings")
    await page.get_by_label("Minutes").fill("soon")
    await page.get_by_label("Minutes").press("Enter")
    await expect(page.get_by_label("Minutes")).to_be_focused()
    await expect(page.get_by_text("A whole number of minutes")).to_be_visible()
    await page.get_by_label("Minutes").fill("20")
    await page.get_by_label("Minutes").press("Enter")
    await page.wait_for_url(re.compile(r"/sittings/[0-9a-f-]{36}$"))
    session_id = page.url.rsplit("/", 1)[-1]
    await expect(counter(page, "absent")).to_have_text("3")
    await page.goto(f"/sittings/{session_id}/edit")
    await typed(page, "Call off", "call off")
    await page.wait_for_url("**/sittings")
    assert (await stage.teacher.get(f"/api/sessions/{session_id}"))["status"] == "CANCELLED"
