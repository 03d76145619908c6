"""The recorder: the one writer of sessions, attempts, events and messages (group commit).

Commands wait in the backlog, what someone sees until the recorder has rested and heartbeats for a
window; then every session that is due is rewritten in one transaction. The next batch forms while
this one commits. A command is settled only after its COMMIT is confirmed: what a client is told is
on disk. Nothing here awaits or trips over whoever is told.

Failures: what may pass (no connection, lock, serialisation, disk full) makes the batch wait, in
order, and run again with backoff. Anything else is tried again session by session, then command by
command; the command that fails alone is logged, answered with `internal` and dropped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential
from tenacity.wait import wait_base

from monitor import metrics
from monitor.clock import Clock
from monitor.config import Settings
from monitor.domain.commands import Command
from monitor.domain.decide import Outcome
from monitor.domain.rules import Rules
from monitor.errors import Internal, Unavailable
from monitor.live.backlog import Backlog, BatchSize, Entry, OnSettled, Settled, Waiting
from monitor.live.batch_writer import BatchWriter, Written
from monitor.live.rest import Rest
from monitor.live.session_cache import SessionCache
from monitor.pubsub.broker import Broker
from monitor.repositories.database import Database
from monitor.repositories.failures import commit_unknown, is_lock_timeout, is_temporary
from monitor.supervised import SupervisedTask

log = structlog.get_logger(__name__)

_DONE = metrics.COMMANDS_SETTLED.labels("done")
_REFUSED = metrics.COMMANDS_SETTLED.labels("refused")
FIRST_RETRY_SECONDS = 0.02  # a deadlock or a busy lock is gone by then


class _TryAgain(Exception):
    """The batch met a failure that may pass."""


class Recorder:
    """Takes commands from any task of the event loop and settles each exactly once."""

    def __init__(
        self, database: Database, broker: Broker, clock: Clock, settings: Settings
    ) -> None:
        """Write to `database`, publish through `broker`."""
        self._database = database
        self._broker = broker
        self._clock = clock
        self._settings = settings
        self._backlog = Backlog(
            settings.visible_window_ms / 1000, settings.heartbeat_window_ms / 1000
        )
        self._batch_size = BatchSize(
            settings.batch_slack_ms / 1000,
            settings.batch_sessions,
            settings.batch_fill_ms / 1000,
            settings.batch_fill_sessions,
        )
        self._rest = Rest(settings.commit_rest, settings.visible_window_ms / 1000)
        self._cache = SessionCache(settings.cached_sessions)
        self._writer = BatchWriter(self._cache, Rules.of(settings))
        self._task = SupervisedTask("recorder", self._work)
        self._wake = asyncio.Event()
        self._sleeping_until = float("inf")
        self._in_flight: list[Waiting] = []
        self._draining = False
        self._forgetting = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._failing = True  # until the first commit: a start is like the end of an outage
        self._leases_from: datetime | None = None
        self._wait: wait_base = wait_random_exponential(
            multiplier=FIRST_RETRY_SECONDS, max=settings.retry_max_seconds
        )

    # -- the way in

    def hand(self, command: Command, settled: OnSettled) -> None:
        """Let the command wait for its commit; `settled` is called on the event loop after it.

        Commands of one session are applied in the order they are handed in. `settled` must not
        raise or block. Raises Unavailable when the process holds as many as it may.
        """
        backlog = self._backlog
        if backlog.count >= self._settings.waiting_commands_per_process:
            raise Unavailable("The server has more waiting than it can take. Try again shortly.")
        now = time.monotonic()
        if not backlog.count:
            self._idle.clear()
        due = backlog.add(command, settled, now)
        if self._draining:
            self._backlog.make_due(now)
            due = now
        if due < self._sleeping_until:
            self._wake.set()

    async def run(self, command: Command) -> Settled:
        """Hand a command in and wait until it is settled; a refusal is raised as its error."""
        future: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()

        def done(settled: Settled) -> None:
            if not future.done():
                future.set_result(settled)

        self.hand(command, done)
        settled = await future
        if settled.outcome.error is not None:
            raise settled.outcome.error
        return settled

    # -- presence

    def leases_may_expire(self, now: datetime) -> bool:
        """False during an outage, and within one lease of its end or of the start."""
        return not self._failing and self._leases_from is not None and now >= self._leases_from

    def note_outage(self) -> None:
        """Something kept this process from hearing its students: their leases start anew."""
        self._failing = True

    # -- life

    def start(self) -> None:
        """Start committing."""
        self._commit_confirmed(self._clock.now())
        now = time.monotonic()
        self._backlog.rested_at = self._rest.after(now, now)
        self._task.start()

    async def drain(self, timeout_seconds: float) -> bool:
        """Commit everything that waits, without its window; whether nothing is left in time."""
        self._draining = True
        self._backlog.make_due(time.monotonic())
        self._wake.set()
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """End the task; what still waits is never acknowledged."""
        await self._task.close()

    def forget(self) -> None:
        """Remember nothing of earlier commits: the database was restored."""
        self._forgetting = True

    # -- committing

    async def _work(self) -> None:
        self._take_up_again()
        while True:
            await self._until_due()
            batch = self._backlog.take(time.monotonic(), self._batch_size)
            metrics.COMMANDS_WAITING.set(self._backlog.count)
            if batch:
                await self._take_care_of(batch)
            if not self._backlog.count:
                self._idle.set()

    async def _take_care_of(self, batch: list[Waiting]) -> None:
        self._in_flight = batch
        began = time.monotonic()
        for waiting in await self._commit(batch):
            wait = self._settings.lock_timeout_ms / 1000 if waiting.alone else 0.0
            waiting.alone = True
            self._backlog.put_back(waiting, time.monotonic() + wait)
        self._backlog.rested_at = self._rest.after(began, time.monotonic())
        self._in_flight = []

    def _take_up_again(self) -> None:
        for waiting in self._in_flight:
            self._cache.forget(waiting.session_id)
            if waiting.entries:
                waiting.repeated = True
                self._backlog.put_back(waiting, time.monotonic())
        self._in_flight = []

    async def _until_due(self) -> None:
        due = self._backlog.next_due()
        now = time.monotonic()
        if due is not None and due <= now:
            return
        self._wake.clear()
        self._sleeping_until = float("inf") if due is None else due
        try:
            async with asyncio.timeout(None if due is None else due - now):
                await self._wake.wait()
        except TimeoutError:
            pass
        finally:
            self._sleeping_until = float("-inf")

    async def _commit(self, batch: Sequence[Waiting]) -> list[Waiting]:
        """Commit until it has passed; on a failure that will not pass, in ever smaller parts.

        Returns the sessions whose row is locked by someone else: nothing was done to them.
        """
        try:
            written = await self._until_committed(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other commands go on
            if len(batch) > 1:
                log.warning("a batch failed, its sessions go one by one", error=repr(error))
                return [locked for one in batch for locked in await self._commit([one])]
            if len(batch[0].entries) > 1:
                return await self._commit_apart(batch[0], error)
            self._drop(batch[0], error)
            return []
        for part in written:
            if part.locked:
                self._settle(part)
        return [part.waiting for part in written if not part.locked]

    async def _until_committed(self, batch: Sequence[Waiting]) -> list[Written]:
        try:
            return await self._try(batch)
        except _TryAgain:
            await asyncio.sleep(FIRST_RETRY_SECONDS)
        return await AsyncRetrying(wait=self._wait, retry=retry_if_exception_type(_TryAgain))(
            self._try, batch
        )

    async def _commit_apart(self, waiting: Waiting, error: Exception) -> list[Waiting]:
        log.warning("a session failed, its commands go one by one", error=repr(error))
        while waiting.entries:
            part = Waiting(waiting.session_id, waiting.due_at, waiting.entries[:1])
            part.alone, part.repeated = waiting.alone, waiting.repeated
            if await self._commit([part]):
                waiting.repeated |= part.repeated
                return [waiting]
            del waiting.entries[0]
        return []

    async def _try(self, batch: Sequence[Waiting]) -> list[Written]:
        """One transaction; _TryAgain if what failed may pass."""
        if self._forgetting:
            self._forgetting = False
            self._cache.clear()
        started = time.monotonic()
        try:
            written = await self._database.run_recorder(
                lambda: self._database.recorder_transaction(
                    lambda uow: self._writer.write(uow, batch)
                )
            )
        except Exception as error:
            for waiting in batch:
                self._cache.forget(waiting.session_id)
                waiting.repeated |= commit_unknown(error)
            if not is_temporary(error):
                raise
            metrics.BATCH_RETRIES.inc()
            if is_lock_timeout(error):  # of any row: who waits for it must not hold up the others
                return [Written(waiting, locked=False) for waiting in batch]
            if not self._failing:
                self._failing = True
                log.warning("the database does not take commits, they wait", error=repr(error))
            raise _TryAgain from error
        seconds = time.monotonic() - started
        metrics.COMMIT_SECONDS.observe(seconds)
        metrics.BATCH_SESSIONS.observe(len(batch))
        if seconds > self._settings.lease_seconds / 3:
            self._failing = True
        self._commit_confirmed(self._clock.now())
        return written

    def _commit_confirmed(self, now: datetime) -> None:
        if self._failing:
            self._failing = False
            self._leases_from = now + timedelta(seconds=self._settings.lease_seconds)

    def _settle(self, written: Written) -> None:
        written.waiting.entries = []
        if written.remembered is not None:
            written.remembered.sitting.settle()
            written.remembered.items.update(written.items)
            self._cache.keep(written.remembered)
        if written.publication is not None:
            self._broker.publish(written.publication)
        refused = done = 0
        for entry, outcome in written.outcomes:
            if outcome.error is None:
                done += len(entry.waiters)
            else:
                refused += len(entry.waiters)
            _tell(entry, written.version, outcome)
        _count(done, refused)

    def _drop(self, waiting: Waiting, error: Exception) -> None:
        for entry in waiting.entries:
            log.error(
                "a command failed alone and is dropped",
                command_id=entry.command.id,
                command=type(entry.command).__name__,
                session_id=waiting.session_id,
                exc_info=error,
            )
            metrics.COMMANDS_DROPPED.inc()
            _count(0, len(entry.waiters))
            _tell(entry, 0, Outcome(error=Internal()))
        waiting.entries = []


def _count(done: int, refused: int) -> None:
    if done:
        _DONE.inc(done)
    if refused:
        _REFUSED.inc(refused)


def _tell(entry: Entry, version: int, outcome: Outcome) -> None:
    for command, settled in entry.waiters:
        try:
            settled(Settled(command, version, outcome))
        except Exception:
            log.exception("who waited for a command failed when told", command_id=command.id)
