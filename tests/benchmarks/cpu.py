"""CPU seconds and memory of processes, to be laid to one side of a comparison."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psutil

from tests.support.processes import family

# As the server itself does (monitor.cli.pauses): who is measured beside it pays alike.
COLLECTOR_THRESHOLDS = (20_000, 2, 5_000)


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time, user and system, that these processes and all below them have taken so far."""
    total = 0.0
    for pid in pids:
        for process in family(pid):
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
    return total


def rss_kib(pids: Iterable[int]) -> float:
    """Memory that these processes and all below them hold."""
    total = 0.0
    for pid in pids:
        for process in family(pid):
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss / 1024
    return total


class CpuMeter:
    """What processes take from its making on; those that end meanwhile are not counted."""

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self._before = cpu_seconds(pids)

    def seconds(self) -> float:
        """CPU seconds since then."""
        return cpu_seconds(self._pids) - self._before


@contextmanager
def tamed_collector() -> Iterator[None]:
    """Within, the collector of this process behaves as the server's does."""
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)


@contextmanager
def parted(server_pid: int) -> Iterator[None]:
    """Within, all of the server has one core and we have the others, where there are several."""
    cores = os.sched_getaffinity(0)
    if len(cores) < 2:
        yield
        return
    first = min(cores)
    for process in family(server_pid):
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            for thread in process.threads():  # each has an affinity of its own
                os.sched_setaffinity(thread.id, {first})
    os.sched_setaffinity(0, cores - {first})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
