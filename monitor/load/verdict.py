"""Will it hold? One sentence, and one about what gives way first. PURE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.load.meters import LatencySummary
    from monitor.load.server_usage import Usage


class Bounds(Struct, frozen=True, kw_only=True):
    """From where on it does not hold.

    Attributes:
        visible_ms: p99 of what a teacher sees; the page tells the truth within a second.
        ack_ms: p99 of acks; beyond it "saving…" stands long enough to worry about.
        cpu: Share of one core of the busiest server process.
        machine: Share of all cores; beyond it everybody waits for a turn.
        errors: Share of all joins, heartbeats and acts; a single cut connection is no verdict.
        lateness_ms: p99 of the generator's own lateness; beyond it the numbers are its own.
    """

    visible_ms: float = 1000.0
    ack_ms: float = 2000.0
    cpu: float = 0.85
    machine: float = 0.95
    errors: float = 0.001
    lateness_ms: float = 50.0


class Verdict(Struct, frozen=True):
    """`holds` is None where the run cannot say."""

    holds: bool | None
    headline: str
    bottleneck: str


def verdict_of(
    *,
    students: int,
    joined: int,
    operations: int,
    visible: LatencySummary,
    acks: LatencySummary,
    errors: Mapping[str, int],
    server: Usage | None,
    generator: Usage | None,
    lateness: LatencySummary,
    differences: int | None,
    bounds: Bounds,
) -> Verdict:
    """The verdict on one run."""
    reasons = _reasons(students, joined, operations, visible, acks, errors, differences, bounds)
    limit = _generator_limit(generator, lateness, bounds)
    bottleneck = limit or _bottleneck(server, bounds, slow=bool(reasons))
    if differences:
        return Verdict(False, f"It does not hold: {'; '.join(reasons)}.", bottleneck)
    if reasons and limit:
        return Verdict(None, f"This run cannot say: {'; '.join(reasons)}.", bottleneck)
    if reasons:
        return Verdict(
            False, f"It does not hold {students:,} students: {'; '.join(reasons)}.", bottleneck
        )
    shown = (
        ""
        if visible.p99_ms is None
        else f", what they do is seen within {visible.p99_ms:,.0f} ms (p99)"
    )
    return Verdict(True, f"It holds {students:,} students{shown}.", bottleneck)


def _reasons(
    students: int,
    joined: int,
    operations: int,
    visible: LatencySummary,
    acks: LatencySummary,
    errors: Mapping[str, int],
    differences: int | None,
    bounds: Bounds,
) -> list[str]:
    """Everything that speaks against it."""
    reasons = []
    if differences:
        reasons.append(f"{differences:,} of what was verified differs")
    if joined < students:
        reasons.append(f"only {joined:,} of {students:,} came in")
    if visible.p99_ms is not None and visible.p99_ms > bounds.visible_ms:
        reasons.append(f"a teacher sees things after {visible.p99_ms:,.0f} ms (p99)")
    if acks.p99_ms is not None and acks.p99_ms > bounds.ack_ms:
        reasons.append(f"saving takes {acks.p99_ms:,.0f} ms (p99)")
    if sum(errors.values()) > bounds.errors * operations:
        worst = max(errors, key=lambda name: errors[name])
        reasons.append(f"{sum(errors.values()):,} errors, most of them “{worst}”")
    return reasons


def _generator_limit(
    generator: Usage | None, lateness: LatencySummary, bounds: Bounds
) -> str | None:
    if lateness.p99_ms is not None and lateness.p99_ms > bounds.lateness_ms:
        return (
            f"The bottleneck was this generator: it was {lateness.p99_ms:,.0f} ms late (p99); "
            "run it on a machine of its own."
        )
    if generator is not None and generator.cpu_mean > bounds.cpu:
        return (
            f"The bottleneck was this generator: it took {generator.cpu_mean:.0%} of its core; "
            "run several, or fewer students."
        )
    return None


def _bottleneck(server: Usage | None, bounds: Bounds, *, slow: bool) -> str:
    if server is None:
        where = "look at the server's CPU and at /metrics"
        return f"The bottleneck cannot be seen from here: {where}."
    busiest = server.cpu_of_busiest
    if busiest > bounds.cpu:
        return (
            f"The bottleneck is the server's CPU: its busiest process takes {busiest:.0%} of a "
            "core; more workers (PostgreSQL and Redis) take more students."
        )
    if slow and server.machine_busy > bounds.machine:
        return (
            f"The bottleneck is this machine: all its cores are {server.machine_busy:.0%} busy, "
            f"and the server gets {busiest:.0%} of one. Run the load from another machine, and "
            "nothing else on this one."
        )
    if slow:
        return (
            f"The bottleneck is not the server's CPU ({busiest:.0%} of a core): look at the "
            "database's disk, the network, and the errors."
        )
    times = int(bounds.cpu / busiest) if busiest else 0
    more = f", which by CPU alone is room for {times} times as many" if times > 1 else ""
    return (
        "What gives way first is the server's CPU: its busiest process takes "
        f"{busiest:.0%} of a core{more}."
    )
