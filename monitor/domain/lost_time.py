"""Time that a student could not work because the connection was gone.

It grows when the student comes back, by the time since the last sign of life, if that is more than
2 heartbeats, cut to when it was this student's time: the sitting's clock ran for them, and the
attempt was open. An outage of the server counts like one of the Wi-Fi.

`lost_seconds` is all of it, and only grows. `lost` holds the spans not yet given back: giving back
takes them out, whole or the part within a window, so nobody is given the same seconds twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import ceil

from msgspec.structs import replace

from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.deadlines import clock_ran
from monitor.domain.moments import Interval, overlap, seconds_between, without
from monitor.domain.rules import Rules
from monitor.domain.session import Session


def lose(
    session: Session, attempt: Attempt, last_activity: datetime, at: datetime, rules: Rules
) -> Attempt:
    """The attempt with the time since `last_activity` counted as lost."""
    if seconds_between(last_activity, at) <= rules.unstable_seconds:
        return attempt
    if attempt.status is AttemptStatus.SUBMITTED and attempt.submitted_at is not None:
        at = min(at, attempt.submitted_at)
    from_ = last_activity
    if attempt.reopened_at is not None:
        from_ = max(from_, attempt.reopened_at)
    if from_ >= at:
        return attempt
    pieces = clock_ran(session, attempt.student_id, Interval(from_, at))
    if not pieces:
        return attempt
    return replace(
        attempt,
        lost_seconds=round(attempt.lost_seconds + _sum(pieces), 3),
        lost=(*attempt.lost, *pieces),
    )


def give_back(attempt: Attempt, window: Interval | None) -> tuple[Attempt, int]:
    """The attempt with lost time given back, and the whole seconds of extra time that makes.

    With a window only what was lost within it. Fractions are rounded up once, over all that was
    ever given back.
    """
    given: tuple[Interval, ...] = attempt.lost
    left: tuple[Interval, ...] = ()
    if window is not None:
        cut = [overlap(span, window) for span in attempt.lost]
        given = tuple(span for span in cut if span is not None)
        left = tuple(piece for span in attempt.lost for piece in without(span, window))
    if not given:
        return attempt, 0
    total = round(attempt.given_back_seconds + _sum(given), 3)
    extra = ceil(total) - ceil(attempt.given_back_seconds)
    return replace(attempt, given_back_seconds=total, lost=left), extra


def _sum(spans: Iterable[Interval]) -> float:
    return round(sum(span.seconds for span in spans), 3)
