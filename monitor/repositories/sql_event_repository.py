"""Events: the rows of `session_events`, a sitting's history and the receipts of its commands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    case,
    cast,
    insert,
    or_,
    select,
    tuple_,
    type_coerce,
)

from monitor.domain.event import Event, EventType
from monitor.repositories import json_codec
from monitor.repositories.bulk import Bulk, Lookup
from monitor.repositories.column_types import AnyRow, JsonText
from monitor.repositories.paging import batches
from monitor.repositories.statements import insert_if_absent_statements, values_to_bind
from monitor.repositories.tables import EVENTS

# Their ids are made of what they tell, so that what is sent again finds its first one.
NAMED_BY_CONTENT = frozenset({EventType.LATE_ANSWER, EventType.ANSWER_SUPERSEDED})

_PLAIN = ("id", "session_id", "version", "at", "type", "student_id", "actor_id")
_ORDER = (EVENTS.c.version, EVENTS.c.at, EVENTS.c.id)
_EVENTS = select(
    *(EVENTS.c[name] for name in _PLAIN), type_coerce(EVENTS.c.data, JsonText).label("data")
)
_REPLIES = Lookup(
    select(EVENTS.c.id, type_coerce(EVENTS.c.reply, JsonText).label("reply")), EVENTS.c.id
)
_BY_IDS = _EVENTS.where(EVENTS.c.id.in_(bindparam("ids", expanding=True)))
_NEWEST = (
    _EVENTS.where(
        EVENTS.c.session_id == bindparam("session_id"), EVENTS.c.version > bindparam("newer_than")
    )
    .order_by(*(column.desc() for column in _ORDER))
    .limit(bindparam("most"))
)
_OF_TYPE = _EVENTS.where(
    EVENTS.c.session_id == bindparam("session_id"), EVENTS.c.type == bindparam("of_type")
).order_by(*_ORDER)
_VALUES = values_to_bind(EVENTS, (*_PLAIN, "data", "reply"), {"data": JsonText, "reply": JsonText})
_INSERT = Bulk(insert(EVENTS).values(_VALUES))
_INSERT_IF_ABSENT = insert_if_absent_statements(EVENTS, _VALUES)


class SqlEventRepository:
    """Reads and writes events on one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, ids: Iterable[str]) -> dict[str, Any]:
        """Those of these ids that have an event, with the reply of the command that wrote it."""
        rows = _REPLIES.execute(self._connection, list(ids))
        return {id_: None if reply is None else json_codec.decode(reply) for id_, reply in rows}

    def get_many(self, ids: Iterable[str]) -> dict[str, Event]:
        """Those of these events that exist, without their replies."""
        return {
            row.id: _event(row)
            for batch in batches(ids)
            for row in self._connection.execute(_BY_IDS, {"ids": batch})
        }

    def add_many(self, events: Iterable[Event]) -> None:
        """Store new events, with the version each carries.

        An event whose id exists already is an error (its command was done before), except where
        the id is made of what the event tells: there the first one stays.

        Raises:
            IntegrityError: A command's event exists already.
        """
        once: list[dict[str, Any]] = []
        named_by_content: list[dict[str, Any]] = []
        for event in events:
            (named_by_content if event.type in NAMED_BY_CONTENT else once).append(_values(event))
        if once:
            _INSERT.execute(self._connection, once)
        if named_by_content:
            statement = _INSERT_IF_ABSENT[self._connection.dialect.name]
            self._connection.execute(statement, named_by_content)

    def newest(self, session_id: str, newer_than: int, limit: int) -> list[Event]:
        """The newest events of a session that are newer than a version, in ascending order."""
        rows = self._connection.execute(
            _NEWEST, {"session_id": session_id, "newer_than": newer_than, "most": limit}
        ).all()
        return [_event(row) for row in reversed(rows)]

    def late_answers(
        self, session_id: str, student_ids: Collection[str] | None = None
    ) -> list[Event]:
        """The `late_answer` events of a session, of all or these students, in order."""
        rows = self._connection.execute(
            _OF_TYPE, {"session_id": session_id, "of_type": EventType.LATE_ANSWER.value}
        )
        return [_event(row) for row in rows if student_ids is None or row.student_id in student_ids]

    def of_session(
        self,
        session_id: str,
        *,
        after_version: int = -1,
        types: Collection[EventType] | None = None,
        student_id: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[Event]:
        """A session's history, oldest first.

        Args:
            session_id: Whose history.
            after_version: Only what is newer.
            types: Only these types.
            student_id: Only what concerns this student: what is about them, what was done for
                them among others, and what happened to the whole sitting.
            after: The id of the last event of the page before.
            limit: Events a page.
        """
        statement = _EVENTS.where(
            EVENTS.c.session_id == session_id, EVENTS.c.version > after_version
        )
        if types is not None:
            statement = statement.where(EVENTS.c.type.in_([one.value for one in types]))
        if student_id is not None:
            statement = statement.where(_concerns(student_id))
        if after is not None:
            place = [
                select(column).where(EVENTS.c.id == after).scalar_subquery() for column in _ORDER
            ]
            statement = statement.where(tuple_(*_ORDER) > tuple_(*place))
        rows = self._connection.execute(statement.order_by(*_ORDER).limit(limit))
        return [_event(row) for row in rows]


def _concerns(student_id: str) -> ColumnElement[bool]:
    """An event of nobody in particular lists its students, or none where it was for all."""
    quoted = json_codec.encode(student_id)
    listed = EVENTS.c.data["student_ids"].as_string()
    on_roster = cast(EVENTS.c.data, Text).contains(quoted, autoescape=True)
    for_them = or_(listed.is_(None), listed.contains(quoted, autoescape=True))
    is_roster = EVENTS.c.type == EventType.ROSTER.value
    return or_(
        EVENTS.c.student_id == student_id,
        and_(EVENTS.c.student_id.is_(None), case((is_roster, on_roster), else_=for_them)),
    )


def _event(row: AnyRow) -> Event:
    return Event(
        id=row.id,
        session_id=row.session_id,
        version=row.version,
        at=row.at,
        type=EventType(row.type),
        student_id=row.student_id,
        actor_id=row.actor_id,
        data=json_codec.decode(row.data),
    )


def _values(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "session_id": event.session_id,
        "version": event.version,
        "at": event.at,
        "type": event.type.value,
        "student_id": event.student_id,
        "actor_id": event.actor_id,
        "data": json_codec.encode(event.data),
        "reply": None if event.reply is None else json_codec.encode(event.reply),
    }
