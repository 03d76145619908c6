"""One run of chaos, from a seed: faults strike, heal, and the judge looks."""

from __future__ import annotations

import asyncio
import contextlib
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import httpx

from monitor.load.rest import RefusedError
from tests.chaos.client_faults import CLIENT_FAULTS
from tests.chaos.database_faults import DATABASE_FAULTS
from tests.chaos.fault import Fault
from tests.chaos.judge import Judge
from tests.chaos.link_faults import LINK_FAULTS
from tests.chaos.redis_faults import REDIS_FAULTS
from tests.chaos.schedule import Strike, schedule
from tests.chaos.server_faults import SERVER_FAULTS
from tests.chaos.stage import Size, Stage, open_stage

FAULTS: dict[str, type[Fault]] = {
    fault.name: fault
    for fault in (
        *SERVER_FAULTS,
        *REDIS_FAULTS,
        *DATABASE_FAULTS,
        *LINK_FAULTS,
        *CLIENT_FAULTS,
    )
}
# A strike that is not over by then hangs.
STRIKE_SECONDS = 300.0
# Clients change while all is well, so that nothing of theirs is on its way; and a server does not
# start without its database.
STRIKING = ("clients", "server", "database", "redis", "links")
# How often the server reads an end of those who go; otherwise it just hears nothing any more.
CUT_OFF = 0.25


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a run is asked for.

    Attributes:
        seed: Decides the schedule and everything else that is left to chance.
        arrangement: `postgres` or `sqlite`.
        seconds: No strike begins later; None where `strikes` decides.
        strikes: So many at most.
        only: Names of faults; all that can strike there when empty.
        longest: No fault is held longer, and no quiet before one is, in seconds.
    """

    seed: int
    arrangement: str = "postgres"
    seconds: float | None = None
    strikes: int | None = None
    only: tuple[str, ...] = ()
    longest: float = 60.0
    size: Size = field(default_factory=Size)

    @property
    def faults(self) -> list[type[Fault]]:
        """What may strike."""
        return [
            fault
            for name, fault in FAULTS.items()
            if self.arrangement in fault.arrangements and (not self.only or name in self.only)
        ]


@dataclass
class Outcome:
    """What came of a run.

    Attributes:
        strikes: How many strikes were judged.
        struck: Which faults struck.
        acts: How many acked acts were looked up.
        claims: How often a dashboard that said it was live was held against the database.
        differences: What was not as promised, a sentence each.
        logs: Where the logs of a run that failed are.
    """

    strikes: int = 0
    struck: set[str] = field(default_factory=set)
    acts: int = 0
    claims: int = 0
    differences: list[str] = field(default_factory=list)
    logs: Path | None = None


async def run(options: Options, tell: Callable[[str], None]) -> Outcome:
    """Let chaos happen until the time is over or something is not as promised."""
    outcome = Outcome()
    began = monotonic()

    def told(sentence: str) -> None:
        tell(f"{monotonic() - began:7.1f} s  {sentence}")

    async with open_stage(options.arrangement, options.size, options.seed) as stage:
        judge = Judge(stage)
        try:
            outcome.differences += await judge.begin()
            for strike in schedule(
                options.seed, [fault.sort() for fault in options.faults], longest=options.longest
            ):
                if outcome.differences or _is_over(options, strike, monotonic() - began):
                    break
                told(f"strike {strike.number}: {' and '.join(strike.faults)}")
                outcome.differences += await _judged(stage, judge, strike, told)
                outcome.strikes = strike.number
                outcome.struck |= set(strike.faults)
            if not outcome.differences:
                told("all leave")
                outcome.differences += await judge.at_the_end()
        finally:
            outcome.acts, outcome.claims = judge.acts, judge.watch.looks
            await judge.watch.close()
            if outcome.differences:
                outcome.logs = await _keep_logs(stage, options.seed)
    return outcome


def _is_over(options: Options, strike: Strike, seconds: float) -> bool:
    if options.strikes is not None and strike.number > options.strikes:
        return True
    return options.seconds is not None and seconds > options.seconds


async def _judged(
    stage: Stage, judge: Judge, strike: Strike, told: Callable[[str], None]
) -> list[str]:
    """One strike, from the quiet before it to the judgement after it."""
    dice = random.Random(strike.seed)
    faults = [FAULTS[name](stage, dice) for name in strike.faults]
    faults.sort(key=lambda fault: STRIKING.index(fault.part))
    try:
        async with asyncio.timeout(STRIKE_SECONDS):
            await asyncio.sleep(strike.quiet_seconds)
            found = await judge.before()
            healed_at = await _strike(stage, faults, strike.hold_seconds, told)
            found += await judge.after(faults, healed_at)
    except Exception as error:  # noqa: BLE001 - whatever broke, the seed and the fault are told
        return [f"the strike broke off: {error!r}"]
    if not found:
        told(f"  all is well {monotonic() - healed_at:.1f} s after it healed")
        stage.detour.flow()
        stage.detour.accept()
        stage.crowd.acting = True
    return found


async def _strike(
    stage: Stage, faults: Sequence[Fault], hold_seconds: float, told: Callable[[str], None]
) -> float:
    """Strike, hold and heal; returns when it was healed, on our clock."""
    if faults[0].dice.random() < CUT_OFF:
        stage.detour.refuse()
    else:
        stage.detour.stall()
    begun: list[Fault] = []
    try:
        for fault in faults:
            begun.append(fault)
            told(f"  {await fault.strike()}")
        await asyncio.sleep(hold_seconds)
    finally:
        for fault in reversed(begun):
            # The last to strike heals first.
            await fault.heal()
    told(f"  healed after {hold_seconds:g} s")
    return monotonic()


async def _keep_logs(stage: Stage, seed: int) -> Path:
    """The server's log, what students did and were told, and what the server says of it."""
    directory = Path(tempfile.mkdtemp(prefix=f"monitor-chaos-{seed}-"))
    (directory / "server.log").write_text(stage.server.logs())
    for student in stage.crowd.everyone:
        lines = [
            f"{act.intended_at:.3f} {act.outcome} {act.operation}" for act in student.record.acts
        ]
        (directory / f"{student.record.student_id}.acts").write_text("\n".join(lines))
    (directory / "errors").write_text(f"{stage.crowd.meters.errors}\n{stage.crowd.meters.counts}")
    for place in stage.crowd.places:
        with contextlib.suppress(httpx.HTTPError, RefusedError):
            path = f"/api/sessions/{place.session_id}/export"
            stored = await stage.crowd.teacher.client.read(path, format="json")
            (directory / f"{place.session_id}.json").write_bytes(stored)
    return directory
