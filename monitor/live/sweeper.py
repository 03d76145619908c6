"""The sweeper: says which sittings have something due; the recorder decides on the locked row.

Leases that run out, deadlines, the end of a sitting. Every process sweeps every active sitting, so
the death of one is noticed by any other; two sweeps of one sitting do nothing twice.

Looking at a sitting costs a read of its participants, so it is looked at again only when something
can be due: at the moment found last time; when its session object changed (time was given or
taken); and one lease later at the latest, since whoever came meanwhile cannot be lost before. Some
are looked at before they have to be, so that those that began together do not stay together.
"""

from __future__ import annotations

import asyncio
import random
import time
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import structlog

from monitor import metrics
from monitor.clock import Clock
from monitor.config import Settings
from monitor.domain.commands import Sweep
from monitor.domain.rules import Rules
from monitor.domain.sweeping import due_at
from monitor.errors import Unavailable
from monitor.live.backlog import Settled
from monitor.live.command_ids import new_command_id
from monitor.live.recorder import Recorder
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork
from monitor.supervised import SupervisedTask

log = structlog.get_logger(__name__)


LOOKED_AT_ONCE = 50  # sittings a read: a few milliseconds, beside which others have their turns


class _Look(NamedTuple):
    """What was seen of a sitting."""

    session_version: int
    due_at: datetime | None


class Sweeper:
    """Looks every `sweep_seconds` for what is due and hands `Sweep` commands to the recorder."""

    def __init__(
        self, database: Database, recorder: Recorder, clock: Clock, settings: Settings
    ) -> None:
        """Read from `database`, hand to `recorder`."""
        self._database = database
        self._recorder = recorder
        self._clock = clock
        self._rules = Rules.of(settings)
        self._sweep_seconds = settings.sweep_seconds
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._next_look: dict[str, tuple[int, datetime]] = {}  # session version seen, when again
        self._blind = False  # while the database cannot be read
        self._handed: set[str] = set()  # sweeps that wait for their commit
        self._task = SupervisedTask("sweeper", self._work)

    def start(self) -> None:
        """Start looking."""
        self._task.start()

    async def close(self) -> None:
        """Look no more."""
        await self._task.close()

    async def _work(self) -> None:
        before = time.monotonic()
        while True:
            # Not all processes at once: whoever comes second finds it done.
            pause = self._sweep_seconds * random.uniform(0.75, 1.25)  # noqa: S311
            await asyncio.sleep(pause)
            now = time.monotonic()
            stood_still = now - before - pause
            if stood_still > self._lease.total_seconds() / 3:
                log.warning("the process stood still, leases start anew", seconds=stood_still)
                self._recorder.note_outage()
            before = now
            try:
                await self.sweep()
            except Unavailable as error:
                self._recorder.note_outage()
                if not self._blind:
                    log.warning("no sweeps until the database answers", error=str(error))
                self._blind = True
            else:
                self._blind = False

    async def sweep(self) -> int:
        """Look once; the number of sittings in which something is due."""
        now = self._clock.now()
        leases = self._recorder.leases_may_expire(now)
        active = await self._database.read(lambda uow: uow.sessions.active_versions())
        for session_id in self._next_look.keys() - active.keys():
            del self._next_look[session_id]
        to_look_at = [
            session_id
            for session_id, session_version in active.items()
            if self._must_look(session_id, session_version, now)
        ]
        due = 0
        for first in range(0, len(to_look_at), LOOKED_AT_ONCE):
            some = to_look_at[first : first + LOOKED_AT_ONCE]
            looks = await self._database.read(partial(self._look, ids=some))
            for session_id, look in looks.items():
                self._look_again(session_id, look, now)
                if look.due_at is None or look.due_at > now or session_id in self._handed:
                    continue
                due += 1
                metrics.SWEEPS.inc()
                self._hand(session_id, now, leases=leases)
        return due

    def _hand(self, session_id: str, now: datetime, *, leases: bool) -> None:
        sweep = Sweep(id=new_command_id(), session_id=session_id, received_at=now, leases=leases)
        self._recorder.hand(sweep, self._swept)
        self._handed.add(session_id)

    def _swept(self, settled: Settled) -> None:
        self._handed.discard(settled.command.session_id)

    def _look(self, uow: UnitOfWork, ids: list[str]) -> dict[str, _Look]:
        """Those of these sittings that there are."""
        at_work = uow.attempts.at_work(ids)
        return {
            session_id: _Look(
                session.session_version,
                due_at(session, participants, at_work.get(session_id, ()), self._rules),
            )
            for session_id, (session, participants) in uow.sessions.with_participants(ids).items()
        }

    def _look_again(self, session_id: str, look: _Look, now: datetime) -> None:
        wait = self._lease
        if look.due_at is not None:
            wait = max(min(look.due_at - now, wait), timedelta(0))
        if wait > 2 * timedelta(seconds=self._sweep_seconds):
            wait *= random.uniform(0.75, 1.0)  # noqa: S311 - spreads, hides nothing
        self._next_look[session_id] = (look.session_version, now + wait)

    def _must_look(self, session_id: str, session_version: int, now: datetime) -> bool:
        seen, again = self._next_look.get(session_id, (-1, now))
        return seen != session_version or again <= now
