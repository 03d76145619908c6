"""What teachers do to a single attempt: note, and decide about what came late."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from monitor.api.attempt_forms import StaffAttempt, staff_attempt
from monitor.api.attempts import attempt_of
from monitor.api.call import Call
from monitor.api.commands import Reason, common
from monitor.api.endpoint import Noun
from monitor.api.fields import Reference
from monitor.domain.attempt import Attempt
from monitor.domain.commands import AcceptLate, LeaveLate, SetNote
from monitor.domain.outcome import LateReply
from monitor.errors import Internal, NotFound, TooLarge
from monitor.identity.access import Action
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("attempts")


class AttemptChange(Struct, frozen=True, kw_only=True):
    """The teacher's note; null takes it away."""

    note: str | None


class WhichLate(Struct, frozen=True, kw_only=True):
    """Which late answers, by the ids of the events that keep them; null: all."""

    event_ids: Annotated[list[Reference], Meta(max_length=1000)] | None = None
    reason: Reason | None = None


@noun.on("PATCH", "/attempts/{attempt_id}", idempotent=True, errors=(TooLarge,))
async def change_attempt(call: Call, body: AttemptChange) -> StaffAttempt:
    """Note something on an attempt, for staff only."""
    found = await attempt_of(call, Action.ATTEMPT_STEER)
    attempt = _there(found.attempt)
    if attempt.session_id is None:
        return staff_attempt(await _note_alone(call, attempt.id, body.note), None)
    await call.run(
        SetNote(
            **common(call, attempt.session_id),
            received_at=call.received_at,
            student_id=attempt.student_id,
            note=body.note,
        )
    )
    found = await attempt_of(call, Action.ATTEMPT_STEER)
    return staff_attempt(_there(found.attempt), found.session)


@noun.on("POST", "/attempts/{attempt_id}/accept-late", idempotent=True)
async def accept_late(call: Call, body: WhichLate | None) -> LateReply:
    """Apply answers that came after the time was up, also such as were left before."""
    return await _decide(call, AcceptLate, body)


@noun.on("POST", "/attempts/{attempt_id}/leave-late", idempotent=True)
async def leave_late(call: Call, body: WhichLate | None) -> LateReply:
    """Leave answers that came after the time was up out; they wait for nobody any longer."""
    return await _decide(call, LeaveLate, body)


async def _decide(
    call: Call, kind: type[AcceptLate | LeaveLate], body: WhichLate | None
) -> LateReply:
    attempt = _there((await attempt_of(call, Action.ATTEMPT_STEER)).attempt)
    if attempt.session_id is None:
        return LateReply(accepted=[], superseded=[])  # without a deadline nothing is late
    which = body or WhichLate()
    outcome = await call.run(
        kind(
            **common(call, attempt.session_id),
            received_at=call.received_at,
            student_id=attempt.student_id,
            event_ids=None if which.event_ids is None else tuple(which.event_ids),
            reason=which.reason,
        )
    )
    if not isinstance(outcome.reply, LateReply):
        raise Internal
    return outcome.reply


async def _note_alone(call: Call, attempt_id: str, note: str | None) -> Attempt:
    most = call.services.settings.message_characters
    text = (note or "").strip() or None
    if text is not None and len(text) > most:
        raise TooLarge(f"note: at most {most:,} characters.")

    def change(uow: UnitOfWork) -> Attempt:
        attempt = replace(_there(uow.attempts.lock(attempt_id)), note=text)
        uow.attempts.save(attempt)
        return attempt

    return await call.services.database.write(change)


def _there(attempt: Attempt | None) -> Attempt:
    if attempt is None:
        raise NotFound
    return attempt
