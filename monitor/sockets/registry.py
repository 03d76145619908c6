"""The live connections of a process: counted, and sent away together when it drains."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from monitor import metrics
from monitor.protocol.close_codes import CloseCode
from monitor.sockets.closing import Closing
from monitor.sockets.line import Line


class Registry:
    """Knows every connection between its answer and its end."""

    def __init__(self, spread_seconds: float) -> None:
        """At a drain, ask clients to come back within `spread_seconds`."""
        self.draining = False
        self._spread_seconds = spread_seconds
        self._lines: set[Line] = set()
        self._of_user: Counter[tuple[str, str]] = Counter()
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        """How many connections live."""
        return len(self._lines)

    @property
    def lines(self) -> list[Line]:
        """Those that live now."""
        return list(self._lines)

    def of_user(self, kind: str, user_id: str) -> int:
        """How many connections of a kind a user has here."""
        return self._of_user[kind, user_id]

    @contextmanager
    def live(self, line: Line, kind: str, user_id: str) -> Iterator[None]:
        """Count a connection of a kind (`student`, `dashboard`) while it lives.

        Raises:
            Closing: The process drains and takes no more.
        """
        self.add(line, kind, user_id)
        try:
            yield
        finally:
            self.remove(line, kind, user_id)

    def add(self, line: Line, kind: str, user_id: str) -> None:
        """Count a connection until it is removed; raises as `live`."""
        if self.draining:
            raise self.farewell()
        self._lines.add(line)
        self._empty.clear()
        self._of_user[kind, user_id] += 1
        metrics.SOCKETS_OPEN.labels(kind).inc()

    def remove(self, line: Line, kind: str, user_id: str) -> None:
        """Count it no more."""
        metrics.SOCKETS_OPEN.labels(kind).dec()
        self._of_user[kind, user_id] -= 1
        if not self._of_user[kind, user_id]:
            del self._of_user[kind, user_id]
        self._lines.discard(line)
        if not self._lines:
            self._empty.set()

    def farewell(self) -> Closing:
        """What a drain tells someone who comes now: come back at some moment of the spread."""
        return _draining(self._spread_seconds * random.random())  # noqa: S311 - only spreads

    def drain(self) -> None:
        """Take no more, and end every connection; each is told a moment of its own."""
        self.draining = True
        lines = self.lines
        random.shuffle(lines)
        for place, line in enumerate(lines):
            line.end(_draining(self._spread_seconds * (place + 0.5) / len(lines)))

    async def emptied(self) -> None:
        """Return when the last connection has ended."""
        await self._empty.wait()


def _draining(after_seconds: float) -> Closing:
    return Closing(CloseCode.DRAINING, after_ms=round(after_seconds * 1000))
