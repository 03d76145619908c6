"""Taking a place in a sitting without a socket."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from msgspec import Struct

from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.sitting import sitting_of
from monitor.domain.attempt import Attempt
from monitor.domain.commands import Join
from monitor.domain.message import Message
from monitor.domain.outcome import JoinReply
from monitor.domain.session import Session
from monitor.domain.test import Test
from monitor.errors import Internal, NotFound, NotOpen, SessionOver, TooManyRequests
from monitor.identity.access import Action
from monitor.protocol import forms
from monitor.protocol.items import StudentAttemptItem, StudentMessageItem, StudentSessionItem
from monitor.protocol.messages import TestItem
from monitor.protocol.timestamps import rfc3339
from monitor.repositories.unit_of_work import UnitOfWork
from monitor.sockets.pace import Allowance

noun = Noun("students")


class Seat(Struct, frozen=True, kw_only=True):
    """What `joined` carries on the wire; `connection_id` is that of a socket, if there is one."""

    version: int
    epoch: str
    session: StudentSessionItem
    attempt: StudentAttemptItem
    test: TestItem | None
    messages: list[StudentMessageItem]
    server_time: str
    heartbeat_seconds: float
    connection_id: str | None


class Sight(Struct, frozen=True, kw_only=True):
    """All that a student sees of a sitting, of one moment."""

    epoch: str
    session: Session
    attempt: Attempt
    test: Test | None
    messages: list[Message]


@noun.on(
    "POST",
    "/sessions/{session_id}/join",
    sitting=True,
    errors=(NotOpen, SessionOver, TooManyRequests),
)
async def join(call: Call) -> Seat:
    """Take one's place, or come back to it, where there is no WebSocket.

    No socket of the student is replaced by it. Come again when the sitting has started: then the
    test is there. Signs of life are sent with `operations`.
    """
    session = await sitting_of(call, Action.SESSION_JOIN)
    joins: Allowance = call.request.app.state.sockets.joins
    wait = joins.take(call.actor.id, asyncio.get_running_loop().time())
    if wait:
        raise TooManyRequests(retry_after_seconds=int(wait) + 1)
    outcome = await call.run(
        Join(
            id=str(uuid4()),  # repeated, it is a sign of life
            session_id=session.id,
            received_at=call.received_at,
            student_id=call.actor.id,
        )
    )
    reply = outcome.reply
    if not isinstance(reply, JoinReply):
        raise Internal
    attempt_id = reply.attempt.id
    sight = await call.services.database.read(lambda uow: see(uow, attempt_id))
    session_item = forms.session_item(sight.session)
    return Seat(
        version=sight.session.version,
        epoch=sight.epoch,
        session=forms.student_session_item(session_item, call.actor.id),
        attempt=forms.student_attempt_item(sight.attempt),
        test=None if sight.test is None else forms.test_item(sight.test),
        messages=messages_for(sight, call.actor.id),
        server_time=rfc3339(call.services.clock.now()),
        heartbeat_seconds=call.services.settings.heartbeat_seconds,
        connection_id=reply.connection_id,
    )


def see(uow: UnitOfWork, attempt_id: str, *, newer_than: int = -1, test: bool = True) -> Sight:
    """What the student of this attempt sees now; messages newer than a version.

    The test is null before the start, and where it is not asked for.
    """
    attempt = uow.attempts.get(attempt_id)
    session = None
    if attempt is not None and attempt.session_id is not None:
        session = uow.sessions.get(attempt.session_id)
    if attempt is None or session is None:
        raise NotFound
    shown = test and session.started_at is not None
    return Sight(
        epoch=uow.epoch.find() or "",
        session=session,
        attempt=attempt,
        test=uow.tests.get(session.test_id) if shown else None,
        messages=[
            message
            for message in uow.messages.of_session(session.id, newer_than)
            if message.is_for(attempt.student_id)
        ],
    )


def messages_for(sight: Sight, student_id: str) -> list[StudentMessageItem]:
    """The messages in the student's form, in the order they were sent."""
    return [
        forms.student_message_item(forms.message_item(message), student_id)
        for message in sight.messages
    ]
