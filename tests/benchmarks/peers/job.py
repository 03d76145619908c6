"""The one job that all peers do, and how it is measured."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.load.meters import LatencySummary
from tests.benchmarks.cpu import CpuMeter, rss_kib
from tests.benchmarks.crowd import Counts, Crowd
from tests.benchmarks.report import Scale
from tests.benchmarks.talkers import Talker

HEARTBEAT_SECONDS = {Scale.TINY: 0.5, Scale.SMALL: 5.0, Scale.FULL: 5.0}
# Four hands a minute, up or down.
EVENT_SECONDS = {Scale.TINY: 1.0, Scale.SMALL: 15.0, Scale.FULL: 15.0}
WARM_UP_SECONDS = {Scale.TINY: 0.2, Scale.SMALL: 2.0, Scale.FULL: 5.0}
SECONDS = {Scale.TINY: 1.0, Scale.SMALL: 8.0, Scale.FULL: 15.0}
# Then it is killed, in the middle of this.
LAST_SECONDS = {Scale.TINY: 0.5, Scale.SMALL: 3.0, Scale.FULL: 4.0}
# A server's clock may be another than ours, Monitor's is the database's; a message that is gone
# leaves the time of the one before it, which is seconds older.
CLOCKS_DIFFER = timedelta(milliseconds=250)


@dataclass(frozen=True)
class Running:
    """A server under the job.

    Attributes:
        url: Where it is.
        pid: Its main process.
        kill: Ends it at once.
        students: Who will join.
        dashboards: One for each session.
        last_activities: What the database holds of each student, by id.
    """

    url: str
    pid: int
    kill: Callable[[], None]
    students: Sequence[Talker]
    dashboards: Sequence[Talker]
    last_activities: Callable[[], Awaitable[dict[str, datetime]]]


@dataclass(frozen=True)
class Cost:
    """CPU microseconds of a kept message: of the server's process, of PostgreSQL and Redis."""

    server_us: float
    services_us: float

    @property
    def whole_us(self) -> float:
        """Of all of them."""
        return self.server_us + self.services_us


@dataclass(frozen=True)
class Done:
    """What a server did: first under heartbeats alone, then under heartbeats and hands.

    Attributes:
        beat: CPU of a heartbeat.
        mixed: CPU of a message, heartbeats and hands together.
    """

    beat: Cost
    mixed: Cost
    per_second: float
    kib_each: float
    ack: LatencySummary
    sight: LatencySummary
    not_acked: int
    unseen: int
    lost: int


async def do(server: Running, service_pids: Sequence[int], scale: Scale) -> Done:
    """Let everyone in, measure, kill the server at work, and look what is gone."""
    empty = rss_kib([server.pid])

    async def play(seconds: float, *, events: bool = True) -> float:
        return await crowd.at_pace(
            server.students,
            seconds=seconds,
            beat_every=HEARTBEAT_SECONDS[scale],
            event_every=EVENT_SECONDS[scale] if events else 0.0,
        )

    async def cost(*, events: bool) -> tuple[Cost, float]:
        crowd.counts = Counts()
        cpu, services = CpuMeter(server.pid), CpuMeter(*service_pids)
        took = await play(SECONDS[scale], events=events)
        per_message = 1e6 / crowd.counts.acked
        return Cost(cpu.seconds() * per_message, services.seconds() * per_message), took

    async with Crowd() as crowd:
        await crowd.come(server.dashboards, server.url)
        await crowd.come(server.students, server.url)
        await play(WARM_UP_SECONDS[scale])
        connections = len(server.students) + len(server.dashboards)
        kib_each = (rss_kib([server.pid]) - empty) / connections
        beat, _ = await cost(events=False)
        mixed, took = await cost(events=True)
        if crowd.lost_connections:
            raise RuntimeError(f"connections were lost: {crowd.lost_connections[:3]}")
        counts, not_acked = crowd.counts, crowd.unanswered
        crowd.counts = Counts()
        last = asyncio.create_task(play(LAST_SECONDS[scale] * 2))
        await asyncio.sleep(LAST_SECONDS[scale])
        server.kill()
        await last
        acked_at = dict(crowd.last_acked)
    kept = await server.last_activities()
    return Done(
        beat=beat,
        mixed=mixed,
        per_second=counts.acked / took,
        kib_each=kib_each,
        ack=counts.ack.summary(),
        sight=counts.sight.summary(),
        not_acked=not_acked,
        unseen=counts.events - counts.seen,
        lost=sum(kept[student_id] < at - CLOCKS_DIFFER for student_id, at in acked_at.items()),
    )
