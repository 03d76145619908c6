"""Tests: the rows of `tests`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from monitor.domain.test import Test
from monitor.errors import InUse, NotFound
from monitor.repositories import json_codec
from monitor.repositories.column_types import AnyRow, JsonText
from monitor.repositories.paging import turn
from monitor.repositories.statements import values_to_bind
from monitor.repositories.tables import ATTEMPTS, SESSIONS, TESTS

_JSON = dict.fromkeys(("passages", "questions"), JsonText)
_TESTS = select(
    TESTS.c.id,
    TESTS.c.title,
    TESTS.c.created_by,
    *(type_coerce(TESTS.c[name], JsonText).label(name) for name in _JSON),
)
_BY_ID = _TESTS.where(TESTS.c.id == bindparam("wanted"))
_LOCKED = _BY_ID.with_for_update()
_SHARED = _BY_ID.with_for_update(read=True)
_VALUES = values_to_bind(TESTS, ("id", "title", "created_by", *_JSON), _JSON)


class SqlTestRepository:
    """Reads and writes tests on one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, test_id: str, *, for_share: bool = False) -> Test | None:
        """The test with this id; `for_share` keeps others from editing it until the commit."""
        return self._one(_SHARED if for_share else _BY_ID, test_id)

    def page(
        self, created_by: str | None = None, after: str | None = None, limit: int = 100
    ) -> list[Test]:
        """Tests by title: all, or someone's and those that belong to nobody."""
        statement = _TESTS
        if created_by is not None:
            theirs = or_(TESTS.c.created_by == created_by, TESTS.c.created_by.is_(None))
            statement = statement.where(theirs)
        statement = turn(statement, TESTS.c.title, TESTS.c.id, after, limit)
        return [_test(row) for row in self._connection.execute(statement)]

    def in_use(self, test_id: str) -> bool:
        """Whether a sitting of this test has started, or someone has an attempt at it."""
        started = exists().where(SESSIONS.c.test_id == test_id, SESSIONS.c.started_at.is_not(None))
        attempted = exists().where(ATTEMPTS.c.test_id == test_id)
        return bool(self._connection.scalar(select(or_(started, attempted))))

    def add(self, test: Test) -> None:
        """Store a new test."""
        self._connection.execute(insert(TESTS).values(_VALUES), _values(test))

    def save(self, test: Test) -> None:
        """Store a changed test.

        The row is locked first: a sitting that starts meanwhile either is seen here or sees the
        change.

        Raises:
            NotFound: It has gone.
            InUse: A sitting of it has started, or someone has an attempt at it.
        """
        self._lock_unused(test.id)
        changing = update(TESTS).where(TESTS.c.id == test.id).values(_VALUES)
        self._connection.execute(changing, _values(test))

    def remove(self, test_id: str) -> None:
        """Remove a test that no session is of.

        Raises:
            NotFound: There is no such test.
            InUse: A session is of it, or someone has an attempt at it.
        """
        self._lock_unused(test_id)
        if self._connection.scalar(select(exists().where(SESSIONS.c.test_id == test_id))):
            raise InUse("Sittings of this test are planned.")
        self._connection.execute(delete(TESTS).where(TESTS.c.id == test_id))

    def _lock_unused(self, test_id: str) -> None:
        if self._one(_LOCKED, test_id) is None:
            raise NotFound
        if self.in_use(test_id):
            raise InUse("A sitting of this test has begun: it cannot be changed. Make a copy.")

    def _one(self, statement: Any, test_id: str) -> Test | None:
        row = self._connection.execute(statement, {"wanted": test_id}).one_or_none()
        return None if row is None else _test(row)


def _test(row: AnyRow) -> Test:
    return Test(
        id=row.id,
        title=row.title,
        created_by=row.created_by,
        passages=json_codec.decode_passages(row.passages),
        questions=json_codec.decode_questions(row.questions),
    )


def _values(test: Test) -> dict[str, Any]:
    return {
        "id": test.id,
        "title": test.title,
        "created_by": test.created_by,
        "passages": json_codec.encode(test.passages),
        "questions": json_codec.encode(test.questions),
    }
