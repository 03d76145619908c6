"""Moments and intervals: aware UTC datetimes in whole milliseconds, and spans of seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from msgspec import Struct, json

_encode = json.Encoder().encode  # times faster than isoformat()
RECENT = 1_024  # moments whose text is remembered: all of the last second


class Interval(Struct, frozen=True, rename={"from_": "from"}):
    """A closed span of time, `from_` not after `to`."""

    from_: datetime
    to: datetime

    @property
    def seconds(self) -> float:
        """Its length."""
        return seconds_between(self.from_, self.to)


def _rfc3339(moment: datetime) -> str:
    """The wire's form of an aware datetime, e.g. `2026-11-22T10:45:00.000Z`."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    text = _encode(moment).decode()  # quoted, and six digits of a second or none
    return f"{text[1:24]}Z" if len(text) > 24 else f"{text[1:20]}.000Z"


rfc3339: Callable[[datetime], str] = lru_cache(RECENT)(_rfc3339)


def to_milliseconds(moment: datetime) -> datetime:
    """The moment cut to whole milliseconds, as stored and sent."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def seconds_between(earlier: datetime, later: datetime) -> float:
    """Seconds from one moment to another, exact to the millisecond; negative backwards."""
    return round((later - earlier).total_seconds(), 3)


def after(moment: datetime, seconds: float) -> datetime:
    """The moment so many seconds later (earlier where negative)."""
    return moment + timedelta(seconds=seconds)


def overlap(interval: Interval, window: Interval) -> Interval | None:
    """What of `interval` lies within `window`; None where that has no length."""
    from_ = max(interval.from_, window.from_)
    to = min(interval.to, window.to)
    return Interval(from_, to) if from_ < to else None


def without(interval: Interval, window: Interval) -> tuple[Interval, ...]:
    """What of `interval` lies outside `window`: none, one or two pieces."""
    if overlap(interval, window) is None:
        return (interval,)
    pieces = (
        Interval(interval.from_, max(interval.from_, window.from_)),
        Interval(min(interval.to, window.to), interval.to),
    )
    return tuple(piece for piece in pieces if piece.from_ < piece.to)
