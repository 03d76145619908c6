"""Attempts as rows: which columns there are, and how they become values and back.

The *work* columns hold what may be large and grows with every answer; the others tell how the
attempt stands, and are all that a dashboard needs.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, type_coerce

from monitor.domain.attempt import Attempt, AttemptStatus, SubmittedBy
from monitor.repositories import json_codec
from monitor.repositories.column_types import AnyRow, JsonText
from monitor.repositories.tables import ATTEMPTS

WORK_COLUMNS = (
    "answers",
    "highlighted_text",
    "answer_connections",
    "late_event_ids",
    "kept_event_ids",
    "saved_marks",
)
JSON_COLUMNS = (*WORK_COLUMNS, "lost")
STANDING = tuple(
    name for name in Attempt.__struct_fields__ if name not in WORK_COLUMNS and name != "lost"
)
# Of those, what an attempt is born with and keeps, and what changes. The status is apart, for it
# changes twice or so in an attempt's life and has an index.
FIXED = frozenset({"id", "test_id", "student_id", "session_id"})
CHANGING = tuple(name for name in STANDING if name not in FIXED and name != "status")


def standing_columns() -> list[ColumnElement[Any]]:
    """What tells how an attempt stands, without the work."""
    return [ATTEMPTS.c[name] for name in STANDING]


def all_columns() -> list[ColumnElement[Any]]:
    """Everything, JSON as text."""
    json_columns = [type_coerce(ATTEMPTS.c[name], JsonText).label(name) for name in JSON_COLUMNS]
    return [*standing_columns(), *json_columns]


def standing_attempt(row: AnyRow) -> Attempt:
    """An attempt without its work, from a row of `standing_columns`."""
    return Attempt(**_standing(row._mapping))


def attempt(row: AnyRow) -> Attempt:
    """A whole attempt, from a row of `all_columns`."""
    return Attempt(
        **_standing(row._mapping),
        answers=json_codec.decode_answers(row.answers),
        highlighted_text=json_codec.decode_highlights(row.highlighted_text),
        answer_connections=json_codec.decode_text_map(row.answer_connections),
        late_event_ids=json_codec.decode_texts(row.late_event_ids),
        kept_event_ids=json_codec.decode_texts(row.kept_event_ids),
        saved_marks=json_codec.decode_moments(row.saved_marks),
        lost=json_codec.decode_intervals(row.lost),
    )


def standing_values(one: Attempt) -> dict[str, Any]:
    """The values of all columns but those of the work."""
    values = {name: getattr(one, name) for name in STANDING}
    values["status"] = one.status.value
    values["submitted_by"] = None if one.submitted_by is None else one.submitted_by.value
    values["lost"] = json_codec.encode_intervals(one.lost)
    return values


def all_values(one: Attempt) -> dict[str, Any]:
    """The values of all columns."""
    return standing_values(one) | {
        "answers": json_codec.encode_answers(one.answers),
        "highlighted_text": json_codec.encode_highlights(one.highlighted_text),
        "answer_connections": json_codec.encode(one.answer_connections),
        "late_event_ids": json_codec.encode(one.late_event_ids),
        "kept_event_ids": json_codec.encode(one.kept_event_ids),
        "saved_marks": json_codec.encode_moments(one.saved_marks),
    }


def same_work(one: Attempt, other: Attempt) -> bool:
    """Whether two states of an attempt hold the same work, so that it need not be written."""
    return all(
        getattr(one, name) is getattr(other, name) or getattr(one, name) == getattr(other, name)
        for name in WORK_COLUMNS
    )


def _standing(mapping: Any) -> dict[str, Any]:
    values = {name: mapping[name] for name in STANDING}
    values["status"] = AttemptStatus(values["status"])
    if values["submitted_by"] is not None:
        values["submitted_by"] = SubmittedBy(values["submitted_by"])
    return values
