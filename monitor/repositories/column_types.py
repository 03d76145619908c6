"""Column types: aware UTC times, and JSON that passes as text to typed decoders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, DateTime, Row, Select, Text, cast
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Dialect

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


class UtcDateTime(TypeDecorator[datetime]):
    """A time: aware in, aware UTC out; a naive one is refused.

    PostgreSQL keeps `timestamp with time zone`, SQLite the UTC time as text.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time names its offset")
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time, aware, in UTC."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[str]):
    """A JSON column seen as its text, so that a typed decoder reads it in one step.

    Used in statements (`type_coerce(column, JsonText)`, `bindparam(type_=JsonText)`), never in a
    table: there the column is plain `JSON`, for everyone who reads it with SQLAlchemy.
    """

    impl = JSON
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """Text passes as it is; PostgreSQL gets it with a cast to json."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Text passes as it is."""

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        """Ask for text: psycopg would decode json, and SQLite keeps bare numbers as numbers."""
        return cast(column, Text)
