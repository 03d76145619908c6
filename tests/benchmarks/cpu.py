"""CPU seconds and memory of processes, to be laid to one side of a comparison."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psutil

from tests.support.processes import family

# As the server itself does (monitor.cli.pauses): who is measured beside it pays alike.
COLLECTOR_THRESHOLDS = (50_000, 20, 100)


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
