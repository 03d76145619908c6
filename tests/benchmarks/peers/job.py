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
SECONDS = {Scale.TINY: 1.0, Scale.SMALL: 8.0, Scale.FULL: 20.0}
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
class Done:
    """What a server did."""

    acked: int
    per_second: float
    cpu_each_us: float
    services_each_us: float
    kib_each: float
    ack: LatencySummary
    sight: LatencySummary
    not_acked: int
    unseen: int
    lost: int


async def do(server: Running, service_pids: Sequence[int], scale: Scale) -> Done:
    """Let everyone in, measure, kill the server at work, and look what is gone."""
    empty = rss_kib([server.pid])

    async def play(seconds: float) -> float:
        return await crowd.at_pace(
            server.students,
            seconds=seconds,
            beat_every=HEARTBEAT_SECONDS[scale],
            event_every=EVENT_SECONDS[scale],
        )

    async with Crowd() as crowd:
        await crowd.come(server.dashboards, server.url)
        await crowd.come(server.students, server.url)
        await play(WARM_UP_SECONDS[scale])
        connections = len(server.students) + len(server.dashboards)
        kib_each = (rss_kib([server.pid]) - empty) / connections
        crowd.counts = Counts()
        cpu, services = CpuMeter(server.pid), CpuMeter(*service_pids)
        took = await play(SECONDS[scale])
        spent, spent_by_services = cpu.seconds(), services.seconds()
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
        acked=counts.acked,
        per_second=counts.acked / took,
        cpu_each_us=spent / counts.acked * 1e6,
        services_each_us=spent_by_services / counts.acked * 1e6,
        kib_each=kib_each,
        ack=counts.ack.summary(),
        sight=counts.sight.summary(),
        not_acked=not_acked,
        unseen=counts.events - counts.seen,
        lost=sum(kept[student_id] < at - CLOCKS_DIFFER for student_id, at in acked_at.items()),
    )
