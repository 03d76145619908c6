"""The teacher's commands for a whole sitting: open, start, pause, resume, complete, cancel.

Starting begins every attempt that waits; completing hands every attempt in, in the same step: those
whose time was up by the deadline, the others by completion. Cancelling leaves them as they are. A
pause that still stands is closed by the end of the sitting, so that its sum is right.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.domain.acts import record_act
from monitor.domain.attempt import Attempt, AttemptStatus, SubmittedBy
from monitor.domain.attempt_transitions import start as started
from monitor.domain.commands import (
    CancelSession,
    Command,
    CompleteSession,
    OpenSession,
    PauseSession,
    ResumeSession,
    StartSession,
)
from monitor.domain.deadlines import is_time_up
from monitor.domain.event import EventType
from monitor.domain.handing_in import close, close_by_deadline
from monitor.domain.moments import Interval, rfc3339
from monitor.domain.outcome import Outcome
from monitor.domain.rules import Rules
from monitor.domain.session import Session
from monitor.domain.session_transitions import Step, require_in_progress, step
from monitor.domain.sitting import Sitting


def open_session(sitting: Sitting, command: OpenSession, rules: Rules) -> Outcome:
    """Open the waiting room."""
    status = step(sitting.session, Step.OPEN)
    if status is not None:
        sitting.edit_session(status=status)
        record_act(sitting, command, EventType.OPENED, rules)
    return Outcome()


def start_session(sitting: Sitting, command: StartSession, rules: Rules) -> Outcome:
    """Start the clock, and every attempt that waits."""
    status = step(sitting.session, Step.START)
    if status is None:
        return Outcome()
    at = command.received_at
    sitting.edit_session(status=status, started_at=at)
    for attempt in _attempts(sitting):
        if attempt.status is AttemptStatus.NOT_STARTED:
            sitting.put_attempt(started(attempt, at), tell=True)
    record_act(sitting, command, EventType.STARTED, rules)
    return Outcome()


def pause_session(sitting: Sitting, command: PauseSession, rules: Rules) -> Outcome:
    """Stop the clock for all."""
    session = sitting.session
    require_in_progress(session, "be paused")
    if session.paused_at is None:
        sitting.edit_session(paused_at=max(command.received_at, _last_ran_from(session)))
        record_act(sitting, command, EventType.PAUSED, rules)
    return Outcome()


def resume_session(sitting: Sitting, command: ResumeSession, rules: Rules) -> Outcome:
    """Let the clock run on."""
    session = sitting.session
    require_in_progress(session, "be resumed")
    if session.paused_at is not None:
        sitting.edit_session(**_pause_closed(session, command.received_at))
        last = sitting.session.pauses[-1]
        data = {"paused_at": rfc3339(last.from_), "seconds": last.seconds}
        record_act(sitting, command, EventType.RESUMED, rules, data=data)
    return Outcome()


def complete_session(sitting: Sitting, command: CompleteSession, rules: Rules) -> Outcome:
    """End the sitting and hand every attempt in."""
    if step(sitting.session, Step.COMPLETE) is None:
        return Outcome()
    end(sitting, command, _attempts(sitting), command.received_at, rules)
    record_act(sitting, command, EventType.COMPLETED, rules)
    return Outcome()


def cancel_session(sitting: Sitting, command: CancelSession, rules: Rules) -> Outcome:
    """Call the sitting off; attempts stay as they are."""
    status = step(sitting.session, Step.CANCEL)
    if status is not None:
        sitting.edit_session(status=status, **_pause_closed(sitting.session, command.received_at))
        record_act(sitting, command, EventType.CANCELLED, rules)
    return Outcome()


def end(
    sitting: Sitting, command: Command, attempts: list[Attempt], at: datetime, rules: Rules
) -> None:
    """Complete the sitting with these attempts; the line of history is the caller's."""
    session = sitting.session
    status = step(session, Step.COMPLETE)
    for attempt in attempts:
        if attempt.status is AttemptStatus.SUBMITTED:
            continue
        up = is_time_up(session, attempt.student_id, at, rules.deadline_grace_seconds)
        if up and attempt.status is AttemptStatus.IN_PROGRESS:
            close_by_deadline(sitting, command, attempt)
        else:
            close(sitting, command, attempt, SubmittedBy.COMPLETION, at)
    sitting.edit_session(status=status, completed_at=at, **_pause_closed(session, at))


def _attempts(sitting: Sitting) -> list[Attempt]:
    attempts = [sitting.attempt_of(student_id) for student_id in sitting.participants]
    return [attempt for attempt in attempts if attempt is not None]


def _last_ran_from(session: Session) -> datetime:
    """Since when the clock has run: it cannot have been stopped earlier."""
    from_ = session.pauses[-1].to if session.pauses else session.started_at
    if from_ is None:
        raise ValueError("a sitting that runs has a start")
    return from_


def _pause_closed(session: Session, at: datetime) -> dict[str, Any]:
    if session.paused_at is None:
        return {}
    pause = Interval(session.paused_at, max(at, session.paused_at))
    return {
        "paused_at": None,
        "pauses": (*session.pauses, pause),
        "paused_seconds": round(session.paused_seconds + pause.seconds, 3),
    }
