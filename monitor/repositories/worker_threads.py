"""A few threads that do blocking work for the event loop, with a bounded queue before them."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from monitor.errors import Unavailable

T = TypeVar("T")
_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class WorkerThreads:
    """Threads that take jobs in order; with one thread, jobs run strictly one after another.

    The threads are daemons: one that hangs in a driver never keeps the process from ending.

    Args:
        name: Of the threads, as debuggers show it.
        count: How many there are.
        waiting_limit: How many jobs may wait; one more is refused with `Unavailable`, for a queue
            that long is not going to be worked off while someone waits.
    """

    def __init__(self, name: str, count: int, waiting_limit: int) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._waiting_limit = waiting_limit
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(count)
        ]
        self._started = False
        self._closed = False

    def start(self) -> None:
        """Start the threads; a second time changes nothing."""
        if self._started:
            return
        self._started = True
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """How many jobs no thread has taken yet."""
        return self._jobs.qsize()

    async def run(
        self,
        job: Callable[[], T],
        *,
        timeout_seconds: float | None = None,
        limited: bool = True,
    ) -> T:
        """Run a job in one of the threads and return what it returns, or raise what it raises.

        A job whose caller has gone away is not begun; one that has begun runs to its end.

        Args:
            job: The blocking work.
            timeout_seconds: How long it may take, waiting included; None: any time.
            limited: Whether a full queue refuses it.

        Raises:
            Unavailable: The queue is full, the threads are closed, or the timeout has passed.
        """
        if self._closed or not self._started:
            raise Unavailable("The database connections are closed.")
        if limited and self.waiting >= self._waiting_limit:
            raise Unavailable("Too many requests wait for the database. Try again in a moment.")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put((loop, future, job))
        if timeout_seconds is None:
            return await future
        timer = loop.call_later(timeout_seconds, _give_up, future)
        try:
            return await future
        finally:
            timer.cancel()

    async def close(self, timeout_seconds: float) -> bool:
        """End the threads after the jobs they were given; returns whether all of them ended."""
        if self._closed or not self._started:
            self._closed = True
            return True
        self._closed = True
        for _ in self._threads:
            self._jobs.put(None)
        deadline = asyncio.get_running_loop().time() + timeout_seconds
        while any(thread.is_alive() for thread in self._threads):
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.005)
        return True

    def _work(self) -> None:
        while (taken := self._jobs.get()) is not None:
            loop, future, job = taken
            # Settled already: whoever wanted it has gone, or waits no longer.
            if not future.done():
                _run(loop, future, job)
            # Nothing of a finished job outlives it while the thread waits for the next.
            del taken, loop, future, job


def _run(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any], job: Callable[[], Any]
) -> None:
    """Run the job in this thread, and settle its future in the loop's."""
    result: Any = None
    failure: BaseException | None = None
    try:
        result = job()
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the job
        failure = error
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(_settle, future, result, failure)


def _settle(future: asyncio.Future[Any], result: object, failure: BaseException | None) -> None:
    if future.done():
        return
    if failure is None:
        future.set_result(result)
    else:
        future.set_exception(failure)


def _give_up(future: asyncio.Future[Any]) -> None:
    if not future.done():
        future.set_exception(
            Unavailable("The database did not answer in time. Try again in a moment.")
        )
