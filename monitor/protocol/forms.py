"""Domain values as items and back: the one place where state takes the form it travels in."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from msgspec.structs import asdict

from monitor.domain.attempt import Answer, Attempt, Highlight
from monitor.domain.deadlines import ends_at
from monitor.domain.event import Event
from monitor.domain.message import Message
from monitor.domain.moments import to_milliseconds
from monitor.domain.participant import ConnectionStatus, Participant
from monitor.domain.session import RosterEntry, Session
from monitor.domain.test import Test
from monitor.protocol.items import (
    AnswerItem,
    AttemptItem,
    EventItem,
    HighlightItem,
    MessageItem,
    ParticipantItem,
    SessionItem,
    StudentAttemptItem,
    StudentMessageItem,
    StudentName,
    StudentSessionItem,
)
from monitor.protocol.messages import HighlightInput, TestItem
from monitor.protocol.timestamps import parse_rfc3339, rfc3339, rfc3339_or_none


def participant_item(participant: Participant) -> ParticipantItem:
    """An item of `participants`."""
    return ParticipantItem(
        student_id=participant.student_id,
        attempt_id=participant.attempt_id,
        joined_at=rfc3339(participant.joined_at),
        connection_status=participant.connection_status.value,
        last_activity=rfc3339(participant.last_activity),
        connection_id=participant.connection_id,
        disconnected_at=rfc3339_or_none(participant.disconnected_at),
        version=participant.version,
    )


def participant_from_item(item: ParticipantItem) -> Participant:
    """The participant that an item of `participants` holds."""
    return Participant(
        student_id=item.student_id,
        attempt_id=item.attempt_id,
        joined_at=parse_rfc3339(item.joined_at),
        connection_status=ConnectionStatus(item.connection_status),
        last_activity=parse_rfc3339(item.last_activity),
        connection_id=item.connection_id,
        disconnected_at=None
        if item.disconnected_at is None
        else parse_rfc3339(item.disconnected_at),
        version=item.version,
    )


def session_item(session: Session) -> SessionItem:
    """A sitting as its teacher sees it; `version` is the one that last changed this object."""
    return SessionItem(
        id=session.id,
        title=session.title,
        status=session.status.value,
        scheduled_at=rfc3339_or_none(session.scheduled_at),
        started_at=rfc3339_or_none(session.started_at),
        completed_at=rfc3339_or_none(session.completed_at),
        duration_seconds=session.duration_seconds,
        paused_at=rfc3339_or_none(session.paused_at),
        ends_at=rfc3339_or_none(ends_at(session)),
        class_id=session.class_id,
        test_id=session.test_id,
        created_by=session.created_by,
        invigilator_ids=list(session.invigilator_ids),
        observer_ids=list(session.observer_ids),
        extended_seconds=session.extended_seconds,
        paused_seconds=session.paused_seconds,
        extra_seconds=dict(session.extra_seconds),
        version=session.session_version,
    )


def student_session_item(session: SessionItem, student_id: str) -> StudentSessionItem:
    """A sitting as one of its students sees it, from the teacher's form."""
    extra = session.extra_seconds.get(student_id, 0)
    closes_at = session.ends_at
    if closes_at is not None and extra:
        closes_at = rfc3339(parse_rfc3339(closes_at) + timedelta(seconds=extra))
    return StudentSessionItem(
        id=session.id,
        title=session.title,
        status=session.status,
        scheduled_at=session.scheduled_at,
        started_at=session.started_at,
        completed_at=session.completed_at,
        duration_seconds=session.duration_seconds,
        paused_at=session.paused_at,
        ends_at=session.ends_at,
        closes_at=closes_at,
        extra_seconds=extra,
    )


def student_name(entry: RosterEntry) -> StudentName:
    """One student of the roster."""
    return StudentName(entry.id, entry.name)


def student_names(session: Session) -> list[StudentName]:
    """The whole roster, in its order."""
    return [student_name(entry) for entry in session.roster]


def attempt_item(attempt: Attempt, extra_seconds: int) -> AttemptItem:
    """An attempt as a dashboard shows it; `extra_seconds` is the student's in the session."""
    return AttemptItem(
        id=attempt.id,
        student_id=attempt.student_id,
        status=attempt.status.value,
        submitted_by=None if attempt.submitted_by is None else attempt.submitted_by.value,
        answered=attempt.answered,
        total=attempt.total,
        question_id=attempt.question_id,
        visible=attempt.visible,
        hidden_count=attempt.hidden_count,
        hand_raised_at=rfc3339_or_none(attempt.hand_raised_at),
        hand_text=attempt.hand_text,
        highlights=attempt.highlights,
        reconnects=attempt.reconnects,
        lost_seconds=attempt.lost_seconds,
        extra_seconds=extra_seconds,
        note=attempt.note,
        late_answers=attempt.late_answers,
        last_saved_at=rfc3339_or_none(attempt.last_saved_at),
        started_at=rfc3339_or_none(attempt.started_at),
        submitted_at=rfc3339_or_none(attempt.submitted_at),
        version=attempt.version,
    )


def student_attempt_item(attempt: Attempt) -> StudentAttemptItem:
    """An attempt as its student sees it, with the work itself."""
    return StudentAttemptItem(
        id=attempt.id,
        status=attempt.status.value,
        submitted_by=None if attempt.submitted_by is None else attempt.submitted_by.value,
        started_at=rfc3339_or_none(attempt.started_at),
        submitted_at=rfc3339_or_none(attempt.submitted_at),
        reopened_at=rfc3339_or_none(attempt.reopened_at),
        answered=attempt.answered,
        total=attempt.total,
        hand_raised_at=rfc3339_or_none(attempt.hand_raised_at),
        hand_text=attempt.hand_text,
        late_answers=attempt.late_answers,
        last_saved_at=rfc3339_or_none(attempt.last_saved_at),
        answers={id_: answer_item(answer) for id_, answer in attempt.answers.items()},
        highlighted_text=[highlight_item(highlight) for highlight in attempt.highlighted_text],
        version=attempt.version,
    )


def answer_item(answer: Answer) -> AnswerItem:
    """A stored answer."""
    return AnswerItem(answer.value, rfc3339(answer.answered_at))


def answer_from_item(item: AnswerItem) -> Answer:
    """The answer that an item of `answers` holds."""
    return Answer(item.value, parse_rfc3339(item.answered_at))


def highlight_item(highlight: Highlight) -> HighlightItem:
    """An item of `highlighted_text`."""
    return HighlightItem(**asdict(highlight) | {"timestamp": rfc3339(highlight.timestamp)})


def highlight_from_item(item: HighlightItem) -> Highlight:
    """The highlight that an item of `highlighted_text` holds."""
    return Highlight(**asdict(item) | {"timestamp": parse_rfc3339(item.timestamp)})


def highlight_from_input(given: HighlightInput) -> Highlight:
    """The highlight that a client sent."""
    return Highlight(**asdict(given) | {"timestamp": to_milliseconds(given.timestamp)})


def message_item(message: Message) -> MessageItem:
    """A message with its receipts."""
    return MessageItem(
        id=message.id,
        text=message.text,
        student_ids=None if message.student_ids is None else list(message.student_ids),
        sent_by=message.sent_by,
        sent_at=rfc3339(message.sent_at),
        delivered={student_id: rfc3339(at) for student_id, at in message.delivered.items()},
        read={student_id: rfc3339(at) for student_id, at in message.read.items()},
        version=message.version,
    )


def student_message_item(message: MessageItem, student_id: str) -> StudentMessageItem:
    """A message as this student sees it, from the teacher's form."""
    return StudentMessageItem(
        id=message.id,
        text=message.text,
        sent_at=message.sent_at,
        read=student_id in message.read,
    )


def event_item(event: Event) -> EventItem:
    """A line of history."""
    return EventItem(
        id=event.id,
        version=event.version,
        at=rfc3339(event.at),
        type=event.type.value,
        student_id=event.student_id,
        actor_id=event.actor_id,
        data=event.data,
    )


def test_item(test: Test) -> TestItem:
    """The test as a student reads it."""
    return TestItem(
        id=test.id,
        title=test.title,
        passages=list(msgspec.to_builtins(test.passages)),
        questions=list(msgspec.to_builtins(test.questions)),
    )


test_item.__test__ = False  # type: ignore[attr-defined]  # not a pytest function
