"""Lists of sessions: who may see which, filters and pages."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, or_, select

from monitor.domain.session import Session, SessionStatus
from monitor.repositories import session_rows
from monitor.repositories.paging import turn
from monitor.repositories.statements import holds_text
from monitor.repositories.tables import ATTEMPTS, CLASSES, SESSIONS

OVER = (SessionStatus.COMPLETED.value, SessionStatus.CANCELLED.value)


class SessionFilter(Struct, frozen=True, kw_only=True):
    """What narrows a list of sessions; each that is given must hold."""

    statuses: Collection[SessionStatus] | None = None
    class_id: str | None = None
    test_id: str | None = None
    not_completed: bool = False


def for_staff(
    connection: Connection, user_id: str | None, only: SessionFilter, after: str | None, limit: int
) -> list[Session]:
    """The sessions someone created, teaches the class of, invigilates or observes; None: all."""
    if user_id is None:
        return _list(connection, [], only, after, limit)
    classes = select(CLASSES.c.id).where(CLASSES.c.teacher_id == user_id)
    theirs = or_(
        SESSIONS.c.created_by == user_id,
        SESSIONS.c.class_id.in_(classes),
        holds_text(SESSIONS.c.invigilator_ids, user_id),
        holds_text(SESSIONS.c.observer_ids, user_id),
    )
    return _list(connection, [theirs], only, after, limit)


def for_student(
    connection: Connection, student_id: str, only: SessionFilter, after: str | None, limit: int
) -> list[Session]:
    """The sessions a student has an attempt in, or is on the list of while they are not over."""
    joined = select(ATTEMPTS.c.session_id).where(
        ATTEMPTS.c.student_id == student_id, ATTEMPTS.c.session_id.is_not(None)
    )
    invited = SESSIONS.c.status.not_in(OVER) & holds_text(SESSIONS.c.roster, student_id)
    return _list(connection, [or_(SESSIONS.c.id.in_(joined), invited)], only, after, limit)


def not_over_of_class(connection: Connection, class_id: str) -> list[Session]:
    """The sessions of a class that are neither completed nor cancelled."""
    statement = select(*session_rows.session_columns()).where(
        SESSIONS.c.class_id == class_id, SESSIONS.c.status.not_in(OVER)
    )
    return [session_rows.session(row) for row in connection.execute(statement)]


def _list(
    connection: Connection,
    conditions: list[ColumnElement[bool]],
    only: SessionFilter,
    after: str | None,
    limit: int,
) -> list[Session]:
    statement = select(*session_rows.session_columns()).where(*conditions, *_conditions(only))
    statement = turn(
        statement, session_rows.SCHEDULED_AT, SESSIONS.c.id, after, limit, descending=True
    )
    return [session_rows.session(row) for row in connection.execute(statement)]


def _conditions(only: SessionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if only.statuses is not None:
        conditions.append(SESSIONS.c.status.in_([status.value for status in only.statuses]))
    if only.class_id is not None:
        conditions.append(SESSIONS.c.class_id == only.class_id)
    if only.test_id is not None:
        conditions.append(SESSIONS.c.test_id == only.test_id)
    if only.not_completed:
        conditions.append(SESSIONS.c.status != SessionStatus.COMPLETED.value)
    return conditions
