"""The sweeper: says which sittings have something due; the recorder decides on the locked row.

Leases that run out, deadlines, the end of a sitting. Every process sweeps every active sitting, so
the death of one is noticed by any other; two sweeps of one sitting do nothing twice.

Looking at a sitting costs a read of its participants, so it is looked at again only when something
can be due: at the moment found last time; when its session object changed (time was given or
taken); and one lease later at the latest, since whoever came meanwhile cannot be lost before.
"""

from __future__ import annotations

import asyncio
import random
import time
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from monitor import metrics
from monitor.clock import Clock
from monitor.config import Settings
from monitor.domain.attempt import AttemptStatus
from monitor.domain.commands import Sweep
from monitor.domain.rules import Rules
from monitor.domain.sweeping import due_at
from monitor.errors import Unavailable
from monitor.live.backlog import Settled
from monitor.live.recorder import Recorder
from monitor.protocol import forms
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork
from monitor.supervised import SupervisedTask

log = structlog.get_logger(__name__)


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
        looked_at = await self._database.read(lambda uow: self._look(uow, now))
        due = 0
        for session_id, moment in looked_at.items():
            if moment is None or moment > now or session_id in self._handed:
                continue
            due += 1
            metrics.SWEEPS.inc()
            sweep = Sweep(id=str(uuid4()), session_id=session_id, received_at=now, leases=leases)
            self._recorder.hand(sweep, self._swept)
            self._handed.add(session_id)
        return due

    def _swept(self, settled: Settled) -> None:
        self._handed.discard(settled.command.session_id)

    def _look(self, uow: UnitOfWork, now: datetime) -> dict[str, datetime | None]:
        """When something is due, for each sitting that had to be looked at."""
        active = uow.sessions.active_versions()
        for session_id in self._next_look.keys() - active.keys():
            del self._next_look[session_id]
        to_load = [
            session_id
            for session_id, session_version in active.items()
            if self._must_look(session_id, session_version, now)
        ]
        found: dict[str, datetime | None] = {}
        for session_id, (session, items) in uow.sessions.load(to_load).items():
            moment = due_at(
                session,
                [forms.participant_from_item(item) for item in items],
                [
                    attempt.student_id
                    for attempt in uow.attempts.standing_of_session(session_id)
                    if attempt.status is AttemptStatus.IN_PROGRESS
                ],
                self._rules,
            )
            found[session_id] = moment
            again = now + self._lease
            if moment is not None and moment < again:
                again = max(moment, now)
            self._next_look[session_id] = (session.session_version, again)
        return found

    def _must_look(self, session_id: str, session_version: int, now: datetime) -> bool:
        seen, again = self._next_look.get(session_id, (-1, now))
        return seen != session_version or again <= now
