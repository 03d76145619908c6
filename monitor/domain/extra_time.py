"""More time, for all or for some, and lost time given back.

A change of time leaves at least `least_left_seconds` (60): nobody is thrown out by a slip of the
finger. For all it is refused whole if a student at work would be left with less (or, where nobody
is at work, the sitting itself); for some it is refused student by student. Minutes may be negative.
While the sitting is paused what is left is what the standing clock shows. Before the start times
can be set freely, as long as they add up to that least; a sitting without a duration has no time to
change once it runs.

What was handed in does not come back by more time: that takes a reopen.
"""

from __future__ import annotations

from msgspec.structs import replace

from monitor.domain.acts import for_each, only, record_act
from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.commands import Extend, GiveBack
from monitor.domain.deadlines import left_seconds
from monitor.domain.event import EventType
from monitor.domain.lost_time import give_back as given_back
from monitor.domain.moments import Interval, rfc3339
from monitor.domain.outcome import BulkReply, Outcome
from monitor.domain.rules import Rules
from monitor.domain.session import Session
from monitor.domain.session_transitions import require_in_progress, require_not_over
from monitor.domain.sitting import Sitting
from monitor.errors import (
    AttemptClosed,
    DeadlineTooNear,
    InvalidRequest,
    InvalidTransition,
    InvalidValue,
    MonitorError,
    NothingLost,
)


def extend(sitting: Sitting, command: Extend, rules: Rules) -> Outcome:
    """More or fewer minutes for all or some; the reply tells for whom."""
    session = sitting.session
    require_not_over(session, "be extended")
    if session.duration_seconds is None and session.started_at is not None:
        raise InvalidTransition("A sitting without a time limit has no time to extend.")
    seconds = command.minutes * 60
    if command.student_ids is None:
        reply = _extend_all(sitting, command, seconds, rules)
    else:
        reply = for_each(
            sitting,
            command.student_ids,
            lambda student_id: _extend_one(sitting, command, student_id, seconds, rules),
        )
    if seconds and (reply.done or command.student_ids is None):
        _record(sitting, command, EventType.EXTENDED, reply, rules, {"minutes": command.minutes})
    return Outcome(reply=reply)


def _extend_all(sitting: Sitting, command: Extend, seconds: int, rules: Rules) -> BulkReply:
    session = sitting.session
    if seconds:
        extended = _within(session.extended_seconds + seconds, rules)
        sitting.edit_session(extended_seconds=extended)
        at_work: list[str | None] = [
            attempt.student_id
            for attempt in map(sitting.attempt_of, sitting.participants)
            if attempt is not None and attempt.status is AttemptStatus.IN_PROGRESS
        ]
        for student_id in at_work or [None]:
            _require_enough_left(sitting.session, student_id, command, rules)

    def still_open(student_id: str) -> None:
        _open_attempt(sitting, student_id)

    return for_each(sitting, sitting.student_ids, still_open)


def _extend_one(
    sitting: Sitting, command: Extend, student_id: str, seconds: int, rules: Rules
) -> None:
    attempt = _open_attempt(sitting, student_id)
    if seconds:
        _add_extra(sitting, command, student_id, seconds, rules)
        if attempt is not None:
            sitting.put_attempt(attempt)  # its item carries the extra time


def give_back(sitting: Sitting, command: GiveBack, rules: Rules) -> Outcome:
    """Give lost time back as extra time, to each the own; the reply tells to whom.

    Only what a student has lost when they came back is known; who is still away can be given theirs
    afterwards. Asked for all, who lost nothing is not mentioned.
    """
    require_in_progress(sitting.session, "give time back")
    if sitting.session.duration_seconds is None:
        raise InvalidTransition("A sitting without a time limit has no time to give back.")
    window = _window(command)
    given: dict[str, int] = {}

    def give(student_id: str) -> None:
        attempt = _open_attempt(sitting, student_id)
        if attempt is None:
            raise NothingLost
        returned, seconds = given_back(attempt, window)
        if returned is attempt:
            raise NothingLost
        _add_extra(sitting, command, student_id, seconds, rules)
        sitting.put_attempt(returned)
        given[student_id] = seconds

    if command.student_ids is None:
        skip: tuple[type[MonitorError], ...] = (NothingLost,)
        reply = for_each(sitting, sitting.participants, give, skip=skip)
    else:
        reply = for_each(sitting, command.student_ids, give)
    if reply.done:
        data: dict[str, object] = {"seconds": given}
        if command.from_ is not None:
            data["from"] = rfc3339(command.from_)
        if command.to is not None:
            data["to"] = rfc3339(command.to)
        _record(sitting, command, EventType.GIVEN_BACK, reply, rules, data)
    return Outcome(reply=reply)


def _window(command: GiveBack) -> Interval | None:
    if command.from_ is None and command.to is None:
        return None
    if command.from_ is None or command.to is None or command.from_ > command.to:
        raise InvalidRequest("from, to: give both, the earlier first.", field="from")
    return Interval(command.from_, command.to)


def _open_attempt(sitting: Sitting, student_id: str) -> Attempt | None:
    """The attempt, None before the first join; raises AttemptClosed."""
    attempt = sitting.attempt_of(student_id)
    if attempt is not None and attempt.status is AttemptStatus.SUBMITTED:
        raise AttemptClosed
    return attempt


def _add_extra(
    sitting: Sitting, command: Extend | GiveBack, student_id: str, seconds: int, rules: Rules
) -> None:
    session = sitting.session
    extra = _within(session.extra_seconds.get(student_id, 0) + seconds, rules)
    extended = replace(session, extra_seconds={**session.extra_seconds, student_id: extra})
    _require_enough_left(extended, student_id, command, rules)
    sitting.edit_session(extra_seconds=extended.extra_seconds)


def _require_enough_left(
    session: Session, student_id: str | None, command: Extend | GiveBack, rules: Rules
) -> None:
    left = left_seconds(session, student_id, command.received_at)
    if left is not None and left < rules.least_left_seconds:
        raise DeadlineTooNear


def _within(seconds: int, rules: Rules) -> int:
    if abs(seconds) > rules.most_time_seconds:
        raise InvalidValue(f"At most {rules.most_time_seconds // 3600} hours can be added.")
    return seconds


def _record(
    sitting: Sitting,
    command: Extend | GiveBack,
    type_: EventType,
    reply: BulkReply,
    rules: Rules,
    data: dict[str, object],
) -> None:
    students = reply.done if command.student_ids is not None else None
    record_act(
        sitting,
        command,
        type_,
        rules,
        data={**data, "student_ids": students},
        student_id=only(reply.done) if command.student_ids is not None else None,
        reply=reply,
    )
