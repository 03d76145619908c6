from __future__ import annotations

import csv
import io
from typing import Any

import pytest

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
    assert [event["type"] for event in mine["items"]] == ["joined", "saved"]
    paused = await school.ok("teacher", "GET", "./events?type=paused")
    assert len(paused["items"]) == 2


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
