"""What each way to fail means, with the real faults."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from monitor.errors import NotFound, Unavailable
from monitor.repositories import engines
from monitor.repositories.database import Database, commit_unknown, is_temporary
from monitor.repositories.failures import commit_may_have_happened, is_lock_timeout
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import make_attempt, make_session, make_user, new_id
from tests.repositories.recording import opened, record
from tests.support import TcpProxy


def _connection(uow: UnitOfWork) -> Connection:
    return uow.users._connection


def _run(*statements: str) -> Callable[[UnitOfWork], None]:
    def work(uow: UnitOfWork) -> None:
        for statement in statements:
            _connection(uow).execute(text(statement))

    return work


async def _failure(database: Database, work: Callable[[UnitOfWork], object]) -> BaseException:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - which one is what is tested
        await record(database, work)
    return raised.value


async def test_what_a_command_is_to_blame_for_is_not_temporary(database: Database) -> None:
    user = make_user()
    await database.write(lambda uow: uow.users.add(user))
    double = f"INSERT INTO users (id, name, role) VALUES ('{user.id}', 'x', 'y')"
    orphan = make_attempt(session_id=new_id())
    for work in (
        _run("SELEKT 1"),
        _run("SELECT nothing FROM users"),
        _run(double),
        _run("INSERT INTO users (id) VALUES ('x')"),
        lambda uow: uow.attempts.add(orphan),
    ):
        failure = await _failure(database, work)
        assert isinstance(failure, DBAPIError)
        assert not is_temporary(failure)
        assert not commit_unknown(failure)


async def test_text_that_the_database_cannot_hold_is_not_temporary(postgres_url: str) -> None:
    async with opened(postgres_url) as database:
        failure = await _failure(database, lambda uow: uow.users.add(make_user(name="\0")))

        assert not is_temporary(failure)


def test_other_errors_are_not_temporary() -> None:
    assert not is_temporary(ZeroDivisionError())
    assert not is_temporary(NotFound())
    assert not is_lock_timeout(ZeroDivisionError())
    assert is_temporary(Unavailable())


@pytest.mark.parametrize(
    ("state", "temporary"),
    [
        ("08006", True),
        ("25006", True),
        ("25P03", True),
        ("40001", True),
        ("40P01", True),
        ("42P01", True),
        ("53100", True),
        ("53300", True),
        ("55P03", True),
        ("57014", True),
        ("57P01", True),
        ("57P03", True),
        ("58030", True),
        ("22P02", False),
        ("23505", False),
        ("42601", False),
        ("42703", False),
        ("XX000", False),
    ],
)
def test_postgresqls_states(state: str, temporary: bool) -> None:
    assert is_temporary(psycopg.errors.lookup(state)()) == temporary


@pytest.mark.parametrize(
    ("state", "open_"), [("57P01", True), ("08006", True), ("40001", False), ("53100", False)]
)
def test_what_an_error_of_commit_leaves_open(state: str, open_: bool) -> None:
    assert commit_may_have_happened(psycopg.errors.lookup(state)()) == open_


async def test_a_statement_that_takes_too_long_is_temporary(postgres_url: str) -> None:
    async with opened(postgres_url, statement_timeout_ms=50) as database:
        failure = await _failure(database, _run("SELECT pg_sleep(5)"))

        assert is_temporary(failure)
        assert not is_lock_timeout(failure)


async def test_a_connection_that_is_terminated_is_temporary(postgres_url: str) -> None:
    async with opened(postgres_url) as database:
        end = "SELECT pg_terminate_backend(pg_backend_pid())"
        failure = await _failure(database, _run("SELECT 1", end))

        assert is_temporary(failure)
        assert not commit_unknown(failure)
        # The next transaction has a new connection.
        await record(database, _run("SELECT 1"))


async def test_a_serialisation_failure_is_temporary(postgres_url: str) -> None:
    user = make_user()
    async with opened(postgres_url) as database, opened(postgres_url) as other:
        await database.write(lambda uow: uow.users.add(user))
        change = f"UPDATE users SET name = 'x' WHERE id = '{user.id}'"

        def work(uow: UnitOfWork) -> None:
            _run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SELECT 1")(uow)
            # Someone else commits in between, from another thread and connection.
            thread = threading.Thread(target=lambda: other.recorder_transaction(_run(change)))
            thread.start()
            thread.join()
            _run(change)(uow)

        assert is_temporary(await _failure(database, work))


async def test_a_table_that_is_missing_while_a_backup_is_restored_is_temporary(
    postgres_url: str,
) -> None:
    async with opened(postgres_url) as database:
        await record(database, _run("DROP TABLE session_events"))

        assert is_temporary(await _failure(database, lambda uow: uow.events.known([new_id()])))


async def test_a_commit_whose_answer_is_lost_is_unknown(postgres_url: str) -> None:
    session = make_session()
    port = urlsplit(postgres_url).port or 0
    with TcpProxy("127.0.0.1", port) as proxy:
        async with opened(proxy.url_for(postgres_url)) as database:
            proxy.cut_answer(after=lambda seen: b"COMMIT\0" in seen)

            failure = await _failure(database, lambda uow: uow.sessions.add(session))

            assert commit_unknown(failure)
            assert is_temporary(failure)
            assert await database.read(lambda uow: uow.sessions.get(session.id)) == session


async def test_a_connection_cut_before_its_commit_is_not_unknown(postgres_url: str) -> None:
    session = make_session()
    port = urlsplit(postgres_url).port or 0
    with TcpProxy("127.0.0.1", port) as proxy:
        async with opened(proxy.url_for(postgres_url)) as database:
            proxy.cut_answer(after=lambda seen: b"INSERT INTO sessions" in seen)

            failure = await _failure(database, lambda uow: uow.sessions.add(session))

            assert not commit_unknown(failure)
            assert is_temporary(failure)
            assert await database.read(lambda uow: uow.sessions.get(session.id)) is None


async def test_a_sqlite_that_others_write_to_is_temporary(
    sqlite_url: str,
) -> None:
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    engine = engines.sqlite_writer(engines.database_address(sqlite_url), busy_seconds=0.05)
    try:
        with engine.begin():
            pass
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DBAPIError) as raised, engine.begin():
            pass
        assert is_temporary(raised.value)
        assert not commit_may_have_happened(raised.value)
        other.execute("ROLLBACK")
        with engine.begin() as connection:
            connection.execute(text("SELECT 1"))
    finally:
        engine.dispose()
        other.close()


async def test_a_full_disk_is_temporary_and_leaves_nothing_behind(sqlite_url: str) -> None:
    big = make_session(title="x" * 2_000_000)
    async with opened(sqlite_url) as database:

        def limit(pages: int) -> Callable[[UnitOfWork], None]:
            return _run(f"PRAGMA max_page_count = {pages}")

        def pages(uow: UnitOfWork) -> int:
            return int(_connection(uow).execute(text("PRAGMA page_count")).scalar_one())

        await record(database, limit(await record(database, pages) + 10))

        failure = await _failure(database, lambda uow: uow.sessions.add(big))

        assert is_temporary(failure)
        assert not commit_unknown(failure)
        assert await database.read(lambda uow: uow.sessions.get(big.id)) is None
        await record(database, limit(1_000_000))
        await record(database, lambda uow: uow.sessions.add(big))
        assert await database.read(lambda uow: uow.sessions.get(big.id)) == big


async def test_a_file_that_is_no_database_is_not_temporary(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_bytes(b"this is no database" * 1000)

    with pytest.raises(DBAPIError) as raised:
        async with opened(f"sqlite:///{path}"):
            pass

    assert not is_temporary(raised.value)
