"""What is known of one simulated student from its own side: what it did and what it was told. PURE.

The dashboards' frames are held against it while the run goes on, the database after it.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from monitor.load.acts import GivenAct

# Heartbeats whose sight is still awaited; older ones count as never seen.
BEATS_AWAITED = 100


class SentBeat(Struct, eq=False):
    """A heartbeat that went out; times are of our clock, `seq` of its connection."""

    number: int
    seq: int
    intended_at: float
    sent_at: float
    measured: bool


class SentJoin(Struct, eq=False):
    """An attempt to get in; `former` is the connection id that it knew."""

    number: int
    intended_at: float
    former: str | None
    measured: bool


class StudentRecord:
    """One student's side of the story.

    Attributes:
        acts: Everything given to the outbox, in order.
        beats: Heartbeats that were sent and may still be seen for the first time.
        joining: The latest attempt to get in.
        joins: How often it was let in.
        attempt_id: What the server named, for good.
        connection_id: The latest that the server gave.
        acked_beat_sent_at: When the latest of the acked heartbeats was sent.
        is_followed: Whether acts can be told by their marks; not after one was refused.
    """

    def __init__(self, number: int, student_id: str, session_id: str) -> None:
        self.number = number
        self.student_id = student_id
        self.session_id = session_id
        self.acts: list[GivenAct] = []
        self.beats: deque[SentBeat] = deque(maxlen=BEATS_AWAITED)
        self.beats_sent = 0
        self.joining: SentJoin | None = None
        self.joins_tried = 0
        self.joins = 0
        self.attempt_id: str | None = None
        self.connection_id: str | None = None
        self.acked_beat_sent_at: float | None = None
        self.is_followed = True
        self.is_connected = False
        self.faults: list[str] = []

    def try_join(self, intended_at: float, *, measured: bool) -> None:
        """Note that it goes for the door."""
        self.joins_tried += 1
        self.joining = SentJoin(self.joins_tried, intended_at, self.connection_id, measured)

    def joined(self, attempt_id: str, connection_id: str) -> None:
        """Note that it was let in."""
        if self.attempt_id not in {None, attempt_id}:
            self.faults.append(
                f"{self.student_id} had attempt {self.attempt_id} and came back to {attempt_id}"
            )
        self.attempt_id = attempt_id
        self.connection_id = connection_id
        self.joins += 1
        self.is_connected = True

    def beat(self, seq: int, intended_at: float, sent_at: float, *, measured: bool) -> SentBeat:
        """Note a heartbeat."""
        self.beats_sent += 1
        sent = SentBeat(self.beats_sent, seq, intended_at, sent_at, measured)
        self.beats.append(sent)
        return sent

    def lost(self) -> None:
        """Note that the connection is gone, and with it what it had under way."""
        self.is_connected = False
        self.beats.clear()
