"""One run of load, from the making of its school to its report."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from monitor.load.load_school import LoadSchool
from monitor.load.looking_up import LookUp
from monitor.load.meters import Latency, Meters
from monitor.load.players import Players
from monitor.load.report import Checked, Latencies, LoadReport
from monitor.load.server_clock import ServerClock
from monitor.load.server_usage import UsageMeter, server_pids
from monitor.load.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from monitor.load.plan import LoadPlan
    from monitor.load.rest import RestClient
    from monitor.load.verified import Verified

# Between the last preparation and the first join.
BREATH_SECONDS = 0.5
# What was done last may take so long to be acked before it is given up.
SETTLE_SECONDS = 30.0
POLL_SECONDS = 0.1
LEASE_HEARTBEATS = 3
# As a server does: a long collection over ten thousand clients would stop them all.
COLLECTOR_THRESHOLDS = (20_000, 2, 5_000)


class LoadRun:
    """A run against a server.

    Args:
        admin: Signed in as an ADMIN there.
        plan: What to do.
        verify: Whether to look everything up afterwards.
        tell: Called with a sentence about what is going on, at least once a second.
    """

    def __init__(
        self,
        admin: RestClient,
        plan: LoadPlan,
        *,
        verify: bool = True,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._admin = admin
        self._plan = plan
        self._verify = verify
        self._tell = tell
        self._meters = Meters()
        self._clock = ServerClock()
        self._usage = UsageMeter(server_pids(admin.url))
        self._own_usage = UsageMeter([os.getpid()])
        self._steady_counts: dict[str, int] = {}
        self._end_counts: dict[str, int] = {}
        self._joins_began_at = 0.0
        self._warnings: list[str] = []

    async def run(self) -> LoadReport:
        """Make the school, play, verify, clean up, and report.

        What was made is taken away again however this ends.

        Raises:
            RefusedError: The server refuses what is needed to begin.
            httpx.HTTPError: It cannot be reached.
            TimeoutError: It does not show the dashboards their sittings.
        """
        began_at = datetime.now(UTC).isoformat(timespec="seconds")
        school = LoadSchool(self._admin, self._plan, self._tell)
        try:
            await school.make()
            players = Players(
                self._admin.url, self._plan, school.sittings, self._meters, self._clock
            )
            verified = await self._play(players)
        finally:
            left = await school.remove()
        return self._report(began_at, verified, left)

    async def _play(self, players: Players) -> Verified | None:
        timeline = Timeline(self._meters.lateness)
        thresholds = gc.get_threshold()
        try:
            self._tell("Opening dashboards")
            await players.open_dashboards()
            self._compare_heartbeats(players)
            gc.collect()
            gc.set_threshold(*COLLECTOR_THRESHOLDS)
            start = self._joins_began_at = monotonic() + BREATH_SECONDS
            players.schedule(timeline, start)
            timeline.put(start + self._plan.ramp_seconds, self._steady)
            async with self._watching(start):
                await timeline.run(start + self._plan.end)
                self._end_counts = dict(self._meters.counts)
            verified = await self._end(players, timeline)
            players.count_the_rest()
            return verified
        finally:
            gc.set_threshold(*thresholds)
            gc.unfreeze()
            players.stop()
            await players.close_dashboards()

    async def _end(self, players: Players, timeline: Timeline) -> Verified | None:
        """Let everything be acked, verify, and let everyone leave.

        Heartbeats go on until they leave, so that no lease runs out.
        """
        beating = asyncio.create_task(timeline.run(monotonic() + 86_400), name="beats")
        look_up = LookUp(
            self._admin, players.sittings, self._clock, lease_seconds=self._lease(players)
        )
        try:
            self._tell("Waiting for the last acks")
            deadline = monotonic() + SETTLE_SECONDS
            while monotonic() < deadline:
                if all(student.is_settled for student in players.students):
                    break
                await asyncio.sleep(POLL_SECONDS)
            if self._verify:
                self._tell("Comparing the dashboards with the database")
                await look_up.while_connected()
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating
        if not self._verify:
            return None
        players.leave()
        self._tell("Looking up everything that was acked")
        await look_up.after_all_left()
        return look_up.verified

    def _compare_heartbeats(self, players: Players) -> None:
        """Warn of students who are slower than the server asks of them: those it shows as lost."""
        ours = self._plan.heartbeat_seconds
        for dashboard in players.dashboards:
            told = dashboard.client.authenticated
            if told is not None and ours > told.heartbeat_seconds:
                self._warnings.append(
                    f"these students beat every {ours:g} s, the server asks for every "
                    f"{told.heartbeat_seconds:g} s: they look unstable, and lost after "
                    f"{told.lease_seconds:g} s"
                )
                self._tell(f"Warning: {self._warnings[0]}")
                return

    def _lease(self, players: Players) -> float:
        for dashboard in players.dashboards:
            if dashboard.client.authenticated is not None:
                return dashboard.client.authenticated.lease_seconds
        told = (student.heartbeat_seconds for student in players.students)
        return LEASE_HEARTBEATS * max((one for one in told if one is not None), default=5.0)

    def _steady(self, _at: float) -> None:
        """From here on everything is measured."""
        # Everybody is there now: no collection looks at them again before the end.
        gc.freeze()
        self._steady_counts = dict(self._meters.counts)
        self._usage.begin()
        self._own_usage.begin()

    @contextlib.asynccontextmanager
    async def _watching(self, start: float) -> AsyncIterator[None]:
        """Sample and tell once a second."""
        watching = asyncio.create_task(self._watch(start), name="watch")
        try:
            yield
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
        self._usage.sample()
        self._own_usage.sample()

    async def _watch(self, start: float) -> None:
        counts = self._meters.counts
        beats = 0
        while True:
            passed = max(monotonic() - start, 0)
            acked, beats = counts["heartbeats acked"] - beats, counts["heartbeats acked"]
            p99 = self._meters.act_sights.summary().p99_ms
            seen = "" if p99 is None else f" · seen within {p99:,.0f} ms (p99)"
            errors = sum(self._meters.errors.values())
            self._tell(
                f"{passed:.0f} of {self._plan.end:.0f} s · "
                f"{counts['joins']:,} of {self._plan.students:,} students · "
                f"{acked:,} heartbeats/s{seen} · {errors:,} errors"
            )
            await asyncio.sleep(1)
            if self._steady_counts or passed >= self._plan.ramp_seconds:
                self._usage.sample()
                self._own_usage.sample()

    def _report(self, began_at: str, verified: Verified | None, left: str) -> LoadReport:
        meters, plan = self._meters, self._plan
        visible = Latency()
        visible.add(meters.join_sights)
        visible.add(meters.act_sights)
        joining = meters.last_join_at - self._joins_began_at
        return LoadReport(
            url=self._admin.url,
            began_at=began_at,
            plan=plan,
            joins_per_second=round(meters.counts["joins"] / joining, 1) if joining > 0 else 0.0,
            heartbeats_per_second=self._rate("heartbeats acked"),
            acts_per_second=self._rate("acts kept"),
            latency=Latencies(
                join_ack=meters.join_acks.summary(),
                act_ack=meters.act_acks.summary(),
                heartbeat_ack=meters.beat_acks.summary(),
                join_dashboard=meters.join_sights.summary(),
                act_dashboard=meters.act_sights.summary(),
                visible_dashboard=visible.summary(),
                heartbeat_dashboard=meters.beat_sights.summary(),
            ),
            counts=dict(meters.counts),
            errors=dict(meters.errors),
            server=self._usage.usage(),
            generator=self._own_usage.usage(),
            generator_lateness=meters.lateness.summary(),
            verified=None if verified is None else _checked(verified),
            left=left,
            warnings=self._warnings,
        )

    def _rate(self, name: str) -> float:
        number = self._end_counts.get(name, 0) - self._steady_counts.get(name, 0)
        return round(number / self._plan.duration_seconds, 1)


def _checked(verified: Verified) -> Checked:
    return Checked(
        acts=verified.acts,
        students=verified.students,
        comparisons=verified.comparisons,
        steps=verified.steps,
        ghosts=verified.ghosts,
        differences_found=verified.differences_found,
        differences=list(verified.differences),
    )


def a_seed() -> int:
    """A seed for a run that was given none, short enough to be typed."""
    return random.SystemRandom().randrange(1_000_000)
