"""Whether the student looks at the test.

Looking away is counted and written down only while the student is at work. A pair of `hidden` and
`visible` is written at most once in `visibility_event_seconds`; what happens faster is counted
only. A page that stays hidden longer than that is always in the history: if its `hidden` was left
out, its `visible` says since when.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.commands import StudentCommand
from monitor.domain.event import EventType
from monitor.domain.moments import after, rfc3339, seconds_between
from monitor.domain.rules import Rules
from monitor.domain.sitting import Sitting


def see(sitting: Sitting, command: StudentCommand, is_visible: bool, rules: Rules) -> None:
    """Note whether the test's page is shown or hidden."""
    attempt = sitting.attempt_of(command.student_id)
    if attempt is None or attempt.visible is is_visible:
        return
    at = command.received_at
    seen = _shown(attempt) if is_visible else _hidden(attempt, at)
    type_ = EventType.VISIBLE if is_visible else EventType.HIDDEN
    data: dict[str, str] = {}
    if is_visible and attempt.hidden_at is not None:
        data["hidden_at"] = rfc3339(attempt.hidden_at)
    at_work = seen.hidden_at is not None or attempt.hidden_at is not None
    if at_work and (_closes_pair(attempt, is_visible) or _may_begin(attempt, at, rules)):
        if not _closes_pair(attempt, is_visible):
            seen = replace(seen, visibility_marked_at=seen.hidden_at or at)
        sitting.record(command, type_, student_id=command.student_id, data=data)
    sitting.put_attempt(seen)


def _hidden(attempt: Attempt, at: datetime) -> Attempt:
    if attempt.status is not AttemptStatus.IN_PROGRESS:
        return replace(attempt, visible=False)
    if at == attempt.visibility_marked_at:
        at = after(at, 0.001)  # hidden twice in one millisecond: not the one that is written down
    return replace(attempt, visible=False, hidden_at=at, hidden_count=attempt.hidden_count + 1)


def _shown(attempt: Attempt) -> Attempt:
    return replace(attempt, visible=True, hidden_at=None)


def _closes_pair(attempt: Attempt, is_visible: bool) -> bool:
    """Whether this is the `visible` of a `hidden` that was written down."""
    return (
        is_visible
        and attempt.hidden_at is not None
        and attempt.hidden_at == attempt.visibility_marked_at
    )


def _may_begin(attempt: Attempt, at: datetime, rules: Rules) -> bool:
    """Whether the last pair began long enough ago."""
    marked = attempt.visibility_marked_at
    return marked is None or seconds_between(marked, at) >= rules.visibility_event_seconds
