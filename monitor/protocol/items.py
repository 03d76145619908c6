"""Items: the forms in which state is stored in JSON columns, published and sent.

Every item is a whole value. Times are RFC 3339 strings, `version` is the session version that last
wrote the item.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from monitor.domain.attempt import Value


class ParticipantItem(Struct, frozen=True, kw_only=True):
    """An item of `participants`, keys in the order the design fixes."""

    student_id: str
    attempt_id: str
    joined_at: str
    connection_status: str
    last_activity: str
    connection_id: str | None = None
    disconnected_at: str | None = None
    version: int = 0


class SessionItem(Struct, frozen=True, kw_only=True):
    """A sitting as its teacher sees it."""

    id: str
    title: str
    status: str
    scheduled_at: str | None
    started_at: str | None
    completed_at: str | None
    duration_seconds: int | None
    paused_at: str | None
    ends_at: str | None
    class_id: str
    test_id: str
    created_by: str
    invigilator_ids: list[str]
    observer_ids: list[str]
    extended_seconds: int
    paused_seconds: float
    extra_seconds: dict[str, int]
    version: int = 0


class StudentSessionItem(Struct, frozen=True, kw_only=True):
    """A sitting as one of its students sees it: `closes_at` and `extra_seconds` are the own."""

    id: str
    title: str
    status: str
    scheduled_at: str | None
    started_at: str | None
    completed_at: str | None
    duration_seconds: int | None
    paused_at: str | None
    ends_at: str | None
    closes_at: str | None
    extra_seconds: int


class AttemptItem(Struct, frozen=True, kw_only=True):
    """An attempt as a dashboard shows it: no answers, only their number."""

    id: str
    student_id: str
    status: str
    submitted_by: str | None
    answered: int
    total: int
    question_id: str | None
    visible: bool
    hidden_count: int
    hand_raised_at: str | None
    hand_text: str | None
    highlights: int
    reconnects: int
    lost_seconds: float
    extra_seconds: int
    note: str | None
    late_answers: int
    last_saved_at: str | None
    started_at: str | None
    submitted_at: str | None
    version: int = 0


class AnswerItem(Struct, frozen=True):
    """A stored answer."""

    value: Value
    answered_at: str


class HighlightItem(Struct, frozen=True, kw_only=True):
    """An item of `highlighted_text`, keys in the order the design fixes."""

    id: str
    timestamp: str
    text: str
    passage_id: str
    position_start: int
    position_end: int
    color_code: str
    comment: str | None = None


class StudentAttemptItem(Struct, frozen=True, kw_only=True):
    """An attempt as its student sees it, with the work itself."""

    id: str
    status: str
    submitted_by: str | None
    started_at: str | None
    submitted_at: str | None
    reopened_at: str | None
    answered: int
    total: int
    hand_raised_at: str | None
    hand_text: str | None
    late_answers: int
    last_saved_at: str | None
    answers: dict[str, AnswerItem]
    highlighted_text: list[HighlightItem]
    version: int = 0


class MessageItem(Struct, frozen=True, kw_only=True):
    """A message with its receipts, as a dashboard shows it."""

    id: str
    text: str
    student_ids: list[str] | None
    sent_by: str
    sent_at: str
    delivered: dict[str, str]
    read: dict[str, str]
    version: int = 0


class StudentMessageItem(Struct, frozen=True, kw_only=True):
    """A message as its student sees it; `read` tells whether this student has read it."""

    id: str
    text: str
    sent_at: str
    read: bool = False


class EventItem(Struct, frozen=True, kw_only=True):
    """A line of history."""

    id: str
    version: int
    at: str
    type: str
    student_id: str | None
    actor_id: str | None
    data: dict[str, Any]


class StudentName(Struct, frozen=True):
    """One student of the roster."""

    id: str
    name: str
