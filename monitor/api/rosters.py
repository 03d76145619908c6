"""A sitting's list follows its class and its students' names, until the sitting is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from uuid import uuid4

from monitor.api.call import Call
from monitor.domain.commands import SyncRoster
from monitor.domain.session import RosterEntry, Session, SessionStatus
from monitor.domain.user import Role
from monitor.errors import InvalidRequest
from monitor.repositories.session_lists import SessionFilter
from monitor.repositories.unit_of_work import UnitOfWork

_NOT_OVER = (
    SessionStatus.SCHEDULED,
    SessionStatus.WAITING_FOR_STUDENTS,
    SessionStatus.IN_PROGRESS,
)
_ROUNDS = 5  # as often as others change the same class at the same moment
_MOST = 1000  # sittings of one student that are not over; no school comes near

Rosters = dict[str, tuple[RosterEntry, ...]]
Finder = Callable[[UnitOfWork], list[Session]]


def students(
    uow: UnitOfWork, ids: Iterable[str], field: str, *, keep: bool = False
) -> tuple[RosterEntry, ...]:
    """The students with these ids, in this order; `keep` lets nobody remove them until the commit.

    Raises:
        InvalidRequest: One of them is no student; it is named.
    """
    wanted = list(ids)
    found = uow.users.get_many(wanted, keep=keep)
    for id_ in wanted:
        if id_ not in found or found[id_].role is not Role.STUDENT:
            raise InvalidRequest(f"{field}: there is no student {id_}.", field)
    return tuple(RosterEntry(id_, found[id_].name) for id_ in wanted)


def of_class(uow: UnitOfWork, class_id: str) -> tuple[RosterEntry, ...]:
    """The list that the class gives a new sitting."""
    school_class = uow.classes.get(class_id)
    ids = () if school_class is None else school_class.student_ids
    found = uow.users.get_many(ids)
    return tuple(RosterEntry(id_, found[id_].name) for id_ in ids if id_ in found)


async def sync_class(call: Call, class_id: str) -> None:
    """Bring the lists of the class's sittings up to what the class is now."""
    await _sync(call, lambda uow: uow.sessions.not_over_of_class(class_id), renamed=None)


async def sync_student(call: Call, student_id: str) -> None:
    """Bring a student's name up to date on the lists of their sittings."""
    only = SessionFilter(statuses=_NOT_OVER)
    await _sync(
        call,
        lambda uow: uow.sessions.for_student(student_id, only, limit=_MOST),
        renamed=student_id,
    )


async def _sync(call: Call, find: Finder, *, renamed: str | None) -> None:
    """Command what the database says until it says nothing new.

    Looking again after the commands have run makes sure that of two changes at the same moment the
    later one is what the lists end up with, whichever request is slower.
    """
    done: Rosters = {}
    for _ in range(_ROUNDS):
        wanted = await call.services.database.read(lambda uow: _rosters(uow, find(uow), renamed))
        todo = {id_: roster for id_, roster in wanted.items() if done.get(id_) != roster}
        if not todo:
            return
        await asyncio.gather(*(_run(call, id_, roster) for id_, roster in todo.items()))
        done = wanted


async def _run(call: Call, session_id: str, roster: tuple[RosterEntry, ...]) -> None:
    await call.run(
        SyncRoster(
            id=str(uuid4()),
            session_id=session_id,
            received_at=call.received_at,
            actor_id=call.actor.id,
            roster=roster,
        )
    )


def _rosters(uow: UnitOfWork, sessions: list[Session], renamed: str | None) -> Rosters:
    found: Rosters = {}
    of_classes: Rosters = {}
    for session in sessions:
        if session.class_id not in of_classes:
            of_classes[session.class_id] = of_class(uow, session.class_id)
        entries = {entry.id: entry for entry in of_classes[session.class_id]}
        others = [
            entry
            for entry in session.roster
            if entry.id not in entries and (entry.added or entry.id == renamed)
        ]
        names = uow.users.get_many(entry.id for entry in others)
        for entry in others:
            name = names[entry.id].name if entry.id in names else entry.name
            entries[entry.id] = RosterEntry(entry.id, name, entry.added)
        found[session.id] = tuple(entries.values())
    return found
