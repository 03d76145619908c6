"""What `/metrics` tells: every metric of the process, by name.

Units are in the names; labels are few and bounded.
"""

from __future__ import annotations

import os
from typing import ClassVar
from weakref import WeakSet

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

# -- recorder
COMMANDS_SETTLED = Counter(
    "monitor_commands_settled",
    "Commands settled: committed or refused",
    ["outcome"],
)
COMMIT_SECONDS = Histogram(
    "monitor_commit_seconds",
    "Duration of one batch, from its lock to the answer to its COMMIT",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
BATCH_SESSIONS = Histogram(
    "monitor_batch_sessions",
    "Sessions that one transaction rewrote",
    buckets=(1, 2, 5, 10, 20, 50, 100),
)
COMMANDS_WAITING = Gauge(
    "monitor_commands_waiting",
    "Commands that wait for their commit",
    multiprocess_mode="livesum",
)
BATCH_RETRIES = Counter("monitor_batch_retries", "Batches tried again after a failure")
COMMANDS_DROPPED = Counter(
    "monitor_commands_dropped", "Commands that failed alone and were answered with internal"
)
SWEEPS = Counter("monitor_sweeps", "Sweeps handed to the recorder")
TASK_RESTARTS = Counter(
    "monitor_task_restarts", "Long-lived tasks that died and came back", ["task"]
)

# -- brokers
PUBLICATIONS = Counter(
    "monitor_publications",
    "Publications: sent, failed (put out again as a version), received from other processes",
    ["outcome"],
)
BROKER_HEALTHY = Gauge(
    "monitor_broker_healthy",
    "Whether what this process publishes comes back (1) or not (0)",
    multiprocess_mode="livemin",
)
BROKER_GAPS = Counter("monitor_broker_gaps", "Channels on which publications may have been lost")

# -- rooms
ROOMS_OPEN = Gauge("monitor_rooms_open", "Sessions that have a room", multiprocess_mode="livesum")
ROOM_LOADS = Counter(
    "monitor_room_loads",
    "Loads of what is newer from the database: behind (found by the truth check), ahead, gap, …",
    ["reason"],
)
TRUTH_CHECKS = Counter("monitor_truth_checks", "Truth checks", ["outcome"])
EPOCH_CHANGES = Counter("monitor_epoch_changes", "Versions seen to fall: the epoch changed")
ENCODINGS = Counter(
    "monitor_encodings", "Messages to dashboards encoded, each for all at its cursor", ["kind"]
)

# -- process
COLLECTOR_PAUSE_SECONDS = Histogram(
    "monitor_collector_pause_seconds",
    "How long the garbage collector stopped the process, by generation",
    ["generation"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1),
)


class Tally:
    """Counts for a counter what happens thousands of times a second, and hands it on in heaps.

    What is exposed by this process is exact, what other workers have counted lacks a heap at most.
    """

    HEAP = 64
    _all: ClassVar[WeakSet[Tally]] = WeakSet()

    __slots__ = ("__weakref__", "_count", "_counter")

    def __init__(self, counter: Counter) -> None:
        """Count for this one, or for a labelled child of it."""
        self._counter = counter
        self._count = 0
        self._all.add(self)

    def inc(self) -> None:
        """Count one more."""
        self._count += 1
        if self._count >= self.HEAP:
            self.hand_on()

    def hand_on(self) -> None:
        """Let the counter have all of it."""
        count, self._count = self._count, 0
        if count:
            self._counter.inc(count)

    @classmethod
    def hand_on_all(cls) -> None:
        """Let every counter have what was counted for it."""
        for tally in cls._all:
            tally.hand_on()


def exposition() -> tuple[bytes, str]:
    """The metrics as Prometheus reads them, and their content type; of all workers together.

    Workers are started with `PROMETHEUS_MULTIPROC_DIR`, where each keeps its values in files.
    """
    Tally.hand_on_all()
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(), CONTENT_TYPE_LATEST
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST


# -- sockets
SOCKETS_OPEN = Gauge(
    "monitor_sockets_open",
    "Connections between their first message and their end: student, dashboard",
    ["kind"],
    multiprocess_mode="livesum",
)
SOCKETS_ENDED = Counter(
    "monitor_sockets_ended",
    "Connections ended, by the code Monitor closed with (0: the other side went)",
    ["kind", "code"],
)
HANDSHAKES_OPEN = Gauge(
    "monitor_handshakes_open",
    "Connections accepted and not answered yet",
    multiprocess_mode="livesum",
)
MESSAGES_RECEIVED = Counter("monitor_messages_received", "Frames read from sockets", ["kind"])
READING_PAUSED = Counter(
    "monitor_reading_paused",
    "Times a connection was read more slowly: pace (too many a second), waiting (for commits)",
    ["reason"],
)
