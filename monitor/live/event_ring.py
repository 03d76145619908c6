"""The last lines of a session's history, for cursors that are a little behind."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from monitor.protocol.items import EventItem


class EventRing:
    """The newest events, at most `kept`; it knows from which version on it has them all."""

    def __init__(self, kept: int) -> None:
        """Keep at most that many."""
        self._kept = kept
        self._events: deque[EventItem] = deque()
        self._complete_above = 0  # every event of a version above this is here

    def add(self, events: Iterable[EventItem]) -> None:
        """Append newer events, oldest first; versions must not fall from one to the next."""
        for event in events:
            self._events.append(event)
            if len(self._events) > self._kept:
                dropped = self._events.popleft()
                self._complete_above = max(self._complete_above, dropped.version)

    def cut(self, version: int) -> None:
        """Forget everything: some events up to `version`, this one included, are not known."""
        self._events.clear()
        self._complete_above = version

    def newer_than(self, version: int) -> tuple[list[EventItem], bool]:
        """The events that later versions wrote, oldest first, and whether some are missing."""
        events = []
        for event in reversed(self._events):
            if event.version <= version:
                break
            events.append(event)
        events.reverse()
        return events, version < self._complete_above
