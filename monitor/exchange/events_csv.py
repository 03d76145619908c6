"""The history of a sitting as a table for a spreadsheet: one event a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.exchange.cells import Cell, csv_text
from monitor.exchange.session_export import SessionExport
from monitor.protocol.codec import encode

_COLUMNS = ("at", "version", "type", "student_id", "student", "actor_id", "data", "id")


def events_csv(export: SessionExport) -> str:
    """The events, the oldest first, as CSV that is safe to open in a spreadsheet.

    `data` is JSON: what it holds differs from type to type.
    """
    return csv_text(_rows(export))


def _rows(export: SessionExport) -> Iterator[list[Cell]]:
    names = {student.id: student.name for student in export.students}
    yield list(_COLUMNS)
    for event in export.events:
        yield [
            event.at,
            event.version,
            event.type,
            event.student_id,
            names.get(event.student_id or ""),
            event.actor_id,
            _json(event.data),
            event.id,
        ]


def _json(data: Any) -> str | None:
    return encode(data).decode() if data else None
