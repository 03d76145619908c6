"""How many heartbeats came in the last seconds."""

from __future__ import annotations

from collections import deque

STEP_SECONDS = 0.5  # counts are kept by so long steps, so a window holds a few dozen numbers


class HeartbeatWindow:
    """A sliding count. Pure; `now` is any steady clock, in seconds."""

    def __init__(self, seconds: float = 10.0) -> None:
        """Count over so many seconds."""
        self._seconds = seconds
        self._steps: deque[tuple[float, int]] = deque()  # when the step began, how many in it
        self._total = 0

    def add(self, now: float, count: int) -> None:
        """`count` heartbeats came."""
        began = now // STEP_SECONDS * STEP_SECONDS
        if self._steps and self._steps[-1][0] == began:
            self._steps[-1] = (began, self._steps[-1][1] + count)
        else:
            self._steps.append((began, count))
        self._total += count
        self._forget(now)

    def total(self, now: float) -> int:
        """How many came within the window before `now`."""
        self._forget(now)
        return self._total

    def _forget(self, now: float) -> None:
        while self._steps and self._steps[0][0] <= now - self._seconds:
            self._total -= self._steps.popleft()[1]
