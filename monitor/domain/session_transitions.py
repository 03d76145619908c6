"""How a sitting moves from status to status.

A sitting is planned (SCHEDULED), opens its waiting room (WAITING_FOR_STUDENTS), runs (IN_PROGRESS)
and is COMPLETED. It can be called off (CANCELLED) as long as it is not completed. There is no way
back, and no step is skipped: a waiting room stands before every start, so that a student who came
early is never surprised.

PAUSED is no status: a paused sitting is IN_PROGRESS with `paused_at`. Only a running sitting can be
paused or resumed.

A step whose outcome already holds changes nothing and is no error: two teachers may press the same
button. Any other step that is not in the table is refused.
"""

from __future__ import annotations

from enum import StrEnum

from monitor.domain.session import Session, SessionStatus as S
from monitor.errors import InvalidTransition


class Step(StrEnum):
    """A step that moves a sitting on; its value is the verb of the sentence about it."""

    OPEN = "opened"
    START = "started"
    COMPLETE = "completed"
    CANCEL = "cancelled"


OUTCOME = {
    Step.OPEN: S.WAITING_FOR_STUDENTS,
    Step.START: S.IN_PROGRESS,
    Step.COMPLETE: S.COMPLETED,
    Step.CANCEL: S.CANCELLED,
}

ALLOWED_FROM = {
    Step.OPEN: frozenset({S.SCHEDULED}),
    Step.START: frozenset({S.WAITING_FOR_STUDENTS}),
    Step.COMPLETE: frozenset({S.IN_PROGRESS}),
    Step.CANCEL: frozenset({S.SCHEDULED, S.WAITING_FOR_STUDENTS, S.IN_PROGRESS}),
}


def step(session: Session, step_: Step) -> S | None:
    """The status a step leads to; None where it holds already. Raises InvalidTransition."""
    outcome = OUTCOME[step_]
    if session.status is outcome:
        return None
    if session.status not in ALLOWED_FROM[step_]:
        raise InvalidTransition(f"A sitting that is {session.status} cannot be {step_}.")
    return outcome


def require_in_progress(session: Session, what: str) -> None:
    """Raise InvalidTransition unless the sitting runs (paused or not); `what` ends the sentence."""
    if session.status is not S.IN_PROGRESS:
        raise InvalidTransition(f"A sitting that is {session.status} cannot {what}.")


def require_not_over(session: Session, what: str) -> None:
    """Raise InvalidTransition if the sitting is completed or cancelled."""
    if session.is_over:
        raise InvalidTransition(f"A sitting that is {session.status} cannot {what}.")
