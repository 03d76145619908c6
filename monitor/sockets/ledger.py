"""The ledger of one student's connection: what was taken, and what is to be answered. Pure.

Operations are entered in the order in which they came and answered in that order, whatever order
they are settled in. So an `ack` of a `seq` is true for every seq before it: each is committed, or
was answered by an `error` of its own that left before.
"""

from __future__ import annotations

from collections import deque

from monitor.domain.attempt import Attempt
from monitor.errors import MonitorError
from monitor.protocol.messages import Ack, Error

LATE = "The answer came after the time was up. It is kept, and the teacher may accept it."


class Entry:
    """One operation; `seq` null for what is answered by no ack."""

    __slots__ = ("error", "seq", "settled", "size", "winner")

    def __init__(self, seq: int | None, size: int) -> None:
        """Enter an operation that came as a frame of `size` bytes."""
        self.seq = seq
        self.size = size
        self.settled = False
        self.error: Error | None = None
        self.winner: Attempt | None = None


class Ledger:
    """Operations of a connection that are not answered yet, bounded by whoever reads it."""

    __slots__ = ("_bytes", "_entries", "_highest", "_most_bytes", "_most_commands")

    def __init__(self, most_commands: int, most_bytes: int) -> None:
        """Be `full` from so many operations or bytes on."""
        self._most_commands = most_commands
        self._most_bytes = most_bytes
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._highest = -1

    @property
    def full(self) -> bool:
        """Whether nothing more should be read before something was answered."""
        return len(self._entries) >= self._most_commands or self._bytes >= self._most_bytes

    @property
    def empty(self) -> bool:
        """Whether everything is answered."""
        return not self._entries

    @property
    def due(self) -> bool:
        """Whether something can be answered now."""
        return bool(self._entries) and self._entries[0].settled

    def rises(self, seq: int) -> bool:
        """Whether this seq is higher than every one before; from then on it counts as taken."""
        if seq <= self._highest:
            return False
        self._highest = seq
        return True

    def enter(self, seq: int | None, size: int) -> Entry:
        """Take an operation that will be settled later."""
        entry = Entry(seq, size)
        self._entries.append(entry)
        self._bytes += size
        return entry

    def settle(self, entry: Entry, error: Error | None = None) -> None:
        """Let the entry be answered when its turn comes: by its ack, after its error if any."""
        entry.settled = True
        entry.error = error

    def refuse(self, error: Error, size: int) -> None:
        """Enter what is answered by an error alone, in its turn, and acked by nothing."""
        entry = self.enter(None, size)
        self.settle(entry, error)

    def take(self, server_time: str) -> tuple[list[Error | Ack], Attempt | None]:
        """Remove what can be answered: its messages in order, and the newest winner to be shown."""
        messages: list[Error | Ack] = []
        winner: Attempt | None = None
        acked: int | None = None
        while self._entries and self._entries[0].settled:
            entry = self._entries.popleft()
            self._bytes -= entry.size
            if entry.error is not None:
                if entry.seq is None and acked is not None:
                    messages.append(Ack(acked, server_time))
                    acked = None
                messages.append(entry.error)
            if entry.seq is not None:
                acked = entry.seq
            winner = entry.winner or winner
        if acked is not None:
            messages.append(Ack(acked, server_time))
        return messages, winner


def error_message(
    error: MonitorError, *, seq: int | None = None, session_id: str | None = None
) -> Error:
    """A named error as it goes over the wire."""
    return Error(error.code, error.message, error.temporary, seq, session_id)


def late_message(seq: int) -> Error:
    """What a student is told of an answer that came late: it is kept, so it is acked too."""
    return Error("late", LATE, temporary=False, seq=seq)
