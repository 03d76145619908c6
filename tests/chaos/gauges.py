"""What the server's processes hold: memory, tasks, threads; and what they have with Redis."""

from __future__ import annotations

import contextlib
import json
import re
import signal
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil
import redis.asyncio
from msgspec import Struct

from tests.support import eventually

if TYPE_CHECKING:
    from tests.chaos.stage import Stage

MIB = 1024 * 1024
_METRIC = re.compile(r"^(monitor_\w+(?:\{[^}]*\})?) (\S+)$", re.MULTILINE)


class Gauges(Struct, frozen=True):
    """All of it, at one moment; of all processes together where nothing else is said.

    Attributes:
        memory: Resident bytes of each process.
        tasks: asyncio's tasks by what they run.
        threads: Number of threads.
        metrics: What `/metrics` says, by name and labels.
        redis_clients: Connections to Redis.
        channels: Subscribers of each channel.
    """

    memory: list[int]
    tasks: Counter[str]
    threads: int
    metrics: dict[str, float]
    redis_clients: int
    channels: dict[str, int]

    @property
    def largest_mib(self) -> float:
        """Memory of the largest process."""
        return max(self.memory) / MIB


async def read_gauges(stage: Stage) -> Gauges:
    """Ask every process and Redis.

    Raises:
        AssertionError: A process does not answer a signal in time: its loop hangs.
        httpx.HTTPError: `/metrics` is not answered.
        redis.RedisError: Redis does not answer.
    """
    processes = [psutil.Process(pid) for pid in stage.process_ids()]
    tasks: Counter[str] = Counter()
    for process in processes:
        tasks += await _tasks_of(stage, process.pid)
    clients, channels = await _redis(stage) if stage.workers > 1 else (0, {})
    return Gauges(
        memory=[process.memory_info().rss for process in processes],
        tasks=tasks,
        threads=sum(process.num_threads() for process in processes),
        metrics=await _metrics(stage),
        redis_clients=clients,
        channels=channels,
    )


def memory_now(stage: Stage) -> int:
    """Resident bytes of the largest process; 0 while there is none."""
    with contextlib.suppress(psutil.NoSuchProcess, AssertionError, ValueError):
        return max(psutil.Process(pid).memory_info().rss for pid in stage.process_ids())
    return 0


async def _tasks_of(stage: Stage, pid: int) -> Counter[str]:
    path = stage.inside / str(pid)
    path.unlink(missing_ok=True)
    # Until it has said that it takes the signal, that would be its end.
    await eventually(lambda: _takes(pid, signal.SIGUSR2), 5)
    psutil.Process(pid).send_signal(signal.SIGUSR2)
    await eventually(path.exists, 5)
    written: dict[str, int] = json.loads(path.read_text())
    return Counter(written)


def _text(name: bytes | str) -> str:
    return name.decode() if isinstance(name, bytes) else name


def _takes(pid: int, number: signal.Signals) -> bool:
    [taken] = re.findall(
        r"^SigCgt:\s*(\w+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE
    )
    return bool(int(taken, 16) >> (number - 1) & 1)


async def _metrics(stage: Stage) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=stage.server.url, trust_env=False) as client:
        text = (await client.get("/metrics", timeout=5)).text
    return {name: float(value) for name, value in _METRIC.findall(text)}


async def _redis(stage: Stage) -> tuple[int, dict[str, int]]:
    async with redis.asyncio.Redis.from_url(stage.redis.url, socket_timeout=5) as client:
        names = await client.pubsub_channels()
        channels = await client.pubsub_numsub(*names)
        clients = await client.client_list()
    return len(clients) - 1, {_text(name): number for name, number in channels}
