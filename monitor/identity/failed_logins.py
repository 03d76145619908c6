"""How often a sign-in may fail: the only limit that is keyed by address, and by account too."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from monitor.errors import BadCredentials, TooManyRequests

_WAITING = 100  # sign-ins of one address and account under way at once; more is no person


class FailedLogins:
    """Counts failures an address and account in a minute, in this process.

    Tries of one address and account take turns, so that a hundred at once are still counted.
    """

    def __init__(self, per_minute: int) -> None:
        """Allow so many failures a minute."""
        self._limit = RateLimitItemPerMinute(per_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def attempt(self, address: str, account: str) -> AsyncIterator[None]:
        """One try: a BadCredentials raised inside counts.

        Raises:
            TooManyRequests: the limit is reached; nothing inside has run.
        """
        key = hashlib.sha256(f"{address}\n{account}".encode()).hexdigest()
        async with self._turn(key):
            if not self._limiter.test(self._limit, key):
                reset = self._limiter.get_window_stats(self._limit, key).reset_time
                raise TooManyRequests(retry_after_seconds=max(1, int(reset - time.time()) + 1))
            try:
                yield
            except BadCredentials:
                self._limiter.hit(self._limit, key)
                raise

    @asynccontextmanager
    async def _turn(self, key: str) -> AsyncIterator[None]:
        lock, taken = self._turns.get(key, (asyncio.Lock(), 0))
        if taken >= _WAITING:
            raise TooManyRequests(retry_after_seconds=1)
        self._turns[key] = lock, taken + 1
        try:
            async with lock:
                yield
        finally:
            lock, taken = self._turns.pop(key)
            if taken > 1:
                self._turns[key] = lock, taken - 1
