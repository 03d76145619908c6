"""An event is one line of a sitting's history."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct


class EventType(StrEnum):
    """What a line of history can tell."""

    OPENED = "opened"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EDITED = "edited"
    EXTENDED = "extended"
    GIVEN_BACK = "given_back"
    FORCE_SUBMITTED = "force_submitted"
    REOPENED = "reopened"
    MESSAGE = "message"
    HANDS_LOWERED = "hands_lowered"
    STUDENT_ADDED = "student_added"
    ROSTER = "roster"
    NOTE = "note"
    LATE_ACCEPTED = "late_accepted"
    LATE_LEFT = "late_left"
    JOINED = "joined"
    RECONNECTED = "reconnected"
    TAKEN_OVER = "taken_over"
    DISCONNECTED = "disconnected"
    LEFT = "left"
    HIDDEN = "hidden"
    VISIBLE = "visible"
    SAVED = "saved"
    HAND_RAISED = "hand_raised"
    HAND_LOWERED = "hand_lowered"
    SUBMITTED = "submitted"
    LATE_ANSWER = "late_answer"
    ANSWER_SUPERSEDED = "answer_superseded"


class Event(Struct, frozen=True, kw_only=True):
    """A line of history; `reply` is what the command that wrote it answered, for repeated keys."""

    id: str
    session_id: str
    at: datetime
    type: EventType
    student_id: str | None = None
    actor_id: str | None = None
    data: dict[str, Any] = {}
    reply: Any = None
    version: int = 0
