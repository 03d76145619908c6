"""School classes: the rows of `classes`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, type_coerce, update

from monitor.domain.school_class import ClassStatus, SchoolClass
from monitor.errors import InUse, NotFound
from monitor.repositories import json_codec
from monitor.repositories.column_types import AnyRow, JsonText
from monitor.repositories.paging import turn
from monitor.repositories.statements import holds_text, values_to_bind
from monitor.repositories.tables import CLASSES, SESSIONS

_COLUMNS = ("id", "name", "teacher_id", "status", "student_ids")
_CLASSES = select(
    *(CLASSES.c[name] for name in _COLUMNS if name != "student_ids"),
    type_coerce(CLASSES.c.student_ids, JsonText).label("student_ids"),
)
_VALUES = values_to_bind(CLASSES, _COLUMNS, {"student_ids": JsonText})


class SqlClassRepository:
    """Reads and writes school classes on one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, class_id: str, *, lock: bool = False) -> SchoolClass | None:
        """The class with this id; `lock` keeps others from changing it meanwhile."""
        statement = _CLASSES.where(CLASSES.c.id == class_id)
        if lock:
            statement = statement.with_for_update(key_share=True)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _school_class(row)

    def of_student(self, student_id: str) -> list[SchoolClass]:
        """The classes that this student is in, by name."""
        statement = _CLASSES.where(holds_text(CLASSES.c.student_ids, student_id))
        rows = self._connection.execute(statement.order_by(CLASSES.c.name, CLASSES.c.id))
        return [_school_class(row) for row in rows]

    def page(
        self,
        teacher_id: str | None = None,
        status: ClassStatus | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[SchoolClass]:
        """Classes by name; of one teacher, with one status, or all."""
        statement = _CLASSES
        if teacher_id is not None:
            statement = statement.where(CLASSES.c.teacher_id == teacher_id)
        if status is not None:
            statement = statement.where(CLASSES.c.status == status.value)
        statement = turn(statement, CLASSES.c.name, CLASSES.c.id, after, limit)
        return [_school_class(row) for row in self._connection.execute(statement)]

    def add(self, school_class: SchoolClass) -> None:
        """Store a new class."""
        self._connection.execute(insert(CLASSES).values(_VALUES), _values(school_class))

    def save(self, school_class: SchoolClass) -> None:
        """Store a changed class.

        Raises:
            NotFound: It has gone.
        """
        changing = update(CLASSES).where(CLASSES.c.id == school_class.id).values(_VALUES)
        if not self._connection.execute(changing, _values(school_class)).rowcount:
            raise NotFound

    def remove(self, class_id: str) -> None:
        """Remove a class that no session is of.

        Raises:
            NotFound: There is no such class.
            InUse: A session is of it.
        """
        if self.get(class_id, lock=True) is None:
            raise NotFound
        if self._connection.scalar(select(exists().where(SESSIONS.c.class_id == class_id))):
            raise InUse("Sittings of this class exist. Archive it instead.")
        self._connection.execute(delete(CLASSES).where(CLASSES.c.id == class_id))


def _school_class(row: AnyRow) -> SchoolClass:
    return SchoolClass(
        id=row.id,
        name=row.name,
        teacher_id=row.teacher_id,
        status=ClassStatus(row.status),
        student_ids=json_codec.decode_texts(row.student_ids),
    )


def _values(school_class: SchoolClass) -> dict[str, Any]:
    return {
        "id": school_class.id,
        "name": school_class.name,
        "teacher_id": school_class.teacher_id,
        "status": school_class.status.value,
        "student_ids": json_codec.encode(school_class.student_ids),
    }
