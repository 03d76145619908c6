"""The two loads: closed (the next heartbeat follows the ack) and open (at the real rate)."""

from __future__ import annotations

import asyncio
import os
import random
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from monitor.clock import Clock
from monitor.load.meters import Latency, LatencySummary
from tests.benchmarks.cpu import CpuMeter, tamed_collector
from tests.benchmarks.write_path.shape import Account, OnAcked, Shape, Way, Writer

_CLOCK = Clock()
_MILLISECOND = timedelta(milliseconds=1)

# Nobody beats before the writer has warmed up with one heartbeat of each.
WARM_UP_SECONDS = 60.0
# Heartbeats that are not acked by then are counted as not acked.
PATIENCE_SECONDS = 60.0
TICK_SECONDS = 0.002


@dataclass(frozen=True)
class Outcome:
    """What a way did under a load; seconds are per acked heartbeat."""

    acked: int
    per_second: float
    lost: int
    commits: int
    cpu_each: float
    busy_each: float
    latency: LatencySummary | None = None  # of the open loop


class _Acks:
    """Counts acks and remembers the last heartbeat acked of each student.

    What it costs is counted with every way of writing, so it does little: latencies are kept only
    where they are told.
    """

    def __init__(self, shape: Shape) -> None:
        self.acked = self.outstanding = 0
        self.last: dict[int, datetime] = {}
        self._at = [_CLOCK.now() - _MILLISECOND] * shape.students
        self._flying: list[deque[tuple[datetime, float]]] = [deque() for _ in range(shape.students)]
        self.latency: Latency | None = None
        self.then: OnAcked = lambda _: None

    def sent(self, student: int, intended: float) -> datetime:
        """The time of a student's next heartbeat: now, or a millisecond after the last one.

        Two in one millisecond would be one sign of life, and nothing to write.
        """
        at, last = _CLOCK.now(), self._at[student]
        if at <= last:
            at = last + _MILLISECOND
        self._at[student] = at
        self.outstanding += 1
        self._flying[student].append((at, intended))
        return at

    def __call__(self, student: int) -> None:
        # Of one student they are acked in their order.
        self.last[student], intended = self._flying[student].popleft()
        self.outstanding -= 1
        self.acked += 1
        if self.latency is not None:
            self.latency.record(perf_counter() - intended)
        self.then(student)


async def closed(way: Way, url: str, shape: Shape, seconds: float) -> Outcome:
    """As many as it acks: each student sends the next heartbeat at the ack of the last one."""
    acks = _Acks(shape)
    in_flight = way.in_flight(shape)
    async with way.open(url, shape, acks, 0.0) as (writer, account):
        with tamed_collector():
            await _round(writer, acks, range(in_flight))
            acks.acked = 0
            commits, busy = account.commits, account.busy_seconds
            cpu = CpuMeter(os.getpid())
            start = perf_counter()
            end = start + seconds
            done = asyncio.Event()

            def again(student: int) -> None:
                if perf_counter() < end:
                    _hand(writer, acks, student)
                elif not acks.outstanding:
                    done.set()

            acks.then = again
            for student in range(in_flight):
                _hand(writer, acks, student)
            async with asyncio.timeout(seconds + PATIENCE_SECONDS):
                await done.wait()
            took, spent = perf_counter() - start, cpu.seconds()
    return Outcome(
        acked=acks.acked,
        per_second=acks.acked / took,
        lost=_lost(acks, account, shape, in_flight),
        commits=account.commits - commits,
        cpu_each=spent / acks.acked,
        busy_each=(account.busy_seconds - busy) / acks.acked,
    )


async def open_loop(
    way: Way,
    url: str,
    shape: Shape,
    *,
    every: float,
    seconds: float,
    window: float,
    database_pids: tuple[int, ...],
) -> Outcome:
    """At the real rate: each student beats once in `every` seconds, spread evenly.

    CPU is that of this process and of the database's; the generator is the same for all ways.
    """
    acks = _Acks(shape)
    order = list(range(shape.students))
    random.Random(1).shuffle(order)
    latency = Latency()
    async with way.open(url, shape, acks, window) as (writer, account):
        with tamed_collector():
            await _round(writer, acks, range(way.in_flight(shape)))
            acks.acked, acks.latency = 0, latency
            commits, busy = account.commits, account.busy_seconds
            cpu = CpuMeter(os.getpid(), *database_pids)
            start = perf_counter()
            await _play(writer, acks, order, start, every, seconds)
            for _ in range(int(PATIENCE_SECONDS / TICK_SECONDS)):
                if not acks.outstanding:
                    break
                await asyncio.sleep(TICK_SECONDS)
            took, spent = perf_counter() - start, cpu.seconds()
            not_acked = acks.outstanding
    if not_acked:
        raise RuntimeError(f"{way.name}: {not_acked} heartbeats were never acked")
    return Outcome(
        acked=acks.acked,
        per_second=acks.acked / took,
        lost=_lost(acks, account, shape, way.in_flight(shape)),
        commits=account.commits - commits,
        cpu_each=spent / acks.acked,
        busy_each=(account.busy_seconds - busy) / acks.acked,
        latency=latency.summary(),
    )


async def _play(
    writer: Writer, acks: _Acks, order: list[int], start: float, every: float, seconds: float
) -> None:
    number, total = 0, int(len(order) * seconds / every)
    while number < total:
        due = (perf_counter() - start) * len(order) / every
        while number < min(due, total):
            student = order[number % len(order)]
            _hand(writer, acks, student, start + number * every / len(order))
            number += 1
        await asyncio.sleep(TICK_SECONDS)


async def _round(writer: Writer, acks: _Acks, students: range) -> None:
    """One heartbeat of each: connections are open then, statements prepared, caches filled."""
    done = asyncio.Event()
    acks.then = lambda _: None if acks.outstanding else done.set()
    for student in students:
        _hand(writer, acks, student)
    async with asyncio.timeout(WARM_UP_SECONDS):
        await done.wait()
    acks.then = lambda _: None


def _hand(writer: Writer, acks: _Acks, student: int, intended: float | None = None) -> None:
    writer.hand(student, acks.sent(student, perf_counter() if intended is None else intended))


def _lost(acks: _Acks, account: Account, shape: Shape, warmed_up: int) -> int:
    """Acked heartbeats that are gone.

    Where the database counts heartbeats, those it did not count; elsewhere the students whose last
    acked heartbeat it does not hold.
    """
    kept = account.kept
    if kept is None:
        raise RuntimeError("nobody looked what the database holds")
    if kept.beats is not None:
        return acks.acked + warmed_up - kept.beats
    return sum(kept.last[shape.student_ids[student]] < at for student, at in acks.last.items())
