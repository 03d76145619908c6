"""What a connected student takes of the server's memory, and what stays when they have gone."""

from __future__ import annotations

import asyncio
import random
from time import monotonic

from monitor.load.plan import LoadPlan
from tests.benchmarks.cpu import rss_kib
from tests.benchmarks.databases import databases
from tests.benchmarks.load_world import SETTLE_SECONDS, World, server_with_admin
from tests.benchmarks.report import Findings, Goal, Say, Scale, Table, Value
from tests.support.waiting import eventually

CLASS = 30
JOINS_PER_SECOND = 200.0
SIZES = {Scale.TINY: (6,), Scale.SMALL: (500,), Scale.FULL: (5_000, 10_000)}
# What is bounded has to fill before anything can be said to grow: 200 events of each sitting, two
# or three a student in a round; pages of the database.
ROUNDS = {Scale.TINY: 1, Scale.SMALL: 2, Scale.FULL: 6}
LIVE_SECONDS = {Scale.TINY: 0.5, Scale.SMALL: 5.0, Scale.FULL: 10.0}
# An empty room lingers for 10 s, a grace is 3 s.
EMPTY_SECONDS = {Scale.TINY: 0.5, Scale.SMALL: 15.0, Scale.FULL: 15.0}
SOAK_PARTS = 4
SOAK_STUDENTS = {Scale.TINY: 6, Scale.SMALL: 500, Scale.FULL: 5_000}
SOAK_SECONDS = {Scale.TINY: 1.0, Scale.SMALL: 20.0, Scale.FULL: 600.0}
CHURN = {Scale.TINY: 100.0, Scale.SMALL: 1.0, Scale.FULL: 0.02}
FILLING_CHURN = {Scale.TINY: 100.0, Scale.SMALL: 3.0, Scale.FULL: 3.0}
FILLING_SECONDS = {Scale.TINY: 0.5, Scale.SMALL: 20.0, Scale.FULL: 180.0}
# Everyone is in again, and what was on its way has arrived.
SETTLING_SECONDS = {Scale.TINY: 0.2, Scale.SMALL: 5.0, Scale.FULL: 20.0}
MOST_KIB = 35.0
MOST_KEPT_KIB = 1.0


async def run(scale: Scale, say: Say) -> Findings:
    """Let a school come and go again and again, then cut a few connections for long."""
    rows: list[list[Value]] = []
    goals: list[Goal] = []
    for size in SIZES[scale]:
        rounds = await _come_and_go(size, scale, say)
        base, first = rounds[0]
        rests = [rest for _, rest in rounds[1:]]
        fulls = [full for full, _ in rounds[1:]]
        each = (fulls[0] - first) / size
        kept = (rests[-1] - rests[-2 if len(rests) > 1 else -1]) / size
        rows.append([size, base, first, fulls[0], each, rests[0], rests[-1], kept])
        goals.append(
            Goal(
                f"at most {MOST_KIB:.0f} KiB a student at {size:,}",
                f"{each:.1f} KiB",
                each <= MOST_KIB,
            )
        )
        goals.append(
            Goal(
                f"less than {MOST_KEPT_KIB:.0f} KiB kept for each closed connection at {size:,}",
                f"{kept:.2f} KiB from the last but one time all had left to the last",
                kept < MOST_KEPT_KIB if len(rests) > 1 else None,
            )
        )
    soak = await _soak(scale, say)
    return Findings(
        title="A connected student with its state takes …",
        about=(
            "Resident memory (RSS) of the one server process on SQLite: idle, with every sitting's "
            "dashboard open, with all students in, beating and answering, and after all had gone "
            "without a word. What is left then is what the recorder remembers of the last 2,000 "
            "sittings, the last 200 events of each that is watched, pages of the database, and "
            "what the allocator keeps for the next. All of it is bounded, and has to fill first: "
            "so everyone comes and goes several times, and before the long time with few cuts "
            "there is a short one with many."
        ),
        tables=[
            Table(
                title="KiB of the server by students",
                columns=[
                    *("students", "idle", "dashboards open", "all in", "each student"),
                    *("all gone, first", "all gone, last", "kept a closed connection"),
                ],
                rows=rows,
            ),
            Table(
                title="A long time with a few cut connections",
                columns=[
                    *("students", "seconds", "connections cut", "KiB at first"),
                    *(f"after {part} of {SOAK_PARTS}" for part in range(1, SOAK_PARTS + 1)),
                ],
                rows=[soak],
                note=(
                    "With everyone in. First is after a shorter time in which everyone was cut off "
                    "several times."
                ),
            ),
        ],
        goals=[*goals, *_soak_goals(soak)],
    )


async def _come_and_go(size: int, scale: Scale, say: Say) -> list[tuple[float, float]]:
    """(idle, dashboards open), then (all in, all gone) of each round, in KiB."""
    plan = LoadPlan(
        students=size,
        class_size=CLASS,
        ramp_seconds=max(size / JOINS_PER_SECOND, 1.0),
        duration_seconds=86_400,
        seed=1,
    )
    with databases("sqlite", scale) as made:
        async with server_with_admin(made.make()) as (server, admin):
            idle = rss_kib([server.pid])
            async with World.made(admin, plan, say) as world:
                found = [(idle, rss_kib([server.pid]))]
                for number in range(ROUNDS[scale]):
                    say(f"round {number + 1} of {ROUNDS[scale]} with {size:,}")
                    await (world.come() if not number else world.come_anew())
                    await asyncio.sleep(LIVE_SECONDS[scale])
                    full = rss_kib([server.pid])
                    await world.leave()
                    await asyncio.sleep(EMPTY_SECONDS[scale])
                    found.append((full, rss_kib([server.pid])))
                    say(f"{full:,.0f} KiB with all in, {found[-1][1]:,.0f} with all gone")
            return found


async def _soak(scale: Scale, say: Say) -> list[Value]:
    students, seconds = SOAK_STUDENTS[scale], SOAK_SECONDS[scale]
    say(f"{seconds:,.0f} s with {students:,} students and {CHURN[scale]:.0%} cut each minute")
    plan = LoadPlan(
        students=students,
        class_size=CLASS,
        ramp_seconds=max(students / JOINS_PER_SECOND, 1.0),
        duration_seconds=86_400,
        answers_per_minute=0.0,  # what is answered stays, and is to stay
        seed=1,
    )
    with databases("sqlite", scale) as made:
        async with (
            server_with_admin(made.make()) as (server, admin),
            World.made(admin, plan, say) as world,
        ):
            await world.come()
            # The same world goes on: whoever comes anew finds a heap without holes again.
            await _cut(world, FILLING_CHURN[scale], FILLING_SECONDS[scale])
            found, cut = [await _settled(world, server.pid, scale)], 0
            for _ in range(SOAK_PARTS):
                cut += await _cut(world, CHURN[scale], seconds / SOAK_PARTS, after=cut)
                found.append(await _settled(world, server.pid, scale))
                say(f"{cut:,} cut, {found[-1]:,.0f} KiB")
            return [students, seconds, cut, *found]


async def _settled(world: World, pid: int, scale: Scale) -> float:
    """KiB of the server with everyone in."""
    students = len(world.players.students)
    await eventually(lambda: world.connected == students, SETTLE_SECONDS)
    await asyncio.sleep(SETTLING_SECONDS[scale])
    return rss_kib([pid])


async def _cut(world: World, share_per_minute: float, seconds: float, *, after: int = 0) -> int:
    """Cut connections at an even pace, those whose turn it is after so many; how many it were."""
    students = random.Random(1).sample(world.players.students, len(world.players.students))
    between = 60.0 / (share_per_minute * len(students))
    began = monotonic()
    number = int(seconds / between)
    for place in range(number):
        await asyncio.sleep(began + (place + 1) * between - monotonic())
        students[(after + place) % len(students)].drop()
    return number


def _soak_goals(soak: list[Value]) -> list[Goal]:
    """What each that was cut has left behind: in all, and since the half."""
    _, seconds, cut, *found = (float(value or 0) for value in soak)

    def goal(when: str, grown: float, closed: float) -> Goal:
        kept = grown / max(closed, 1.0)
        return Goal(
            f"flat over {when} of churn: < {MOST_KEPT_KIB:.0f} KiB kept for each closed connection",
            f"{grown:,.0f} KiB, {kept:.2f} KiB for each of {closed:,.0f} cut",
            kept < MOST_KEPT_KIB,
        )

    half = found[len(found) // 2]
    return [
        goal(f"{seconds:,.0f} s", found[-1] - found[0], cut),
        goal(f"the last {seconds / 2:,.0f} s", found[-1] - half, cut / 2),
    ]
