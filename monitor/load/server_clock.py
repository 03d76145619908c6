"""The server's clock, as far as its answers tell: from when to when it can be. PURE.

Whatever the server stamped, it stamped before its answer came. Each answer narrows how far its
clock is ahead of ours; with many it is known to a few milliseconds.
"""

from __future__ import annotations

import math
from datetime import datetime

# Stamps are cut to milliseconds: the truth is up to so much later.
RESOLUTION_SECONDS = 0.001
# What was learned longer ago is forgotten: clocks are put right bit by bit.
REMEMBERED_SECONDS = 30.0
# How much two clocks move against each other in that time.
DRIFT_SECONDS = 0.002


class ServerClock:
    """How far the server's clock is ahead of ours, at the least."""

    def __init__(self) -> None:
        self._now = self._before = -math.inf
        self._since = -math.inf

    @property
    def least(self) -> float:
        """Seconds; -infinity before the first answer."""
        return max(self._now, self._before)

    def observe(self, server_time: str, received_at: float) -> None:
        """Learn from a stamp that had been made at this moment of our clock."""
        if received_at - self._since > REMEMBERED_SECONDS:
            self._before, self._now, self._since = self._now, -math.inf, received_at
        self._now = max(self._now, seconds_of(server_time) - received_at)

    def may_cover(
        self, server_time: str, sent_at: float, tolerance_seconds: float = DRIFT_SECONDS
    ) -> bool:
        """Whether this stamp can be of something sent at or after this moment of our clock."""
        latest = seconds_of(server_time) + RESOLUTION_SECONDS - self.least
        return latest + tolerance_seconds >= sent_at


def seconds_of(stamp: str) -> float:
    """An RFC 3339 time in seconds since 1970."""
    return datetime.fromisoformat(stamp).timestamp()
