"""The sweeper: what the clock does by itself, whoever is left to notice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from monitor.clock import Clock
from monitor.domain.session import SessionStatus
from monitor.live.sweeper import Sweeper
from tests.live.recording import Recording, recording
from tests.live.test_recorder import extend
from tests.support import eventually
from tests.support.sittings import Seeded, seed, settings_for

LEASE = 15.0


class MovedClock(Clock):
    """A clock that a test sets forward."""

    def forward(self, seconds: float) -> datetime:
        """Move on and return the time it is then."""
        self.offset += timedelta(seconds=seconds)
        return self.now()


@asynccontextmanager
async def sweeping(url: str) -> AsyncIterator[tuple[Recording, Sweeper, MovedClock]]:
    """A recorder and a sweeper that looks only when told; no lease is protected any more."""
    async with recording(settings_for(url)) as parts:
        clock = MovedClock()
        parts.recorder._clock = clock
        parts.recorder._leases_from = clock.now()
        yield parts, Sweeper(parts.database, parts.recorder, clock, parts.settings), clock


async def swept(parts: Recording, sweeper: Sweeper) -> int:
    """Sweep once and wait for the commit."""
    due = await sweeper.sweep()
    assert await parts.recorder.drain(5.0)
    return due


async def statuses(parts: Recording, seeded: Seeded) -> list[str]:
    state = await parts.state(seeded.session_id)
    return [item.connection_status for item in state.changes.participants]


async def test_a_lease_that_ran_out_ends_at_the_moment_it_did(database_url: str) -> None:
    async with sweeping(database_url) as (parts, sweeper, clock):
        now = clock.now()
        seeded = await seed(parts.database, now, students=2)
        for n in range(2):
            await parts.recorder.run(seeded.join(n, now, f"c{n}.0"))
        assert await swept(parts, sweeper) == 0
        later = clock.forward(LEASE - 5)
        await parts.recorder.run(seeded.beat(1, later, "c1.0"))
        clock.forward(5.5)
        assert await swept(parts, sweeper) == 1
        assert await statuses(parts, seeded) == ["DISCONNECTED", "CONNECTED"]
        state = await parts.state(seeded.session_id)
        lost_at = datetime.fromisoformat(state.changes.participants[0].disconnected_at or "")
        assert lost_at == now + timedelta(seconds=LEASE)
        assert await swept(parts, sweeper) == 0, "nothing is due twice"


async def test_a_heartbeat_that_waits_is_counted_before_the_sweep_decides(
    database_url: str,
) -> None:
    async with sweeping(database_url) as (parts, sweeper, clock):
        now = clock.now()
        seeded = await seed(parts.database, now, students=1)
        await parts.recorder.run(seeded.join(0, now, "c0.0"))
        later = clock.forward(LEASE + 1)
        parts.recorder.hand(seeded.beat(0, later, "c0.0"), lambda _settled: None)
        await swept(parts, sweeper)
        assert await statuses(parts, seeded) == ["CONNECTED"]


async def test_nobody_is_disconnected_within_one_lease_of_an_outage(database_url: str) -> None:
    async with sweeping(database_url) as (parts, sweeper, clock):
        now = clock.now()
        seeded = await seed(parts.database, now, students=3)
        for n in range(3):
            await parts.recorder.run(seeded.join(n, now, f"c{n}.0"))
        parts.recorder.note_outage()
        back = clock.forward(60)
        await parts.recorder.run(seeded.beat(0, back, "c0.0"))
        await swept(parts, sweeper)
        assert await statuses(parts, seeded) == ["CONNECTED"] * 3
        clock.forward(LEASE + 1)
        await swept(parts, sweeper)
        assert await statuses(parts, seeded) == ["DISCONNECTED"] * 3


async def test_another_process_sweeps_for_one_that_died(database_url: str) -> None:
    async with sweeping(database_url) as (dead, _, _), sweeping(database_url) as living:
        now = dead.clock.now()
        seeded = await seed(dead.database, now, students=1)
        await dead.recorder.run(seeded.join(0, now, "c0.0"))
        await dead.recorder.close()
        parts, sweeper, clock = living
        clock.forward(LEASE + 1)
        await swept(parts, sweeper)
        assert await statuses(parts, seeded) == ["DISCONNECTED"]


async def test_a_deadline_submits_though_the_browser_is_gone_and_then_the_sitting_ends(
    database_url: str,
) -> None:
    async with sweeping(database_url) as (parts, sweeper, clock):
        now = clock.now()
        seeded = await seed(parts.database, now, students=2, duration_seconds=600)
        await parts.recorder.run(seeded.join(0, now, "c0.0"))
        await parts.recorder.run(seeded.answer(0, now, "c0.0", "because"))
        clock.forward(600 + 9)
        await swept(parts, sweeper)
        [attempt] = (await parts.state(seeded.session_id)).changes.attempts
        assert attempt.item.status == "IN_PROGRESS", "the grace has not passed"
        clock.forward(2)
        await swept(parts, sweeper)
        state = await parts.state(seeded.session_id)
        [attempt] = state.changes.attempts
        assert (attempt.item.status, attempt.item.submitted_by) == ("SUBMITTED", "deadline")
        assert attempt.item.answered == 1
        submitted_at = datetime.fromisoformat(attempt.item.submitted_at or "")
        assert submitted_at == now + timedelta(seconds=600)
        assert state.changes.session is not None
        assert state.changes.session.status == SessionStatus.COMPLETED


async def test_extra_time_that_is_taken_back_is_noticed_at_the_next_sweep(
    database_url: str,
) -> None:
    async with sweeping(database_url) as (parts, sweeper, clock):
        now = clock.now()
        seeded = await seed(parts.database, now, students=1, duration_seconds=600)
        await parts.recorder.run(seeded.join(0, now, "c0.0"))
        await swept(parts, sweeper)
        await parts.recorder.run(extend(seeded, clock.now(), minutes=-8))
        clock.forward(120 + 11)
        assert await swept(parts, sweeper) == 1
        state = await parts.state(seeded.session_id)
        assert state.changes.session is not None
        assert state.changes.session.status == SessionStatus.COMPLETED


async def test_all_sittings_are_looked_at_however_few_at_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.live.sweeper.LOOKED_AT_ONCE", 2)
    async with sweeping(database_url) as (parts, sweeper, clock):
        now = clock.now()
        sittings = [await seed(parts.database, now, students=1) for _ in range(5)]
        for seeded in sittings:
            await parts.recorder.run(seeded.join(0, now, "c0.0"))
        assert await swept(parts, sweeper) == 0
        clock.forward(LEASE + 0.5)

        assert await swept(parts, sweeper) == 5

        for seeded in sittings:
            assert await statuses(parts, seeded) == ["DISCONNECTED"]


async def test_a_running_sweeper_finds_it_by_itself(sqlite_url: str) -> None:
    settings = settings_for(sqlite_url, sweep_seconds=0.05, heartbeat_seconds=0.1)
    async with recording(settings) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=1)
        await parts.recorder.run(seeded.join(0, now, "c0.0"))
        sweeper = Sweeper(parts.database, parts.recorder, parts.clock, settings)
        sweeper.start()
        try:

            async def lost() -> bool:
                return await statuses(parts, seeded) == ["DISCONNECTED"]

            await eventually(lost)
        finally:
            await sweeper.close()
