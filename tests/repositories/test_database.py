from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from monitor.clock import Clock
from monitor.config import Settings
from monitor.errors import NotFound, SettingsError, Unavailable
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import make_message, make_user, new_id
from tests.repositories.recording import opened, record
from tests.support import PostgresServer, unused_port


def _connection(uow: UnitOfWork) -> Connection:
    return uow.users._connection


async def test_a_write_that_raises_leaves_nothing_behind(database: Database) -> None:
    user = make_user()

    def work(uow: UnitOfWork) -> None:
        uow.users.add(user)
        raise NotFound

    with pytest.raises(NotFound):
        await database.write(work)

    assert await database.read(lambda uow: uow.users.get(user.id)) is None


async def test_a_recorders_transaction_commits_or_leaves_nothing_behind(
    database: Database,
) -> None:
    kept, lost = make_user(), make_user()

    def work(uow: UnitOfWork) -> None:
        uow.users.add(lost)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await record(database, work)
    await record(database, lambda uow: uow.users.add(kept))

    assert await database.read(lambda uow: uow.users.page()) == [kept]


async def test_an_error_does_not_tell_what_was_to_be_written(database: Database) -> None:
    message = make_message(new_id(), text="what nobody else is to read")

    def fail(uow: UnitOfWork) -> None:
        uow.messages._connection.exec_driver_sql("DROP TABLE session_messages")
        uow.messages.save_many([message])

    with pytest.raises(SQLAlchemyError) as raised:
        await record(database, fail)

    assert "session_messages" in str(raised.value)
    assert message.text not in str(raised.value)


async def test_a_read_cannot_write(database: Database) -> None:
    user = make_user()

    with pytest.raises(Unavailable):
        await database.read(lambda uow: uow.users.add(user))

    assert await database.read(lambda uow: uow.users.get(user.id)) is None


async def test_after_closing_nothing_is_taken(emptied_url: str) -> None:
    async with opened(emptied_url) as database:
        pass

    with pytest.raises(Unavailable):
        await database.read(lambda uow: uow.users.page())


async def test_a_second_start_changes_nothing(database: Database) -> None:
    await database.start()

    assert await database.read(lambda uow: uow.users.page()) == []


async def test_sqlite_puts_on_disk_what_it_commits(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:

        def pragmas(uow: UnitOfWork) -> list[object]:
            return [
                _connection(uow).scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]

        full = 2
        assert await record(database, pragmas) == ["wal", full, 1]


async def test_postgresql_never_waits_without_end(postgres_url: str) -> None:
    async with opened(postgres_url, statement_timeout_ms=7000, lock_timeout_ms=3000) as database:

        def settings(uow: UnitOfWork) -> dict[str, object]:
            return {
                name: _connection(uow).scalar(text(f"SHOW {name}"))
                for name in (
                    "statement_timeout",
                    "lock_timeout",
                    "idle_in_transaction_session_timeout",
                    "TimeZone",
                    "transaction_isolation",
                    "transaction_read_only",
                )
            }

        expected = {
            "statement_timeout": "7s",
            "lock_timeout": "3s",
            "idle_in_transaction_session_timeout": "7s",
            "TimeZone": "UTC",
            "transaction_isolation": "read committed",
            "transaction_read_only": "off",
        }
        assert await record(database, settings) == expected
        assert await database.write(settings) == expected
        assert await database.read(settings) == expected | {
            "transaction_isolation": "repeatable read",
            "transaction_read_only": "on",
        }


async def test_options_in_the_url_are_kept(postgres_url: str) -> None:
    async with opened(f"{postgres_url}?options=-c%20work_mem%3D5MB") as database:

        def settings(uow: UnitOfWork) -> list[object]:
            return [
                _connection(uow).scalar(text(f"SHOW {name}")) for name in ("work_mem", "TimeZone")
            ]

        assert await record(database, settings) == ["5MB", "UTC"]


async def test_the_clock_is_the_databases(postgres_url: str) -> None:
    clock = Clock()
    clock.offset = timedelta(hours=1)
    database = Database(Settings(database_url=postgres_url), clock)
    try:
        await database.start()

        # The server of the tests runs on this machine: there is no difference to speak of.
        assert abs(clock.offset) < timedelta(seconds=1)
        measured = clock.offset
        assert abs(await database.measure_clock() - measured) < timedelta(seconds=1)
    finally:
        await database.close()


async def test_sqlite_has_no_clock_of_its_own(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        assert await database.measure_clock() == timedelta(0)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://root@localhost/monitor"]
)
def test_a_database_that_cannot_serve_is_refused(url: str) -> None:
    settings = Settings.model_construct(**Settings().model_dump() | {"database_url": url})

    with pytest.raises(SettingsError, match="MONITOR_DATABASE_URL"):
        Database(settings, Clock())


@pytest.mark.parametrize("name", ["postgres", "postgresql", "postgresql+psycopg"])
async def test_postgresql_goes_by_several_names(name: str, shared_postgres_url: str) -> None:
    url = shared_postgres_url.replace("postgresql+psycopg", name)
    settings = Settings.model_construct(**Settings().model_dump() | {"database_url": url})
    database = Database(settings, Clock())
    try:
        await database.start()
        assert not database.is_sqlite
    finally:
        await database.close()


async def test_a_database_that_is_away_is_unavailable(tmp_path: Path) -> None:
    for url in (
        f"postgresql://monitor@127.0.0.1:{unused_port()}/monitor",
        f"sqlite:///{tmp_path}/missing/monitor.db",
    ):
        with pytest.raises(Unavailable):
            async with opened(url):
                pass


async def test_reads_and_writes_do_not_notice_that_the_server_was_restarted(
    own_postgres: PostgresServer,
) -> None:
    user = make_user()
    async with opened(own_postgres.create_database()) as database:
        await database.write(lambda uow: uow.users.add(user))
        # Every connection of the pools was used and lies idle.
        for _ in range(8):
            await database.read(lambda uow: uow.users.page())

        own_postgres.restart()

        assert await database.read(lambda uow: uow.users.get(user.id)) == user
        await database.write(lambda uow: uow.users.raise_token_epoch(user.id))
        found = await database.read(lambda uow: uow.users.get(user.id))
        assert found is not None
        assert found.token_epoch == 1


async def test_while_the_server_is_gone_reads_and_writes_are_unavailable(
    own_postgres: PostgresServer,
) -> None:
    async with opened(own_postgres.create_database()) as database:
        own_postgres.kill()

        with pytest.raises(Unavailable):
            await database.read(lambda uow: uow.users.page())
        with pytest.raises(Unavailable):
            await database.write(lambda uow: uow.users.add(make_user()))

        own_postgres.start()
        assert await database.read(lambda uow: uow.users.page()) == []


async def test_a_server_that_hangs_is_given_up_and_used_again_later(
    own_postgres: PostgresServer,
) -> None:
    async with opened(own_postgres.create_database(), statement_timeout_ms=100) as database:
        own_postgres.pause()
        try:
            async with asyncio.timeout(10):
                with pytest.raises(Unavailable, match="did not answer in time"):
                    await database.read(lambda uow: uow.users.page())
        finally:
            own_postgres.resume()

        assert await database.read(lambda uow: uow.users.page()) == []
