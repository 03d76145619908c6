"""Rows for every table there is at a revision, whatever its columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Float,
    Integer,
    MetaData,
    Table,
    create_engine,
    func,
    select,
)

from monitor.repositories import engines, json_codec

_MOMENT = "2026-11-22T12:00:00.123Z"
_HIGHLIGHT = {
    "id": "h1",
    "timestamp": _MOMENT,
    "text": "a 'quoted' \"text\" 😀",
    "passage_id": "p1",
    "position_start": 0,
    "position_end": 9,
    "color_code": "#ffcc00",
    "comment": None,
}
_PARTICIPANT = {
    "student_id": "s1",
    "attempt_id": "a1",
    "joined_at": _MOMENT,
    "connection_status": "CONNECTED",
    "last_activity": _MOMENT,
}
_JSON = {
    "answers": {
        "q1": {"value": "é 😀", "answered_at": _MOMENT},
        "q2": {"value": None, "answered_at": _MOMENT},
        "q3": {"value": [], "answered_at": _MOMENT},
        "q4": {"value": 0, "answered_at": _MOMENT},
    },
    "highlighted_text": [_HIGHLIGHT],
    "participants": [_PARTICIPANT],
    "passages": [{"id": "p1", "title": "Whales", "text": "Whales sing."}],
    "questions": [{"id": f"q{n}", "type": "text", "prompt": "Why?"} for n in range(1, 6)],
    "student_ids": ["s1", "s2"],
    "roster": [{"id": "s1", "name": "Bo", "added": False}],
    "extra_seconds": {"s1": 300},
    "invigilator_ids": ["i1"],
    "observer_ids": ["o1"],
    "pauses": [{"from": _MOMENT, "to": _MOMENT}],
    "lost": [{"from": _MOMENT, "to": _MOMENT}],
    "answer_connections": {"q1": "c.1"},
    "saved_marks": {"q1": _MOMENT},
    "late_event_ids": ["e1"],
    "kept_event_ids": ["e1", "e2"],
    "data": {"minutes": 5},
    "reply": {"done": ["s1"], "refused": []},
    "delivered": {"s1": _MOMENT},
    "read": {},
}
_WORDS = {
    "status": {"sessions": "IN_PROGRESS", "classes": "ACTIVE", "attempts": "SUBMITTED"},
    "role": {"users": "TEACHER"},
    "type": {"session_events": "extended"},
    "submitted_by": {"attempts": "student"},
}
_TABLES = {
    "class_id": "classes",
    "test_id": "tests",
    "session_id": "sessions",
    "student_id": "users",
    "actor_id": "users",
}

Rows = dict[str, dict[str, Any]]


@contextmanager
def connected(database_url: str) -> Iterator[Connection]:
    """A connection in a transaction of its own, committed at the end."""
    engine = create_engine(
        engines.database_address(database_url),
        json_serializer=json_codec.encode,
        json_deserializer=json_codec.decode,
    )
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def tables(connection: Connection) -> list[Table]:
    """The tables there are, but for Alembic's own, those referred to first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def fill(database_url: str) -> None:
    """Put a row into every table that has none, with something in every column."""
    with connected(database_url) as connection:
        for table in tables(connection):
            if not connection.scalar(select(func.count()).select_from(table)):
                connection.execute(
                    table.insert().values({c.name: _value(c) for c in table.columns})
                )


def refill(database_url: str) -> None:
    """Put a new row into every table in place of what is there."""
    with connected(database_url) as connection:
        for table in reversed(tables(connection)):
            connection.execute(table.delete())
    fill(database_url)


def rows(database_url: str) -> Rows:
    """The one row of every table, by column."""
    with connected(database_url) as connection:
        return {
            table.name: dict(connection.execute(select(table)).one()._mapping)
            for table in tables(connection)
        }


def known_to_both(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """Both cut down to the tables and columns that are in both."""

    def cut(one: Rows) -> Rows:
        return {
            table: {name: one[table][name] for name in before[table].keys() & after[table].keys()}
            for table in before.keys() & after.keys()
        }

    return cut(before), cut(after)


def _value(column: Column[Any]) -> Any:
    table = column.table.name
    if column.foreign_keys:
        return _id(next(iter(column.foreign_keys)).column.table.name)
    if column.name == "id":
        return _id(table)
    if isinstance(column.type, JSON):
        return _JSON[column.name]
    if isinstance(column.type, DateTime):
        moment = datetime.fromisoformat(_MOMENT)
        # SQLite, asked without our own column type, keeps no offset.
        return moment if column.type.timezone else moment.replace(tzinfo=None)
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Float):
        return 4.567
    if isinstance(column.type, Integer):
        return 7
    if column.name in _WORDS:
        return _WORDS[column.name][table]
    if column.name.endswith("_id"):
        return _id(_TABLES.get(column.name, column.name))
    return "x 'é 😀'"


def _id(table: str) -> str:
    return str(uuid5(NAMESPACE_OID, table))
