"""One sitting watched by hundreds of dashboards, against a plain loop of `await send`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx
from redis.asyncio import Redis

from monitor.load.meters import Latency, LatencySummary
from tests.benchmarks.cpu import CpuMeter, tamed_collector
from tests.benchmarks.crowd import Counts, Crowd
from tests.benchmarks.databases import databases
from tests.benchmarks.fanout import nchan_server
from tests.benchmarks.fanout.plain_server import CHANNEL
from tests.benchmarks.monitor_talkers import MonitorDashboard
from tests.benchmarks.outside import NotInstalledError, node_modules, node_version
from tests.benchmarks.report import Findings, Goal, Say, Scale, Table
from tests.benchmarks.schools import sittings, students_of
from tests.benchmarks.side import running
from tests.benchmarks.talkers import Talker
from tests.support import RedisServer
from tests.support.server import run_server

STUDENTS = 30
DASHBOARDS = {Scale.TINY: 5, Scale.SMALL: 100, Scale.FULL: 500}
SECONDS = {Scale.TINY: 1.0, Scale.SMALL: 5.0, Scale.FULL: 15.0}
WARM_UP_SECONDS = {Scale.TINY: 0.2, Scale.SMALL: 1.0, Scale.FULL: 3.0}
# Nobody is sent more than twenty changes a second; so many the sitting makes.
EVENTS_PER_SECOND = 15.0
HEARTBEAT_SECONDS = 5.0
# What was published last is delivered by then.
LAST_SECONDS = 0.5


@dataclass(frozen=True)
class Fanned:
    """What a server delivered to all dashboards together."""

    messages: int
    bytes_each: float
    seconds: float
    cpu_seconds: float
    latency: LatencySummary

    @property
    def per_cpu_second(self) -> float:
        """Deliveries that a second of CPU makes."""
        return self.messages / max(self.cpu_seconds, 1e-9)


Publish = Callable[[str], Awaitable[object]]
Publishing = Callable[[str], AbstractAsyncContextManager[Publish]]


class Watcher(Talker):
    """A dashboard of a plain server: each message begins with the moment it was published at."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "", "", "")
        self.messages = 0
        self.latency = Latency()

    def opened(self) -> None:
        """Everyone is let in."""
        self.let_in()

    def heard(self, data: bytes) -> None:
        """Count it, and how long it took."""
        self.messages += 1
        self.latency.record(perf_counter() - float(data.partition(b" ")[0]))


async def run(scale: Scale, say: Say) -> Findings:
    """Measure Monitor, then the others with messages as large and as frequent as its own."""
    redis = RedisServer()
    redis.start()
    notes: list[str] = []
    rows: dict[str, Fanned] = {}
    try:
        with tamed_collector():
            say(f"Monitor, {DASHBOARDS[scale]} dashboards")
            rows["Monitor"] = ours = await _monitor(redis, scale)
            say(f"Others, with messages of {ours.bytes_each:,.0f} bytes")
            plain = [sys.executable, "-m", "tests.benchmarks.fanout.plain_server", redis.url]
            rows["plain await send (Starlette, uvicorn)"] = loop = await _plain(
                plain, {}, redis, ours, scale
            )
            try:
                modules = await asyncio.to_thread(node_modules)
            except NotInstalledError as error:
                notes.append(f"Node ws is left out: {error}")
            else:
                script = Path(__file__).parent / "ws_server.cjs"
                rows[f"Node ws ({node_version()})"] = await _plain(
                    ["node", script, redis.url],
                    {"NODE_PATH": str(modules)},
                    redis,
                    ours,
                    scale,
                )
            if nchan_server.nginx() is None:
                notes.append("nginx with nchan is left out: it is not installed.")
            else:
                nchan = [sys.executable, "-m", "tests.benchmarks.fanout.nchan_server", redis.url]
                with TemporaryDirectory(prefix="monitor-nchan-") as folder:
                    rows["nginx with nchan"] = await _plain(
                        [*nchan, folder], {}, redis, ours, scale, publishing=_by_posting
                    )
    finally:
        redis.close()
    ratio = ours.per_cpu_second / loop.per_cpu_second
    return Findings(
        title=f"One sitting watched by {DASHBOARDS[scale]} dashboards",
        about=(
            "Thirty students of one sitting beat every 5 s and raise or lower hands "
            f"{EVENTS_PER_SECOND:.0f} times a second, on one Monitor process; all dashboards are "
            "on another, so that PostgreSQL and Redis lie in between. The others get messages of "
            "the same size at the same rate through the same Redis and send each to every socket. "
            "CPU is that of the process that serves the dashboards."
        ),
        tables=[
            Table(
                "Deliveries",
                [
                    *("server", "deliveries/s", "bytes each", "CPU µs each"),
                    *("deliveries per CPU s", "against the plain loop", "p50 ms", "p99 ms"),
                ],
                [
                    [
                        *(name, one.messages / one.seconds, one.bytes_each),
                        one.cpu_seconds / max(one.messages, 1) * 1e6,
                        *(one.per_cpu_second, one.per_cpu_second / loop.per_cpu_second),
                        *(one.latency.p50_ms, one.latency.p99_ms),
                    ]
                    for name, one in rows.items()
                ],
                note=(
                    "Monitor's latency counts from the student's act, through commit and Redis; "
                    "the others' from the publication."
                ),
            )
        ],
        goals=[
            Goal(
                "≥ 1.2 × the deliveries per CPU second of a plain loop of `await send`",
                f"{ratio:.2f} ×",
                None if scale is Scale.TINY else ratio >= 1.2,
            )
        ],
        notes=notes,
    )


async def _monitor(redis: RedisServer, scale: Scale) -> Fanned:
    with databases("postgresql", scale) as made:
        url = made.make()
        (sitting,) = await sittings(url, 1, students=STUDENTS)
        settings = {
            "LOG_LEVEL": "WARNING",
            "LEASE_HEARTBEATS": "12",
            "DASHBOARDS_PER_USER": str(DASHBOARDS[scale]),
        }
        async with AsyncExitStack() as stack:
            writing, showing = [
                await stack.enter_async_context(
                    run_server(database_url=url, redis_url=redis.url, settings=settings)
                )
                for _ in range(2)
            ]
            crowd = await stack.enter_async_context(Crowd())
            dashboards = [
                MonitorDashboard(number, sitting.session_id, sitting.teacher_token)
                for number in range(DASHBOARDS[scale])
            ]
            students = students_of([sitting])
            await crowd.come(dashboards, showing.url)
            await crowd.come(students, writing.url)

            async def play(seconds: float) -> float:
                return await crowd.at_pace(
                    students,
                    seconds=seconds,
                    beat_every=HEARTBEAT_SECONDS,
                    event_every=STUDENTS / EVENTS_PER_SECOND,
                )

            await play(WARM_UP_SECONDS[scale])
            crowd.counts = Counts()
            for one in dashboards:
                one.changes = one.bytes = 0
            cpu = CpuMeter(showing.pid)
            took = await play(SECONDS[scale])
            messages = sum(one.changes for one in dashboards)
            return Fanned(
                messages=messages,
                bytes_each=sum(one.bytes for one in dashboards) / messages,
                seconds=took,
                cpu_seconds=cpu.seconds(),
                latency=crowd.counts.sight.summary(),
            )


@asynccontextmanager
async def _by_redis(url: str) -> AsyncIterator[Publish]:
    redis: Redis = Redis.from_url(url, protocol=2)
    yield lambda text: redis.publish(CHANNEL, text)
    await redis.aclose()


@asynccontextmanager
async def _by_posting(url: str) -> AsyncIterator[Publish]:
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:

        async def publish(text: str) -> None:
            (await client.post("/publish", content=text)).raise_for_status()

        yield publish


async def _plain(
    command: Sequence[str | Path],
    env: Mapping[str, str],
    redis: RedisServer,
    like: Fanned,
    scale: Scale,
    *,
    publishing: Publishing | None = None,
) -> Fanned:
    """A server that sends what is published to everyone, given messages like those of Monitor.

    `publishing` opens another way to publish than Redis itself.
    """
    rate = like.messages / DASHBOARDS[scale] / like.seconds
    filling = "x" * int(like.bytes_each)
    latency = Latency()
    async with AsyncExitStack() as stack:
        side = await stack.enter_async_context(running(command, env=env))
        crowd = await stack.enter_async_context(Crowd())
        publish = await stack.enter_async_context(
            _by_redis(redis.url) if publishing is None else publishing(side.url)
        )
        watchers = [Watcher(number) for number in range(DASHBOARDS[scale])]
        await crowd.come(watchers, side.url)

        async def play(seconds: float) -> float:
            start = perf_counter()
            for number in range(int(seconds * rate)):
                await asyncio.sleep(max(0.0, start + number / rate - perf_counter()))
                text = f"{perf_counter():.6f} {filling}"
                await publish(text[: len(filling)])
            await asyncio.sleep(LAST_SECONDS)
            return perf_counter() - start - LAST_SECONDS

        await play(WARM_UP_SECONDS[scale])
        for watcher in watchers:
            watcher.messages, watcher.latency = 0, latency
        cpu = CpuMeter(side.pid)
        took = await play(SECONDS[scale])
        spent = cpu.seconds()
    return Fanned(
        messages=sum(watcher.messages for watcher in watchers),
        bytes_each=like.bytes_each,
        seconds=took,
        cpu_seconds=spent,
        latency=latency.summary(),
    )
