"""A session is one sitting of a test by a class; its status moves by one table."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from monitor.domain.moments import Interval


class SessionStatus(StrEnum):
    """Where a sitting stands; PAUSED is no status but IN_PROGRESS with `paused_at`."""

    SCHEDULED = "SCHEDULED"
    WAITING_FOR_STUDENTS = "WAITING_FOR_STUDENTS"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


_OVER = frozenset({SessionStatus.COMPLETED, SessionStatus.CANCELLED})


class RosterEntry(Struct, frozen=True):
    """A student on the sitting's list, with the name shown; `added` if not from the class."""

    id: str
    name: str
    added: bool = False


class Session(Struct, frozen=True, kw_only=True):
    """A sitting without its participants; seconds are seconds of the sitting's clock."""

    id: str
    class_id: str
    test_id: str
    title: str
    status: SessionStatus
    created_by: str
    scheduled_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_seconds: int | None = None
    extended_seconds: int = 0
    paused_seconds: float = 0.0
    paused_at: datetime | None = None
    pauses: tuple[Interval, ...] = ()  # closed ones, in order
    extra_seconds: dict[str, int] = {}
    invigilator_ids: tuple[str, ...] = ()  # help: may steer
    observer_ids: tuple[str, ...] = ()  # may only look on
    roster: tuple[RosterEntry, ...] = ()
    version: int = 0
    session_version: int = 0
    roster_version: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come: completed or cancelled."""
        return self.status in _OVER
