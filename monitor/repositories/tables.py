"""The tables, as other tools read them too: the design fixes names, columns and index names.

Primary keys are UUID strings, times aware UTC, JSON columns plain `JSON` that is only ever
rewritten whole. Few foreign keys and no cascades: clean-up is application code. No index holds a
column that a heartbeat changes, so that those updates stay HOT.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from monitor.repositories.column_types import UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _now() -> datetime:
    return datetime.now(UTC)


def _uuid() -> str:
    return str(uuid4())


def _id() -> MappedColumn[str]:
    return mapped_column(String(36), primary_key=True, default=_uuid)


def _json_list() -> MappedColumn[list[Any]]:
    return mapped_column(JSON, default=list, server_default=text("'[]'"))


def _json_map() -> MappedColumn[dict[str, Any]]:
    return mapped_column(JSON, default=dict, server_default=text("'{}'"))


def _count(kind: type[Integer] = Integer) -> MappedColumn[int]:
    return mapped_column(kind, default=0, server_default=text("0"))


def _seconds() -> MappedColumn[float]:
    return mapped_column(Double, default=0.0, server_default=text("0"))


def _moment() -> MappedColumn[datetime | None]:
    return mapped_column(UtcDateTime)


def _made_at() -> MappedColumn[datetime]:
    return mapped_column(UtcDateTime, default=_now, server_default=text("CURRENT_TIMESTAMP"))


class Base(DeclarativeBase):
    """Common registry of all tables."""

    metadata = MetaData(naming_convention=NAMES)


class UserModel(Base):
    """People with an account; e-mail addresses are written in lower case."""

    __tablename__ = "users"

    id: Mapped[str] = _id()
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(32))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime] = _made_at()
    token_epoch: Mapped[int] = _count()


class TestModel(Base):
    """Tests: passages to read and questions to answer."""

    __test__ = False  # not a pytest class
    __tablename__ = "tests"

    id: Mapped[str] = _id()
    title: Mapped[str] = mapped_column(String(255))
    passages: Mapped[list[Any]] = _json_list()
    questions: Mapped[list[Any]] = _json_list()
    created_by: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime] = _made_at()


class ClassModel(Base):
    """School classes: a teacher's lists of students."""

    __tablename__ = "classes"

    id: Mapped[str] = _id()
    name: Mapped[str] = mapped_column(String(255), index=True)
    teacher_id: Mapped[str] = mapped_column(String(36), ForeignKey("users.id"), index=True)
    student_ids: Mapped[list[Any]] = _json_list()
    status: Mapped[str] = mapped_column(
        String(32), default="ACTIVE", server_default=text("'ACTIVE'"), index=True
    )


class SessionModel(Base):
    """Sessions: sittings of a test by a class, with everyone's place in `participants`."""

    __tablename__ = "sessions"

    id: Mapped[str] = _id()
    class_id: Mapped[str] = mapped_column(String(36), index=True)
    test_id: Mapped[str] = mapped_column(String(36), index=True)
    title: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(
        String(32), default="SCHEDULED", server_default=text("'SCHEDULED'"), index=True
    )
    scheduled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    started_at: Mapped[datetime | None] = _moment()
    completed_at: Mapped[datetime | None] = _moment()
    created_by: Mapped[str] = mapped_column(String(36), index=True)
    participants: Mapped[list[Any]] = _json_list()
    version: Mapped[int] = _count(BigInteger)
    session_version: Mapped[int] = _count(BigInteger)
    roster_version: Mapped[int] = _count(BigInteger)
    duration_seconds: Mapped[int | None] = mapped_column(Integer)
    extended_seconds: Mapped[int] = _count()
    paused_seconds: Mapped[float] = _seconds()
    paused_at: Mapped[datetime | None] = _moment()
    pauses: Mapped[list[Any]] = _json_list()
    extra_seconds: Mapped[dict[str, Any]] = _json_map()
    invigilator_ids: Mapped[list[Any]] = _json_list()
    observer_ids: Mapped[list[Any]] = _json_list()
    roster: Mapped[list[Any]] = _json_list()


class AttemptModel(Base):
    """Attempts: one student's work on one test, in a sitting or standing alone."""

    __tablename__ = "attempts"

    id: Mapped[str] = _id()
    test_id: Mapped[str] = mapped_column(String(36), index=True)
    student_id: Mapped[str] = mapped_column(String(36), index=True)
    status: Mapped[str] = mapped_column(
        String(32), default="NOT_STARTED", server_default=text("'NOT_STARTED'"), index=True
    )
    answers: Mapped[dict[str, Any]] = _json_map()
    started_at: Mapped[datetime | None] = _moment()
    submitted_at: Mapped[datetime | None] = _moment()
    session_id: Mapped[str | None] = mapped_column(
        String(36), ForeignKey("sessions.id"), index=True
    )
    highlighted_text: Mapped[list[Any] | None] = mapped_column(
        JSON, default=list, server_default=text("'[]'")
    )
    version: Mapped[int] = _count(BigInteger)
    student_version: Mapped[int] = _count(BigInteger)
    answer_connections: Mapped[dict[str, Any]] = _json_map()
    submitted_by: Mapped[str | None] = mapped_column(String(32))
    reopened_at: Mapped[datetime | None] = _moment()
    answered: Mapped[int] = _count()
    total: Mapped[int] = _count()
    highlights: Mapped[int] = _count()
    question_id: Mapped[str | None] = mapped_column(String(255))
    visible: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    hidden_count: Mapped[int] = _count()
    hand_raised_at: Mapped[datetime | None] = _moment()
    hand_text: Mapped[str | None] = mapped_column(Text)
    hidden_at: Mapped[datetime | None] = _moment()
    visibility_marked_at: Mapped[datetime | None] = _moment()
    reconnects: Mapped[int] = _count()
    lost_seconds: Mapped[float] = _seconds()
    given_back_seconds: Mapped[float] = _seconds()
    lost: Mapped[list[Any]] = _json_list()
    note: Mapped[str | None] = mapped_column(Text)
    late_answers: Mapped[int] = _count()
    late_event_ids: Mapped[list[Any]] = _json_list()
    kept_event_ids: Mapped[list[Any]] = _json_list()
    saved_marks: Mapped[dict[str, Any]] = _json_map()
    last_saved_at: Mapped[datetime | None] = _moment()


class SessionEventModel(Base):
    """The history of sittings; the id of a command that must not happen twice is its event's."""

    __tablename__ = "session_events"

    id: Mapped[str] = _id()
    session_id: Mapped[str] = mapped_column(String(36))
    version: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    type: Mapped[str] = mapped_column(String(32))
    student_id: Mapped[str | None] = mapped_column(String(36))
    actor_id: Mapped[str | None] = mapped_column(String(36))
    data: Mapped[dict[str, Any]] = _json_map()
    reply: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)

    __table_args__ = (Index(None, "session_id", "version"),)


class SessionMessageModel(Base):
    """Messages from teachers to students of a sitting, with their receipts."""

    __tablename__ = "session_messages"

    id: Mapped[str] = _id()
    session_id: Mapped[str] = mapped_column(String(36), index=True)
    text: Mapped[str] = mapped_column(Text)
    student_ids: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    sent_by: Mapped[str] = mapped_column(String(36))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivered: Mapped[dict[str, Any]] = _json_map()
    read: Mapped[dict[str, Any]] = _json_map()
    version: Mapped[int] = mapped_column(BigInteger)


class SignInLinkModel(Base):
    """Sign-in links of students; what is kept of a link and its short code are hashes."""

    __tablename__ = "sign_in_links"

    id: Mapped[str] = _id()
    session_id: Mapped[str] = mapped_column(String(36), index=True)
    student_id: Mapped[str] = mapped_column(String(36))
    token_hash: Mapped[str] = mapped_column(String(128), unique=True)
    code_hash: Mapped[str] = mapped_column(String(128), unique=True)
    created_by: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime] = _made_at()
    revoked_at: Mapped[datetime | None] = _moment()


class EpochModel(Base):
    """One row: the epoch within which versions only rise; another after a restore."""

    __tablename__ = "epoch"

    id: Mapped[str] = _id()
    changed_at: Mapped[datetime] = _made_at()


def _table(model: type[Base]) -> Table:
    return cast("Table", model.__table__)


USERS = _table(UserModel)
TESTS = _table(TestModel)
CLASSES = _table(ClassModel)
SESSIONS = _table(SessionModel)
ATTEMPTS = _table(AttemptModel)
EVENTS = _table(SessionEventModel)
MESSAGES = _table(SessionMessageModel)
LINKS = _table(SignInLinkModel)
EPOCH = _table(EpochModel)
