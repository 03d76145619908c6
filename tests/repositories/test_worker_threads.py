from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from monitor.errors import Unavailable
from monitor.repositories.worker_threads import WorkerThreads
from tests.support import eventually


@asynccontextmanager
async def _threads(count: int = 1, waiting_limit: int = 10) -> AsyncIterator[WorkerThreads]:
    threads = WorkerThreads("test", count, waiting_limit)
    threads.start()
    try:
        yield threads
    finally:
        assert await threads.close(5)


class _Gate:
    """A job that says when it has begun and goes on when told."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.open = threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.open.wait(10)
        return "through"


async def test_a_job_returns_what_it_returns_and_raises_what_it_raises() -> None:
    async with _threads() as threads:
        assert await threads.run(lambda: 3) == 3
        with pytest.raises(ZeroDivisionError):
            await threads.run(lambda: 1 // 0)
        assert await threads.run(threading.current_thread) is not threading.current_thread()


async def test_one_thread_does_its_jobs_in_order() -> None:
    done: list[int] = []
    async with _threads(waiting_limit=100) as threads:
        await asyncio.gather(*(threads.run(partial(done.append, n)) for n in range(50)))

    assert done == list(range(50))


async def test_several_threads_work_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=10)
    async with _threads(count=3) as threads:
        assert sorted(await asyncio.gather(*(threads.run(meeting.wait) for _ in range(3)))) == [
            0,
            1,
            2,
        ]


async def test_a_full_queue_refuses_but_not_the_recorder() -> None:
    gate = _Gate()
    async with _threads(waiting_limit=2) as threads:
        busy = asyncio.create_task(threads.run(gate))
        await eventually(gate.begun.is_set)
        queued = [asyncio.create_task(threads.run(lambda: "queued")) for _ in range(2)]
        await eventually(lambda: threads.waiting == 2)

        with pytest.raises(Unavailable, match="Too many requests"):
            await threads.run(lambda: "refused")
        unlimited = asyncio.create_task(threads.run(lambda: "recorder", limited=False))
        await eventually(lambda: threads.waiting == 3)

        gate.open.set()
        assert await asyncio.gather(busy, *queued, unlimited) == [
            "through",
            "queued",
            "queued",
            "recorder",
        ]


async def test_who_waits_too_long_is_told_so_and_the_job_is_not_begun() -> None:
    gate = _Gate()
    begun: list[str] = []
    async with _threads() as threads:
        busy = asyncio.create_task(threads.run(gate))
        await eventually(gate.begun.is_set)

        with pytest.raises(Unavailable, match="did not answer in time"):
            await threads.run(lambda: begun.append("late"), timeout_seconds=0.01)

        gate.open.set()
        assert await busy == "through"
        assert await threads.run(lambda: "next") == "next"
    assert begun == []


async def test_a_job_whose_caller_has_gone_is_not_begun() -> None:
    gate = _Gate()
    begun: list[str] = []
    async with _threads() as threads:
        busy = asyncio.create_task(threads.run(gate))
        await eventually(gate.begun.is_set)
        gone = asyncio.create_task(threads.run(lambda: begun.append("gone")))
        await eventually(lambda: threads.waiting == 1)

        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone

        gate.open.set()
        assert await busy == "through"
    assert begun == []


async def test_closing_finishes_what_was_handed_over_and_takes_no_more() -> None:
    done: list[str] = []
    async with _threads() as threads:
        job = asyncio.create_task(threads.run(lambda: done.append("before")))
        await asyncio.sleep(0)
        assert await threads.close(5)
        await job
        with pytest.raises(Unavailable, match="closed"):
            await threads.run(lambda: done.append("after"))

    assert done == ["before"]


async def test_a_thread_that_hangs_is_left_behind() -> None:
    gate = _Gate()
    threads = WorkerThreads("test", 1, 10)
    threads.start()
    hanging = asyncio.create_task(threads.run(gate))
    await eventually(gate.begun.is_set)

    assert not await threads.close(0.05)

    gate.open.set()
    assert await hanging == "through"


async def test_threads_that_were_never_started_refuse_and_close() -> None:
    threads = WorkerThreads("test", 1, 10)

    with pytest.raises(Unavailable):
        await threads.run(lambda: 1)
    assert await threads.close(0)
