"""Closing attempts for students and opening them again: the teacher's commands for some or all.

Only while the sitting runs. Reopening must leave the student at least `least_left_seconds` (60) of
their own time; extend first where it would not. Whose attempt is as wanted already is done. Who
never joined has no attempt to close or to open.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from monitor.domain.acts import for_each, only, record_act
from monitor.domain.attempt import Attempt, AttemptStatus, SubmittedBy
from monitor.domain.attempt_transitions import reopen as reopened
from monitor.domain.commands import ForceSubmit, Reopen
from monitor.domain.deadlines import left_seconds
from monitor.domain.event import EventType
from monitor.domain.handing_in import close
from monitor.domain.lost_time import lose
from monitor.domain.outcome import Outcome
from monitor.domain.participant import ConnectionStatus
from monitor.domain.rules import Rules
from monitor.domain.session_transitions import require_in_progress
from monitor.domain.sitting import Sitting
from monitor.errors import DeadlineTooNear, NotStarted


def force_submit(sitting: Sitting, command: ForceSubmit, rules: Rules) -> Outcome:
    """Hand in for students."""
    require_in_progress(sitting.session, "have attempts handed in")

    def act(attempt: Attempt) -> None:
        close(sitting, command, attempt, SubmittedBy.TEACHER, command.received_at)

    return _bulk(sitting, command, EventType.FORCE_SUBMITTED, AttemptStatus.SUBMITTED, act, rules)


def reopen(sitting: Sitting, command: Reopen, rules: Rules) -> Outcome:
    """Open what was handed in again."""
    require_in_progress(sitting.session, "have attempts reopened")

    def act(attempt: Attempt) -> None:
        left = left_seconds(sitting.session, attempt.student_id, command.received_at)
        if left is not None and left < rules.least_left_seconds:
            raise DeadlineTooNear
        attempt = _with_lost(sitting, command, attempt, rules)
        sitting.put_attempt(reopened(attempt, command.received_at), tell=True)

    return _bulk(sitting, command, EventType.REOPENED, AttemptStatus.IN_PROGRESS, act, rules)


def _bulk(
    sitting: Sitting,
    command: ForceSubmit | Reopen,
    type_: EventType,
    wanted: AttemptStatus,
    act: Callable[[Attempt], None],
    rules: Rules,
) -> Outcome:
    changed: dict[str, None] = {}

    def act_on(student_id: str) -> None:
        attempt = sitting.attempt_of(student_id)
        if attempt is None or attempt.status is AttemptStatus.NOT_STARTED:
            raise NotStarted("This student has not begun.")
        if attempt.status is not wanted:
            act(attempt)
            changed[student_id] = None

    everyone = command.student_ids is None
    student_ids = command.student_ids if command.student_ids is not None else sitting.participants
    reply = for_each(sitting, student_ids, act_on)
    unchanged = [student_id for student_id in reply.done if student_id not in changed]
    reply = replace(reply, unchanged=unchanged)
    if changed:
        record_act(
            sitting,
            command,
            type_,
            rules,
            data={"student_ids": list(changed), "all": everyone},
            student_id=only(list(changed)),
            reply=reply,
        )
    return Outcome(reply=reply)


def _with_lost(sitting: Sitting, command: Reopen, attempt: Attempt, rules: Rules) -> Attempt:
    """The attempt with what was lost until it was closed, while its student is still away.

    At their return only the time since the reopen is looked at.
    """
    participant = sitting.participants.get(attempt.student_id)
    if participant is None or participant.connection_status is ConnectionStatus.CONNECTED:
        return attempt
    at = command.received_at
    return lose(sitting.session, attempt, participant.last_activity, at, rules)
