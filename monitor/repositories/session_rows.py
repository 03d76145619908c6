"""Sessions as rows: which columns there are, and how they become values and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, type_coerce

from monitor.domain.session import Session, SessionStatus
from monitor.repositories import json_codec
from monitor.repositories.column_types import AnyRow, JsonText, UtcDateTime
from monitor.repositories.tables import SESSIONS

# Written with every commit of the session.
VERSIONS = ("version", "session_version", "roster_version")
ROSTER = ("roster",)
JSON_COLUMNS = (
    "pauses",
    "extra_seconds",
    "invigilator_ids",
    "observer_ids",
    "roster",
    "participants",
)
PLAIN = tuple(name for name in Session.__struct_fields__ if name not in JSON_COLUMNS)
# Written only when the session itself changed.
OWN = tuple(name for name in Session.__struct_fields__ if name not in {"id", *VERSIONS, *ROSTER})
# The day of a sitting without a date, so that both databases sort it alike: after all others.
SCHEDULED_AT = func.coalesce(
    SESSIONS.c.scheduled_at, literal(datetime(9999, 12, 31, tzinfo=UTC), UtcDateTime)
)


def session_columns() -> list[ColumnElement[Any]]:
    """A session without its participants, JSON as text."""
    json_columns = [json_text(name) for name in JSON_COLUMNS if name != "participants"]
    return [*(SESSIONS.c[name] for name in PLAIN), *json_columns]


def json_text(name: str) -> ColumnElement[Any]:
    """A JSON column as text, under its own name."""
    return type_coerce(SESSIONS.c[name], JsonText).label(name)


def session(row: AnyRow) -> Session:
    """The session of a row of `session_columns`."""
    mapping = row._mapping
    values = {name: mapping[name] for name in PLAIN}
    values["status"] = SessionStatus(values["status"])
    return Session(
        **values,
        pauses=json_codec.decode_intervals(mapping["pauses"]),
        extra_seconds=json_codec.decode_number_map(mapping["extra_seconds"]),
        invigilator_ids=json_codec.decode_texts(mapping["invigilator_ids"]),
        observer_ids=json_codec.decode_texts(mapping["observer_ids"]),
        roster=json_codec.decode_roster(mapping["roster"]),
    )


def own_values(one: Session) -> dict[str, Any]:
    """The values of the `OWN` columns."""
    values = {name: getattr(one, name) for name in OWN}
    values["status"] = one.status.value
    values["pauses"] = json_codec.encode_intervals(one.pauses)
    values["extra_seconds"] = json_codec.encode(one.extra_seconds)
    values["invigilator_ids"] = json_codec.encode(one.invigilator_ids)
    values["observer_ids"] = json_codec.encode(one.observer_ids)
    return values


def version_values(one: Session) -> dict[str, Any]:
    """The values of the `VERSIONS` columns."""
    return {name: getattr(one, name) for name in VERSIONS}


def roster_values(one: Session) -> dict[str, Any]:
    """The value of the `ROSTER` column."""
    return {"roster": json_codec.encode(one.roster)}
