"""Pulses: one timer for all who are told, spread evenly over its round."""

from __future__ import annotations

import asyncio
from typing import Protocol

from monitor.clock import Clock
from monitor.protocol.timestamps import rfc3339

STUDENT_STEPS = 100  # of a round: so many at once that a step takes a millisecond or two
DASHBOARD_STEPS = 2  # of a much shorter round; writes in a row cost a third of single ones


class Pulsed(Protocol):
    """Who is told, once a round."""

    def pulse(self, server_time: str) -> None:
        """Tell that the server is there; must not raise."""


class Pulses:
    """Calls everyone once in so many seconds; has a timer only while there is someone."""

    def __init__(self, every_seconds: float, steps: int, clock: Clock) -> None:
        """Go round in `every_seconds` and so many steps."""
        self._steps = steps
        self._step_seconds = every_seconds / steps
        self._clock = clock
        self._places: list[set[Pulsed]] = [set() for _ in range(steps)]
        self._place_of: dict[Pulsed, int] = {}
        self._now = 0
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many are called."""
        return len(self._place_of)

    def add(self, one: Pulsed) -> None:
        """Call it a round from now, and so on."""
        self._places[self._now].add(one)
        self._place_of[one] = self._now
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._step_seconds, self._step, loop)

    def remove(self, one: Pulsed) -> None:
        """Call it no more."""
        place = self._place_of.pop(one, None)
        if place is not None:
            self._places[place].discard(one)
        if not self._place_of and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _step(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(self._step_seconds, self._step, loop)
        self._now = (self._now + 1) % self._steps
        due = self._places[self._now]
        if due:
            server_time = rfc3339(self._clock.now())
            for one in tuple(due):
                one.pulse(server_time)
