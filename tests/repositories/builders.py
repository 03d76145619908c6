"""Domain values for tests, whole and valid; what a test is about it sets itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from monitor.domain.attempt import Answer, Attempt, AttemptStatus, Highlight, SubmittedBy
from monitor.domain.event import Event, EventType
from monitor.domain.message import Message
from monitor.domain.moments import Interval
from monitor.domain.school_class import SchoolClass
from monitor.domain.session import RosterEntry, Session, SessionStatus
from monitor.domain.test import Choice, Passage, Question, QuestionType, Test
from monitor.domain.user import Role, User
from monitor.protocol.items import ParticipantItem
from monitor.repositories.sql_link_repository import SignInLink

NOON = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)
# What breaks what is not one codec from end to end.
HARD_TEXT = "quotes ' \" \\ / % _ 😀 é \u2028 \u0001 ]} <b> 漢字 ':x' $$ {0}"


def new_id() -> str:
    """A new id."""
    return str(uuid4())


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def make_user(**given: Any) -> User:
    """A student without an e-mail address."""
    fields: dict[str, Any] = {"id": new_id(), "email": None, "name": "Bo", "role": Role.STUDENT}
    return User(**fields | given)


def make_class(**given: Any) -> SchoolClass:
    """A class of nobody; `teacher_id` must be a user."""
    fields: dict[str, Any] = {"id": new_id(), "name": "7b", "teacher_id": new_id()}
    return SchoolClass(**fields | given)


def make_test(**given: Any) -> Test:
    """A test of two questions on one passage."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "title": "Reading",
        "passages": (Passage("p1", "Whales", HARD_TEXT),),
        "questions": (
            Question(
                id="q1",
                type=QuestionType.SINGLE_CHOICE,
                prompt="Which?",
                choices=(Choice("a", "This"), Choice("b", "That")),
                passage_id="p1",
            ),
            Question(id="q2", type=QuestionType.NUMBER, prompt="How many?"),
        ),
        "created_by": new_id(),
    }
    return Test(**fields | given)


def make_session(**given: Any) -> Session:
    """A session that nobody has opened."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "class_id": new_id(),
        "test_id": new_id(),
        "title": "Monday",
        "status": SessionStatus.SCHEDULED,
        "created_by": new_id(),
    }
    return Session(**fields | given)


def full_session(**given: Any) -> Session:
    """A session in which every field holds something."""
    student = new_id()
    return make_session(
        **{
            "title": HARD_TEXT,
            "status": SessionStatus.IN_PROGRESS,
            "scheduled_at": at(0),
            "started_at": at(1),
            "completed_at": at(2),
            "duration_seconds": 2700,
            "extended_seconds": -60,
            "paused_seconds": 12.345,
            "paused_at": at(3),
            "pauses": (Interval(at(1), at(2)), Interval(at(2.5), at(3))),
            "extra_seconds": {student: 300},
            "invigilator_ids": (new_id(), new_id()),
            "observer_ids": (new_id(),),
            "roster": (RosterEntry(student, HARD_TEXT), RosterEntry(new_id(), "Cy", added=True)),
            "version": 7,
            "session_version": 7,
            "roster_version": 7,
        }
        | given
    )


def make_participant(**given: Any) -> ParticipantItem:
    """A student who is there."""
    fields: dict[str, Any] = {
        "student_id": new_id(),
        "attempt_id": new_id(),
        "joined_at": "2026-11-22T12:00:00.000Z",
        "connection_status": "CONNECTED",
        "last_activity": "2026-11-22T12:00:05.000Z",
    }
    return ParticipantItem(**fields | given)


def make_attempt(**given: Any) -> Attempt:
    """An attempt that has just begun, standing alone."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "test_id": new_id(),
        "student_id": new_id(),
        "status": AttemptStatus.IN_PROGRESS,
    }
    return Attempt(**fields | given)


def full_attempt(**given: Any) -> Attempt:
    """An attempt in which every field but `session_id` holds something."""
    return make_attempt(
        **{
            "status": AttemptStatus.SUBMITTED,
            "answers": {
                "q1": Answer(HARD_TEXT, at(1)),
                "q2": Answer(-1.5, at(2)),
                "q3": Answer(["a", "b"], at(3)),
                "q4": Answer(None, at(4)),
                "q5": Answer(2**53, at(5)),
            },
            "highlighted_text": (
                Highlight(
                    id="h1",
                    timestamp=at(6),
                    text=HARD_TEXT,
                    passage_id="p1",
                    position_start=0,
                    position_end=9,
                    color_code="#ffcc00",
                    comment=HARD_TEXT,
                ),
            ),
            "answer_connections": {"q1": "c.1"},
            "started_at": at(0),
            "submitted_at": at(7),
            "submitted_by": SubmittedBy.DEADLINE,
            "reopened_at": at(5),
            "answered": 4,
            "total": 5,
            "highlights": 1,
            "question_id": "q5",
            "visible": False,
            "hidden_count": 2,
            "hand_raised_at": at(3),
            "hand_text": HARD_TEXT,
            "hidden_at": at(4),
            "visibility_marked_at": at(3.5),
            "reconnects": 3,
            "lost_seconds": 4.567,
            "given_back_seconds": 1.25,
            "lost": (Interval(at(1), at(2)),),
            "note": HARD_TEXT,
            "late_answers": 1,
            "late_event_ids": (new_id(),),
            "kept_event_ids": (new_id(), new_id()),
            "saved_marks": {"q1": at(1)},
            "last_saved_at": at(5),
            "version": 9,
            "student_version": 8,
        }
        | given
    )


def make_event(session_id: str, version: int = 1, **given: Any) -> Event:
    """A line of history."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "session_id": session_id,
        "at": at(version),
        "type": EventType.EXTENDED,
        "version": version,
    }
    return Event(**fields | given)


def make_message(session_id: str, **given: Any) -> Message:
    """A message to all that nobody has got yet."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "session_id": session_id,
        "text": "Ten minutes left",
        "student_ids": None,
        "sent_by": new_id(),
        "sent_at": at(0),
        "version": 1,
    }
    return Message(**fields | given)


def make_link(**given: Any) -> SignInLink:
    """A link that holds."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "session_id": new_id(),
        "student_id": new_id(),
        "token_hash": new_id(),
        "code_hash": new_id(),
        "created_at": at(0),
        "created_by": new_id(),
    }
    return SignInLink(**fields | given)
