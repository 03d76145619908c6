"""What decides the worst latency of a server: collections.

With the defaults a full one of 0.9 s stalled every socket at 10,000 students. What is alive after
the start stays alive, so it is frozen out of all later collections, and the thresholds are raised.
Connections are never frozen (closed ones would leak), and the collector is never turned off.

A collection looks at all that is young, at about a microsecond for each object of a large school.
So the young are few (some 20 ms), the middle-aged are looked at soon (some 70 ms; with 50,000 and
20 it would be a second), and all of them next to never.
"""

from __future__ import annotations

import gc
import time
from typing import Literal

from monitor import metrics

THRESHOLDS = (20_000, 2, 5_000)


class _Stopwatch:
    """Times every collection; collections do not nest."""

    def __init__(self) -> None:
        self._began = 0.0

    def __call__(self, phase: Literal["start", "stop"], info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.perf_counter()
        else:
            metrics.COLLECTOR_PAUSE_SECONDS.labels(str(info["generation"])).observe(
                time.perf_counter() - self._began
            )


_stopwatch = _Stopwatch()


def tame_collector() -> None:
    """Freeze what is there now, raise the thresholds, and measure every pause from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    if _stopwatch not in gc.callbacks:
        gc.callbacks.append(_stopwatch)
