"""A few threads that do blocking work for the event loop, with a bounded queue before them."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from monitor.errors import Unavailable

T = TypeVar("T")
_Job = tuple["Future[Any]", Callable[[], Any]]


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
        future: Future[T] = Future()
        self._jobs.put((future, job))
        waiter = asyncio.wrap_future(future)
        try:
            done, _ = await asyncio.wait((waiter,), timeout=timeout_seconds)
        finally:
            # Unless a thread has begun the job, none will.
            future.cancel()
            waiter.cancel()
        if not done:
            raise Unavailable("The database did not answer in time. Try again in a moment.")
        return waiter.result()

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
            future, job = taken
            if future.set_running_or_notify_cancel():
                _settle(future, job)
            # Nothing of a finished job outlives it while the thread waits for the next.
            del taken, future, job


def _settle(future: Future[Any], job: Callable[[], Any]) -> None:
    try:
        result = job()
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the job
        future.set_exception(error)
    else:
        future.set_result(result)
