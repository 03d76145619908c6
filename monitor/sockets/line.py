"""A line: what reads, what writes and the timers of one connection share.

Nothing here waits and nothing holds a frame. Whoever has something for the writer changes some
small state of its own and wakes it.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.sockets.closing import Closing


class Line(ABC):
    """A live connection as others see it: it can be woken and ended, and may be gone."""

    __slots__ = ("__weakref__", "_loop", "_timers", "ending", "gone", "left")

    def __init__(self) -> None:
        """Start with nothing to do."""
        self.ending: Closing | None = None
        self.gone = False
        self.left = False  # on purpose, and the recorder has been told
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._loop = asyncio.get_running_loop()

    @property
    def over(self) -> bool:
        """Whether nothing more is read from it."""
        return self.gone or self.ending is not None

    @abstractmethod
    def wake(self) -> None:
        """Let the writer look at what there is to send."""

    def end(self, closing: Closing) -> None:
        """Have the connection closed by Monitor; the first reason given is the one that is told."""
        if self.ending is None:
            self.ending = closing
            self.wake()

    def after(self, name: str, seconds: float, call: Callable[[], None]) -> None:
        """Call `call` once in so many seconds, if the line still lives; replaces its namesake."""
        self.cancel(name)
        self._timers[name] = self._loop.call_later(max(seconds, 0.0), call)

    def cancel(self, name: str) -> None:
        """Do not call what was to be called later."""
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()

    def end_at(self, name: str, moment: datetime, now: datetime, code: int) -> None:
        """Have the connection closed with `code` when that moment comes."""
        wait = (moment - now) / timedelta(seconds=1)
        self.after(name, wait, lambda: self.end(Closing(code)))

    def close(self) -> None:
        """Stop every timer."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
