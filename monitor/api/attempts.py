"""Attempts: reading them, and giving a test to a single student."""

from __future__ import annotations

from msgspec import Struct

from monitor.api.attempt_forms import AttemptSummary, StaffAttempt, staff_attempt, summary
from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.fields import Items, Paging, Reference, items
from monitor.api.tests import TestResource, resource
from monitor.domain import standalone
from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.user import Role
from monitor.errors import InvalidRequest, NotFound, NotStarted
from monitor.identity import access, relations
from monitor.identity.access import Action
from monitor.identity.relations import OfAttempt
from monitor.protocol.forms import student_attempt_item
from monitor.protocol.items import StudentAttemptItem
from monitor.repositories.session_lists import SessionFilter
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("attempts")

_MOST = 10_000  # sittings of one test by one teacher; no school comes near


class AttemptQuery(Paging, frozen=True, kw_only=True):
    """Narrows the list; staff name a sitting or a test of their own."""

    session_id: Reference | None = None
    test_id: Reference | None = None
    status: AttemptStatus | None = None


class NewAttempt(Struct, frozen=True, kw_only=True):
    """A test for one student, outside of any sitting."""

    test_id: Reference
    student_id: Reference


@noun.on("GET", "/attempts", query=AttemptQuery, sitting=True, errors=(NotFound,))
async def list_attempts(call: Call) -> Items[AttemptSummary]:
    """List one's own attempts, or those of a sitting or test of one's own."""
    call.check(Action.ATTEMPT_LIST)
    query = call.query(AttemptQuery)
    limit = call.limit(query)
    session_id = query.session_id
    if call.claims.session_id is not None:
        call.within(session_id or call.claims.session_id)
        session_id = call.claims.session_id

    def find(uow: UnitOfWork) -> list[Attempt]:
        if not call.is_student:
            _require_own(uow, call, query)
        return uow.attempts.page(
            session_id=session_id,
            session_ids=_own_sittings(uow, call, query),
            student_id=call.actor.id if call.is_student else None,
            test_id=query.test_id,
            status=query.status,
            after=query.after,
            limit=limit + 1,
        )

    return items(await call.services.database.read(find), limit, summary)


@noun.on("POST", "/attempts", status=201, idempotent=True)
async def create_attempt(call: Call, body: NewAttempt) -> StaffAttempt:
    """Give a test to a single student, outside of any sitting."""
    if not access.ever_allowed(call.actor.role, Action.TEST_ASSIGN):
        call.check(Action.TEST_ASSIGN)
    attempt_id = call.new_id

    def add(uow: UnitOfWork) -> Attempt:
        known = uow.attempts.get(attempt_id)
        if known is not None:
            return known
        test = uow.tests.get(body.test_id, for_share=True)
        mine = () if test is None else access.to_test(call.actor, test)
        if test is None or not access.allowed(call.actor.role, Action.TEST_ASSIGN, mine):
            raise InvalidRequest(f"test_id: there is no test {body.test_id} of yours.", "test_id")
        student = uow.users.get(body.student_id)
        if student is None or student.role is not Role.STUDENT:
            raise InvalidRequest(
                f"student_id: there is no student {body.student_id}.", "student_id"
            )
        attempt = standalone.new_attempt(attempt_id, test, student.id)
        uow.attempts.add(attempt)
        return attempt

    return staff_attempt(await call.create(add), None)


@noun.on("GET", "/attempts/{attempt_id}", sitting=True)
async def read_attempt(call: Call) -> StaffAttempt | StudentAttemptItem:
    """Read an attempt with its answers and highlights; students get the student's form."""
    found = await attempt_of(call, Action.ATTEMPT_READ)
    if found.attempt is None:
        raise NotFound
    if call.is_student:
        return student_attempt_item(found.attempt)
    return staff_attempt(found.attempt, found.session)


@noun.on("GET", "/attempts/{attempt_id}/test", sitting=True, errors=(NotStarted,))
async def read_attempt_test(call: Call) -> TestResource:
    """Read the attempt's test; students not before the attempt has started."""
    found = await attempt_of(call, Action.ATTEMPT_READ)
    if found.attempt is None or found.test is None:
        raise NotFound
    if call.is_student and found.attempt.started_at is None:
        raise NotStarted
    return resource(found.test)


async def attempt_of(call: Call, action: Action) -> OfAttempt:
    """The attempt that the address names, if the caller may do this to it."""
    attempt_id = call.id("attempt_id")
    found = await call.services.database.read(
        lambda uow: relations.of_attempt(uow, call.actor, attempt_id)
    )
    call.check(action, found.relations)
    if found.attempt is None:
        raise NotFound
    call.within(found.attempt.session_id)
    return found


def _own_sittings(uow: UnitOfWork, call: Call, query: AttemptQuery) -> list[str] | None:
    """A test of one's own may be taken in sittings of others: those are not for its maker."""
    if call.actor.role is not Role.TEACHER or query.session_id is not None:
        return None
    only = SessionFilter(test_id=query.test_id)
    return [session.id for session in uow.sessions.for_staff(call.actor.id, only, limit=_MOST)]


def _require_own(uow: UnitOfWork, call: Call, query: AttemptQuery) -> None:
    if query.session_id is not None:
        call.check(
            Action.SESSION_WATCH,
            relations.of_session(uow, call.actor, query.session_id).relations,
        )
    elif query.test_id is not None:
        test = uow.tests.get(query.test_id)
        call.check(Action.TEST_ASSIGN, () if test is None else access.to_test(call.actor, test))
    elif call.actor.role is not Role.ADMIN:
        raise InvalidRequest("Give session_id or test_id.", "session_id")
