"""What decides the worst latency of a server: full collections.

With the defaults one of 0.9 s stalled every socket at 10,000 students. What is alive after the
start stays alive, so it is frozen out of all later collections, and the thresholds are raised.
Connections are never frozen (closed ones would leak), and the collector is never turned off.
"""

from __future__ import annotations

import gc
import time
from typing import Literal

from monitor import metrics

THRESHOLDS = (50_000, 20, 100)


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
