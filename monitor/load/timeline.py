"""One clock for everybody: what thousands of clients do in their time, by one task.

A timer of its own for each client would cost more than what the client does. Times are those of
`time.monotonic`: uvloop's own clock stands still while callbacks run.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.load.meters import Latency

# What is due within so short a time is done together.
STEP_SECONDS = 0.001
# After so many the sockets are looked at, however much is due.
AT_ONCE = 64

# Does what is due; given the time it was intended for; returns the time of its next turn, if any.
Doing = Callable[[float], float | None]


class Timeline:
    """Does everything in its time; what is late is done as soon as possible, never left out.

    Args:
        lateness: Records how much later than intended each was done.
    """

    def __init__(self, lateness: Latency) -> None:
        self._lateness = lateness
        self._due: list[tuple[float, int, Doing]] = []
        self._numbers = itertools.count()

    def put(self, at: float, doing: Doing) -> None:
        """Have this done at a time of `time.monotonic`."""
        heapq.heappush(self._due, (at, next(self._numbers), doing))

    async def run(self, until: float) -> None:
        """Do what is due until then; what is due later stays for the next call."""
        while self._due and self._due[0][0] < until:
            await asyncio.sleep(max(self._due[0][0] - monotonic(), STEP_SECONDS))
            self._do_due(until)
        await asyncio.sleep(max(until - monotonic(), 0))

    def _do_due(self, until: float) -> None:
        for _ in range(AT_ONCE):
            now = monotonic()
            if not self._due or self._due[0][0] > min(now, until):
                return
            at, number, doing = heapq.heappop(self._due)
            self._lateness.record(now - at)
            again = doing(at)
            if again is not None:
                heapq.heappush(self._due, (again, number, doing))
