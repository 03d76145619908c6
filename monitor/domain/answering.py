"""Answers: which one stands, and what becomes of the others.

**Is it in time?** `received_at` decides (see `deadlines.counts`). An answer that came too late, or
for an attempt that someone had closed meanwhile, is neither applied nor thrown away: it is kept for
the teacher (see `late_answers`). Only one that says what stands already needs no keeping.

**Which one stands?** See `placing`. What loses is kept as an event, and its sender is sent the
winner.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

import msgspec
from msgspec.structs import replace

from monitor.domain.attempt import Attempt, AttemptStatus, Value
from monitor.domain.commands import GiveAnswer
from monitor.domain.deadlines import counts
from monitor.domain.event import EventType
from monitor.domain.late_answers import keep_late
from monitor.domain.moments import rfc3339, seconds_between, to_milliseconds
from monitor.domain.outcome import Outcome
from monitor.domain.placing import place
from monitor.domain.presence import participant_of, renew
from monitor.domain.rules import Rules
from monitor.domain.sitting import NAMESPACE, Sitting
from monitor.domain.values import check_value
from monitor.errors import NotFound, NotStarted, SessionOver


def give_answer(sitting: Sitting, command: GiveAnswer, rules: Rules) -> Outcome:
    """Apply an answer, or keep it: nothing that is acked is lost."""
    renew(sitting, command, rules)
    # First of all it must have begun: before that a refusal must tell nothing about the test.
    attempt = work_of(sitting, command.student_id)
    value = check_value(sitting.question(command.question_id), command.value, rules)
    answered_at = to_milliseconds(min(command.corrected_at, command.received_at))
    stored = attempt.answers.get(command.question_id)
    grace = rules.deadline_grace_seconds
    if not counts(sitting.session, attempt, command.received_at, grace):
        if stored is not None and stored.value == value:
            return Outcome()
        return keep_late(
            sitting, command, attempt, _kept_id(attempt, command, value), value, answered_at, rules
        )
    placed, stands = place(
        attempt, command.question_id, value, answered_at, command.connection_id, rules
    )
    if not stands:
        return _keep_superseded(sitting, command, attempt, value, answered_at, rules)
    if placed is not attempt:
        changed = stored is None or stored.value != value
        placed = _saved(sitting, command, placed, rules) if changed else placed
        participant = participant_of(sitting, command)
        elsewhere = command.connection_id != participant.connection_id
        sitting.put_attempt(placed, tell=changed and elsewhere)
    return Outcome()


def work_of(sitting: Sitting, student_id: str) -> Attempt:
    """The student's attempt, begun; raises NotStarted, SessionOver or NotFound."""
    attempt = sitting.attempt_of(student_id)
    if attempt is None:
        raise NotFound
    if attempt.status is AttemptStatus.NOT_STARTED:
        raise SessionOver if sitting.session.is_over else NotStarted
    return attempt


def _saved(sitting: Sitting, command: GiveAnswer, attempt: Attempt, rules: Rules) -> Attempt:
    """The attempt, saved now; a line of history at most once a question and so long."""
    at, question_id = command.received_at, command.question_id
    saved_at = at if attempt.last_saved_at is None else max(at, attempt.last_saved_at)
    marked = attempt.saved_marks.get(question_id)
    if marked is not None and seconds_between(marked, at) < rules.saved_event_seconds:
        return replace(attempt, last_saved_at=saved_at)
    sitting.record(
        command,
        EventType.SAVED,
        student_id=command.student_id,
        data={
            "question_id": question_id,
            "answered": attempt.answered,
            "total": attempt.total,
        },
    )
    marks = {**attempt.saved_marks, question_id: at}
    return replace(attempt, last_saved_at=saved_at, saved_marks=marks)


def _keep_superseded(
    sitting: Sitting,
    command: GiveAnswer,
    attempt: Attempt,
    value: Value,
    answered_at: datetime,
    rules: Rules,
) -> Outcome:
    kept_id = _kept_id(attempt, command, value)
    if kept_id not in attempt.kept_event_ids:
        sitting.record(
            command,
            EventType.ANSWER_SUPERSEDED,
            id=kept_id,
            student_id=command.student_id,
            data={
                "question_id": command.question_id,
                "value": value,
                "answered_at": rfc3339(answered_at),
                "received_at": rfc3339(command.received_at),
            },
        )
        kept = (*attempt.kept_event_ids, kept_id)[-rules.kept_events_per_attempt :]
        attempt = replace(attempt, kept_event_ids=kept)
        sitting.put_attempt(attempt)
    return Outcome(winner=attempt)


def _kept_id(attempt: Attempt, command: GiveAnswer, value: Value) -> str:
    """The id under which this answer is kept: the same whenever and however it is sent again."""
    given = [attempt.id, command.question_id, rfc3339(command.answered_at), value]
    return str(uuid5(NAMESPACE, msgspec.json.encode(given).decode()))
