"""Answers that came too late, kept until the teacher accepts them.

Each is an event `late_answer` with `question_id`, `value`, `answered_at` and `received_at`; the
attempt holds the ids of those that wait. Its id follows from the answer, so one sent again is kept
once. Accepting applies the answers by the rule between connections, so one that the student had
already replaced by a later answer is accepted and changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from monitor.domain.acts import record_act
from monitor.domain.attempt import Attempt, Value
from monitor.domain.commands import AcceptLate, GiveAnswer
from monitor.domain.event import Event, EventType
from monitor.domain.moments import rfc3339
from monitor.domain.outcome import LateReply, Outcome
from monitor.domain.placing import place
from monitor.domain.rules import Rules
from monitor.domain.sitting import Sitting
from monitor.errors import NotFound, TooLarge


def keep_late(
    sitting: Sitting,
    command: GiveAnswer,
    attempt: Attempt,
    kept_id: str,
    value: Value,
    answered_at: datetime,
    rules: Rules,
) -> Outcome:
    """Keep an answer for the teacher; raises TooLarge where too many wait already."""
    if kept_id in attempt.kept_event_ids:
        return Outcome(late=True)
    if len(attempt.late_event_ids) >= rules.late_answers_per_attempt:
        raise TooLarge("Too many late answers are waiting for the teacher.")
    sitting.record(
        command,
        EventType.LATE_ANSWER,
        id=kept_id,
        student_id=command.student_id,
        data={
            "question_id": command.question_id,
            "value": value,
            "answered_at": rfc3339(answered_at),
            "received_at": rfc3339(command.received_at),
        },
    )
    waiting = (*attempt.late_event_ids, kept_id)
    sitting.put_attempt(
        replace(
            attempt,
            late_answers=len(waiting),
            late_event_ids=waiting,
            kept_event_ids=(*attempt.kept_event_ids, kept_id)[-rules.kept_events_per_attempt :],
        )
    )
    return Outcome(late=True)


def accept_late(sitting: Sitting, command: AcceptLate, rules: Rules) -> Outcome:
    """Apply late answers: all that wait, or those named; ids that no event has are `not_found`."""
    attempt = sitting.attempt_of(command.student_id)
    if attempt is None:
        raise NotFound
    named = attempt.late_event_ids if command.event_ids is None else command.event_ids
    if not set(named) <= {*attempt.kept_event_ids, *attempt.late_event_ids}:
        raise NotFound("No late answer of this student has this id.")
    waiting = [id_ for id_ in attempt.late_event_ids if id_ in set(named)]
    if not waiting:
        return Outcome(reply=LateReply(accepted=[], superseded=[]))
    reply = LateReply(accepted=[], superseded=[])
    accepted = attempt
    for event in sorted((sitting.late_events[id_] for id_ in waiting), key=_answered_at):
        question_id, value = event.data["question_id"], event.data["value"]
        accepted, stands = place(accepted, question_id, value, _answered_at(event), None, rules)
        (reply.accepted if stands else reply.superseded).append(event.id)
    left = tuple(id_ for id_ in attempt.late_event_ids if id_ not in waiting)
    sitting.put_attempt(replace(accepted, late_event_ids=left, late_answers=len(left)), tell=True)
    record_act(
        sitting,
        command,
        EventType.LATE_ACCEPTED,
        rules,
        student_id=command.student_id,
        reply=reply,
        data={"event_ids": waiting},
    )
    return Outcome(reply=reply)


def _answered_at(event: Event) -> datetime:
    return datetime.fromisoformat(event.data["answered_at"])
