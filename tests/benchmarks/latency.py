"""How soon a teacher sees it, and what that costs, against the number of students."""

from __future__ import annotations

from contextlib import ExitStack

from monitor.load.plan import LoadPlan
from monitor.load.report import LoadReport
from monitor.load.run import LoadRun
from monitor.load.server_usage import Usage
from tests.benchmarks.databases import databases
from tests.benchmarks.load_world import most_students, server_with_admin
from tests.benchmarks.plot import Line, plot
from tests.benchmarks.report import Findings, Goal, Say, Scale, Table, Value
from tests.support import RedisServer

CLASS = 30
SIZES = {
    Scale.TINY: (6,),
    Scale.SMALL: (100, 500),
    Scale.FULL: (100, 1_000, 2_000, 5_000, 10_000, 20_000),
}
TOGETHER = {Scale.TINY: 0, Scale.SMALL: 200, Scale.FULL: 2_000}
SECONDS = {Scale.TINY: 2.0, Scale.SMALL: 10.0, Scale.FULL: 60.0}
JOINS_PER_SECOND = 100.0
# p99 in milliseconds of what is visible, by the number of students.
GOALS_MS = {2_000: 80.0, 10_000: 120.0, 20_000: 250.0}
TOGETHER_MS = 150.0
COST_RATIO = 1.25


async def run(scale: Scale, say: Say) -> Findings:
    """Run `monitor load`'s own run at every size, and with two workers."""
    most = most_students(CLASS)
    sizes = [min(size, most) for size in SIZES[scale]]
    alone: list[LoadReport] = []
    for size in sizes:
        say(f"{size:,} students, one process, SQLite")
        with databases("sqlite", scale) as made:
            async with server_with_admin(made.make()) as (_, admin):
                alone.append(await LoadRun(admin, _plan(size, scale)).run())
    together = await _together(scale, say) if TOGETHER[scale] else None
    rows = [_row("one process, SQLite", one) for one in alone]
    if together is not None:
        rows.append(_row("2 workers, PostgreSQL, Redis", together))
    return Findings(
        title="What a student does is on the teacher's page within …, and costs …",
        about=(
            f"`monitor load` with {CLASS} students a sitting, a dashboard each, heartbeats every "
            "5 s and 4 answers a minute (with a highlight and a hand for every eight), measured "
            "from the moment the plan intended; visible is a join, answer, highlight, hand or "
            "hand-in. One process has one core, the generator another. Everything acked and "
            "shown was verified afterwards."
        ),
        tables=[
            Table(
                title="Milliseconds and CPU by students",
                columns=[
                    *("server", "students", "visible p50", "visible p99", "act ack p99"),
                    *("heartbeat shown p99", "commands/s", "% of a core", "µs CPU/command"),
                    *("joins/s", "errors", "differences", "generator late p99", "generator %"),
                ],
                rows=rows,
                note=(
                    "Visible counts from the end of the ramp on for acts, and all joins. A late "
                    "generator makes every latency at least as long."
                ),
            )
        ],
        goals=[*_goals(sizes, alone), *_goal_together(together)],
        notes=[
            f"{size:,}: {one.verdict.headline} {one.verdict.bottleneck}"
            for size, one in zip(sizes, alone, strict=True)
        ]
        + _left_out(scale, most),
        plots=_plots(sizes, alone) if len(sizes) > 1 else {},
    )


def _plan(students: int, scale: Scale) -> LoadPlan:
    return LoadPlan(
        students=students,
        class_size=CLASS,
        duration_seconds=SECONDS[scale],
        ramp_seconds=max(students / JOINS_PER_SECOND, 1.0),
        seed=1,
    )


async def _together(scale: Scale, say: Say) -> LoadReport:
    students = TOGETHER[scale]
    say(f"{students:,} students, two workers, PostgreSQL and Redis")
    with ExitStack() as stack:
        made = stack.enter_context(databases("postgresql", scale))
        redis = RedisServer()
        redis.start()
        stack.callback(redis.close)
        async with server_with_admin(made.make(), redis_url=redis.url, workers=2) as (_, admin):
            return await LoadRun(admin, _plan(students, scale)).run()


def _rate(one: LoadReport) -> float:
    return one.heartbeats_per_second + one.acts_per_second


def _cost(one: LoadReport) -> float | None:
    """CPU of all server processes for one acked command, in microseconds."""
    if one.server is None or not _rate(one):
        return None
    return one.server.cpu_mean / _rate(one) * 1e6


def _percent(usage: Usage | None) -> float | None:
    return None if usage is None else round(usage.cpu_mean * 100, 1)


def _row(name: str, one: LoadReport) -> list[Value]:
    latency, server, generator = one.latency, one.server, one.generator
    return [
        *(name, one.plan.students),
        *(latency.visible_dashboard.p50_ms, latency.visible_dashboard.p99_ms),
        *(latency.act_ack.p99_ms, latency.heartbeat_dashboard.p99_ms),
        *(_rate(one), _percent(server), _cost(one)),
        *(one.joins_per_second, sum(one.errors.values())),
        None if one.verified is None else one.verified.differences_found,
        *(one.generator_lateness.p99_ms, _percent(generator)),
    ]


def _goals(sizes: list[int], reports: list[LoadReport]) -> list[Goal]:
    by_size = dict(zip(sizes, reports, strict=True))
    goals = []
    for size, bound in GOALS_MS.items():
        ran = _ran(size, sizes)
        if ran is None:
            continue
        p99 = by_size[ran].latency.visible_dashboard.p99_ms
        goals.append(
            Goal(
                f"visible on the dashboard within {bound:,.0f} ms (p99) at {size:,} students",
                "nothing was seen" if p99 is None else f"{p99:,.0f} ms at {ran:,}",
                p99 is not None and p99 <= bound,
            )
        )
    if 1_000 in by_size and 10_000 in by_size:
        small, large = _cost(by_size[1_000]), _cost(by_size[10_000])
        if small and large:
            goals.append(
                Goal(
                    f"CPU a command at 10,000 at most {COST_RATIO} of that at 1,000",
                    f"{large / small:.2f} ({large:,.0f} against {small:,.0f} µs)",
                    large <= COST_RATIO * small,
                )
            )
    return goals


def _ran(goal: int, sizes: list[int]) -> int | None:
    """The number of students that a goal for so many is held against; None where none is."""
    if goal in sizes:
        return goal
    return max(sizes) if goal > max(sizes) > 10_000 else None


def _goal_together(one: LoadReport | None) -> list[Goal]:
    if one is None or one.plan.students < TOGETHER[Scale.FULL]:
        return []
    p99 = one.latency.visible_dashboard.p99_ms
    return [
        Goal(
            f"with PostgreSQL, Redis and 2 workers within {TOGETHER_MS:,.0f} ms (p99) at 2,000",
            "nothing was seen" if p99 is None else f"{p99:,.0f} ms",
            p99 is not None and p99 <= TOGETHER_MS,
        )
    ]


def _left_out(scale: Scale, most: int) -> list[str]:
    wanted = max(SIZES[scale])
    if wanted <= most:
        return []
    return [f"{wanted:,} students need more open files than are allowed here: {most:,} instead."]


def _plots(sizes: list[int], reports: list[LoadReport]) -> dict[str, str]:
    pairs = list(zip(sizes, reports, strict=True))
    visible = [(size, one.latency.visible_dashboard) for size, one in pairs]
    return {
        "latency.svg": plot(
            "Act or join → teacher's page, milliseconds",
            [
                Line("p99", [(n, summary.p99_ms) for n, summary in visible if summary.p99_ms]),
                Line("p50", [(n, summary.p50_ms) for n, summary in visible if summary.p50_ms]),
            ],
            x_name="students (dashes: goals)",
            y_name="ms",
            goals=[(ran, bound) for goal, bound in GOALS_MS.items() if (ran := _ran(goal, sizes))],
        ),
        "cpu.svg": plot(
            "CPU of the server, one process",
            [
                Line("of a core", [(n, r.server.cpu_mean * 100) for n, r in pairs if r.server]),
            ],
            x_name="students",
            y_name="%",
        ),
    }
