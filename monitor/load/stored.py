"""A sitting as `GET /api/sessions/{id}/export` gives it: what the database really holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from monitor.protocol.items import (
    AnswerItem,
    AttemptItem,
    EventItem,
    HighlightItem,
    ParticipantItem,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class StoredStudent(Struct, frozen=True, kw_only=True):
    """One student's place and work; null and empty where they never came."""

    id: str
    participant: ParticipantItem | None
    attempt: AttemptItem | None
    answers: dict[str, AnswerItem]
    highlighted_text: list[HighlightItem]


class StoredSitting(Struct, frozen=True, kw_only=True):
    """All students of a sitting, and its history."""

    students: list[StoredStudent]
    events: list[EventItem]

    def by_student(self) -> Mapping[str, StoredStudent]:
        """The students by id."""
        return {student.id: student for student in self.students}

    def events_of(self) -> Mapping[str, list[EventItem]]:
        """The lines of history of each student, in order."""
        found: dict[str, list[EventItem]] = {}
        for event in self.events:
            if event.student_id is not None:
                found.setdefault(event.student_id, []).append(event)
        return found


_decoder = msgspec.json.Decoder(StoredSitting)


def decode_sitting(data: bytes) -> StoredSitting:
    """The export's JSON; msgspec.DecodeError where it is none."""
    return _decoder.decode(data)
