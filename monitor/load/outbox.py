"""What a student has done and the server has not yet settled. PURE.

Nothing leaves the outbox before the server's word: `ack` settles every seq up to it. After a new
connection everything unsettled goes again, in order, with the new connection's seqs.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from monitor.protocol.messages import Error, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator


class Entry(Struct, eq=False):
    """One operation; `error` is what it was refused with, if it was.

    Times are seconds of the client's monotonic clock.
    """

    operation: Operation
    given_at: float
    error: Error | None = None
    settled_at: float | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the server has said that it is kept, or refused."""
        return self.settled_at is not None

    @property
    def is_kept(self) -> bool:
        """Whether the server has said that it is kept: it must never be lost from here on."""
        return self.settled_at is not None and self.error is None


class Outbox:
    """Operations in the order given, and which of them are under way."""

    def __init__(self) -> None:
        self._seq = 0
        self._waiting: deque[Entry] = deque()
        self._later: list[Entry] = []  # refused for the moment
        self._under_way: dict[int, Entry] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._later) + len(self._under_way)

    def __iter__(self) -> Iterator[Entry]:
        yield from self._under_way.values()
        yield from self._later
        yield from self._waiting

    @property
    def under_way(self) -> int:
        """How many have been sent and not settled."""
        return len(self._under_way)

    def put(self, operation: Operation, given_at: float) -> Entry:
        """Add an operation, to be sent as soon as possible; its seq is given when it goes."""
        entry = Entry(operation, given_at)
        self._waiting.append(entry)
        return entry

    def next_seq(self) -> int:
        """A seq for what is not worth sending twice: a heartbeat."""
        self._seq += 1
        return self._seq

    def take(self, limit: int) -> list[Operation]:
        """What may go now, at most so many, with seqs that rise."""
        taken: list[Operation] = []
        while self._waiting and len(taken) < limit:
            entry = self._waiting.popleft()
            seq = self.next_seq()
            entry.operation = msgspec.structs.replace(entry.operation, seq=seq)
            self._under_way[seq] = entry
            taken.append(entry.operation)
        return taken

    def refuse(self, error: Error) -> Entry | None:
        """Note an error about one seq; its ack settles it.

        After a temporary error nothing is settled: it goes again after `retry`.
        """
        if error.seq is None:
            return None
        entry = self._under_way.get(error.seq)
        if entry is None:
            return None
        if error.temporary:
            del self._under_way[error.seq]
            self._later.append(entry)
        else:
            entry.error = error
        return entry

    def retry(self) -> None:
        """Let what was refused for the moment go again; to be called after a while."""
        self._waiting.extendleft(reversed(self._later))
        self._later.clear()

    def ack(self, seq: int, now: float) -> list[Entry]:
        """What is settled by an ack up to `seq`, in order."""
        settled = []
        # Seqs rise in the order of the dict, so the first that is higher ends it.
        while self._under_way and (first := next(iter(self._under_way))) <= seq:
            entry = self._under_way.pop(first)
            entry.settled_at = now
            settled.append(entry)
        return settled

    def start_again(self) -> None:
        """A new connection: what is unsettled waits again, in its order, and seqs start anew."""
        for entry in self._under_way.values():
            # Its error came without an ack: the new connection's answer counts.
            entry.error = None
        self.retry()
        self._waiting.extendleft(reversed(self._under_way.values()))
        self._under_way.clear()
        self._seq = 0
