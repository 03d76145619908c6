"""What the clock does by itself: leases run out, deadlines close attempts, a sitting ends.

A sweep may come at any time and from any process: it looks at the state as it is and does what is
due at its `received_at`, nothing twice. What it writes does not depend on when it came: a lease
ended when it ran out, an attempt was closed when its time was up.

A sitting with a duration completes itself when the time of the last student of its list, and the
grace after it, has passed. It does not end earlier because everyone has handed in: until then the
teacher may reopen. No deadline fires and no sitting ends while it is paused; leases run out all the
same.

Which attempts are there to be closed was asked before the batch began. So after a command that
changed the session in the same batch (a resume, say) a sweep leaves deadlines and the end to the
next one, which comes a moment later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from monitor.domain.attempt import AttemptStatus
from monitor.domain.commands import Sweep
from monitor.domain.deadlines import closes_at, is_time_up, last_closes_at
from monitor.domain.event import EventType
from monitor.domain.handing_in import close_by_deadline
from monitor.domain.moments import after, rfc3339
from monitor.domain.outcome import Outcome
from monitor.domain.participant import ConnectionStatus, Participant
from monitor.domain.presence import lease_ends_at
from monitor.domain.rules import Rules
from monitor.domain.session import Session, SessionStatus
from monitor.domain.sitting import Sitting
from monitor.domain.steering import end


def due_at(
    session: Session,
    participants: Iterable[Participant],
    in_progress: Iterable[str],
    rules: Rules,
    *,
    leases: bool = True,
) -> datetime | None:
    """When a sweep next has something to do; None while nothing can become due.

    `in_progress` are the students whose attempts are IN_PROGRESS; `leases` false leaves leases out.
    """
    if session.is_over:
        return None
    due: list[datetime] = []
    students = {entry.id for entry in session.roster}
    for participant in participants:
        students.add(participant.student_id)
        lease = lease_ends_at(participant, rules) if leases else None
        if lease is not None:
            due.append(lease)
    if session.status is SessionStatus.IN_PROGRESS:
        closing = [closes_at(session, student_id) for student_id in in_progress]
        closing.append(last_closes_at(session, students))
        grace = rules.deadline_grace_seconds
        due.extend(after(moment, grace) for moment in closing if moment is not None)
    return min(due, default=None)


def sweep(sitting: Sitting, command: Sweep, rules: Rules) -> Outcome:
    """Do what is due."""
    if sitting.session.is_over:
        return Outcome()
    if command.leases:
        _end_leases(sitting, command, rules)
    if sitting.session.status is SessionStatus.IN_PROGRESS and sitting.is_session_settled:
        _close_attempts(sitting, command, rules)
        _end_sitting(sitting, command, rules)
    return Outcome()


def _end_leases(sitting: Sitting, command: Sweep, rules: Rules) -> None:
    for participant in sitting.participants.values():
        ended_at = lease_ends_at(participant, rules)
        if ended_at is None or command.received_at < ended_at:
            continue
        sitting.put_participant(
            replace(
                participant,
                connection_status=ConnectionStatus.DISCONNECTED,
                disconnected_at=ended_at,
            )
        )
        sitting.record(
            command,
            EventType.DISCONNECTED,
            at=ended_at,
            student_id=participant.student_id,
            data={"last_activity": rfc3339(participant.last_activity), "why": "lease"},
        )


def _close_attempts(sitting: Sitting, command: Sweep, rules: Rules) -> None:
    session, grace = sitting.session, rules.deadline_grace_seconds
    for attempt in sitting.attempts.values():
        if attempt.status is AttemptStatus.IN_PROGRESS and is_time_up(
            session, attempt.student_id, command.received_at, grace
        ):
            close_by_deadline(sitting, command, attempt)


def _end_sitting(sitting: Sitting, command: Sweep, rules: Rules) -> None:
    closes = last_closes_at(sitting.session, sitting.student_ids)
    if closes is None:
        return
    ended_at = after(closes, rules.deadline_grace_seconds)
    if command.received_at < ended_at:
        return
    end(sitting, command, [], ended_at, rules)
    sitting.record(command, EventType.COMPLETED, at=ended_at, data={"by": "deadline"})
