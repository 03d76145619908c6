"""Two real writers, each with engines and threads of its own, on one database."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import create_engine, update

from monitor.domain.session import Session, SessionStatus
from monitor.errors import InUse, Unavailable
from monitor.protocol.items import ParticipantItem
from monitor.repositories import json_codec
from monitor.repositories.database import Database, is_temporary
from monitor.repositories.failures import is_lock_timeout
from monitor.repositories.sql_session_repository import (
    LOCK_SKIPPING,
    LOCK_WAITING,
    VersionConflictError,
)
from monitor.repositories.tables import SESSIONS
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import (
    at,
    make_attempt,
    make_class,
    make_participant,
    make_session,
    make_test,
    make_user,
)
from tests.repositories.recording import opened, record
from tests.support import eventually

ROUNDS = 100


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """A second process's database, as it were, that waits a short while for locks."""
    async with opened(database.url, lock_timeout_ms=100) as other:
        yield other


@asynccontextmanager
async def _holding(database: Database, take: Callable[[UnitOfWork], Any]) -> AsyncIterator[None]:
    """A transaction of the recorder that has taken something, open for the block."""
    taken, done = threading.Event(), threading.Event()

    def work(uow: UnitOfWork) -> None:
        take(uow)
        taken.set()
        assert done.wait(10)

    holding = asyncio.create_task(record(database, work))
    try:
        await eventually(taken.is_set)
        yield
    finally:
        done.set()
        await holding


def _beaten(
    session: Session, items: list[ParticipantItem], student: int
) -> tuple[Session, list[ParticipantItem]]:
    """The session after one more heartbeat of a student, who counts them in `connection_id`."""
    item = items[student]
    count = int(item.connection_id or 0) + 1
    changed = replace(session, version=session.version + 1)
    items = list(items)
    items[student] = replace(item, connection_id=str(count), version=changed.version)
    return changed, items


async def _add(database: Database, students: int) -> Session:
    session = make_session()
    items = [make_participant() for _ in range(students)]
    await database.write(lambda uow: uow.sessions.add(session, items))
    return session


async def test_writers_that_lock_lose_nothing(database: Database, other: Database) -> None:
    session = await _add(database, students=2)

    async def beat(writer: Database, student: int) -> None:
        def work(uow: UnitOfWork) -> None:
            if not uow.sessions.lock([session.id]):
                uow.sessions.lock([session.id], skip_locked=False)
            uow.sessions.rewrite(*_beaten(*uow.sessions.load([session.id])[session.id], student))

        for _ in range(ROUNDS):
            await record(writer, work)

    await asyncio.gather(beat(database, 0), beat(other, 1))

    found, items = (await database.read(lambda uow: uow.sessions.load([session.id])))[session.id]
    assert [item.connection_id for item in items] == [str(ROUNDS)] * 2
    assert found.version == 2 * ROUNDS


async def test_writers_that_do_not_lock_lose_what_the_other_wrote(
    database: Database, other: Database
) -> None:
    """What the lock is for: this is how the naive way goes wrong."""
    session = await _add(database, students=2)

    async def read(reader: Database) -> tuple[Session, list[ParticipantItem]]:
        return (await reader.read(lambda uow: uow.sessions.load([session.id])))[session.id]

    async def write(writer: Database, items: list[ParticipantItem]) -> None:
        naive = update(SESSIONS).values(participants=json_codec.decode(json_codec.encode(items)))
        await writer.write(lambda uow: uow.sessions._connection.execute(naive))

    seen_by_one, seen_by_other = await read(database), await read(other)
    await write(database, _beaten(*seen_by_one, 0)[1])
    await write(other, _beaten(*seen_by_other, 1)[1])

    _, items = await read(database)
    assert [item.connection_id for item in items] == [None, "1"]


async def test_a_rewrite_without_a_lock_is_refused_where_it_would_lose_something(
    database: Database, other: Database
) -> None:
    session = await _add(database, students=2)
    state = (await other.read(lambda uow: uow.sessions.load([session.id])))[session.id]
    await record(database, lambda uow: uow.sessions.rewrite(*_beaten(*state, 0)))

    with pytest.raises(VersionConflictError):
        await record(other, lambda uow: uow.sessions.rewrite(*_beaten(*state, 1)))

    found, items = (await database.read(lambda uow: uow.sessions.load([session.id])))[session.id]
    assert (found.version, items[0].connection_id) == (1, "1")


@pytest.mark.parametrize("emptied_url", ["postgresql"], indirect=True)
async def test_a_locked_session_is_skipped_and_the_others_are_locked(
    database: Database, other: Database
) -> None:
    busy, free = await _add(database, 1), await _add(database, 1)

    async with _holding(database, lambda uow: uow.sessions.lock([busy.id])):
        locked = await record(other, lambda uow: uow.sessions.lock([busy.id, free.id]))

        assert locked == {free.id: 0}
        with pytest.raises(Exception) as raised:  # noqa: PT011 - classified below
            await record(other, lambda uow: uow.sessions.lock([busy.id], skip_locked=False))
        assert is_lock_timeout(raised.value)
        assert is_temporary(raised.value)

    locked = await record(other, lambda uow: uow.sessions.lock([busy.id, free.id]))
    assert locked == {busy.id: 0, free.id: 0}


@pytest.mark.parametrize("emptied_url", ["postgresql"], indirect=True)
async def test_a_locked_session_says_the_version_that_the_former_holder_wrote(
    database: Database, other: Database
) -> None:
    session = await _add(database, students=1)
    waiting = asyncio.Event()

    async def wait() -> dict[str, int]:
        waiting.set()
        return await record(other, lambda uow: uow.sessions.lock([session.id], skip_locked=False))

    def beat(uow: UnitOfWork) -> None:
        uow.sessions.lock([session.id])
        uow.sessions.rewrite(*_beaten(*uow.sessions.load([session.id])[session.id], 0))

    async with _holding(database, beat):
        task = asyncio.create_task(wait())
        await waiting.wait()

    assert await task == {session.id: 1}


def test_rows_are_locked_in_the_order_of_ids_so_that_writers_never_deadlock() -> None:
    postgresql = create_engine("postgresql+psycopg://").dialect
    skipping, waiting = (
        " ".join(str(statement.compile(dialect=postgresql)).split())
        for statement in (LOCK_SKIPPING, LOCK_WAITING)
    )

    assert skipping.endswith("ORDER BY sessions.id FOR NO KEY UPDATE SKIP LOCKED")
    assert waiting.endswith("ORDER BY sessions.id FOR NO KEY UPDATE")


@pytest.mark.parametrize("emptied_url", ["postgresql"], indirect=True)
async def test_a_locked_session_holds_up_no_new_attempt(
    database: Database, other: Database
) -> None:
    session = await _add(database, 1)
    attempt = make_attempt(session_id=session.id)

    async with _holding(database, lambda uow: uow.sessions.lock([session.id])):
        await record(other, lambda uow: uow.attempts.add(attempt))

    assert await database.read(lambda uow: uow.attempts.get(attempt.id)) == attempt


async def test_a_test_is_not_edited_while_a_sitting_of_it_starts(
    database: Database, other: Database
) -> None:
    test = make_test()
    session = make_session(test_id=test.id)

    def add(uow: UnitOfWork) -> None:
        uow.tests.add(test)
        uow.sessions.add(session)

    await database.write(add)
    started = replace(
        session, version=1, session_version=1, status=SessionStatus.IN_PROGRESS, started_at=at(0)
    )

    def start(uow: UnitOfWork) -> None:
        uow.sessions.lock([session.id])
        assert uow.tests.get(test.id, for_share=True) == test
        uow.sessions.rewrite(started, [])

    edit = replace(test, title="Other")
    async with _holding(database, start):
        if not database.is_sqlite:  # there the editor waits for the writer anyway
            with pytest.raises(Unavailable):
                await other.write(lambda uow: uow.tests.save(edit))

    with pytest.raises(InUse):
        await other.write(lambda uow: uow.tests.save(edit))


@pytest.mark.parametrize("emptied_url", ["postgresql"], indirect=True)
async def test_a_student_is_not_removed_while_put_into_a_class(
    database: Database, other: Database
) -> None:
    teacher, student = make_user(), make_user()

    def add(uow: UnitOfWork) -> None:
        uow.users.add(teacher)
        uow.users.add(student)

    await database.write(add)

    def put(uow: UnitOfWork) -> None:
        assert uow.users.get_many([student.id], keep=True) == {student.id: student}
        uow.classes.add(make_class(teacher_id=teacher.id, student_ids=(student.id,)))

    async with _holding(database, put):
        with pytest.raises(Unavailable):
            await other.write(lambda uow: uow.users.remove(student.id))

    with pytest.raises(InUse):
        await other.write(lambda uow: uow.users.remove(student.id))


async def test_of_two_who_take_an_email_address_at_once_one_gets_it(
    database: Database, other: Database
) -> None:
    async def add(writer: Database) -> bool:
        try:
            await writer.write(lambda uow: uow.users.add(make_user(email="bo@school.org")))
        except Exception:  # noqa: BLE001 - counted below
            return False
        return True

    for _ in range(5):
        got = await asyncio.gather(add(database), add(other))
        found = await database.read(lambda uow: uow.users.page(search="bo@school.org"))
        assert (sum(got), len(found)) == (1, 1)
        await _remove(database, found[0].id)


async def _remove(database: Database, user_id: str) -> None:
    await database.write(lambda uow: uow.users.remove(user_id))
