"""Messages: the rows of `session_messages`, with their receipts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select, type_coerce

from monitor.domain.message import Message
from monitor.repositories import json_codec
from monitor.repositories.column_types import AnyRow, JsonText
from monitor.repositories.paging import batches
from monitor.repositories.statements import upsert_statements, values_to_bind
from monitor.repositories.tables import MESSAGES

_PLAIN = ("id", "session_id", "text", "sent_by", "sent_at", "version")
_JSON = dict.fromkeys(("student_ids", "delivered", "read"), JsonText)
_MESSAGES = select(
    *(MESSAGES.c[name] for name in _PLAIN),
    *(type_coerce(MESSAGES.c[name], JsonText).label(name) for name in _JSON),
)
_OF_SESSION = _MESSAGES.where(
    MESSAGES.c.session_id == bindparam("session_id"),
    MESSAGES.c.version > bindparam("newer_than"),
).order_by(MESSAGES.c.sent_at, MESSAGES.c.id)
_BY_IDS = _MESSAGES.where(
    MESSAGES.c.session_id == bindparam("session_id"),
    MESSAGES.c.id.in_(bindparam("ids", expanding=True)),
)
_UPSERT = upsert_statements(MESSAGES, values_to_bind(MESSAGES, (*_PLAIN, *_JSON), _JSON))


class SqlMessageRepository:
    """Reads and writes messages on one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_session(self, session_id: str, newer_than: int = -1) -> list[Message]:
        """The messages of a session that changed after a version, in the order they were sent."""
        rows = self._connection.execute(
            _OF_SESSION, {"session_id": session_id, "newer_than": newer_than}
        )
        return [_message(row) for row in rows]

    def get_many(self, session_id: str, ids: Iterable[str]) -> list[Message]:
        """Those of these messages that exist in this session."""
        return [
            _message(row)
            for batch in batches(ids)
            for row in self._connection.execute(_BY_IDS, {"session_id": session_id, "ids": batch})
        ]

    def save_many(self, messages: Iterable[Message]) -> None:
        """Store messages, new or with new receipts."""
        rows = [_values(message) for message in messages]
        if rows:
            self._connection.execute(_UPSERT[self._connection.dialect.name], rows)


def _message(row: AnyRow) -> Message:
    return Message(
        id=row.id,
        session_id=row.session_id,
        text=row.text,
        student_ids=None if row.student_ids is None else json_codec.decode_texts(row.student_ids),
        sent_by=row.sent_by,
        sent_at=row.sent_at,
        delivered=json_codec.decode_moments(row.delivered),
        read=json_codec.decode_moments(row.read),
        version=row.version,
    )


def _values(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "session_id": message.session_id,
        "text": message.text,
        "student_ids": None
        if message.student_ids is None
        else json_codec.encode(message.student_ids),
        "sent_by": message.sent_by,
        "sent_at": message.sent_at,
        "delivered": json_codec.encode_moments(message.delivered),
        "read": json_codec.encode_moments(message.read),
        "version": message.version,
    }
