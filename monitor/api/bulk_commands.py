"""The commands about some students of a sitting, or all. They answer after the commit.

`student_ids` null or left out: all. The answer says for whom the wish holds now, and who was
refused and why; nothing changes for those.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from monitor.api.call import Call
from monitor.api.commands import Reason, answer, common
from monitor.api.endpoint import Noun
from monitor.api.fields import Reference, References, sane
from monitor.api.sitting import sitting_of
from monitor.domain.commands import (
    Extend,
    ForceSubmit,
    GiveBack,
    LowerHands,
    Reopen,
    SendMessage,
    StaffCommand,
)
from monitor.domain.outcome import BulkReply, Refused
from monitor.errors import DeadlineTooNear, Internal, InvalidTransition, InvalidValue, TooLarge
from monitor.identity.access import Action
from monitor.protocol.forms import message_item
from monitor.protocol.items import MessageItem, SessionItem
from monitor.protocol.messages import Moment

noun = Noun("commands")


class Some(Struct, frozen=True, kw_only=True):
    """For whom, and why."""

    student_ids: References | None = None
    reason: Reason | None = None


class Minutes(Some, frozen=True, kw_only=True):
    """How many minutes more; fewer if negative."""

    minutes: Annotated[int, Meta(ge=-10_080, le=10_080)]


class Lost(Some, frozen=True, kw_only=True):
    """What to give back: all that was lost, or what was lost between two moments."""

    from_: Moment | None = field(default=None, name="from")
    to: Moment | None = None


class NewMessage(Struct, frozen=True, kw_only=True):
    """What to say, and to whom."""

    text: Annotated[str, Meta(min_length=1)]
    student_ids: References | None = None


class BulkAnswer(Struct, frozen=True, kw_only=True):
    """For whom the wish holds, who was refused, and the sitting after the commit.

    `unchanged`: those of `done` for whom it held before.
    """

    done: list[str]
    refused: list[Refused]
    unchanged: list[str]
    session: SessionItem
    version: int


class MessageAnswer(Struct, frozen=True, kw_only=True):
    """The message sent, null if it was refused for all; its `id` is the message's."""

    id: Reference
    done: list[str]
    refused: list[Refused]
    message: MessageItem | None
    version: int


@noun.on(
    "POST",
    "/sessions/{session_id}/extend",
    idempotent=True,
    errors=(InvalidTransition, DeadlineTooNear, InvalidValue, TooLarge),
)
async def extend(call: Call, body: Minutes) -> BulkAnswer:
    """Give more or less time to all, or extra time to some (also before the start)."""
    session = await sitting_of(call, Action.SESSION_STEER)
    return await _bulk(
        call,
        Extend(
            **common(call, session.id),
            received_at=call.received_at,
            minutes=body.minutes,
            student_ids=_chosen(body.student_ids),
            reason=body.reason,
        ),
    )


@noun.on(
    "POST",
    "/sessions/{session_id}/force-submit",
    idempotent=True,
    errors=(InvalidTransition, TooLarge),
)
async def force_submit(call: Call, body: Some | None) -> BulkAnswer:
    """Submit attempts of all or some."""
    session = await sitting_of(call, Action.SESSION_STEER)
    some = body or Some()
    return await _bulk(
        call,
        ForceSubmit(
            **common(call, session.id),
            received_at=call.received_at,
            student_ids=_chosen(some.student_ids),
            reason=some.reason,
        ),
    )


@noun.on(
    "POST", "/sessions/{session_id}/reopen", idempotent=True, errors=(InvalidTransition, TooLarge)
)
async def reopen(call: Call, body: Some | None) -> BulkAnswer:
    """Reopen submitted attempts of all or some; each must have 60 seconds left."""
    session = await sitting_of(call, Action.SESSION_STEER)
    some = body or Some()
    return await _bulk(
        call,
        Reopen(
            **common(call, session.id),
            received_at=call.received_at,
            student_ids=_chosen(some.student_ids),
            reason=some.reason,
        ),
    )


@noun.on(
    "POST",
    "/sessions/{session_id}/give-back",
    idempotent=True,
    errors=(InvalidTransition, TooLarge),
)
async def give_back(call: Call, body: Lost | None) -> BulkAnswer:
    """Give lost time back as extra time, to each student their own."""
    session = await sitting_of(call, Action.SESSION_STEER)
    lost = body or Lost()
    return await _bulk(
        call,
        GiveBack(
            **common(call, session.id),
            received_at=call.received_at,
            student_ids=_chosen(lost.student_ids),
            from_=None if lost.from_ is None else sane(lost.from_, "from"),
            to=None if lost.to is None else sane(lost.to, "to"),
            reason=lost.reason,
        ),
    )


@noun.on("POST", "/sessions/{session_id}/hands/lower", idempotent=True, errors=(TooLarge,))
async def lower_hands(call: Call, body: Some | None) -> BulkAnswer:
    """Lower the hands of all or some."""
    session = await sitting_of(call, Action.SESSION_STEER)
    some = body or Some()
    return await _bulk(
        call,
        LowerHands(
            **common(call, session.id),
            received_at=call.received_at,
            student_ids=_chosen(some.student_ids),
            reason=some.reason,
        ),
    )


@noun.on(
    "POST",
    "/sessions/{session_id}/messages",
    status=201,
    idempotent=True,
    errors=(InvalidTransition, TooLarge),
)
async def send_message(call: Call, body: NewMessage) -> MessageAnswer:
    """Send a message to all, who joins later too, or to some."""
    session = await sitting_of(call, Action.SESSION_STEER)
    command = SendMessage(
        **common(call, session.id),
        received_at=call.received_at,
        text=body.text,
        student_ids=_chosen(body.student_ids),
    )
    settled = await call.services.recorder.run(command)
    reply = _reply(settled.outcome.reply)
    sent = await call.services.database.read(
        lambda uow: uow.messages.get_many(session.id, [command.id])
    )
    return MessageAnswer(
        id=command.id,
        done=reply.done,
        refused=reply.refused,
        message=message_item(sent[0]) if sent else None,
        version=settled.version,
    )


async def _bulk(call: Call, command: StaffCommand) -> BulkAnswer:
    reply = _reply((await call.run(command)).reply)
    now = await answer(call)
    return BulkAnswer(
        done=reply.done,
        refused=reply.refused,
        unchanged=reply.unchanged,
        session=now.session,
        version=now.version,
    )


def _reply(reply: object) -> BulkReply:
    if not isinstance(reply, BulkReply):
        raise Internal
    return reply


def _chosen(student_ids: list[str] | None) -> tuple[str, ...] | None:
    return None if student_ids is None else tuple(dict.fromkeys(student_ids))
