"""A student's work without a socket: what the wire carries, many messages in one request."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import uuid4

from msgspec import Meta, Raw, Struct

from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.fields import sane
from monitor.api.joining import Sight, messages_for, see
from monitor.api.standalone_work import work_alone
from monitor.domain.attempt import Attempt
from monitor.domain.commands import Heartbeat, StudentCommand
from monitor.errors import BadSequence, InvalidMessage, MonitorError, NotFound, TooLarge
from monitor.identity import relations
from monitor.identity.access import Action
from monitor.live.backlog import Settled
from monitor.live.door import Place, clock_offset, command_of
from monitor.protocol import forms, messages
from monitor.protocol.codec import decode_student_message, seq_of
from monitor.protocol.items import StudentAttemptItem, StudentMessageItem, StudentSessionItem
from monitor.protocol.messages import Ack, Error, Moment, Version
from monitor.protocol.timestamps import rfc3339
from monitor.sockets.ledger import Entry, Ledger, error_message, late_message

noun = Noun("students")

ConnectionId = Annotated[str, Meta(max_length=255)]


class Operations(Struct, frozen=True, kw_only=True):
    """Messages of the wire, in order, with rising `seq`; none is a sign of life too.

    `client_time` is the client's clock now; left out, the times of the operations are the server's
    as the client knows it. `version` is that of the last answer: then only what is newer is
    answered.
    """

    client_time: Moment | None = None
    operations: Annotated[list[messages.Operation], Meta(max_length=200)] = []
    connection_id: ConnectionId | None = None
    version: Version | None = None


class RawOperations(Struct, frozen=True, kw_only=True):
    """The same as it is taken: one operation that does not fit must not hold up the others."""

    client_time: Moment | None = None
    operations: list[Raw] = []
    connection_id: ConnectionId | None = None
    version: Version | None = None


class OperationsAnswer(Struct, frozen=True, kw_only=True):
    """What came of the operations, and what is new.

    Every `seq` up to `ack` is settled: committed, or named in `errors`. Null: nothing to ack, or,
    where a `version` was given, nothing new.
    """

    ack: int | None
    errors: list[Error]
    server_time: str
    version: int
    session: StudentSessionItem | None
    attempt: StudentAttemptItem | None
    messages: list[StudentMessageItem]


@noun.on(
    "POST",
    "/attempts/{attempt_id}/operations",
    sitting=True,
    body=Operations,
    errors=(TooLarge,),
)
async def operate(call: Call, body: RawOperations) -> OperationsAnswer:
    """Answer, highlight, hand in … and show that one is there; answered after the commit.

    Each operation is taken or refused for itself, as over the socket. Operations may be sent again
    with a new `seq`: nothing is done twice. For an attempt outside of sittings the first request
    begins it.
    """
    attempt = await _own(call)
    most = call.services.settings.operations_per_request
    if len(body.operations) > most:
        raise TooLarge(f"operations: at most {most} in one request.")
    ledger = Ledger(most_commands=most + 1, most_bytes=call.services.settings.request_bytes)
    told = None if body.client_time is None else sane(body.client_time, "client_time")
    offset = clock_offset(told, call.received_at)
    place = Place(
        session_id=attempt.session_id or "",
        student_id=attempt.student_id,
        connection_id=body.connection_id,
        clock_offset=offset,
    )
    taken = _understand(body, place, ledger, call.received_at)
    if attempt.session_id is None:
        standing = await work_alone(call, attempt.id, taken, ledger)
        return _answer(call, ledger, None, standing, body, attempt.student_id)
    await _settle(call, place, taken, ledger)
    newer_than = -1 if body.version is None else body.version
    sight = await call.services.database.read(
        lambda uow: see(uow, attempt.id, newer_than=newer_than, test=False)
    )
    return _answer(call, ledger, sight, sight.attempt, body, attempt.student_id)


async def _own(call: Call) -> Attempt:
    attempt_id = call.id("attempt_id")
    found = await call.services.database.read(
        lambda uow: relations.of_attempt(uow, call.actor, attempt_id)
    )
    call.check(Action.ATTEMPT_WORK, found.relations)
    if found.attempt is None:
        raise NotFound
    call.within(found.attempt.session_id)
    return found.attempt


def _understand(
    body: RawOperations, place: Place, ledger: Ledger, received_at: datetime
) -> list[tuple[Entry, StudentCommand]]:
    """What is to be done, in order; what is none is refused in the ledger."""
    taken: list[tuple[Entry, StudentCommand]] = []
    for raw in body.operations:
        data = bytes(raw)
        try:
            message = decode_student_message(data)
            if isinstance(message, messages.Join | messages.Leave):
                raise InvalidMessage("This message is for sockets only.")
            command = command_of(message, place, received_at=received_at)
        except InvalidMessage as error:
            seq = seq_of(data)
            if seq is not None and ledger.rises(seq):
                entry = ledger.enter(seq, len(data))
                ledger.settle(entry, error_message(error, seq=seq))
            else:
                ledger.refuse(error_message(error, seq=seq), len(data))
            continue
        if ledger.rises(message.seq):
            taken.append((ledger.enter(message.seq, len(data)), command))
        else:
            ledger.refuse(error_message(BadSequence(), seq=message.seq), len(data))
    return taken


async def _settle(
    call: Call, place: Place, taken: list[tuple[Entry, StudentCommand]], ledger: Ledger
) -> None:
    """Hand all to the recorder, in order, and wait until each is settled."""
    if not taken:
        beat = Heartbeat(
            id=str(uuid4()),
            session_id=place.session_id,
            received_at=call.received_at,
            student_id=place.student_id,
            connection_id=place.connection_id,
        )
        taken = [(ledger.enter(None, 0), beat)]
    waiting = len(taken)
    all_settled = asyncio.Event()

    def settle(entry: Entry, error: Error | None) -> None:
        nonlocal waiting
        ledger.settle(entry, error)
        waiting -= 1
        if not waiting:
            all_settled.set()

    def settled(entry: Entry, done: Settled) -> None:
        error = None
        if entry.seq is not None and done.outcome.error is not None:
            error = error_message(done.outcome.error, seq=entry.seq)
        elif entry.seq is not None and done.outcome.late:
            error = late_message(entry.seq)
        entry.winner = done.outcome.winner
        settle(entry, error)

    for entry, command in taken:
        try:
            call.services.recorder.hand(command, partial(settled, entry))
        except MonitorError as error:
            settle(entry, error_message(error, seq=entry.seq))
    await all_settled.wait()


def _answer(
    call: Call,
    ledger: Ledger,
    sight: Sight | None,
    attempt: Attempt,
    body: RawOperations,
    student_id: str,
) -> OperationsAnswer:
    server_time = rfc3339(call.services.clock.now())
    said, winner = ledger.take(server_time)
    known = -1 if body.version is None else body.version
    session = None
    if sight is not None and sight.session.session_version > known:
        session = forms.student_session_item(forms.session_item(sight.session), student_id)
    changed = sight is None or attempt.student_version > known or winner is not None
    return OperationsAnswer(
        ack=max((one.seq for one in said if isinstance(one, Ack)), default=None),
        errors=[one for one in said if isinstance(one, Error)],
        server_time=server_time,
        version=0 if sight is None else sight.session.version,
        session=session,
        attempt=forms.student_attempt_item(attempt) if changed else None,
        messages=[] if sight is None else messages_for(sight, student_id),
    )
