"""What a run found: the same as values, as JSON and as text. PURE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from monitor.load.verdict import Bounds, Verdict, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.load.meters import LatencySummary
    from monitor.load.plan import LoadPlan
    from monitor.load.server_usage import Usage


class Latencies(Struct, frozen=True, kw_only=True):
    """From the intended moment to the ack and to the dashboards; visible: joins and acts."""

    join_ack: LatencySummary
    act_ack: LatencySummary
    heartbeat_ack: LatencySummary
    join_dashboard: LatencySummary
    act_dashboard: LatencySummary
    visible_dashboard: LatencySummary
    heartbeat_dashboard: LatencySummary


class Checked(Struct, frozen=True, kw_only=True):
    """What was verified."""

    acts: int
    students: int
    comparisons: int
    steps: int
    ghosts: int
    differences_found: int
    differences: list[str]


class LoadReport(Struct, frozen=True, kw_only=True):
    """Everything a run found.

    Attributes:
        generator: What the load's own process took.
        generator_lateness: How late it did what the plan wanted.
        verified: None with --no-verify.
        left: What stays on the server.
        warnings: What makes the run another than it seems, a sentence each.
    """

    url: str
    began_at: str
    plan: LoadPlan
    joins_per_second: float
    heartbeats_per_second: float
    acts_per_second: float
    latency: Latencies
    counts: dict[str, int]
    errors: dict[str, int]
    server: Usage | None
    generator: Usage | None
    generator_lateness: LatencySummary
    verified: Checked | None
    left: str
    warnings: list[str] = []

    @property
    def verdict(self) -> Verdict:
        """Whether it holds, and what would give way first."""
        return verdict_of(
            students=self.plan.students,
            joined=self.counts.get("joins", 0),
            operations=sum(
                self.counts.get(name, 0)
                for name in ("joins", "reconnects", "heartbeats acked", "acts given")
            ),
            visible=self.latency.visible_dashboard,
            acks=self.latency.act_ack,
            errors=self.errors,
            server=self.server,
            generator=self.generator,
            lateness=self.generator_lateness,
            differences=None if self.verified is None else self.verified.differences_found,
            bounds=Bounds(),
        )

    @property
    def is_true(self) -> bool:
        """Whether nothing that was verified differed."""
        return self.verified is None or self.verified.differences_found == 0


def text_of(report: LoadReport) -> str:
    """The report as a person reads it."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: LoadReport) -> Iterator[str]:
    plan, latency = report.plan, report.latency
    yield (
        f"{plan.students:,} students in {_many(plan.sittings, 'sitting')}, "
        f"{_many(plan.dashboards, 'dashboard')}, heartbeats every {plan.heartbeat_seconds:g} s, "
        f"{plan.answers_per_minute:g} answers a minute each, {plan.duration_seconds:g} s after a "
        f"ramp of {plan.ramp_seconds:g} s, seed {plan.seed}"
    )
    yield f"on {report.url}"
    yield from (f"Warning: {warning}" for warning in report.warnings)
    yield ""
    yield (
        f"{report.joins_per_second:,.1f} joins/s   "
        f"{report.heartbeats_per_second:,.1f} heartbeats/s   "
        f"{report.acts_per_second:,.1f} acts/s (answers, highlights, hands, hand-ins)"
    )
    yield ""
    yield f"{'milliseconds':<28}{'p50':>9}{'p90':>9}{'p99':>9}{'p99.9':>9}{'max':>9}{'count':>10}"
    for name, summary in (
        ("join → ack", latency.join_ack),
        ("act → ack", latency.act_ack),
        ("heartbeat → ack", latency.heartbeat_ack),
        ("join → dashboard", latency.join_dashboard),
        ("act → dashboard", latency.act_dashboard),
        ("all visible → dashboard", latency.visible_dashboard),
        ("heartbeat → dashboard", latency.heartbeat_dashboard),
    ):
        yield f"{name:<28}{_row(summary)}"
    yield ""
    counts = report.counts
    yield (
        f"{counts.get('reconnects', 0):,} reconnects of students "
        f"({counts.get('connections cut', 0):,} connections cut by the plan), "
        f"{counts.get('dashboard reconnects', 0):,} of dashboards"
    )
    if report.errors:
        yield "Errors:"
        for name, number in sorted(report.errors.items(), key=lambda item: -item[1]):
            yield f"  {number:>8,}  {name}"
    else:
        yield "No errors."
    yield _usage("Server", report.server, "not to be seen from here; its /metrics tell")
    yield _usage("This generator", report.generator, "not measured")
    yield from _verified(report.verified)
    yield report.left
    yield ""
    yield f"{report.verdict.headline} {report.verdict.bottleneck}"


def _verified(checked: Checked | None) -> Iterator[str]:
    if checked is None:
        yield "Not verified (--no-verify)."
        return
    looked = (
        f"{checked.acts:,} acked acts of {checked.students:,} students, "
        f"{_many(checked.comparisons, 'whole comparison')} of dashboards with the database, "
        f"{checked.steps:,} steps of dashboards; {_many(checked.ghosts, 'ghost')}"
    )
    if not checked.differences_found:
        yield f"Verified: {looked}. Nothing differs."
        return
    yield f"NOT TRUE: {looked}. {_many(checked.differences_found, 'difference')}:"
    for sentence in checked.differences:
        yield f"  {sentence}"
    more = checked.differences_found - len(checked.differences)
    if more:
        yield f"  … and {more:,} more"


def _row(summary: LatencySummary) -> str:
    if not summary.count:
        return f"{'-':>9}" * 5 + f"{0:>10}"
    points = (summary.p50_ms, summary.p90_ms, summary.p99_ms, summary.p999_ms, summary.max_ms)
    return "".join(f"{point:>9,.1f}" for point in points) + f"{summary.count:>10,}"


def _usage(name: str, usage: Usage | None, otherwise: str) -> str:
    if usage is None:
        return f"{name}: {otherwise}."
    return (
        f"{name}: {usage.cpu_mean:.0%} of a core (at most {usage.cpu_most:.0%}), "
        f"{usage.rss_most_mib:,.0f} MiB, {_many(usage.processes, 'process', 'processes')}."
    )


def _many(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
