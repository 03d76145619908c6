"""Handing in: by the student, and whoever else closes an attempt.

A hand-in received in time counts, also when the deadline closed the attempt before it was applied:
then it was the student who handed in. One received later finds the attempt closed by the deadline,
or closes it in the deadline's name. One given before the attempt was reopened is stale: the student
has not seen that there is more time. An attempt that is handed in stays so: sent again, a hand-in
changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from monitor.domain.answering import work_of
from monitor.domain.attempt import Attempt, AttemptStatus, SubmittedBy
from monitor.domain.attempt_transitions import submit as submitted
from monitor.domain.commands import Command, Submit
from monitor.domain.deadlines import closes_at, counts
from monitor.domain.event import EventType
from monitor.domain.outcome import Outcome
from monitor.domain.presence import renew
from monitor.domain.rules import Rules
from monitor.domain.session import SessionStatus
from monitor.domain.sitting import Sitting
from monitor.errors import SessionOver, StaleSubmit


def submit(sitting: Sitting, command: Submit, rules: Rules) -> Outcome:
    """The student hands in."""
    renew(sitting, command, rules)
    attempt = work_of(sitting, command.student_id)
    at = command.received_at
    if sitting.session.status is SessionStatus.CANCELLED:
        raise SessionOver
    given_at = min(command.given_at, at)
    if attempt.reopened_at is not None and given_at < attempt.reopened_at:
        raise StaleSubmit
    in_time = counts(sitting.session, attempt, at, rules.deadline_grace_seconds)
    if attempt.status is AttemptStatus.SUBMITTED:
        if in_time:  # closed by the deadline while this was on its way
            attempt = replace(attempt, submitted_by=SubmittedBy.STUDENT, submitted_at=at)
            sitting.put_attempt(attempt)
            record_submitted(sitting, command, attempt)
        return Outcome()
    if in_time:
        close(sitting, command, attempt, SubmittedBy.STUDENT, at)
    else:
        close_by_deadline(sitting, command, attempt)
    return Outcome()


def close(
    sitting: Sitting, command: Command, attempt: Attempt, by: SubmittedBy, at: datetime
) -> None:
    """Close an attempt, with its line of history; the student is told unless it was theirs."""
    closed = submitted(attempt, by, at)
    if closed is attempt:
        return
    sitting.put_attempt(closed, tell=by is not SubmittedBy.STUDENT)
    record_submitted(sitting, command, closed)


def close_by_deadline(sitting: Sitting, command: Command, attempt: Attempt) -> None:
    """Close an attempt whose time is up, at the moment it was up."""
    at = closes_at(sitting.session, attempt.student_id) or command.received_at
    close(sitting, command, attempt, SubmittedBy.DEADLINE, at)


def record_submitted(sitting: Sitting, command: Command, attempt: Attempt) -> None:
    """Write the line of history of an attempt that was handed in."""
    by = attempt.submitted_by
    sitting.record(
        command,
        EventType.SUBMITTED,
        at=attempt.submitted_at,
        student_id=attempt.student_id,
        actor_id=getattr(command, "actor_id", None),
        data={
            "by": None if by is None else by.value,
            "answered": attempt.answered,
            "total": attempt.total,
        },
    )
