"""A school class: a teacher's list of students."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class ClassStatus(StrEnum):
    """Whether a class is in use."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


class SchoolClass(Struct, frozen=True, kw_only=True):
    """A row of `classes`."""

    id: str
    name: str
    teacher_id: str
    student_ids: tuple[str, ...] = ()
    status: ClassStatus = ClassStatus.ACTIVE
