"""An attempt is one student's work on one test."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from monitor.domain.moments import Interval

Value = str | int | float | list[str] | None


class AttemptStatus(StrEnum):
    """Where an attempt stands."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    SUBMITTED = "SUBMITTED"


class SubmittedBy(StrEnum):
    """Who handed an attempt in."""

    STUDENT = "student"
    TEACHER = "teacher"
    DEADLINE = "deadline"
    COMPLETION = "completion"


class Answer(Struct, frozen=True):
    """The winning answer to a question; `answered_at` is corrected to server time."""

    value: Value
    answered_at: datetime


class Highlight(Struct, frozen=True, kw_only=True):
    """One item of `highlighted_text`; positions are code-point offsets into the passage's text."""

    id: str
    timestamp: datetime
    text: str
    passage_id: str
    position_start: int
    position_end: int
    color_code: str
    comment: str | None = None


class Attempt(Struct, frozen=True, kw_only=True):
    """A student's work with all that a dashboard shows of it."""

    id: str
    test_id: str
    student_id: str
    status: AttemptStatus
    session_id: str | None = None
    answers: dict[str, Answer] = {}
    highlighted_text: tuple[Highlight, ...] = ()
    answer_connections: dict[str, str] = {}  # question -> connection that gave the winner
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    submitted_by: SubmittedBy | None = None
    reopened_at: datetime | None = None
    answered: int = 0  # values that are not null, "" or []
    total: int = 0  # questions of the test
    highlights: int = 0  # length of highlighted_text
    question_id: str | None = None  # where the student is
    visible: bool = True
    hidden_count: int = 0
    hand_raised_at: datetime | None = None
    hand_text: str | None = None
    hidden_at: datetime | None = None  # since when the page is hidden, while at work
    visibility_marked_at: datetime | None = None  # when the last hidden/visible pair began
    reconnects: int = 0
    lost_seconds: float = 0.0
    given_back_seconds: float = 0.0
    lost: tuple[Interval, ...] = ()  # lost time not yet given back
    note: str | None = None
    late_answers: int = 0  # late answers kept and not yet accepted
    late_event_ids: tuple[str, ...] = ()  # the events that keep them, in order of arrival
    kept_event_ids: tuple[str, ...] = ()  # late or superseded: a resend finds its first one
    saved_marks: dict[str, datetime] = {}  # question -> time of its last `saved` event
    last_saved_at: datetime | None = None
    version: int = 0
    student_version: int = 0  # version at which something changed that the student did not do
