"""Loads of one room: one at a time, tried again until they pass, waited for only by who asks to."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable

import structlog

from monitor import metrics
from monitor.errors import Unavailable

log = structlog.get_logger(__name__)

FIRST_RETRY_SECONDS = 0.05


class Loader:
    """Runs `load` when somebody wants it; wishes made during a load are met by one more load."""

    def __init__(self, load: Callable[[], Awaitable[None]], retry_max_seconds: float) -> None:
        """`load` raises Unavailable where it may pass later; wait at most so long between tries."""
        self._load = load
        self._retry_max_seconds = retry_max_seconds
        self._begun = False
        self._wanted = False
        self._waiters: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Load from now on; a wish made before is met now."""
        self._begun = True
        self._run_if_wanted()

    def want(self, reason: str) -> None:
        """Have a load that begins after this moment; `reason` is for the metrics."""
        if not self._wanted:
            self._wanted = True
            metrics.ROOM_LOADS.labels(reason).inc()
        self._run_if_wanted()

    async def load(self, reason: str) -> None:
        """Return when a load that began after this moment has passed.

        Raises:
            Unavailable: It failed in a way that trying again does not cure.
        """
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self.want(reason)
        await waiter

    async def close(self) -> None:
        """End a load that is under way; whoever waits is told Unavailable."""
        self._begun = False
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._settle(self._waiters, Unavailable())

    def _run_if_wanted(self) -> None:
        if self._begun and self._wanted and self._task is None:
            self._task = asyncio.create_task(self._run(), name="room-load")
            self._task.add_done_callback(self._ended)

    def _ended(self, _: asyncio.Task[None]) -> None:
        self._task = None
        self._run_if_wanted()

    async def _run(self) -> None:
        failures = 0
        while self._wanted:
            self._wanted = False
            waiters, self._waiters = self._waiters, []
            try:
                await self._load()
            except Unavailable:
                self._wanted = True
                self._waiters = waiters + self._waiters
                failures += 1
                await asyncio.sleep(self._retry_seconds(failures))
            except asyncio.CancelledError:
                self._waiters = waiters + self._waiters
                raise
            except Exception:
                # Not cured by trying again; the truth check asks once more in a second.
                log.exception("a room could not load")
                self._settle(waiters, Unavailable())
            else:
                failures = 0
                self._settle(waiters, None)

    def _retry_seconds(self, failures: int) -> float:
        longest = min(self._retry_max_seconds, FIRST_RETRY_SECONDS * 2.0 ** min(failures, 16))
        # All rooms fail together; they need not come back together.
        return longest * random.uniform(0.5, 1.0)  # noqa: S311

    @staticmethod
    def _settle(waiters: list[asyncio.Future[None]], error: Exception | None) -> None:
        for waiter in waiters:
            with contextlib.suppress(asyncio.InvalidStateError):
                if error is None:
                    waiter.set_result(None)
                else:
                    waiter.set_exception(error)
        waiters.clear()
