"""What the server takes of this machine: CPU and memory, where it runs on it."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

SAMPLE_SECONDS = 1.0
_MIB = 1024 * 1024


class Usage(Struct, frozen=True):
    """CPU as a share of one core (1.5: one and a half), memory in MiB.

    `machine_busy` is the share of all cores of this machine that anybody took.
    """

    processes: int
    cpu_mean: float
    cpu_most: float
    cpu_of_busiest: float
    rss_mib: float
    rss_most_mib: float
    machine_busy: float = 0.0


class UsageMeter:
    """Samples processes once a second, from `begin` to `end`.

    Args:
        pids: Whom to watch; those who are gone are left out.
    """

    def __init__(self, pids: Iterable[int]) -> None:
        self._processes = []
        for pid in pids:
            with contextlib.suppress(psutil.Error):
                self._processes.append(psutil.Process(pid))
        self._before: dict[int, float] = {}
        self._machine = self._machine_at = (0.0, 0.0)
        self._spent: dict[int, float] = {}
        self._began_at = self._at = 0.0
        self._most = self._rss = self._rss_most = 0.0

    def begin(self) -> None:
        """Count from here."""
        self._before = self._times()
        self._began_at = self._at = time.perf_counter()
        self._spent = dict.fromkeys(self._before, 0.0)
        self._most = self._rss_most = 0.0
        self._machine = self._machine_at = _machine_times()

    def sample(self) -> None:
        """Count up to here."""
        now, after = time.perf_counter(), self._times()
        spent = {pid: seconds - self._before.get(pid, seconds) for pid, seconds in after.items()}
        for pid, seconds in spent.items():
            self._spent[pid] = self._spent.get(pid, 0.0) + seconds
        if now - self._at >= SAMPLE_SECONDS / 2:
            self._most = max(self._most, sum(spent.values()) / (now - self._at))
        self._before, self._at = after, now
        self._machine_at = _machine_times()
        self._rss = self._memory()
        self._rss_most = max(self._rss_most, self._rss)

    def usage(self) -> Usage | None:
        """What they took since `begin`; None where nobody could be watched."""
        seconds = self._at - self._began_at
        if not self._spent or seconds <= 0:
            return None
        mean = sum(self._spent.values()) / seconds
        idle, whole = (
            after - before for after, before in zip(self._machine_at, self._machine, strict=True)
        )
        return Usage(
            processes=len(self._spent),
            cpu_mean=round(mean, 3),
            cpu_most=round(max(self._most, mean), 3),
            cpu_of_busiest=round(max(self._spent.values()) / seconds, 3),
            rss_mib=round(self._rss, 1),
            rss_most_mib=round(self._rss_most, 1),
            machine_busy=round(1 - idle / whole, 3) if whole > 0 else 0.0,
        )

    async def run(self) -> None:
        """Sample until cancelled."""
        while True:
            await asyncio.sleep(SAMPLE_SECONDS)
            self.sample()

    def _times(self) -> dict[int, float]:
        found = {}
        for process in self._processes:
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                found[process.pid] = times.user + times.system
        return found

    def _memory(self) -> float:
        total = 0.0
        for process in self._processes:
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss / _MIB
        return total


def _machine_times() -> tuple[float, float]:
    """Seconds that all cores were idle, and all seconds."""
    times = psutil.cpu_times()
    return times.idle + getattr(times, "iowait", 0.0), sum(times)


def server_pids(url: str) -> list[int]:
    """The processes that listen at this address, with their children; none where not seen.

    Only those of this machine can be, and of other users' only by root.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if not _is_here(parts.hostname or ""):
        return []
    listening = [one.pid for one in psutil.process_iter() if _listens(one, port)]
    # Whoever started this run and holds the listener too is not the server.
    return with_children(pid for pid in listening if pid != os.getpid())


def _listens(process: psutil.Process, port: int) -> bool:
    # Asked of each process: a list of all connections names only one of those that share a socket.
    try:
        connections = process.net_connections(kind="tcp")
    except psutil.Error:
        return False
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in connections)


def with_children(pids: Iterable[int]) -> list[int]:
    """These processes and all below them, without our own."""
    found: dict[int, None] = {}
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            found[pid] = None
            found.update((child.pid, None) for child in process.children(recursive=True))
    found.pop(os.getpid(), None)
    return list(found)


def _is_here(host: str) -> bool:
    try:
        addresses = {info[4][0] for info in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return all(ipaddress.ip_address(str(address)).is_loopback for address in addresses)
