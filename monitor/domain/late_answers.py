"""Answers that came too late, kept until the teacher accepts them or leaves them.

Each is an event `late_answer` with `question_id`, `value`, `answered_at` and `received_at`; the
attempt holds the ids of those that wait. Its id follows from the answer, so one sent again is kept
once. Accepting applies the answers by the rule between connections, so one that the student had
already replaced by a later answer is accepted and changes nothing. One that was left does not count
and waits no longer; named by its id it can still be accepted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from monitor.domain.acts import record_act
from monitor.domain.attempt import Attempt, Value
from monitor.domain.commands import AcceptLate, GiveAnswer, LeaveLate
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
    attempt, named = _named(sitting, command)
    waiting = set(attempt.late_event_ids)
    found = [
        sitting.late_events[id_] for id_ in named if id_ in waiting or id_ in sitting.late_events
    ]
    reply = LateReply(accepted=[], superseded=[])
    accepted = attempt
    decided: list[str] = []
    for event in sorted(found, key=_answered_at):
        question_id, value = event.data["question_id"], event.data["value"]
        before = accepted
        accepted, stands = place(accepted, question_id, value, _answered_at(event), None, rules)
        if event.id in waiting or accepted is not before:
            decided.append(event.id)
        elif stands:
            continue  # accepted before
        (reply.accepted if stands else reply.superseded).append(event.id)
    if not decided:
        return Outcome(reply=reply)
    sitting.put_attempt(_without(accepted, decided), tell=True)
    _record(sitting, command, EventType.LATE_ACCEPTED, decided, reply, rules)
    return Outcome(reply=reply)


def leave_late(sitting: Sitting, command: LeaveLate, rules: Rules) -> Outcome:
    """Let late answers be: all that wait, or those named; what does not wait is as it was."""
    attempt, named = _named(sitting, command)
    left = [id_ for id_ in attempt.late_event_ids if id_ in set(named)]
    reply = LateReply(accepted=[], superseded=[], left=left)
    if left:
        sitting.put_attempt(_without(attempt, left), tell=True)
        _record(sitting, command, EventType.LATE_LEFT, left, reply, rules)
    return Outcome(reply=reply)


def _named(sitting: Sitting, command: AcceptLate | LeaveLate) -> tuple[Attempt, tuple[str, ...]]:
    """The attempt and the ids that are meant; raises NotFound."""
    attempt = sitting.attempt_of(command.student_id)
    if attempt is None:
        raise NotFound
    if command.event_ids is None:
        return attempt, attempt.late_event_ids
    if not set(command.event_ids) <= {*attempt.kept_event_ids, *attempt.late_event_ids}:
        raise NotFound("No late answer of this student has this id.")
    return attempt, tuple(dict.fromkeys(command.event_ids))


def _without(attempt: Attempt, decided: Collection[str]) -> Attempt:
    waiting = tuple(id_ for id_ in attempt.late_event_ids if id_ not in decided)
    return replace(attempt, late_event_ids=waiting, late_answers=len(waiting))


def _record(
    sitting: Sitting,
    command: AcceptLate | LeaveLate,
    type_: EventType,
    event_ids: list[str],
    reply: LateReply,
    rules: Rules,
) -> None:
    record_act(
        sitting,
        command,
        type_,
        rules,
        student_id=command.student_id,
        reply=reply,
        data={"event_ids": event_ids},
    )


def _answered_at(event: Event) -> datetime:
    return datetime.fromisoformat(event.data["answered_at"])
