"""The database: transactions as functions, run in threads of their own.

    await database.read(work)            one snapshot, read only
    await database.write(work)           one transaction outside the recorder
    await database.run_recorder(fn)      fn in the recorder's thread; there, for each batch,
    database.recorder_transaction(work)  one transaction of the recorder

`work` takes a `UnitOfWork`; when it returns the transaction is committed, when it raises it is
rolled back. On SQLite the recorder's thread is the one that writes, so `write` runs there too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from monitor.clock import Clock
from monitor.config import Settings
from monitor.errors import Unavailable
from monitor.repositories import engines
from monitor.repositories.failures import (
    CommitUnknownError,
    commit_may_have_happened,
    commit_unknown,
    connection_lost,
    is_temporary,
)
from monitor.repositories.unit_of_work import UnitOfWork
from monitor.repositories.worker_threads import WorkerThreads

__all__ = ["CommitUnknownError", "Database", "commit_unknown", "is_temporary"]

T = TypeVar("T")

READER_THREADS = 4  # readers share few cores; more of them only wait for each other
WRITER_THREADS = 2  # of PostgreSQL, for what is not the recorder's: users, classes, tests
WAITING_LIMIT = 1_000  # at 1 ms a read: a second, longer than which nobody should be kept
CLOCK_PROBES = 5  # the quickest answer of these tells the database's clock best
_DATABASE_TIME = text("SELECT clock_timestamp()")
CLOSE_SECONDS = 5.0  # a thread that hangs longer in the driver is left behind


class Database:
    """One database of one process; `start` before use and `close` after.

    Args:
        settings: Names the database and its timeouts.
        clock: Is set to the database's own clock where that is another machine's.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.url = settings.database_url
        address = engines.database_address(settings.database_url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self._clock = clock
        # A database that hangs without a word is given up a little after its own timeout.
        self._patience_seconds = settings.statement_timeout_ms / 1000 + 1
        if self.is_sqlite:
            self._recorder_engine = engines.sqlite_writer(address)
            self._writer_engine = self._recorder_engine
            self._reader_engine = engines.sqlite_readers(address, READER_THREADS)
        else:
            make = partial(engines.postgres_engine, address, settings)
            self._recorder_engine = make("recorder", 1)
            self._writer_engine = make("writer", WRITER_THREADS, pre_ping=True)
            self._reader_engine = make("reader", READER_THREADS, read_only=True)
        self._recorder_threads = WorkerThreads("recorder", 1, WAITING_LIMIT)
        self._writer_threads = (
            self._recorder_threads
            if self.is_sqlite
            else WorkerThreads("writer", WRITER_THREADS, WAITING_LIMIT)
        )
        self._reader_threads = WorkerThreads("reader", READER_THREADS, WAITING_LIMIT)

    async def start(self) -> None:
        """Start the threads, see that the database is there, and take over its clock.

        Raises:
            Unavailable: It cannot be reached, or has no tables yet.
        """
        for threads in self._all_threads():
            threads.start()
        await self.measure_clock()
        if await self.read(lambda unit: unit.epoch.find()) is None:
            await self.write(lambda unit: unit.epoch.get())

    async def close(self) -> None:
        """End threads and connections; what was handed over before is finished first."""
        ended = [await threads.close(CLOSE_SECONDS) for threads in self._all_threads()]
        if all(ended):
            for engine in {self._recorder_engine, self._writer_engine, self._reader_engine}:
                engine.dispose()

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """What `work` returns; all it reads is one snapshot. It must not write.

        `work` may run a second time, when a connection turns out to be broken.

        Raises:
            Unavailable: The database is away, too busy, or does not answer.
        """
        return await self._run(self._reader_threads, partial(self._read_in_thread, work))

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """What `work` returns, after its commit.

        Raises:
            Unavailable: The database is away, full, too busy, or does not answer; whether the
                change happened is then open.
        """
        return await self._run(
            self._writer_threads,
            partial(_transaction, self._writer_engine, work),
        )

    async def run_recorder(self, function: Callable[[], T]) -> T:
        """Run a function in the recorder's thread; what it raises is passed on as it is.

        It waits its turn behind what others write there, but is never refused.
        """
        return await self._recorder_threads.run(function, limited=False)

    def recorder_transaction(self, work: Callable[[UnitOfWork], T]) -> T:
        """One transaction, to be called in the recorder's thread only.

        Errors come as the driver raised them: `is_temporary` tells whether to try the same again.

        Raises:
            CommitUnknownError: COMMIT was sent and not answered.
        """
        return _transaction(self._recorder_engine, work)

    async def measure_clock(self) -> timedelta:
        """Set the clock to the database's and return by how much ours differs.

        On SQLite there is no other clock. A difference smaller than what can be measured over the
        network changes nothing, so the clock does not tremble.
        """
        if not self.is_sqlite:
            await self._run(self._reader_threads, self._measure_in_thread)
        return self._clock.offset

    def _all_threads(self) -> list[WorkerThreads]:
        threads = [self._recorder_threads, self._reader_threads]
        return threads if self.is_sqlite else [*threads, self._writer_threads]

    async def _run(self, threads: WorkerThreads, job: Callable[[], T]) -> T:
        try:
            return await threads.run(job, timeout_seconds=self._patience_seconds)
        except (SQLAlchemyError, CommitUnknownError) as error:
            if is_temporary(error):
                raise Unavailable("The database cannot be reached right now.") from error
            raise

    def _read_in_thread(self, work: Callable[[UnitOfWork], T]) -> T:
        try:
            return _snapshot(self._reader_engine, work)
        except SQLAlchemyError as error:
            if not connection_lost(error):
                raise
        # The server was restarted while our connection lay idle: the next one is new.
        return _snapshot(self._reader_engine, work)

    def _measure_in_thread(self) -> None:
        with self._reader_engine.connect() as connection:
            probes = [_probe_clock(connection) for _ in range(CLOCK_PROBES)]
        uncertainty, offset = min(probes)
        if abs(offset - self._clock.offset) > uncertainty:
            self._clock.offset = offset


def _transaction(engine: Engine, work: Callable[[UnitOfWork], T]) -> T:
    with engine.connect() as connection:
        transaction = connection.begin()
        # Leaving the block without a commit rolls back.
        result = work(UnitOfWork(connection))
        try:
            transaction.commit()
        except SQLAlchemyError as error:
            if commit_may_have_happened(error):
                raise CommitUnknownError("the answer to COMMIT never came") from error
            raise
        return result


def _snapshot(engine: Engine, work: Callable[[UnitOfWork], T]) -> T:
    with engine.connect() as connection, connection.begin():
        return work(UnitOfWork(connection))


def _probe_clock(connection: Connection) -> tuple[timedelta, timedelta]:
    """How unsure a comparison of the clocks is, and what it says."""
    before = datetime.now(UTC)
    theirs: datetime = connection.scalar(_DATABASE_TIME)
    after = datetime.now(UTC)
    half = (after - before) / 2
    return half, theirs - (before + half)
