"""A sitting as a table for a spreadsheet: one student a row, one question a column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.domain.attempt import Value
from monitor.exchange.cells import Cell, csv_text
from monitor.exchange.session_export import ExportedStudent, SessionExport

_COLUMNS = (
    "student_id",
    "name",
    "status",
    "submitted_by",
    "joined_at",
    "started_at",
    "submitted_at",
    "answered",
    "total",
    "highlights",
    "extra_seconds",
    "lost_seconds",
    "reconnects",
    "hidden_count",
    "late_answers",
    "note",
)
ABSENT = "ABSENT"  # the status of who never joined
_PROMPT_CHARACTERS = 120  # of a column's head: enough to know the question again


def session_csv(export: SessionExport) -> str:
    """The table as CSV that is safe to open in a spreadsheet.

    A choice is written as its text, several joined by `; `; a question's column is headed by its id
    and prompt.
    """
    questions: list[dict[str, Any]] = [] if export.test is None else export.test.questions
    return csv_text(_rows(export, questions))


def _rows(export: SessionExport, questions: list[dict[str, Any]]) -> Iterator[list[Cell]]:
    yield [*_COLUMNS, *(_head(question) for question in questions)]
    texts = {
        question["id"]: {choice["id"]: choice["text"] for choice in question["choices"]}
        for question in questions
    }
    for student in export.students:
        answers = student.answers
        yield [
            *_facts(student),
            *(
                _shown(answers[id_].value, choices) if id_ in answers else None
                for id_, choices in texts.items()
            ),
        ]


def _head(question: dict[str, Any]) -> str:
    prompt = " ".join(question["prompt"].split())
    if len(prompt) > _PROMPT_CHARACTERS:
        prompt = prompt[: _PROMPT_CHARACTERS - 1] + "…"
    return f"{question['id']}: {prompt}"


def _facts(student: ExportedStudent) -> list[Cell]:
    attempt, place = student.attempt, student.participant
    joined_at = None if place is None else place.joined_at
    if attempt is None:
        return [student.id, student.name, ABSENT, None, joined_at, *[None] * (len(_COLUMNS) - 5)]
    return [
        student.id,
        student.name,
        attempt.status,
        attempt.submitted_by,
        joined_at,
        attempt.started_at,
        attempt.submitted_at,
        attempt.answered,
        attempt.total,
        attempt.highlights,
        attempt.extra_seconds,
        attempt.lost_seconds,
        attempt.reconnects,
        attempt.hidden_count,
        attempt.late_answers,
        attempt.note,
    ]


def _shown(value: Value, choices: dict[str, str]) -> Cell:
    if isinstance(value, list):
        return "; ".join(choices.get(item, item) for item in value)
    if isinstance(value, str):
        return choices.get(value, value)
    return value
