"""The clock of a sitting: when it ran, when it closes, what is in time.

The clock starts with the session and stands while it is paused. A student's *allowance* is
`duration_seconds + extended_seconds + extra_seconds[student]`, in seconds of that clock; without a
duration there is none and nothing ever closes by itself. Outside, the allowance shows as a moment:

    closes_at(student) = started_at + duration + extended + paused + extra[student]
    ends_at            = the same without the student's own

both null while paused (nobody knows when the pause ends), without a duration and before the start.

Whether something was *in time* is asked of the clock at the moment it was received, so a pause that
began afterwards makes nothing that was late early, nor the other way round. `grace_seconds` is what
may pass on the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.domain.attempt import Attempt, AttemptStatus, SubmittedBy
from monitor.domain.moments import Interval, after, overlap, seconds_between
from monitor.domain.session import Session, SessionStatus


def ends_at(session: Session) -> datetime | None:
    """When the sitting ends for a student without extra time; null where nobody knows."""
    if session.started_at is None or session.duration_seconds is None or session.paused_at:
        return None
    return after(
        session.started_at,
        session.duration_seconds + session.extended_seconds + session.paused_seconds,
    )


def closes_at(session: Session, student_id: str) -> datetime | None:
    """When the sitting ends for this student; null where nobody knows."""
    ends = ends_at(session)
    return None if ends is None else after(ends, session.extra_seconds.get(student_id, 0))


def last_closes_at(session: Session, student_ids: Iterable[str]) -> datetime | None:
    """When the sitting ends for the last of these students (`ends_at` if there are none)."""
    ends = ends_at(session)
    if ends is None:
        return None
    extra = [session.extra_seconds.get(student_id, 0) for student_id in student_ids]
    return after(ends, max(extra, default=0))


def allowance_seconds(session: Session, student_id: str | None = None) -> int | None:
    """Seconds of the clock that a student has (null student: without extra); None if untimed."""
    if session.duration_seconds is None:
        return None
    extra = session.extra_seconds.get(student_id, 0) if student_id is not None else 0
    return session.duration_seconds + session.extended_seconds + extra


def clock_seconds(session: Session, at: datetime) -> float:
    """What the sitting's clock showed at a moment: 0 before the start, standing in a pause."""
    if session.started_at is None or at <= session.started_at:
        return 0.0
    if session.paused_at is not None:
        at = min(at, session.paused_at)
    ran = seconds_between(session.started_at, at)
    for pause in session.pauses:
        if pause.from_ < at:
            ran -= seconds_between(pause.from_, min(pause.to, at))
    return round(ran, 3)


def left_seconds(session: Session, student_id: str | None, at: datetime) -> float | None:
    """Seconds of the clock a student has left (negative when over); None if untimed."""
    allowance = allowance_seconds(session, student_id)
    return None if allowance is None else allowance - clock_seconds(session, at)


def is_in_time(session: Session, student_id: str, at: datetime, grace_seconds: float) -> bool:
    """Whether what was received at `at` still counts for this student."""
    left = left_seconds(session, student_id, at)
    return left is None or left + grace_seconds >= 0


def counts(session: Session, attempt: Attempt, at: datetime, grace_seconds: float) -> bool:
    """Whether work received at `at` is part of the attempt.

    `at` decides, not the order of commits: work received in time counts although the deadline
    closed the attempt before it was applied. Against that closing it is measured, not against time
    that was added later. Anyone else's closing (the student's own hand-in, the teacher, the
    sitting's end) is an act, and what comes after it does not count.
    """
    if session.status not in (SessionStatus.IN_PROGRESS, SessionStatus.COMPLETED):
        return False
    if attempt.status is AttemptStatus.IN_PROGRESS:
        return is_in_time(session, attempt.student_id, at, grace_seconds)
    return (
        attempt.submitted_by is SubmittedBy.DEADLINE
        and attempt.submitted_at is not None
        and at <= after(attempt.submitted_at, grace_seconds)
    )


def is_time_up(session: Session, student_id: str, now: datetime, grace_seconds: float) -> bool:
    """Whether the student's deadline fires now: never while paused."""
    closes = closes_at(session, student_id)
    return closes is not None and now >= after(closes, grace_seconds)


def clock_ran(session: Session, student_id: str, window: Interval) -> tuple[Interval, ...]:
    """When, within a window, the clock ran for this student: from the start to the close."""
    if session.started_at is None:
        return ()
    left = allowance_seconds(session, student_id)
    budget = float("inf") if left is None else float(max(left, 0))
    pieces: list[Interval] = []
    for run in _runs(session, window.to):
        if budget <= 0:
            break
        run_seconds = run.seconds
        if run_seconds > budget:
            run = Interval(run.from_, after(run.from_, budget))
        budget -= run_seconds
        piece = overlap(run, window)
        if piece is not None:
            pieces.append(piece)
    return tuple(pieces)


def clock_ran_seconds(session: Session, student_id: str, from_: datetime, to: datetime) -> float:
    """How long, between two moments, the clock ran for this student."""
    if to <= from_:
        return 0.0
    pieces = clock_ran(session, student_id, Interval(from_, to))
    return round(sum(piece.seconds for piece in pieces), 3)


def _runs(session: Session, until: datetime) -> list[Interval]:
    """The stretches in which the clock ran, in order, up to a moment."""
    runs: list[Interval] = []
    from_ = session.started_at
    if from_ is None or session.status not in (SessionStatus.IN_PROGRESS, SessionStatus.COMPLETED):
        return runs
    for pause in session.pauses:
        runs.append(Interval(from_, pause.from_))
        from_ = pause.to
    last = min(until, session.paused_at) if session.paused_at is not None else until
    if session.completed_at is not None:
        last = min(last, session.completed_at)
    if from_ < last:
        runs.append(Interval(from_, last))
    return runs
