"""The queries that must use their indexes, in a school with a few years behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, Table, create_engine, insert, text

from monitor.domain.session import Session, SessionStatus
from monitor.protocol.items import ParticipantItem
from monitor.repositories import engines
from monitor.repositories.attempt_rows import CHANGING, WORK_COLUMNS
from monitor.repositories.bulk import Lookup
from monitor.repositories.column_types import AnySelect
from monitor.repositories.sql_attempt_repository import IN_PROGRESS, STATUSES
from monitor.repositories.sql_session_repository import ACTIVE, NOT_COMPLETED_OF, VERSIONS
from monitor.repositories.tables import ATTEMPTS, SESSIONS
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import at, make_participant, make_session
from tests.repositories.recording import opened, record
from tests.support import eventually

SESSIONS_THERE = 1_000
ATTEMPTS_EACH = 10


@pytest.fixture
def school(database_url: str) -> Iterator[Connection]:
    """A connection to a database in which most sessions are long over."""
    engine = create_engine(engines.database_address(database_url))
    with engine.begin() as connection:
        connection.execute(insert(SESSIONS), [_session(n) for n in range(SESSIONS_THERE)])
        connection.execute(
            insert(ATTEMPTS),
            [_attempt(n) for n in range(SESSIONS_THERE * ATTEMPTS_EACH)],
        )
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        yield connection
    engine.dispose()


def _session(n: int) -> dict[str, object]:
    rare = {0: "WAITING_FOR_STUDENTS", 1: "IN_PROGRESS", 2: "SCHEDULED"}
    return {
        "id": f"session-{n}",
        "class_id": f"class-{n % 50}",
        "test_id": f"test-{n % 40}",
        "title": "Monday",
        "status": rare.get(n % 100, "COMPLETED"),
        "created_by": f"teacher-{n % 60}",
        "scheduled_at": at(n),
    }


def _attempt(n: int) -> dict[str, object]:
    return {
        "id": f"attempt-{n}",
        "test_id": f"test-{n % 40}",
        "student_id": f"student-{n % 900}",
        "status": "IN_PROGRESS" if n % 3 else "SUBMITTED",
        "session_id": f"session-{n // ATTEMPTS_EACH}",
    }


def _plan(connection: Connection, statement: AnySelect) -> str:
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{explain} {compiled}".replace("%", "%%"))
    return "\n".join(str(row[-1]) for row in rows)


def test_the_queries_use_their_indexes(school: Connection) -> None:
    active = _plan(school, ACTIVE)
    in_progress = _plan(school, IN_PROGRESS.params(session_id="session-7"))
    of_teacher = _plan(school, NOT_COMPLETED_OF.params(user_id="teacher-7"))

    assert "ix_sessions_status" in active
    assert "ix_attempts_session_id" in in_progress
    assert "ix_sessions_created_by" in of_teacher


@pytest.mark.parametrize(
    ("lookup", "ids", "indexes"),
    [
        (VERSIONS, ["session-7", "session-8"], ("sqlite_autoindex_sessions_1", "pk_sessions")),
        (STATUSES, ["session-7", "session-8"], 2 * ("ix_attempts_session_id",)),
    ],
    ids=["versions", "statuses"],
)
def test_rows_are_looked_up_by_an_index(
    school: Connection, lookup: Lookup, ids: list[str], indexes: tuple[str, str]
) -> None:
    sql, given = lookup.compiled(school.dialect, ids)
    is_sqlite = school.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"

    plan = "\n".join(str(row[-1]) for row in school.exec_driver_sql(f"{explain} {sql}", given))

    assert indexes[0 if is_sqlite else 1] in plan


# SQLite writes the entries of every column that an UPDATE names, changed or not.
def test_an_act_names_no_indexed_column_of_its_attempt() -> None:
    indexed = {column.name for index in ATTEMPTS.indexes for column in index.columns}

    assert not indexed & {*CHANGING, *WORK_COLUMNS, "lost"}


# What a heartbeat rewrites, and with it everything a dashboard shows of a student at work.
_MOVING = {
    "sessions": {"participants", "version"},
    "attempts": {"question_id", "visible", "answered", "answers", "last_saved_at", "version"},
}


@pytest.mark.parametrize("table", [SESSIONS, ATTEMPTS], ids=str)
def test_no_index_holds_a_column_that_a_heartbeat_changes(table: Table) -> None:
    indexed = {column.name for index in table.indexes for column in index.columns}

    assert not indexed & _MOVING[table.name]


async def test_heartbeats_leave_the_indexes_alone(postgres_url: str) -> None:
    """HOT updates: PostgreSQL writes no index entry where no indexed column changed."""
    session = make_session(status=SessionStatus.IN_PROGRESS)
    items = [make_participant() for _ in range(30)]
    async with opened(postgres_url) as database:
        await record(database, lambda uow: uow.sessions.add(session, items))
        for version in range(1, 101):
            await record(database, _rewriting(replace(session, version=version), items))

        def hot(uow: UnitOfWork) -> bool:
            row = uow.sessions._connection.execute(_UPDATES).one()
            return bool(row.all >= 100 and row.hot > 0.9 * row.all)

        await record(database, lambda uow: uow.sessions._connection.execute(_FLUSH))
        await eventually(lambda: database.read(hot))


_FLUSH = text("SELECT pg_stat_force_next_flush()")
_UPDATES = text(
    "SELECT n_tup_upd AS all, n_tup_hot_upd AS hot"
    " FROM pg_stat_user_tables WHERE relname = 'sessions'"
)


def _rewriting(session: Session, items: list[ParticipantItem]) -> Callable[[UnitOfWork], None]:
    return lambda uow: uow.sessions.rewrite(session, items)
