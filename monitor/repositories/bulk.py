"""Statements of the recorder, compiled once.

SQLAlchemy prepares each row of an executemany anew, and an IN list at each execution: at every
commit that costs more than the database does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ClauseElement,
    ColumnElement,
    Connection,
    Dialect,
    String,
    any_,
    bindparam,
    func,
    literal_column,
    select,
)

from monitor.repositories import json_codec
from monitor.repositories.column_types import AnyRow, AnySelect

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
        # One row alone needs no pipeline.
        return connection.exec_driver_sql(sql, values[0] if len(values) == 1 else values).rowcount

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


class Lookup:
    """A SELECT of the rows with certain ids, in any number, as the driver gives them.

    For columns that need no conversion: text and whole numbers.
    """

    def __init__(self, statement: AnySelect, id_column: ColumnElement[str]) -> None:
        """Take a statement without parameters of its own."""
        value: AnySelect = select(literal_column("value")).select_from(
            func.json_each(bindparam("ids"))
        )
        ids = bindparam("ids", type_=ARRAY(String))
        self._statements = {
            "sqlite": statement.where(id_column.in_(value)),
            "postgresql": statement.where(id_column == any_(ids)),
        }
        self._compiled: dict[str, str] = {}

    def execute(self, connection: Connection, ids: Collection[str]) -> Sequence[AnyRow]:
        """The rows that exist."""
        sql, given = self.compiled(connection.dialect, ids)
        return connection.exec_driver_sql(sql, given).fetchall()

    def compiled(self, dialect: Dialect, ids: Collection[str]) -> tuple[str, Any]:
        """The statement of a dialect and its parameters, as the driver takes them."""
        sql = self._compiled.get(dialect.name)
        if sql is None:
            sql = str(self._statements[dialect.name].compile(dialect=dialect))
            self._compiled[dialect.name] = sql
        some = list(ids)
        return sql, (json_codec.encode(some),) if dialect.name == "sqlite" else {"ids": some}
