from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import StatementError

from monitor.repositories.database import Database
from monitor.repositories.tables import EVENTS, SESSIONS, USERS
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import HARD_TEXT, at, make_event, make_user, new_id

BERLIN = datetime(2026, 7, 1, 14, 30, 0, 250_000, tzinfo=ZoneInfo("Europe/Berlin"))


def _connection(uow: UnitOfWork) -> Connection:
    return uow.users._connection


async def _user(database: Database, created_at: datetime) -> str:
    values = {"id": new_id(), "name": "Bo", "role": "STUDENT", "created_at": created_at}
    await database.write(lambda uow: _connection(uow).execute(USERS.insert().values(**values)))
    return str(values["id"])


@pytest.mark.parametrize(
    "moment",
    [
        at(0),
        BERLIN,
        at(0).astimezone(timezone(timedelta(hours=-11))),
        datetime(2026, 1, 1, tzinfo=UTC),
    ],
)
async def test_a_time_comes_back_in_utc(database: Database, moment: datetime) -> None:
    await _user(database, moment)

    found = await database.read(
        lambda uow: _connection(uow).execute(select(USERS.c.created_at)).scalar_one()
    )

    assert found == moment
    assert found.tzinfo is UTC


async def test_times_compare_in_the_database_whatever_zone_they_come_in(
    database: Database,
) -> None:
    id_ = await _user(database, BERLIN)

    earlier, later = BERLIN - timedelta(seconds=1), BERLIN + timedelta(seconds=1)
    statement = select(USERS.c.id).where(
        USERS.c.created_at > earlier.astimezone(UTC),
        USERS.c.created_at < later.astimezone(timezone(timedelta(hours=9))),
    )
    assert await database.read(lambda uow: _connection(uow).scalar(statement)) == id_


async def test_a_time_without_an_offset_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="names its offset"):
        await _user(database, datetime(2026, 1, 1))  # noqa: DTZ001


async def test_other_programs_read_json_columns_as_plain_values(database: Database) -> None:
    event = make_event(new_id(), data={"text": HARD_TEXT, "numbers": [1, 2.5, -3], "none": None})

    def write(uow: UnitOfWork) -> None:
        uow.events.add_many([event])
        uow.users.add(make_user())

    await database.write(write)

    row = await database.read(
        lambda uow: _connection(uow).execute(select(EVENTS.c.data, EVENTS.c.reply)).one()
    )

    assert row == (event.data, None)


async def test_what_other_programs_write_as_json_is_read(database: Database) -> None:
    session_id = new_id()
    roster = [{"id": "s", "name": HARD_TEXT}]
    values = {
        "id": session_id,
        "class_id": "c",
        "test_id": "t",
        "title": "x",
        "created_by": "u",
        "roster": roster,
        "extra_seconds": None,
    }
    await database.write(lambda uow: _connection(uow).execute(SESSIONS.insert().values(**values)))

    found = await database.read(lambda uow: uow.sessions.get(session_id))

    assert found is not None
    assert [(entry.id, entry.name) for entry in found.roster] == [("s", HARD_TEXT)]
    assert found.extra_seconds == {}


async def test_a_missing_reply_is_null_and_not_json(database: Database) -> None:
    await database.write(lambda uow: uow.events.add_many([make_event(new_id())]))

    absent = text("SELECT count(*) FROM session_events WHERE reply IS NULL")

    assert await database.read(lambda uow: _connection(uow).scalar(absent)) == 1
