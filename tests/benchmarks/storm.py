"""Everyone is cut off in one moment and comes back by themselves, as browsers do."""

from __future__ import annotations

import asyncio
from time import monotonic

from msgspec import Struct

from monitor.load.plan import LoadPlan
from monitor.load.verified import Verified
from tests.benchmarks.cpu import cpu_seconds, rss_kib
from tests.benchmarks.databases import databases
from tests.benchmarks.load_world import LEASE_SECONDS, World, server_with_admin
from tests.benchmarks.report import Findings, Goal, Say, Scale, Table

CLASS = 30
STUDENTS = {Scale.TINY: 6, Scale.SMALL: 500, Scale.FULL: 5_000}
CALM_SECONDS = {Scale.TINY: 1.0, Scale.SMALL: 5.0, Scale.FULL: 15.0}
AFTER_SECONDS = {Scale.TINY: 1.0, Scale.SMALL: 20.0, Scale.FULL: 30.0}
GIVEN_UP_SECONDS = 120.0
STEP_SECONDS = 0.1
GOAL_SECONDS = 15.0


class Storm(Struct):
    """What one storm did."""

    all_in_seconds: float = 0.0
    half_in_seconds: float = 0.0
    most_cpu: float = 0.0
    rss_before_kib: float = 0.0
    rss_most_kib: float = 0.0
    shown_disconnected: int = 0
    falsely_disconnected: int = 0
    sent_away: int = 0


async def run(scale: Scale, say: Say) -> Findings:
    """Cut everyone off at once and watch."""
    students = STUDENTS[scale]
    plan = LoadPlan(
        students=students,
        class_size=CLASS,
        ramp_seconds=max(students / 100, 1.0),
        # Then nobody does anything new, so that all of it can be looked up.
        duration_seconds=CALM_SECONDS[scale] + AFTER_SECONDS[scale],
        seed=1,
    )
    with databases("sqlite", scale) as made:
        async with (
            server_with_admin(made.make()) as (server, admin),
            World.made(admin, plan, say) as world,
        ):
            await world.come()
            await asyncio.sleep(CALM_SECONDS[scale])
            say(f"{students:,} are cut off")
            storm = await _cut(world, server.pid, scale)
            say(f"all in after {storm.all_in_seconds:.1f} s; looking up everything that was acked")
            verified = await world.verified()
    return _findings(students, storm, verified)


async def _cut(world: World, pid: int, scale: Scale) -> Storm:
    storm = Storm(rss_before_kib=rss_kib([pid]))
    joins = world.meters.counts["reconnects"]
    students = len(world.players.students)
    began = monotonic()
    for student in world.players.students:
        student.drop()
    before, at = cpu_seconds([pid]), monotonic()
    away_since: dict[str, float] = {}
    last_look = began
    while monotonic() - began < AFTER_SECONDS[scale] or not storm.all_in_seconds:
        await asyncio.sleep(STEP_SECONDS)
        now, back = monotonic(), world.meters.counts["reconnects"] - joins
        if now - began > GIVEN_UP_SECONDS:
            raise RuntimeError(f"only {back:,} of {students:,} came back")
        if not storm.half_in_seconds and back * 2 >= students:
            storm.half_in_seconds = now - began
        if not storm.all_in_seconds and world.connected == students and back >= students:
            storm.all_in_seconds = now - began
        if now - at >= 1.0:
            spent = cpu_seconds([pid])
            storm.most_cpu = max(storm.most_cpu, (spent - before) / (now - at))
            before, at = spent, now
        storm.rss_most_kib = max(storm.rss_most_kib, rss_kib([pid]))
        if now - last_look >= 0.5:
            last_look = now
            _look(world, storm, away_since, now)
    storm.sent_away = world.meters.counts["sent away"]
    return storm


def _look(world: World, storm: Storm, away_since: dict[str, float], now: float) -> None:
    """Count who is shown as gone, and who is so although back for longer than a lease."""
    shown = 0
    for sitting in world.players.sittings:
        connected = sitting.connected
        for dashboard in sitting.dashboards:
            view = dashboard.view
            for student_id, item in view.participants.items() if view is not None else ():
                if item.connection_status != "DISCONNECTED":
                    away_since.pop(student_id, None)
                    continue
                shown += 1
                if student_id not in connected:
                    away_since.pop(student_id, None)
                elif now - away_since.setdefault(student_id, now) > LEASE_SECONDS:
                    storm.falsely_disconnected += 1
                    away_since[student_id] = now
    storm.shown_disconnected = max(storm.shown_disconnected, shown)


def _findings(students: int, storm: Storm, verified: Verified) -> Findings:
    return Findings(
        title=f"{students:,} students are cut off at once and come back",
        about=(
            f"{students:,} students in sittings of {CLASS}, a dashboard each, heartbeats every 5 s "
            "and 4 answers a minute, one process on SQLite. All sockets are aborted in one moment; "
            "each client comes back by itself with full jitter (0.5 s at first, doubling), or "
            "after as long as a 4013 says."
        ),
        tables=[
            Table(
                title="The storm",
                columns=[
                    *("students", "half in, s", "all in, s", "sent away for a moment (4013)"),
                    *("peak % of a core", "MiB before", "MiB at most"),
                    *("shown as gone at most", "shown as gone beyond the lease"),
                    *("acked acts looked up", "differences"),
                ],
                rows=[
                    [
                        *(students, storm.half_in_seconds, storm.all_in_seconds, storm.sent_away),
                        *(storm.most_cpu * 100, storm.rss_before_kib / 1024),
                        *(storm.rss_most_kib / 1024, storm.shown_disconnected),
                        *(storm.falsely_disconnected, verified.acts, verified.differences_found),
                    ]
                ],
            )
        ],
        goals=[
            Goal(
                f"all in again within {GOAL_SECONDS:.0f} s",
                f"{storm.all_in_seconds:.1f} s",
                storm.all_in_seconds <= GOAL_SECONDS,
            ),
            Goal(
                "nobody who is back is shown as gone beyond the lease",
                f"{storm.falsely_disconnected}",
                storm.falsely_disconnected == 0,
            ),
            Goal(
                "nothing acked is lost",
                f"{verified.differences_found} differences in {verified.acts:,} acked acts",
                verified.is_true,
            ),
        ],
        notes=verified.differences[:5],
    )
