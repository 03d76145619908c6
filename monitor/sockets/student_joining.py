"""From a student's first message to a place in the sitting."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from monitor.domain import commands
from monitor.domain.attempt import Attempt
from monitor.domain.outcome import JoinReply
from monitor.domain.presence import next_connection_id
from monitor.domain.session import SessionStatus
from monitor.domain.user import User
from monitor.errors import InvalidMessage, MonitorError, NotFound, NotOpen, SessionOver
from monitor.identity import access, relations
from monitor.identity.access import Action, Relation
from monitor.live.command_ids import new_command_id
from monitor.live.door import Place, clock_offset
from monitor.live.room import Room
from monitor.protocol.close_codes import CloseCode
from monitor.protocol.codec import decode_student_message
from monitor.protocol.messages import Join
from monitor.services import Services
from monitor.sockets.closing import Closing, closing_of
from monitor.sockets.sockets import Sockets

_OPEN = frozenset({SessionStatus.WAITING_FOR_STUDENTS, SessionStatus.IN_PROGRESS})
_OVER = frozenset({SessionStatus.COMPLETED, SessionStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Request:
    """A join that may be handed to the recorder."""

    user: User
    join: Join
    received_at: datetime
    expires_at: datetime  # of the token


@dataclass(frozen=True, slots=True)
class Seat:
    """A place that a join has taken, as its commit left it."""

    place: Place
    connection_id: str
    attempt: Attempt
    version: int  # of the commit


async def understand(data: bytes, sockets: Sockets) -> Request:
    """Who wants to join which sitting, if that is theirs and open.

    Raises:
        Closing: It is not; with the code that says why.
        InvalidMessage: This is no join.
        MonitorError: The token is not good, or the database is away.
    """
    services = sockets.services
    received_at = services.clock.now()
    join = decode_student_message(data)
    if not isinstance(join, Join):
        raise InvalidMessage("The first message of a student must be join.")
    clock_offset(join.client_time, received_at)  # refused before anything is asked of the database
    user, claims = await services.authenticator.authenticate(join.token)
    wait = sockets.joins.take(user.id, asyncio.get_running_loop().time())
    if wait:
        raise Closing(CloseCode.TOO_BUSY, after_ms=round(wait * 1000))
    if not _is_uuid(join.session_id) or claims.session_id not in (None, join.session_id):
        raise NotFound
    if not _is_seen_to_be_open(services.rooms.shown(join.session_id), user):
        await _check_open(user, join.session_id, received_at, services)
    return Request(user, join, received_at, claims.expires_at)


async def take_seat(request: Request, sockets: Sockets) -> Seat:
    """Hand the join to the recorder and return what it committed.

    Raises:
        MonitorError: The join was refused, or cannot be taken now.
    """
    join = request.join
    connection_id = next_connection_id(join.connection_id, str(uuid4()))
    settled = await sockets.services.recorder.run(
        commands.Join(
            id=new_command_id(),
            session_id=join.session_id,
            received_at=request.received_at,
            student_id=request.user.id,
            connection_id=connection_id,
            former_connection_id=join.connection_id,
        )
    )
    reply: JoinReply = settled.outcome.reply
    place = Place(
        session_id=join.session_id,
        student_id=request.user.id,
        connection_id=reply.connection_id or connection_id,
        clock_offset=clock_offset(join.client_time, request.received_at),
    )
    sockets.farewells.returned(place)
    return Seat(place, place.connection_id or connection_id, reply.attempt, settled.version)


def _is_seen_to_be_open(room: Room | None, user: User) -> bool:
    """Whether the room shows that this student may try; the recorder decides on the locked row."""
    if room is None or room.view.session.status not in _OPEN:
        return False
    listed = any(student.id == user.id for student in room.view.students)
    return access.allowed(
        user.role, Action.SESSION_JOIN, {Relation.STUDENT} if listed else frozenset()
    )


async def _check_open(user: User, session_id: str, now: datetime, services: Services) -> None:
    """Look into the database; what a room shows may be a moment old, and a refusal must not be."""
    found = await services.database.read(lambda uow: relations.of_session(uow, user, session_id))
    access.check(user.role, Action.SESSION_JOIN, found.relations)
    session = found.session
    if session is None:
        raise NotFound
    error: MonitorError
    if session.status is SessionStatus.SCHEDULED:
        error = NotOpen()
    elif session.status in _OVER:
        error = SessionOver()
    else:
        return
    raise closing_of(error, now=now, scheduled_at=session.scheduled_at)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
