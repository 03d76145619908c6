from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from monitor.domain.session import SessionStatus
from tests.api.test_operations import answer, operate
from tests.support.classroom import Classroom
from tests.support.school import School, a_school


async def test_a_snapshot_is_exactly_what_a_dashboard_is_sent(database_url: str) -> None:
    async with a_school(database_url) as school:
        for number in range(2):
            await school.joined(number)
        await school.ok("teacher", "POST", "./messages", json={"text": "Begin."})
        await operate(school, await school.joined(0), answer(school, 1, "q3", "x"))
        room = Classroom(school.app, school.seeded)
        async with room.dashboard(watch=True) as dashboard:
            sent = await dashboard.receive("snapshot")
        read = await school.ok("teacher", "GET", "./snapshot")
        for one in (sent, read):
            del one["server_time"]
        assert read == sent
        assert read["type"] == "snapshot"
        assert [attempt["answered"] for attempt in read["attempts"]].count(1) == 1


async def test_the_history_is_read_page_by_page_and_narrowed(school: School) -> None:
    attempt = await school.joined(0)
    for step in ("pause", "resume", "pause", "resume"):
        await school.ok("teacher", "POST", f"./{step}")
    await operate(school, attempt, answer(school, 1, "q3", "x"))
    whole = (await school.ok("teacher", "GET", "./events"))["items"]
    types = [event["type"] for event in whole]
    assert types == ["joined", "paused", "resumed", "paused", "resumed", "saved"]
    assert [event["version"] for event in whole] == sorted(event["version"] for event in whole)
    paged: list[Any] = []
    after = ""
    while True:
        page = await school.ok("teacher", "GET", f"./events?limit=2{after}")
        paged += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert paged == whole
    newer = await school.ok("teacher", "GET", f"./events?version={whole[3]['version']}")
    assert newer["items"] == whole[4:]
    mine = await school.ok("teacher", "GET", f"./events?student_id={school.id('student')}")
    assert mine["items"] == whole
    paused = await school.ok("teacher", "GET", "./events?type=paused")
    assert len(paused["items"]) == 2


async def test_a_students_history_holds_what_was_done_for_all_or_for_some_of_them(
    database_url: str,
) -> None:
    async with a_school(database_url) as school:
        for number in range(3):
            await school.joined(number)
        ada, bo, chi = school.seeded.student_ids
        await school.ok("teacher", "POST", "./messages", json={"text": "All."})
        for student_ids in ([ada, bo], [bo, chi], [bo]):
            body = {"text": "Some.", "student_ids": student_ids}
            await school.ok("teacher", "POST", "./messages", json=body)
        await school.ok("teacher", "POST", "./extend", json={"minutes": 5, "student_ids": [bo]})
        await school.ok("teacher", "POST", "./force-submit")
        await school.ok("teacher", "POST", "./pause")
        events = (await school.ok("teacher", "GET", f"./events?student_id={ada}"))["items"]
        concerning = [(event["type"], event["data"].get("student_ids")) for event in events]
        concerning.remove(("submitted", None))  # of the same moment as the command that did it
        assert concerning == [
            ("joined", None),
            ("message", None),
            ("message", [ada, bo]),
            ("force_submitted", [ada, bo, chi]),
            ("paused", None),
        ]
        nobody = await school.ok("teacher", "GET", "./events?student_id=%25")
        assert [event["type"] for event in nobody["items"]] == ["message", "paused"]


async def test_answers_are_counted_by_question_at_a_version(database_url: str) -> None:
    async with a_school(database_url) as school:
        attempt = await school.joined(0)
        await school.joined(1)
        given = {"q1": "a", "q3": "x"}
        for seq, (question_id, value) in enumerate(given.items(), 1):
            await operate(school, attempt, answer(school, seq, question_id, value))
        counts = await school.ok("teacher", "GET", "./answers")
        assert counts["students"] == 2
        answered = {one["question_id"]: one["answered"] for one in counts["questions"]}
        assert {id_: answered[id_] for id_ in given} == {"q1": 1, "q3": 1}
        single = next(one for one in counts["questions"] if one["question_id"] == "q1")
        assert single["choices"][0] == {"choice_id": "a", "count": 1}
        assert counts["version"] == (await school.ok("teacher", "GET", "./snapshot"))["version"]
        await operate(school, attempt, answer(school, 3, "q1", None))
        assert (await school.ok("teacher", "GET", "./answers"))["questions"][0]["answered"] == 0


async def test_who_waits_for_the_start_is_not_counted(sqlite_url: str) -> None:
    async with a_school(sqlite_url, status=SessionStatus.WAITING_FOR_STUDENTS) as school:
        await school.joined(0)
        assert (await school.ok("teacher", "GET", "./answers"))["students"] == 0


async def test_the_export_holds_everything(database_url: str) -> None:
    async with a_school(database_url) as school:
        attempt = await school.joined(0)
        await operate(school, attempt, answer(school, 1, "q1", "a"))
        await school.ok("teacher", "POST", "./messages", json={"text": "Begin."})
        exported = await school.ok("teacher", "GET", "./export")
        assert exported["session"]["id"] == school.seeded.session_id
        assert len(exported["students"]) == 3
        assert exported["students"][0]["answers"]["q1"]["value"] == "a"
        assert [message["text"] for message in exported["messages"]] == ["Begin."]
        assert [event["type"] for event in exported["events"]] == ["joined", "saved", "message"]


async def test_the_table_calculates_nothing_in_a_spreadsheet(school: School) -> None:
    path = f"/api/users/{school.id('student')}"
    await school.ok("admin", "PATCH", path, json={"name": "=1+1"})
    attempt = await school.joined(0)
    await operate(school, attempt, answer(school, 1, "q3", '=HYPERLINK("http://x","y")'))
    response = await school("teacher", "GET", "./export?format=csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    disposition = response.headers["content-disposition"]
    assert disposition == 'attachment; filename="reading-test-3.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf"), "Excel knows UTF-8 by its mark"
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert rows[0]["name"] == "'=1+1"
    assert rows[0]["q3: Why?"] == '\'=HYPERLINK("http://x","y")'
    assert rows[1]["status"] == "ABSENT"


async def test_the_events_are_a_table_of_their_own(school: School) -> None:
    await school.joined(0)
    response = await school("teacher", "GET", "./export?format=csv&table=events")
    assert response.headers["content-disposition"].endswith('filename="reading-test-3-events.csv"')
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert [(row["type"], row["student"]) for row in rows] == [("joined", "Student 00")]


@pytest.mark.parametrize("format_", ["xls", "", "CSV"])
async def test_another_format_is_refused(school: School, format_: str) -> None:
    response = await school("teacher", "GET", f"./export?format={format_}")
    assert (response.status_code, response.json()["field"]) == (422, "format")


async def test_an_export_of_more_events_than_one_read_gives_is_whole(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.api.reading._EVENTS_AT_ONCE", 2)
    for step in ("pause", "resume", "pause", "resume", "pause"):
        await school.ok("teacher", "POST", f"./{step}")
    exported = await school.ok("teacher", "GET", "./export")
    assert len(exported["events"]) == 5
