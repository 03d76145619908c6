"""Whether a server holds no more than before: memory, tasks, sockets, subscriptions. PURE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tests.chaos.gauges import MIB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.gauges import Gauges

# Python gives memory back in arenas, and collects garbage late: so much is no leak.
MEMORY_MIB = 64
# While a fault lasts: a flood, a dashboard that takes nothing, a database that hangs.
PEAK_MIB = 256
# Requests of our own that are under way, and what belongs to a room that was not open before.
TASKS = 8
THREADS = 6
# Heartbeats that wait for their window.
COMMANDS = 50


class Wanted(Struct, frozen=True):
    """Who is there, as far as the clients know."""

    students: int
    dashboards: int
    sittings: frozenset[str]
    workers: int


def differences(base: Gauges, now: Gauges, wanted: Wanted) -> list[str]:
    """What is more than before, a sentence each."""
    return [
        *_memory(base, now),
        *_tasks(base, now),
        *_sockets(now, wanted),
        *_faults(now),
        *_redis(base, now, wanted),
    ]


def _memory(base: Gauges, now: Gauges) -> Iterator[str]:
    if now.largest_mib > base.largest_mib + MEMORY_MIB:
        yield f"a process has {now.largest_mib:.0f} MiB, before it was {base.largest_mib:.0f}"
    if max(base.memory) > 0 and now.threads > base.threads + THREADS:
        yield f"there are {now.threads} threads, before there were {base.threads}"


def _tasks(base: Gauges, now: Gauges) -> Iterator[str]:
    if now.tasks.total() > base.tasks.total() + TASKS:
        more = ", ".join(f"{number} × {name}" for name, number in (now.tasks - base.tasks).items())
        yield f"{now.tasks.total()} tasks, before it was {base.tasks.total()}; more: {more}"


def _sockets(now: Gauges, wanted: Wanted) -> Iterator[str]:
    metrics = now.metrics
    for kind, number in (("student", wanted.students), ("dashboard", wanted.dashboards)):
        open_ = metrics.get(f'monitor_sockets_open{{kind="{kind}"}}', 0)
        if open_ != number:
            yield f"{open_:.0f} sockets of {kind}s are open, {number} are there"
    for name, most in (("monitor_handshakes_open", 0), ("monitor_commands_waiting", COMMANDS)):
        if metrics.get(name, 0) > most:
            yield f"{name} is {metrics[name]:.0f}"
    rooms = metrics.get("monitor_rooms_open", 0)
    enough = len(wanted.sittings) * wanted.workers if wanted.students + wanted.dashboards else 0
    if rooms > enough:
        yield f"{rooms:.0f} rooms are open, {enough} would be enough"


def _faults(now: Gauges) -> Iterator[str]:
    for name, value in now.metrics.items():
        if value and name.startswith(
            ("monitor_commands_dropped_total", "monitor_task_restarts_total")
        ):
            yield f"{name} is {value:.0f}"


def _redis(base: Gauges, now: Gauges, wanted: Wanted) -> Iterator[str]:
    # A process has one link to listen on and one to publish; a canary may need one of its own.
    if now.redis_clients > base.redis_clients + wanted.workers:
        yield f"{now.redis_clients} connections to Redis, before it was {base.redis_clients}"
    canaries = [name for name in now.channels if ":canary:" in name]
    if len(canaries) > wanted.workers:
        yield f"{len(canaries)} canary channels for {wanted.workers} workers"
    for name, subscribers in now.channels.items():
        session_id = name.rpartition(":")[2]
        if name not in canaries and session_id not in wanted.sittings:
            yield f"somebody subscribes to {name}, which nobody watches"
        elif subscribers > wanted.workers:
            yield f"{name} has {subscribers} subscribers for {wanted.workers} workers"


def peak(base: Gauges, most_bytes: int) -> list[str]:
    """Whether memory went out of bounds while a fault lasted."""
    mib = most_bytes / MIB
    if mib <= base.largest_mib + PEAK_MIB:
        return []
    return [f"a process had {mib:.0f} MiB while it lasted, before it was {base.largest_mib:.0f}"]
