"""Statements for many rows, compiled once: SQLAlchemy's own executemany prepares each row anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect

_Processor = Callable[[Any], Any] | None


class Bulk:
    """An INSERT or UPDATE whose every parameter is named in each row.

    Of one dialect only where the statement is; the same statement may be used on several.
    """

    def __init__(self, statement: ClauseElement) -> None:
        """Take a statement of named parameters, without defaults that SQLAlchemy would fill in."""
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[tuple[str, _Processor]], bool]] = {}

    def execute(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run it for each row, in one call of the driver; returns how many rows it touched."""
        sql, names, is_positional = self._for(connection.dialect)
        given: list[Any] = [
            [row[name] if process is None else process(row[name]) for name, process in names]
            for row in rows
        ]
        keys = [name for name, _ in names]
        values: list[Any] = [
            tuple(row) if is_positional else dict(zip(keys, row, strict=True)) for row in given
        ]
        return connection.exec_driver_sql(sql, values).rowcount

    def _for(self, dialect: Dialect) -> tuple[str, list[tuple[str, _Processor]], bool]:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled: Any = self._statement.compile(dialect=dialect)
            positional = bool(compiled.positional)
            names = compiled.positiontup if positional else list(compiled.binds)
            processors = {
                name: one.type.dialect_impl(dialect).bind_processor(dialect)
                for name, one in compiled.binds.items()
            }
            pairs = [(name, processors[name]) for name in names]
            known = self._compiled[dialect.name] = (str(compiled), pairs, positional)
        return known
