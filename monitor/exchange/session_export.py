"""A sitting whole, as one value: what both the CSV and the JSON export are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from monitor.domain.attempt import Attempt
from monitor.domain.event import Event
from monitor.domain.message import Message
from monitor.domain.session import Session
from monitor.domain.test import Test
from monitor.protocol import forms
from monitor.protocol.items import (
    AnswerItem,
    AttemptItem,
    EventItem,
    HighlightItem,
    MessageItem,
    ParticipantItem,
    SessionItem,
)
from monitor.protocol.messages import TestItem
from monitor.protocol.timestamps import rfc3339


class ExportedStudent(Struct, frozen=True, kw_only=True):
    """One student with everything they did; null and empty where they never came."""

    id: str
    name: str
    participant: ParticipantItem | None
    attempt: AttemptItem | None
    answers: dict[str, AnswerItem]
    highlighted_text: list[HighlightItem]


class SessionExport(Struct, frozen=True, kw_only=True):
    """A sitting with its test, students, messages and history.

    Without a sign of life for more than 2 `heartbeat_seconds` a student counts as unstable.
    """

    format: str = "monitor-session"
    format_version: int = 1
    exported_at: str
    heartbeat_seconds: float
    session: SessionItem
    test: TestItem | None
    students: list[ExportedStudent]
    messages: list[MessageItem]
    events: list[EventItem]


def session_export(
    session: Session,
    participants: Iterable[ParticipantItem],
    attempts: Iterable[Attempt],
    *,
    test: Test | None,
    messages: Iterable[Message] = (),
    events: Iterable[Event] = (),
    names: dict[str, str] | None = None,
    exported_at: datetime,
    heartbeat_seconds: float,
) -> SessionExport:
    """The export of a sitting; who took part but left the list since comes after the list.

    Args:
        session: With its list of students.
        participants: Everyone who has a place.
        attempts: Of the sitting.
        test: None where it is gone.
        messages: Of the sitting.
        events: Of the sitting, in order.
        names: Of students who are no longer on the list.
        exported_at: Now.
        heartbeat_seconds: As the server is set to.
    """
    places = {item.student_id: item for item in participants}
    works = {attempt.student_id: attempt for attempt in attempts}
    on_list = {entry.id: entry.name for entry in session.roster}
    gone = {
        student_id: (names or {}).get(student_id, "")
        for student_id in (*places, *works)
        if student_id not in on_list
    }
    return SessionExport(
        exported_at=rfc3339(exported_at),
        heartbeat_seconds=heartbeat_seconds,
        session=forms.session_item(session),
        test=None if test is None else forms.test_item(test),
        students=[
            _student(student_id, name, places.get(student_id), works.get(student_id), session)
            for student_id, name in (on_list | gone).items()
        ],
        messages=[forms.message_item(message) for message in messages],
        events=[forms.event_item(event) for event in events],
    )


def _student(
    student_id: str,
    name: str,
    place: ParticipantItem | None,
    work: Attempt | None,
    session: Session,
) -> ExportedStudent:
    if work is None:
        return ExportedStudent(
            id=student_id,
            name=name,
            participant=place,
            attempt=None,
            answers={},
            highlighted_text=[],
        )
    return ExportedStudent(
        id=student_id,
        name=name,
        participant=place,
        attempt=forms.attempt_item(work, session.extra_seconds.get(student_id, 0)),
        answers={id_: forms.answer_item(answer) for id_, answer in work.answers.items()},
        highlighted_text=[forms.highlight_item(mark) for mark in work.highlighted_text],
    )
