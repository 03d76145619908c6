"""A supervised task: one that comes back when it dies, and says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from monitor import metrics

log = structlog.get_logger(__name__)

RESTART_SECONDS = 0.1  # long enough not to spin, short enough not to be noticed


class SupervisedTask:
    """Owns one task that runs `work` for ever; an unexpected end is logged and it starts again."""

    def __init__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Name the task for logs and metrics."""
        self._name = name
        self._work = work
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start it on the running loop."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def close(self) -> None:
        """Cancel it and wait until it has ended."""
        task, self._task = self._task, None
        if task is not None:
            await end(task, again_after_seconds=1.0)

    async def _run(self) -> None:
        while True:
            try:
                await self._work()
            except Exception:
                log.exception("task died and starts again", task=self._name)
            else:
                log.error("task ended and starts again", task=self._name)
            metrics.TASK_RESTARTS.labels(self._name).inc()
            await asyncio.sleep(RESTART_SECONDS)


async def end(task: asyncio.Task[None], *, again_after_seconds: float = 0.1) -> None:
    """Cancel the task and return when it has ended; how it ended is of no interest.

    It is asked again and again: `asyncio.wait_for` of Python 3.11, which drivers use, forgets a
    cancellation that comes together with the result it waits for.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=again_after_seconds)
    if not task.cancelled():
        task.exception()
