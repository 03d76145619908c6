"""The students whose heartbeats are written, and what a writer of them is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Shape:
    """So many sessions of so many participants; student n sits in session n % sessions."""

    participants: int
    sessions: int

    @property
    def students(self) -> int:
        """How many there are in all."""
        return self.participants * self.sessions

    @cached_property
    def session_ids(self) -> list[str]:
        """The id of each session."""
        return [str(UUID(int=(1 << 120) + number)) for number in range(self.sessions)]

    @cached_property
    def student_ids(self) -> list[str]:
        """The id of each student."""
        return [str(UUID(int=(2 << 120) + number)) for number in range(self.students)]

    def session_of(self, student: int) -> str:
        """The id of the session that the n-th student sits in."""
        return self.session_ids[student % self.sessions]


# Called on the event loop with the student's number, after the commit.
OnAcked = Callable[[int], None]


class Writer(Protocol):
    """Keeps heartbeats in a database and acks each after the commit that holds it."""

    def hand(self, student: int, at: datetime) -> None:
        """Let the heartbeat be written; `acked`, given to `open`, is called when it is."""


@dataclass(frozen=True)
class Kept:
    """What a database holds after a run.

    Attributes:
        beats: Heartbeats it counted; None where heartbeats are merged and not counted.
        last: The last activity it holds of each student, by the student's id.
    """

    beats: int | None
    last: dict[str, datetime]


@dataclass
class Account:
    """What a writer did, filled while it works.

    Attributes:
        commits: Transactions.
        busy_seconds: Time within transactions, begin to end, of all its threads.
        kept: What the database holds, once it is closed.
    """

    commits: int = 0
    busy_seconds: float = 0.0
    kept: Kept | None = None


@dataclass(frozen=True)
class Way:
    """A way to write heartbeats.

    Attributes:
        name: As the table says it.
        open: A writer with an account, on an empty database at the URL, for this shape; the last
            argument is the window in seconds that heartbeats wait for others.
        most_in_flight: More heartbeats at a time do not make it faster, only the run longer.
        one_a_session: Whether no session has more than one heartbeat in flight.
    """

    name: str
    open: Callable[
        [str, Shape, OnAcked, float], AbstractAsyncContextManager[tuple[Writer, Account]]
    ]
    most_in_flight: int = 1_000_000
    one_a_session: bool = False

    def in_flight(self, shape: Shape) -> int:
        """How many students beat at a time; neighbours sit in different sessions."""
        most = shape.sessions if self.one_a_session else shape.students
        return min(most, self.most_in_flight)
