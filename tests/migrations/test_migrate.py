from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from monitor.errors import SettingsError, Unavailable
from monitor.repositories import migrate
from tests.migrations.rows import connected
from tests.support import unused_port

_START = """
import asyncio, sys
from monitor.repositories import migrate
from tests.repositories.recording import opened

async def start(url):
    migrate.upgrade(url)
    async with opened(url) as database:
        print(await database.write(lambda uow: uow.epoch.get()))

asyncio.run(start(sys.argv[1]))
"""
_PROCESSES = 3


async def test_any_number_of_processes_may_start_at_once(empty_database_url: str) -> None:
    running = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _START, empty_database_url),
            cwd=Path(__file__).parents[2],
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(_PROCESSES)
    ]

    answers = await asyncio.gather(*(process.communicate() for process in running))

    assert [process.returncode for process in running] == [0] * _PROCESSES, answers
    # All have come to the same one row.
    assert len({out for out, _ in answers}) == 1
    assert migrate.is_current(empty_database_url)


def test_a_migration_that_fails_changes_nothing(empty_database_url: str) -> None:
    with connected(empty_database_url) as connection:
        connection.execute(text("CREATE TABLE session_messages (id INTEGER)"))

    with pytest.raises(DatabaseError):
        migrate.upgrade(empty_database_url)

    with connected(empty_database_url) as connection:
        assert inspect(connection).get_table_names() == ["session_messages"]
    assert migrate.current(empty_database_url) is None


def test_a_database_without_tables_is_told_from_an_older_one(empty_database_url: str) -> None:
    assert migrate.current(empty_database_url) is None
    assert "no tables yet" in str(migrate.problem(empty_database_url))

    migrate.upgrade(empty_database_url, "5cbeb33460e3")
    assert not migrate.is_current(empty_database_url)
    assert "older Monitor (revision 5cbeb33460e3)" in str(migrate.problem(empty_database_url))
    assert "monitor migrate" in str(migrate.problem(empty_database_url))

    migrate.upgrade(empty_database_url)
    assert migrate.problem(empty_database_url) is None


def test_looking_at_a_database_that_is_not_there_does_not_make_it(empty_sqlite_url: str) -> None:
    assert migrate.problem(empty_sqlite_url) is not None

    assert not Path(empty_sqlite_url.removeprefix("sqlite:///")).exists()


def test_a_newer_database_is_left_alone(database_url: str) -> None:
    with connected(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))

    assert "newer Monitor (revision ffffffffffff)" in str(migrate.problem(database_url))
    with pytest.raises(SettingsError, match="newer Monitor"):
        migrate.upgrade(database_url)
    with pytest.raises(SettingsError, match="newer Monitor"):
        migrate.downgrade(database_url, "-1")


def test_an_unknown_revision_is_refused_by_name(database_url: str) -> None:
    with pytest.raises(SettingsError, match="cannot be migrated"):
        migrate.downgrade(database_url, "0123456789ab")


@pytest.mark.parametrize("ask", [migrate.problem, migrate.upgrade, migrate.current])
def test_a_server_that_is_away_is_named_in_one_line(ask: object) -> None:
    url = f"postgresql://monitor:secret@127.0.0.1:{unused_port()}/monitor"

    with pytest.raises(Unavailable, match="cannot be reached") as raised:
        ask(url)  # type: ignore[operator]

    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)
