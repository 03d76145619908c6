"""Sittings: planning, listing and editing them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from monitor.api import rosters
from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.fields import (
    Items,
    Name,
    Paging,
    Reference,
    distinct,
    items,
    sane,
)
from monitor.api.sitting import sitting_of
from monitor.domain.commands import EditSession
from monitor.domain.editing import require_one_part
from monitor.domain.school_class import ClassStatus
from monitor.domain.session import Session, SessionStatus
from monitor.domain.test import Test
from monitor.domain.user import Role
from monitor.errors import DeadlineTooNear, InvalidRequest, InvalidTransition
from monitor.identity import access, relations
from monitor.identity.access import Action
from monitor.protocol.forms import session_item, student_session_item
from monitor.protocol.items import SessionItem, StudentSessionItem
from monitor.protocol.messages import Moment
from monitor.repositories.session_lists import SessionFilter
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("sessions")

_PEOPLE = {"invigilator_ids", "observer_ids"}

Duration = Annotated[int, Meta(ge=60, le=7 * 24 * 3600, description="Seconds; null: no limit")]
StaffIds = Annotated[list[Reference], Meta(max_length=50)]


class SessionQuery(Paging, frozen=True, kw_only=True):
    """Narrows the list; `status` may name several, divided by commas."""

    status: Annotated[str, Meta(max_length=100)] | None = None
    class_id: Reference | None = None
    test_id: Reference | None = None


class NewSession(Struct, frozen=True, kw_only=True):
    """A sitting to be; without a title it has the test's."""

    class_id: Reference
    test_id: Reference
    title: Name | None = None
    scheduled_at: Moment | None = None
    duration_seconds: Duration | None = None
    invigilator_ids: StaffIds = []
    observer_ids: StaffIds = []


class SessionChange(Struct, frozen=True, kw_only=True):
    """What to change; class and test only while SCHEDULED, times only before the start."""

    title: Name | UnsetType = UNSET
    scheduled_at: Moment | UnsetType | None = UNSET
    duration_seconds: Duration | UnsetType | None = UNSET
    invigilator_ids: StaffIds | UnsetType = UNSET
    observer_ids: StaffIds | UnsetType = UNSET
    class_id: Reference | UnsetType = UNSET
    test_id: Reference | UnsetType = UNSET


@noun.on("GET", "/sessions", query=SessionQuery, sitting=True)
async def list_sessions(call: Call) -> Items[SessionItem] | Items[StudentSessionItem]:
    """List the sittings that are the caller's, the latest first.

    Students get their own sittings in the student's form.
    """
    call.check(Action.SESSION_LIST)
    query = call.query(SessionQuery)
    only = SessionFilter(
        statuses=_statuses(query.status), class_id=query.class_id, test_id=query.test_id
    )
    limit, actor = call.limit(query), call.actor

    def find(uow: UnitOfWork) -> list[Session]:
        if call.claims.session_id is not None:
            one = relations.of_session(uow, actor, call.claims.session_id)
            may = access.allowed(actor.role, Action.SESSION_READ, one.relations)
            return [one.session] if one.session is not None and may else []
        if actor.role is Role.STUDENT:
            return uow.sessions.for_student(actor.id, only, after=query.after, limit=limit + 1)
        whose = None if actor.role is Role.ADMIN else actor.id
        return uow.sessions.for_staff(whose, only, after=query.after, limit=limit + 1)

    found = await call.services.database.read(find)
    if actor.role is Role.STUDENT:
        return items(
            found, limit, lambda session: student_session_item(session_item(session), actor.id)
        )
    return items(found, limit, session_item)


@noun.on("POST", "/sessions", status=201, idempotent=True)
async def create_session(call: Call, body: NewSession) -> SessionItem:
    """Plan a sitting of a test by a class; it takes over the class's list of students."""
    call.check(Action.SESSION_CREATE)
    session_id = call.new_id
    scheduled_at = _scheduled_at(body.scheduled_at)

    def add(uow: UnitOfWork) -> Session:
        known = uow.sessions.get(session_id)
        if known is not None:
            return known
        # Locked: who changes the class from now on sees this sitting and brings its list along.
        _require_class(uow, call, body.class_id, lock=True)
        test = _require_test(uow, call, body.test_id, for_share=True)
        session = Session(
            id=session_id,
            class_id=body.class_id,
            test_id=body.test_id,
            title=(body.title or test.title).strip(),
            status=SessionStatus.SCHEDULED,
            created_by=call.actor.id,
            scheduled_at=scheduled_at,
            duration_seconds=body.duration_seconds,
            invigilator_ids=_staff(uow, body.invigilator_ids, "invigilator_ids"),
            observer_ids=_staff(uow, body.observer_ids, "observer_ids"),
            roster=rosters.of_class(uow, body.class_id),
        )
        require_one_part(session)
        uow.sessions.add(session)
        return session

    return session_item(await call.create(add))


@noun.on("GET", "/sessions/{session_id}", sitting=True)
async def read_session(call: Call) -> SessionItem | StudentSessionItem:
    """Read a sitting; students get the student's form."""
    session = await sitting_of(call, Action.SESSION_READ)
    item = session_item(session)
    return student_session_item(item, call.actor.id) if call.is_student else item


@noun.on(
    "PATCH",
    "/sessions/{session_id}",
    idempotent=True,
    errors=(InvalidTransition, DeadlineTooNear),
)
async def change_session(call: Call, body: SessionChange) -> SessionItem:
    """Change what a sitting is about."""
    session = await sitting_of(call, Action.SESSION_CHANGE)
    changes: dict[str, Any] = {
        name: getattr(body, name)
        for name in body.__struct_fields__
        if getattr(body, name) is not UNSET
    }
    if "scheduled_at" in changes:
        changes["scheduled_at"] = _scheduled_at(changes["scheduled_at"])

    def prepare(uow: UnitOfWork) -> EditSession:
        roster = None
        if changes.get("class_id", session.class_id) != session.class_id:
            _require_class(uow, call, changes["class_id"])
            roster = rosters.of_class(uow, changes["class_id"])
        if changes.get("test_id", session.test_id) != session.test_id:
            _require_test(uow, call, changes["test_id"])
        for name in _PEOPLE & changes.keys():
            changes[name] = _staff(uow, changes[name], name)
        return EditSession(
            id=call.new_id,
            session_id=session.id,
            received_at=call.received_at,
            actor_id=call.actor.id,
            changes=changes,
            roster=roster,
        )

    command = await call.services.database.read(prepare)
    await call.run(command)
    if "class_id" in command.changes:
        # The class may have changed while the sitting was not yet known to be of it.
        await rosters.sync_class(call, command.changes["class_id"])
    return session_item(await sitting_of(call, Action.SESSION_CHANGE))


def _statuses(text: str | None) -> list[SessionStatus] | None:
    if text is None:
        return None
    try:
        return [SessionStatus(name) for name in text.split(",")]
    except ValueError:
        known = ", ".join(SessionStatus)
        raise InvalidRequest(f"status: give one or several of {known}.", "status") from None


def _scheduled_at(moment: datetime | None) -> datetime | None:
    return None if moment is None else sane(moment, "scheduled_at")


def _require_class(uow: UnitOfWork, call: Call, class_id: str, *, lock: bool = False) -> None:
    school_class = uow.classes.get(class_id, lock=lock)
    relations = () if school_class is None else access.to_class(call.actor, school_class)
    if school_class is None or not access.allowed(call.actor.role, Action.CLASS_READ, relations):
        raise InvalidRequest(f"class_id: there is no class {class_id} of yours.", "class_id")
    if school_class.status is ClassStatus.ARCHIVED:
        raise InvalidRequest("class_id: this class is archived.", "class_id")


def _require_test(uow: UnitOfWork, call: Call, test_id: str, *, for_share: bool = False) -> Test:
    test = uow.tests.get(test_id, for_share=for_share)
    relations = () if test is None else access.to_test(call.actor, test)
    if test is None or not access.allowed(call.actor.role, Action.TEST_READ, relations):
        raise InvalidRequest(f"test_id: there is no test {test_id} of yours.", "test_id")
    return test


def _staff(uow: UnitOfWork, ids: list[str], name: str) -> tuple[str, ...]:
    wanted = distinct(ids, name)
    found = uow.users.get_many(wanted)
    for id_ in wanted:
        if id_ not in found or found[id_].role is Role.STUDENT:
            raise InvalidRequest(f"{name}: there is no teacher {id_}.", name)
    return wanted
