"""Monitor's recorder as it is, and the same recorder made to write a row per participant.

The second is the fair opponent: the same windows, the same group commit, the same rules, the same
versions in order; only what a heartbeat changes lies in rows of its own instead of the JSON array.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any
from unittest import mock

import sqlalchemy as sa

from monitor.clock import Clock
from monitor.config import Settings
from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.commands import Heartbeat
from monitor.domain.participant import ConnectionStatus, Participant
from monitor.domain.session import Session, SessionStatus
from monitor.domain.test import Test
from monitor.live import batch_writer
from monitor.live.backlog import Settled
from monitor.live.batch_writer import Written
from monitor.live.recorder import Recorder
from monitor.live.session_cache import Remembered
from monitor.protocol import forms
from monitor.protocol.items import ParticipantItem
from monitor.protocol.timestamps import parse_rfc3339
from monitor.pubsub.memory_broker import MemoryBroker
from monitor.repositories.database import Database
from monitor.repositories.tables import SESSIONS
from monitor.repositories.unit_of_work import UnitOfWork
from tests.benchmarks.write_path.shape import Account, Kept, OnAcked, Shape, Writer
from tests.support.sittings import QUESTIONS, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROWS = sa.Table(
    "participants",
    sa.MetaData(),
    sa.Column("session_id", sa.String(36), primary_key=True),
    sa.Column("student_id", sa.String(36), primary_key=True),
    sa.Column("attempt_id", sa.String(36)),
    sa.Column("joined_at", sa.String(32)),
    sa.Column("connection_status", sa.String(16)),
    sa.Column("last_activity", sa.String(32)),
    sa.Column("connection_id", sa.String(48)),
    sa.Column("disconnected_at", sa.String(32)),
    sa.Column("version", sa.BigInteger),
)
_CHANGE = (
    _ROWS.update()
    .where(
        _ROWS.c.session_id == sa.bindparam("session_id_"),
        _ROWS.c.student_id == sa.bindparam("student_id_"),
    )
    .values(
        {
            name: sa.bindparam(name)
            for name in ("connection_status", "last_activity", "connection_id", "version")
        }
    )
)
# psycopg sends a batch of one statement per row; arrays are what makes PostgreSQL fast at this.
_CHANGE_POSTGRES = sa.text(
    "UPDATE participants AS p SET connection_status = v.connection_status,"
    " last_activity = v.last_activity, connection_id = v.connection_id, version = v.version"
    " FROM unnest(CAST(:session_ids AS text[]), CAST(:student_ids AS text[]),"
    " CAST(:statuses AS text[]), CAST(:last AS text[]), CAST(:connections AS text[]),"
    " CAST(:versions AS bigint[]))"
    " AS v(session_id, student_id, connection_status, last_activity, connection_id, version)"
    " WHERE p.session_id = v.session_id AND p.student_id = v.student_id"
)
_SESSION = (
    SESSIONS.update()
    .where(SESSIONS.c.id == sa.bindparam("id_"))
    .values(version=sa.bindparam("version"))
)
_BATCH = 1_000


class RecorderWriter:
    """Hands heartbeats to a recorder as the student's socket does."""

    def __init__(self, recorder: Recorder, shape: Shape, acked: OnAcked) -> None:
        self._recorder = recorder
        self._shape = shape
        self._acked = acked
        self._numbers = itertools.count()

    def hand(self, student: int, at: datetime) -> None:
        """Let the recorder commit it."""
        command = Heartbeat(
            id=f"b{next(self._numbers)}",
            session_id=self._shape.session_of(student),
            received_at=at,
            student_id=self._shape.student_ids[student],
            connection_id=f"c{student}.0",
        )
        self._recorder.hand(command, lambda settled: self._settled(student, settled))

    def _settled(self, student: int, settled: Settled) -> None:
        if settled.outcome.error is not None:
            raise settled.outcome.error
        self._acked(student)


def recorder(
    url: str, shape: Shape, acked: OnAcked, window: float
) -> AbstractAsyncContextManager[tuple[Writer, Account]]:
    """The recorder as it is."""
    return _recorder(url, shape, acked, window, in_rows=False)


def recorder_with_rows(
    url: str, shape: Shape, acked: OnAcked, window: float
) -> AbstractAsyncContextManager[tuple[Writer, Account]]:
    """The same recorder, each participant a row of a table."""
    return _recorder(url, shape, acked, window, in_rows=True)


def recorder_with_rows_each(
    url: str, shape: Shape, acked: OnAcked, window: float
) -> AbstractAsyncContextManager[tuple[Writer, Account]]:
    """The same with rows, a session a transaction: with one heartbeat in flight, a commit each."""
    return _recorder(url, shape, acked, window, in_rows=True, batch_sessions=1)


@asynccontextmanager
async def _recorder(
    url: str,
    shape: Shape,
    acked: OnAcked,
    window: float,
    *,
    in_rows: bool,
    batch_sessions: int = 100,
) -> AsyncIterator[tuple[Writer, Account]]:
    settings = settings_for(
        url,
        heartbeat_window_ms=int(window * 1000),
        batch_slack_ms=25 if window else 0,
        batch_sessions=batch_sessions,
        waiting_commands_per_process=max(100_000, 2 * shape.students),
    )
    account, clock = Account(), Clock()
    database = _TimedDatabase(settings, clock, account)
    await database.start()
    broker = MemoryBroker()
    await broker.start()
    working = Recorder(database, broker, clock, settings)
    try:
        await _fill(database, shape, in_rows=in_rows)
        with _writing_rows() if in_rows else _as_it_is():
            working.start()
            yield RecorderWriter(working, shape, acked), account
            await working.close()
        account.kept = await database.read(lambda uow: _kept(uow, in_rows=in_rows))
    finally:
        await working.close()
        await broker.close()
        await database.close()


class _TimedDatabase(Database):
    """Counts the recorder's transactions and their time."""

    def __init__(self, settings: Settings, clock: Clock, account: Account) -> None:
        super().__init__(settings, clock)
        self._account = account

    def recorder_transaction(self, work: Callable[[UnitOfWork], Any]) -> Any:
        """As ever, with a stopwatch."""
        start = perf_counter()
        try:
            return super().recorder_transaction(work)
        finally:
            self._account.commits += 1
            self._account.busy_seconds += perf_counter() - start


async def _fill(database: Database, shape: Shape, *, in_rows: bool) -> None:
    """Sessions in progress where everyone has joined; participants in rows if asked."""
    now = datetime.now(UTC).replace(microsecond=0)
    test = Test(id="t", title="A test", questions=QUESTIONS, created_by="teacher")
    await database.write(lambda uow: uow.tests.add(test))
    if in_rows:
        await database.write(lambda uow: _ROWS.create(uow.sessions._connection))
    for first in range(0, shape.sessions, max(1, _BATCH // shape.participants)):
        sessions = range(first, min(shape.sessions, first + max(1, _BATCH // shape.participants)))

        def write(uow: UnitOfWork, sessions: range = sessions) -> None:
            for number in sessions:
                _add_session(uow, shape, number, now, in_rows=in_rows)

        await database.write(write)
    if not database.is_sqlite:
        await database.write(lambda uow: uow.sessions._connection.execute(sa.text("ANALYZE")))


def _add_session(
    uow: UnitOfWork, shape: Shape, number: int, now: datetime, *, in_rows: bool
) -> None:
    session = Session(
        id=shape.session_ids[number],
        class_id="c",
        test_id="t",
        title="A sitting",
        status=SessionStatus.IN_PROGRESS,
        created_by="teacher",
        started_at=now,
        version=1,
        session_version=1,
        roster_version=1,
    )
    students = range(number, shape.students, shape.sessions)
    items = [
        forms.participant_item(
            Participant(
                student_id=shape.student_ids[student],
                attempt_id=f"a{student}",
                joined_at=now,
                connection_status=ConnectionStatus.CONNECTED,
                last_activity=now,
                connection_id=f"c{student}.0",
                version=1,
            )
        )
        for student in students
    ]
    # The recorder with rows reads who takes part once, from the array, and never again.
    uow.sessions.add(session, items)
    uow.attempts.save_many(
        Attempt(
            id=f"a{student}",
            test_id="t",
            student_id=shape.student_ids[student],
            status=AttemptStatus.IN_PROGRESS,
            session_id=session.id,
            started_at=now,
            total=len(QUESTIONS),
            version=1,
        )
        for student in students
    )
    if in_rows:
        rows = [_row(session.id, item) for item in items]
        uow.sessions._connection.execute(_ROWS.insert(), rows)


def _row(session_id: str, item: ParticipantItem) -> dict[str, Any]:
    return {
        "session_id": session_id,
        **{name: getattr(item, name) for name in item.__struct_fields__},
    }


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def _writing_rows() -> Iterator[None]:
    """Within, recorders write changed participants as rows, and of sessions the version."""

    def rewrite(uow: UnitOfWork, changed: Iterable[tuple[Remembered, Written]]) -> None:
        sessions = []
        rows = []
        for remembered, written in changed:
            session = remembered.sitting.session
            sessions.append({"id_": session.id, "version": session.version})
            rows += [(session.id, item) for item in written.participants]
        connection = uow.sessions._connection
        connection.execute(_SESSION, sessions)
        _change_rows(connection, rows)

    with mock.patch.object(batch_writer, "rewrite", rewrite):
        yield


def _change_rows(connection: sa.Connection, rows: list[tuple[str, ParticipantItem]]) -> None:
    if connection.dialect.name == "postgresql":
        values: dict[str, Any] = {
            "session_ids": [session_id for session_id, _ in rows],
            "student_ids": [item.student_id for _, item in rows],
            "statuses": [item.connection_status for _, item in rows],
            "last": [item.last_activity for _, item in rows],
            "connections": [item.connection_id for _, item in rows],
            "versions": [item.version for _, item in rows],
        }
        connection.execute(_CHANGE_POSTGRES, values)
        return
    connection.execute(
        _CHANGE,
        [
            {
                "session_id_": session_id,
                "student_id_": item.student_id,
                "connection_status": item.connection_status,
                "last_activity": item.last_activity,
                "connection_id": item.connection_id,
                "version": item.version,
            }
            for session_id, item in rows
        ],
    )


def _kept(uow: UnitOfWork, *, in_rows: bool) -> Kept:
    connection = uow.sessions._connection
    if in_rows:
        found = connection.execute(sa.select(_ROWS.c.student_id, _ROWS.c.last_activity))
        return Kept(None, {row.student_id: parse_rfc3339(row.last_activity) for row in found})
    ids = [row.id for row in connection.execute(sa.select(SESSIONS.c.id))]
    return Kept(
        None,
        {
            item.student_id: parse_rfc3339(item.last_activity)
            for _, items in uow.sessions.load(ids).values()
            for item in items
        },
    )
