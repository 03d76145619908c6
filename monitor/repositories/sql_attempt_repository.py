"""Attempts: the rows of `attempts`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Update,
    bindparam,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from monitor.domain.attempt import Attempt, AttemptStatus, Value
from monitor.domain.moments import Interval
from monitor.repositories import attempt_rows, json_codec
from monitor.repositories.bulk import Bulk, Lookup
from monitor.repositories.column_types import AnySelect, JsonText
from monitor.repositories.paging import turn
from monitor.repositories.statements import upsert_statements, values_to_bind
from monitor.repositories.tables import ATTEMPTS

_ALL = select(*attempt_rows.all_columns())
_BY_ID = _ALL.where(ATTEMPTS.c.id == bindparam("wanted"))
_LOCKED = _BY_ID.with_for_update(key_share=True)
_OF_STUDENTS = _ALL.where(
    ATTEMPTS.c.session_id.in_(bindparam("session_ids", expanding=True)),
    ATTEMPTS.c.student_id.in_(bindparam("student_ids", expanding=True)),
)
_OF_SESSION = _ALL.where(ATTEMPTS.c.session_id == bindparam("session_id")).order_by(ATTEMPTS.c.id)
IN_PROGRESS = _ALL.where(
    ATTEMPTS.c.session_id == bindparam("session_id"),
    # Not by the index of `status`: without statistics SQLite may take it for as good as the other.
    func.coalesce(ATTEMPTS.c.status, "") == AttemptStatus.IN_PROGRESS.value,
).order_by(ATTEMPTS.c.id)
STATUSES = Lookup(
    select(ATTEMPTS.c.session_id, ATTEMPTS.c.student_id, ATTEMPTS.c.status), ATTEMPTS.c.session_id
)
_STANDING_OF_SESSION = select(*attempt_rows.standing_columns()).where(
    ATTEMPTS.c.session_id == bindparam("session_id"), ATTEMPTS.c.version > bindparam("newer_than")
)
_LOST_OF_SESSION = (
    select(
        ATTEMPTS.c.student_id,
        ATTEMPTS.c.given_back_seconds,
        type_coerce(ATTEMPTS.c.lost, JsonText).label("lost"),
    )
    .where(ATTEMPTS.c.session_id == bindparam("session_id"), ATTEMPTS.c.lost_seconds > 0)
    .order_by(ATTEMPTS.c.id)
)
_BEGUN = select(type_coerce(ATTEMPTS.c.answers, JsonText).label("answers")).where(
    ATTEMPTS.c.session_id == bindparam("session_id"),
    ATTEMPTS.c.status != AttemptStatus.NOT_STARTED.value,
)
_WORKS_AT_ONCE = 50  # each may be as large as the answers of an attempt may be

_JSON = dict.fromkeys(attempt_rows.JSON_COLUMNS, JsonText)
_VALUES = values_to_bind(ATTEMPTS, (*attempt_rows.STANDING, *attempt_rows.JSON_COLUMNS), _JSON)
_INSERT = insert(ATTEMPTS).values(_VALUES)
_UPSERT = {name: Bulk(one) for name, one in upsert_statements(ATTEMPTS, _VALUES).items()}


def _changing(*, status: bool, work: bool) -> Update:
    # SQLite writes the indexes of every column named here anew, whether its value changed or not.
    names = [*attempt_rows.CHANGING, "lost"]
    names += ["status"] if status else ()
    names += attempt_rows.WORK_COLUMNS if work else ()
    statement = update(ATTEMPTS).where(ATTEMPTS.c.id == bindparam("id_"))
    return statement.values(values_to_bind(ATTEMPTS, names, _JSON))


_CHANGE = {
    (status, work): Bulk(_changing(status=status, work=work))
    for status in (False, True)
    for work in (False, True)
}


class LostOf(NamedTuple):
    """A student's lost time: what was given back already, and the spans that were not."""

    student_id: str
    given_back_seconds: float
    lost: tuple[Interval, ...]


class SqlAttemptRepository:
    """Reads and writes attempts on one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, attempt_id: str) -> Attempt | None:
        """The attempt with this id."""
        return self._one(_BY_ID, attempt_id)

    def lock(self, attempt_id: str) -> Attempt | None:
        """The attempt with this id, its row locked until the transaction ends.

        For attempts standing alone; those of a session are guarded by the session's row.
        """
        return self._one(_LOCKED, attempt_id)

    def of_students(self, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Attempt]:
        """The attempts of (session id, student id), where there are some, in one query."""
        wanted = set(pairs)
        if not wanted:
            return {}
        rows = self._connection.execute(
            _OF_STUDENTS,
            {
                "session_ids": sorted({session_id for session_id, _ in wanted}),
                "student_ids": sorted({student_id for _, student_id in wanted}),
            },
        )
        return {
            (row.session_id, row.student_id): attempt_rows.attempt(row)
            for row in rows
            if (row.session_id, row.student_id) in wanted
        }

    def of_session(self, session_id: str) -> list[Attempt]:
        """All attempts of a session, with their work."""
        rows = self._connection.execute(_OF_SESSION, {"session_id": session_id})
        return [attempt_rows.attempt(row) for row in rows]

    def in_progress(self, session_id: str) -> list[Attempt]:
        """The attempts of a session that are IN_PROGRESS, with their work."""
        rows = self._connection.execute(IN_PROGRESS, {"session_id": session_id})
        return [attempt_rows.attempt(row) for row in rows]

    def at_work(self, session_ids: Collection[str]) -> dict[str, list[str]]:
        """The students of each of these sessions whose attempts are IN_PROGRESS."""
        students: dict[str, list[str]] = {}
        for session_id, student_id, status in STATUSES.execute(self._connection, session_ids):
            if status == AttemptStatus.IN_PROGRESS.value:
                students.setdefault(session_id, []).append(student_id)
        return students

    def standing_of_session(self, session_id: str, newer_than: int = -1) -> list[Attempt]:
        """How the attempts of a session stand, without their work, where newer than a version."""
        rows = self._connection.execute(
            _STANDING_OF_SESSION, {"session_id": session_id, "newer_than": newer_than}
        )
        return [attempt_rows.standing_attempt(row) for row in rows]

    def lost_of_session(self, session_id: str) -> list[LostOf]:
        """What the students of a session have lost and was not given back, where they lost any."""
        rows = self._connection.execute(_LOST_OF_SESSION, {"session_id": session_id})
        return [
            LostOf(row.student_id, row.given_back_seconds, json_codec.decode_intervals(row.lost))
            for row in rows
        ]

    def values_of_session(self, session_id: str) -> Iterator[dict[str, Value]]:
        """The values by question of each attempt of a session that has begun, some at a time."""
        rows = self._connection.execute(
            _BEGUN, {"session_id": session_id}, execution_options={"yield_per": _WORKS_AT_ONCE}
        )
        return (json_codec.decode_values(row.answers) for row in rows)

    def page(
        self,
        *,
        session_id: str | None = None,
        session_ids: Collection[str] | None = None,
        student_id: str | None = None,
        test_id: str | None = None,
        status: AttemptStatus | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[Attempt]:
        """How attempts stand, without their work, by student; each filter given narrows.

        `session_ids`: those of these sittings, and those that stand alone.
        """
        statement = select(*attempt_rows.standing_columns())
        for column, value in (
            (ATTEMPTS.c.session_id, session_id),
            (ATTEMPTS.c.student_id, student_id),
            (ATTEMPTS.c.test_id, test_id),
            (ATTEMPTS.c.status, None if status is None else status.value),
        ):
            if value is not None:
                statement = statement.where(column == value)
        if session_ids is not None:
            alone = ATTEMPTS.c.session_id.is_(None)
            statement = statement.where(or_(alone, ATTEMPTS.c.session_id.in_(session_ids)))
        statement = turn(statement, ATTEMPTS.c.student_id, ATTEMPTS.c.id, after, limit)
        return [attempt_rows.standing_attempt(row) for row in self._connection.execute(statement)]

    def add(self, attempt: Attempt) -> None:
        """Store a new attempt."""
        self._connection.execute(_INSERT, [attempt_rows.all_values(attempt)])

    def save_many(self, attempts: Iterable[Attempt]) -> None:
        """Store attempts whole, new or changed."""
        rows = [attempt_rows.all_values(attempt) for attempt in attempts]
        if rows:
            _UPSERT[self._connection.dialect.name].execute(self._connection, rows)

    def change_many(self, changes: Iterable[tuple[Attempt, Attempt]]) -> None:
        """Store attempts that exist, each as it was stored last and as it is now.

        Raises:
            LookupError: One does not exist.
        """
        by_kind: dict[tuple[bool, bool], list[dict[str, Any]]] = {}
        for before, now in changes:
            kind = (now.status is not before.status, not attempt_rows.same_work(before, now))
            values = attempt_rows.all_values if kind[1] else attempt_rows.standing_values
            by_kind.setdefault(kind, []).append({**values(now), "id_": now.id})
        for kind, rows in by_kind.items():
            if _CHANGE[kind].execute(self._connection, rows) != len(rows):
                raise LookupError("an attempt to be changed does not exist")

    def save(self, attempt: Attempt) -> None:
        """Store one attempt, new or changed, whole."""
        self.save_many((attempt,))

    def _one(self, statement: AnySelect, attempt_id: str) -> Attempt | None:
        row = self._connection.execute(statement, {"wanted": attempt_id}).one_or_none()
        return None if row is None else attempt_rows.attempt(row)
