"""The sitting a request is about, for who may."""

from __future__ import annotations

from monitor.api.call import Call
from monitor.domain.session import Session
from monitor.errors import NotFound
from monitor.identity import relations
from monitor.identity.access import Action
from monitor.repositories.unit_of_work import UnitOfWork


async def sitting_of(call: Call, action: Action) -> Session:
    """The sitting that the address names, if the caller may do this to it."""
    session_id = call.session_id()
    return await call.services.database.read(lambda uow: allowed(uow, call, action, session_id))


def allowed(uow: UnitOfWork, call: Call, action: Action, session_id: str) -> Session:
    """This sitting, if the caller may do this to it; else Forbidden or NotFound."""
    found = relations.of_session(uow, call.actor, session_id)
    call.check(action, found.relations)
    if found.session is None:
        raise NotFound
    return found.session
