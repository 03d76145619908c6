"""What someone is to a sitting or attempt, as the database has it: one transaction, no decision."""

from __future__ import annotations

from msgspec import Struct

from monitor.domain.attempt import Attempt
from monitor.domain.session import Session
from monitor.domain.test import Test
from monitor.domain.user import Role, User
from monitor.identity import access
from monitor.identity.access import Relation
from monitor.repositories.unit_of_work import UnitOfWork


class OfSession(Struct, frozen=True):
    """A sitting and what someone is to it; null where there is none."""

    session: Session | None
    relations: frozenset[Relation]


class OfAttempt(Struct, frozen=True):
    """An attempt with its sitting and test, and what someone is to it; null where there is none."""

    attempt: Attempt | None
    session: Session | None
    test: Test | None
    relations: frozenset[Relation]


def of_session(uow: UnitOfWork, actor: User, session_id: str) -> OfSession:
    """The sitting and what `actor` is to it."""
    session = uow.sessions.get(session_id)
    if session is None:
        return OfSession(None, frozenset())
    # A student's class says nothing: the sitting's own list does, and keeps whoever has joined.
    school_class = None if actor.role is Role.STUDENT else uow.classes.get(session.class_id)
    return OfSession(session, access.to_session(actor, session, school_class))


def of_attempt(uow: UnitOfWork, actor: User, attempt_id: str) -> OfAttempt:
    """The attempt and what `actor` is to it."""
    attempt = uow.attempts.get(attempt_id)
    if attempt is None:
        return OfAttempt(None, None, None, frozenset())
    test = uow.tests.get(attempt.test_id)
    sitting = (
        OfSession(None, frozenset())
        if attempt.session_id is None
        else of_session(uow, actor, attempt.session_id)
    )
    found = access.to_attempt(actor, attempt, sitting.relations, test)
    return OfAttempt(attempt, sitting.session, test, found)
