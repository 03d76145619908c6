from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from monitor.domain.session import RosterEntry
from monitor.protocol.publication import StateSince
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import (
    make_attempt,
    make_event,
    make_message,
    make_participant,
    make_session,
    new_id,
)
from tests.repositories.recording import opened, record

STUDENTS = 5
COMMITS = 250


async def test_a_snapshot_is_never_a_mixture_of_two_commits(emptied_url: str) -> None:
    roster = tuple(RosterEntry(new_id(), f"Student {n}") for n in range(STUDENTS))
    session = make_session(roster=roster)
    items = [make_participant(student_id=entry.id) for entry in roster]
    attempts = [
        make_attempt(session_id=session.id, student_id=entry.id, total=0) for entry in roster
    ]
    message = make_message(session.id, version=0)

    def commit(uow: UnitOfWork, version: int) -> None:
        """Everything moves together, and says which commit moved it."""
        now = replace(
            session,
            version=version,
            session_version=version,
            roster_version=version,
            extended_seconds=version,
        )
        uow.sessions.rewrite(now, [replace(item, version=version) for item in items])
        uow.attempts.save_many(
            replace(attempt, version=version, answered=version) for attempt in attempts
        )
        uow.messages.save_many([replace(message, version=version)])
        uow.events.add_many([make_event(session.id, version)])

    async with opened(emptied_url) as writer, opened(emptied_url) as reader:
        await record(writer, lambda uow: uow.sessions.add(session, items))
        await record(writer, lambda uow: commit(uow, 1))
        seen: set[int] = set()
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(_write(writer, commit))
            while not writing.done():
                states = await asyncio.gather(*(_read(reader, session.id) for _ in range(4)))
                for state in states:
                    assert _versions(state) == {state.version}
                seen |= {state.version for state in states}

    # The readers were there while it moved.
    assert len(seen) > COMMITS / 20


async def _write(writer: Database, commit: Callable[[UnitOfWork, int], None]) -> None:
    def numbered(version: int) -> Callable[[UnitOfWork], None]:
        return lambda uow: commit(uow, version)

    for version in range(2, COMMITS):
        await record(writer, numbered(version))


async def _read(reader: Database, session_id: str) -> StateSince:
    state = await reader.read(lambda uow: uow.sessions.state_since(session_id, 0, events_limit=1))
    assert state is not None
    return state


def _versions(state: StateSince) -> set[int]:
    changes = state.changes
    assert changes.session is not None
    return {
        state.session_version,
        state.roster_version,
        changes.session.extended_seconds,
        *(item.version for item in changes.participants),
        *(one.item.version for one in changes.attempts),
        *(one.item.answered for one in changes.attempts),
        *(one.version for one in changes.messages),
        *(one.version for one in changes.events),
    }
