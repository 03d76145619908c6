"""How an attempt moves from status to status.

An attempt waits (NOT_STARTED) from the join until the sitting starts, is worked on (IN_PROGRESS)
and handed in (SUBMITTED): by the student, by the teacher, by the deadline, or by the sitting's
completion. Completion closes an attempt that never started, too: nothing of a completed sitting
stays open. A teacher may reopen what was handed in; then it is as it was, but a hand-in given
before `reopened_at` is stale.

A sitting that is cancelled leaves its attempts as they are; they take no more work because the
sitting takes none.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec.structs import replace

from monitor.domain.attempt import Attempt, AttemptStatus as S, SubmittedBy
from monitor.errors import InvalidTransition


class Step(StrEnum):
    """A step that moves an attempt on; its value is the verb of the sentence about it."""

    START = "started"
    SUBMIT = "submitted"
    COMPLETE = "completed"
    REOPEN = "reopened"


TRANSITIONS = {
    (S.NOT_STARTED, Step.START): S.IN_PROGRESS,
    (S.NOT_STARTED, Step.COMPLETE): S.SUBMITTED,
    (S.IN_PROGRESS, Step.SUBMIT): S.SUBMITTED,
    (S.IN_PROGRESS, Step.COMPLETE): S.SUBMITTED,
    (S.SUBMITTED, Step.REOPEN): S.IN_PROGRESS,
}

HOLDS = frozenset(
    {
        (S.IN_PROGRESS, Step.START),
        (S.SUBMITTED, Step.SUBMIT),
        (S.SUBMITTED, Step.COMPLETE),
        (S.IN_PROGRESS, Step.REOPEN),
    }
)


def step(attempt: Attempt, step_: Step) -> S | None:
    """The status a step leads to; None where it holds already. Raises InvalidTransition."""
    if (attempt.status, step_) in HOLDS:
        return None
    outcome = TRANSITIONS.get((attempt.status, step_))
    if outcome is None:
        raise InvalidTransition(f"An attempt that is {attempt.status} cannot be {step_}.")
    return outcome


def start(attempt: Attempt, at: datetime) -> Attempt:
    """The attempt at work."""
    status = step(attempt, Step.START)
    return attempt if status is None else replace(attempt, status=status, started_at=at)


def submit(attempt: Attempt, by: SubmittedBy, at: datetime) -> Attempt:
    """The attempt handed in; one that is handed in already keeps when and by whom."""
    how = Step.COMPLETE if by is SubmittedBy.COMPLETION else Step.SUBMIT
    status = step(attempt, how)
    if status is None:
        return attempt
    return replace(attempt, status=status, submitted_at=at, submitted_by=by)


def reopen(attempt: Attempt, at: datetime) -> Attempt:
    """The attempt at work again."""
    status = step(attempt, Step.REOPEN)
    if status is None:
        return attempt
    return replace(attempt, status=status, submitted_at=None, submitted_by=None, reopened_at=at)
