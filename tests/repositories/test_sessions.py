from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from monitor.domain.moments import Interval
from monitor.domain.session import RosterEntry, Session, SessionStatus
from monitor.errors import InUse, NotFound
from monitor.repositories.database import Database
from monitor.repositories.sql_session_repository import VersionConflictError
from monitor.repositories.tables import SESSIONS
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import (
    HARD_TEXT,
    at,
    full_session,
    make_attempt,
    make_event,
    make_link,
    make_message,
    make_participant,
    make_session,
    new_id,
)
from tests.repositories.recording import record


async def test_a_session_is_read_as_it_was_written(database: Database) -> None:
    session, bare = full_session(), make_session()
    participants = [make_participant(), make_participant(connection_id=HARD_TEXT, version=7)]

    def work(uow: UnitOfWork) -> None:
        uow.sessions.add(session, participants)
        uow.sessions.add(bare)

    await database.write(work)

    assert await database.read(lambda uow: uow.sessions.get(session.id)) == session
    assert await database.read(lambda uow: uow.sessions.get(new_id())) is None
    found = await database.read(lambda uow: uow.sessions.load([session.id, bare.id, new_id()]))
    assert found == {session.id: (session, participants), bare.id: (bare, [])}


async def test_participants_keep_the_order_of_their_keys(database: Database) -> None:
    session = make_session()
    item = make_participant(connection_id="c.1", disconnected_at="2026-11-22T12:00:00.000Z")
    await database.write(lambda uow: uow.sessions.add(session, [item]))

    stored = await database.read(
        lambda uow: uow.sessions._connection.execute(select(SESSIONS.c.participants)).scalar_one()
    )

    assert list(stored[0]) == [
        "student_id",
        "attempt_id",
        "joined_at",
        "connection_status",
        "last_activity",
        "connection_id",
        "disconnected_at",
        "version",
    ]


async def test_keys_of_participants_that_we_do_not_know_do_no_harm(database: Database) -> None:
    session = make_session()
    item = make_participant()
    known = {name: getattr(item, name) for name in item.__struct_fields__}

    def work(uow: UnitOfWork) -> None:
        uow.sessions.add(session)
        uow.sessions._connection.execute(
            SESSIONS.update().values(participants=[known | {"colour": "red"}])
        )

    await database.write(work)

    found = await database.read(lambda uow: uow.sessions.load([session.id]))
    assert found[session.id][1] == [item]


async def test_a_rewrite_changes_participants_and_versions(database: Database) -> None:
    session = make_session(roster=(RosterEntry(new_id(), "Bo"),))
    await database.write(lambda uow: uow.sessions.add(session))
    changed = replace(session, version=1)
    item = make_participant(version=1)

    await record(database, lambda uow: uow.sessions.rewrite(changed, [item]))

    found = await database.read(lambda uow: uow.sessions.load([session.id]))
    assert found == {session.id: (changed, [item])}


async def test_a_rewrite_changes_every_field_of_the_session_itself(database: Database) -> None:
    session = make_session()
    await database.write(lambda uow: uow.sessions.add(session))
    changed = full_session(id=session.id, version=1, session_version=1, roster_version=1)

    await record(database, lambda uow: uow.sessions.rewrite(changed, []))

    assert await database.read(lambda uow: uow.sessions.get(session.id)) == changed


async def test_a_rewrite_leaves_alone_what_its_versions_do_not_name(database: Database) -> None:
    session = full_session()
    await database.write(lambda uow: uow.sessions.add(session))
    other = full_session(
        id=session.id, title="Other", version=8, session_version=7, roster_version=7
    )

    await record(database, lambda uow: uow.sessions.rewrite(other, []))
    found = await database.read(lambda uow: uow.sessions.get(session.id))
    assert found == replace(session, version=8)

    only_roster = replace(other, version=9, roster_version=9)
    await record(database, lambda uow: uow.sessions.rewrite(only_roster, []))
    found = await database.read(lambda uow: uow.sessions.get(session.id))
    assert found == replace(session, version=9, roster_version=9, roster=other.roster)


async def test_a_row_that_is_not_at_the_version_before_is_not_rewritten(
    database: Database,
) -> None:
    good, moved = make_session(), make_session(version=5)

    def add(uow: UnitOfWork) -> None:
        uow.sessions.add(good)
        uow.sessions.add(moved)

    await database.write(add)

    async def rewrite(*sessions: Session) -> None:
        await record(
            database,
            lambda uow: uow.sessions.rewrite_many([(session, []) for session in sessions]),
        )

    for version in (5, 7):
        with pytest.raises(VersionConflictError):
            await rewrite(replace(good, version=1), replace(moved, version=version))

    versions = await database.read(lambda uow: uow.sessions.versions([good.id, moved.id]))
    assert versions == {good.id: 0, moved.id: 5}


async def test_locking_says_the_versions_of_what_exists(database: Database) -> None:
    session = make_session(version=3)
    await database.write(lambda uow: uow.sessions.add(session))

    ids = [new_id(), session.id]
    skipping = await record(database, lambda uow: uow.sessions.lock(ids))
    waiting = await record(database, lambda uow: uow.sessions.lock(ids, skip_locked=False))

    assert skipping == waiting == {session.id: 3}


async def test_more_ids_than_a_statement_takes_are_asked_in_several(database: Database) -> None:
    session = make_session(version=3)
    await database.write(lambda uow: uow.sessions.add(session))

    ids = [*(new_id() for _ in range(12_000)), session.id]

    assert await database.read(lambda uow: uow.sessions.versions(ids)) == {session.id: 3}
    assert await database.read(lambda uow: uow.sessions.versions([])) == {}


async def test_intervals_and_times_keep_their_milliseconds(database: Database) -> None:
    session = make_session(
        scheduled_at=at(0.001), pauses=(Interval(at(0.877), at(1)), Interval(at(2), at(3.5)))
    )
    await database.write(lambda uow: uow.sessions.add(session))

    found = await database.read(lambda uow: uow.sessions.get(session.id))
    stored = await database.read(
        lambda uow: uow.sessions._connection.execute(select(SESSIONS.c.pauses)).scalar_one()
    )

    assert found == session
    assert stored[0] == {"from": "2026-11-22T12:00:01.000Z", "to": "2026-11-22T12:00:01.123Z"}


async def test_a_scheduled_session_is_removed_with_what_belongs_to_it(database: Database) -> None:
    session = make_session()

    def add(uow: UnitOfWork) -> None:
        uow.sessions.add(session)
        uow.events.add_many([make_event(session.id)])
        uow.messages.save_many([make_message(session.id)])
        uow.links.add_many([make_link(session_id=session.id)])

    await database.write(add)

    await database.write(lambda uow: uow.sessions.remove(session.id))

    def left(uow: UnitOfWork) -> tuple[object, ...]:
        return (
            uow.sessions.get(session.id),
            uow.events.of_session(session.id),
            uow.messages.of_session(session.id),
            uow.links.of_session(session.id),
        )

    assert await database.read(left) == (None, [], [], [])
    with pytest.raises(NotFound):
        await database.write(lambda uow: uow.sessions.remove(session.id))


async def test_a_session_that_was_opened_or_joined_is_not_removed(database: Database) -> None:
    opened = make_session(status=SessionStatus.WAITING_FOR_STUDENTS)
    joined = make_session()

    def add(uow: UnitOfWork) -> None:
        uow.sessions.add(opened)
        uow.sessions.add(joined)
        uow.attempts.add(make_attempt(session_id=joined.id))

    await database.write(add)

    with pytest.raises(InUse):
        await database.write(lambda uow: uow.sessions.remove(opened.id))
    with pytest.raises(InUse):
        await database.write(lambda uow: uow.sessions.remove(joined.id))
