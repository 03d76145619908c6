from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from monitor.repositories import migrate
from tests.cli.refusals import refusal
from tests.migrations.rows import connected
from tests.support import run_monitor, unused_port

if TYPE_CHECKING:
    from pathlib import Path


async def test_migrate_brings_an_empty_database_up_to_date(empty_database_url: str) -> None:
    settings = {"DATABASE_URL": empty_database_url}
    before = await run_monitor("migrate", "--check", settings=settings)
    assert "monitor migrate" in refusal(before, 5)

    done = await run_monitor("migrate", settings=settings)

    assert done.returncode == 0, done.stderr
    assert done.stdout == "The schema is up to date.\n"
    assert migrate.is_current(empty_database_url)
    assert (await run_monitor("migrate", "--check", settings=settings)).returncode == 0


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    done = await run_monitor("migrate", settings={"DATABASE_URL": database_url})

    assert done.returncode == 0, done.stderr


async def test_checking_does_not_make_an_sqlite_file(tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'none.db'}"}

    refusal(await run_monitor("migrate", "--check", settings=settings), 5)

    assert not any(tmp_path.glob("*"))  # noqa: ASYNC240 - one look at an empty directory


async def test_a_restored_database_begins_another_epoch(database_url: str) -> None:
    settings = {"DATABASE_URL": database_url}

    def epoch() -> str:
        with connected(database_url) as connection:
            found: str = connection.scalars(text("SELECT id FROM epoch")).one()
        return found

    assert (await run_monitor("migrate", "--restored", settings=settings)).returncode == 0
    first = epoch()
    assert (await run_monitor("migrate", settings=settings)).returncode == 0
    assert epoch() == first

    done = await run_monitor("migrate", "--restored", settings=settings)

    assert done.returncode == 0, done.stderr
    assert epoch() != first
    refusal(await run_monitor("migrate", "--restored", "--check", settings=settings), 2)


async def test_it_goes_to_a_named_revision(empty_sqlite_url: str) -> None:
    settings = {"DATABASE_URL": empty_sqlite_url}

    done = await run_monitor("migrate", "--to", "5cbeb33460e3", settings=settings)

    assert done.returncode == 0, done.stderr
    assert migrate.current(empty_sqlite_url) == "5cbeb33460e3"


async def test_an_unknown_revision_is_a_wrong_command_line(empty_sqlite_url: str) -> None:
    settings = {"DATABASE_URL": empty_sqlite_url}

    assert "nonsense" in refusal(
        await run_monitor("migrate", "--to", "nonsense", settings=settings), 2
    )


async def test_a_database_from_the_future_is_not_touched(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
    engine.dispose()

    done = await run_monitor("migrate", settings={"DATABASE_URL": sqlite_url})

    assert "Update Monitor" in refusal(done, 5)


async def test_an_unreachable_server_is_told_without_its_password() -> None:
    url = f"postgresql://monitor:pa55word@127.0.0.1:{unused_port()}/monitor"

    for arguments in (["migrate"], ["migrate", "--check"]):
        sentence = refusal(await run_monitor(*arguments, settings={"DATABASE_URL": url}), 4)
        assert sentence.startswith("Cannot reach the database postgresql+psycopg://monitor:***@")
        assert "refused" in sentence
        assert "pa55word" not in sentence


async def test_a_file_that_cannot_be_written_is_told() -> None:
    settings = {"DATABASE_URL": "sqlite:////proc/monitor.db"}

    sentence = refusal(await run_monitor("migrate", settings=settings), 4)

    assert sentence.startswith("Cannot write the database /proc/monitor.db: ")
