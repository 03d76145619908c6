from __future__ import annotations

import csv
import io

from msgspec.structs import replace

from monitor.exchange.events_csv import events_csv
from monitor.exchange.session_export import SessionExport
from monitor.protocol.items import EventItem
from tests.exchange.test_session_export import THEN, export


def rows(of: SessionExport) -> list[dict[str, str]]:
    text = events_csv(of).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def event(student_id: str | None = None, **data: object) -> EventItem:
    return EventItem(
        id="e", version=7, at=THEN, type="message", student_id=student_id, actor_id="u", data=data
    )


def test_every_event_is_a_row_with_the_students_name() -> None:
    [first, second] = rows(replace(export(), events=[event("ada", text="Hello"), event()]))
    assert (first["at"], first["version"], first["student"]) == (THEN, "7", "Ada")
    assert first["data"] == '{"text":"Hello"}'
    assert (second["student_id"], second["student"], second["data"]) == ("", "", "")


def test_a_name_calculates_nothing() -> None:
    [row] = rows(replace(export(), events=[event("bob")]))
    assert row["student"] == "'=Bob()"
