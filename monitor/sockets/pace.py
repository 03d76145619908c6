"""How fast someone may go on: pure, the clock is an argument (seconds of any steady clock).

Both keep one number for each who is limited: the moment at which all that was taken so far is paid
for. Whoever is ahead of it by no more than the burst goes on at once.
"""

from __future__ import annotations

PRUNE_ABOVE = 10_000  # keys kept before those that are paid for are dropped


class Pace:
    """The reading speed of one connection: `burst` frames at once, then so many a second."""

    __slots__ = ("_lead", "_paid_until", "_step")

    def __init__(self, per_second: float, burst: int) -> None:
        """Let `burst` frames pass at once and `per_second` in the long run."""
        self._step = 1 / per_second
        self._lead = burst / per_second
        self._paid_until = float("-inf")

    def take(self, now: float) -> float:
        """Count a frame and return how many seconds to wait before the next is read."""
        paid_until = (self._paid_until if self._paid_until > now else now) + self._step
        self._paid_until = paid_until
        delay = paid_until + self._step - now - self._lead
        return delay if delay > 0.0 else 0.0


class Allowance:
    """So many tries a minute for each key; a try that is refused costs nothing."""

    def __init__(self, per_minute: int) -> None:
        """Allow `per_minute` tries at once, and as many a minute in the long run."""
        self._step = 60 / per_minute
        self._paid_until: dict[str, float] = {}

    def take(self, key: str, now: float) -> float:
        """Count a try and return 0, or count nothing and return the seconds until one is free."""
        paid_until = max(self._paid_until.get(key, now), now) + self._step
        if paid_until - now > 60 + 1e-6:
            return paid_until - now - 60
        self._paid_until[key] = paid_until
        if len(self._paid_until) > PRUNE_ABOVE:
            self._paid_until = {k: until for k, until in self._paid_until.items() if until > now}
        return 0.0
