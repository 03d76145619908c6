"""How late the event loop is, measured while connections begin."""

from __future__ import annotations

import asyncio
from time import monotonic  # the loop's own clock stands still within a turn

STEP_SECONDS = 0.1
IDLE_STEPS = 50  # without a question, after which nothing is measured any more


class Lag:
    """The lateness of a timer that is set again and again while somebody asks."""

    def __init__(self) -> None:
        self._late = 0.0
        self._due_at = 0.0
        self._unasked = 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def seconds(self) -> float:
        """How long what is ready waits for its turn, as of the last moment; 0 at first."""
        self._unasked = 0
        if self._timer is None:
            self._set()
        return max(self._late, monotonic() - self._due_at)

    def _set(self) -> None:
        self._due_at = monotonic() + STEP_SECONDS
        self._timer = asyncio.get_running_loop().call_later(STEP_SECONDS, self._measure)

    def _measure(self) -> None:
        self._late = monotonic() - self._due_at
        self._unasked += 1
        if self._unasked < IDLE_STEPS:
            self._set()
        else:
            self._late, self._timer = 0.0, None
