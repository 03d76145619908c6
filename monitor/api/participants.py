"""Putting a student on a sitting's list who is not in its class."""

from __future__ import annotations

from msgspec import Struct

from monitor.api import rosters
from monitor.api.call import Call
from monitor.api.commands import common
from monitor.api.endpoint import Noun
from monitor.api.fields import Reference
from monitor.api.sitting import sitting_of
from monitor.domain.commands import AddParticipant
from monitor.errors import InvalidTransition
from monitor.identity.access import Action
from monitor.protocol.items import StudentName

noun = Noun("commands")


class NewParticipant(Struct, frozen=True, kw_only=True):
    """Who."""

    student_id: Reference


@noun.on(
    "POST",
    "/sessions/{session_id}/participants",
    status=201,
    idempotent=True,
    errors=(InvalidTransition,),
)
async def add_participant(call: Call, body: NewParticipant) -> StudentName:
    """Put a student on this sitting's list; the class stays as it is."""
    session = await sitting_of(call, Action.SESSION_STEER)
    (student,) = await call.services.database.read(
        lambda uow: rosters.students(uow, [body.student_id], "student_id")
    )
    await call.run(
        AddParticipant(**common(call, session.id), received_at=call.received_at, student=student)
    )
    return StudentName(student.id, student.name)
