from __future__ import annotations

from msgspec.structs import replace

from monitor.domain.event import Event
from monitor.domain.session import RosterEntry, Session
from monitor.protocol.forms import (
    attempt_item,
    event_item,
    message_item,
    session_item,
    student_name,
)
from monitor.protocol.publication import Changes, StateSince
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import (
    full_attempt,
    full_session,
    make_event,
    make_message,
    make_participant,
    make_session,
    new_id,
)
from tests.repositories.recording import record


async def _state(database: Database, session_id: str, version: int) -> StateSince:
    found = await database.read(lambda uow: uow.sessions.state_since(session_id, version))
    assert found is not None
    return found


async def _store(database: Database, session: Session, *events: Event) -> None:
    def work(uow: UnitOfWork) -> None:
        uow.sessions.add(session)
        uow.events.add_many(events)

    await record(database, work)


async def test_there_is_no_state_of_a_session_that_does_not_exist(database: Database) -> None:
    assert await database.read(lambda uow: uow.sessions.state_since(new_id(), 0)) is None


async def test_since_version_0_there_is_everything(database: Database) -> None:
    session = full_session(version=9, session_version=0, roster_version=0)
    student = session.roster[0].id
    attempt = full_attempt(session_id=session.id, student_id=student, version=0)
    participants = [make_participant(version=5), make_participant(version=0)]
    message = make_message(session.id, version=0)
    event = make_event(session.id, 0)

    def work(uow: UnitOfWork) -> None:
        uow.sessions.add(session, participants)
        uow.attempts.save(attempt)
        uow.messages.save_many([message])
        uow.events.add_many([event])

    await record(database, work)

    state = await _state(database, session.id, 0)

    assert state == StateSince(
        session_id=session.id,
        from_version=0,
        version=9,
        epoch=await database.read(lambda uow: uow.epoch.get()),
        session_version=0,
        roster_version=0,
        changes=state.changes,
    )
    assert state.changes.session == session_item(session)
    assert state.changes.participants == participants
    assert state.changes.students == [student_name(entry) for entry in session.roster]
    assert [(one.item, one.student_version) for one in state.changes.attempts] == [
        (attempt_item(attempt, session.extra_seconds[student]), attempt.student_version)
    ]
    assert state.changes.messages == [message_item(message)]
    assert state.changes.events == [event_item(event)]
    assert not state.changes.events_truncated


async def test_a_session_that_nobody_has_touched_has_a_state_too(database: Database) -> None:
    session = make_session(roster=(RosterEntry(new_id(), "Bo"),))
    await _store(database, session)

    state = await _state(database, session.id, 0)

    assert state.version == 0
    assert state.changes.session == session_item(session)
    assert state.changes.students == [student_name(entry) for entry in session.roster]


async def test_since_a_later_version_there_is_only_what_is_newer(database: Database) -> None:
    session = make_session(version=6, session_version=4, roster_version=5)
    old, new = make_participant(version=4), make_participant(version=5)
    attempts = [full_attempt(session_id=session.id, version=version) for version in (4, 5)]
    messages = [make_message(session.id, version=version) for version in (4, 5)]
    events = [make_event(session.id, version) for version in (4, 5, 6)]

    def work(uow: UnitOfWork) -> None:
        uow.sessions.add(session, [old, new])
        uow.attempts.save_many(attempts)
        uow.messages.save_many(messages)
        uow.events.add_many(events)

    await record(database, work)

    changes = (await _state(database, session.id, 4)).changes

    assert changes.session is None
    assert changes.participants == [new]
    assert changes.students == []
    assert [one.item.id for one in changes.attempts] == [attempts[1].id]
    assert [one.id for one in changes.messages] == [messages[1].id]
    assert [one.id for one in changes.events] == [event.id for event in events[1:]]
    assert (await _state(database, session.id, 5)).changes.students is None
    assert (await _state(database, session.id, 3)).changes.session == session_item(session)


async def test_since_the_present_version_there_is_nothing(database: Database) -> None:
    session = full_session(version=9)
    await _store(database, session, make_event(session.id, 9))

    for version in (9, 10):
        state = await _state(database, session.id, version)
        assert (state.version, state.changes) == (9, Changes())


async def test_of_many_events_the_newest_are_given(database: Database) -> None:
    session = make_session(version=300)
    events = [make_event(session.id, version) for version in range(1, 301)]
    await _store(database, session, *events)

    async def ids(version: int, limit: int) -> tuple[list[str], bool]:
        found = await database.read(
            lambda uow: uow.sessions.state_since(session.id, version, events_limit=limit)
        )
        assert found is not None
        return [event.id for event in found.changes.events], found.changes.events_truncated

    every = [event.id for event in events]
    assert await ids(0, 200) == (every[100:], True)
    assert await ids(100, 200) == (every[100:], False)
    assert await ids(99, 200) == (every[100:], True)
    assert await ids(298, 1) == (every[299:], True)


async def test_applying_what_is_newer_gives_the_present_state(database: Database) -> None:
    session = make_session(roster=(RosterEntry(new_id(), "Bo"), RosterEntry(new_id(), "Cy")))
    await _store(database, session)
    items = {entry.id: make_participant(student_id=entry.id) for entry in session.roster}
    held: dict[str, object] = {}
    for version, student in enumerate([entry.id for entry in session.roster] * 3, start=1):
        items[student] = replace(items[student], version=version, connection_id=f"c.{version}")
        session = replace(session, version=version)

        def rewrite(uow: UnitOfWork, now: Session = session) -> None:
            uow.sessions.rewrite(now, list(items.values()))

        await record(database, rewrite)
        newer = await _state(database, session.id, version - 1)
        assert [one.student_id for one in newer.changes.participants if one.version == version] == [
            student
        ]
        held |= {one.student_id: one for one in newer.changes.participants}

    whole = await _state(database, session.id, 0)
    assert list(held.values()) == whole.changes.participants == list(items.values())
