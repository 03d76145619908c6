"""The commands that move a sitting on. They answer after the commit."""

from __future__ import annotations

from typing import Annotated, TypedDict

from msgspec import Meta, Struct

from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.sitting import sitting_of
from monitor.domain.commands import (
    CancelSession,
    CompleteSession,
    OpenSession,
    PauseSession,
    ResumeSession,
    StaffCommand,
    StartSession,
)
from monitor.errors import InvalidTransition
from monitor.identity.access import Action
from monitor.protocol.forms import session_item
from monitor.protocol.items import SessionItem

noun = Noun("commands")

Reason = Annotated[str, Meta(description="Kept in the history")]


class Why(Struct, frozen=True, kw_only=True):
    """Why something is done, for the history."""

    reason: Reason | None = None


class CommandAnswer(Struct, frozen=True, kw_only=True):
    """The sitting after the command was committed, and its version then."""

    session: SessionItem
    version: int


class Common(TypedDict):
    """What every staff command carries."""

    id: str
    session_id: str
    actor_id: str


def common(call: Call, session_id: str) -> Common:
    """What every command of this request carries."""
    return {"id": call.new_id, "session_id": session_id, "actor_id": call.actor.id}


async def answer(call: Call) -> CommandAnswer:
    """The sitting as it is now."""
    session = await sitting_of(call, Action.SESSION_STEER)
    return CommandAnswer(session=session_item(session), version=session.version)


@noun.on("POST", "/sessions/{session_id}/open", idempotent=True, errors=(InvalidTransition,))
async def open_session(call: Call, body: Why | None) -> CommandAnswer:
    """Open the waiting room: students may join from now on."""
    return await _step(call, OpenSession, body)


@noun.on("POST", "/sessions/{session_id}/start", idempotent=True, errors=(InvalidTransition,))
async def start_session(call: Call, body: Why | None) -> CommandAnswer:
    """Start the clock; students get the test."""
    return await _step(call, StartSession, body)


@noun.on("POST", "/sessions/{session_id}/pause", idempotent=True, errors=(InvalidTransition,))
async def pause_session(call: Call, body: Why | None) -> CommandAnswer:
    """Stop the clock for all; answers are still taken."""
    return await _step(call, PauseSession, body)


@noun.on("POST", "/sessions/{session_id}/resume", idempotent=True, errors=(InvalidTransition,))
async def resume_session(call: Call, body: Why | None) -> CommandAnswer:
    """Let the clock run on."""
    return await _step(call, ResumeSession, body)


@noun.on("POST", "/sessions/{session_id}/complete", idempotent=True, errors=(InvalidTransition,))
async def complete_session(call: Call, body: Why | None) -> CommandAnswer:
    """End the sitting and submit every attempt."""
    return await _step(call, CompleteSession, body)


@noun.on("POST", "/sessions/{session_id}/cancel", idempotent=True, errors=(InvalidTransition,))
async def cancel_session(call: Call, body: Why | None) -> CommandAnswer:
    """Call the sitting off; attempts close as they are."""
    return await _step(call, CancelSession, body)


async def _step(call: Call, kind: type[StaffCommand], body: Why | None) -> CommandAnswer:
    session = await sitting_of(call, Action.SESSION_STEER)
    await call.run(
        kind(
            **common(call, session.id),
            received_at=call.received_at,
            reason=None if body is None else body.reason,
        )
    )
    return await answer(call)
