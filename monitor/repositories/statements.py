"""Parts that several repositories' statements are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Insert, Table, Text, bindparam, cast
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from monitor.repositories import json_codec


def values_to_bind(
    table: Table,
    names: Iterable[str],
    types: Mapping[str, type[TypeEngine[Any]]] | None = None,
) -> dict[str, BindParameter[Any]]:
    """A parameter for each column, named like it, of the column's type or another one."""
    given = types or {}
    return {name: bindparam(name, type_=given.get(name, table.c[name].type)) for name in names}


def upsert_statements(table: Table, values: Mapping[str, BindParameter[Any]]) -> dict[str, Insert]:
    """By dialect: insert a row, or give the one with this id the new values."""
    statements: dict[str, Insert] = {}
    for dialect in (postgresql, sqlite):
        statement = dialect.insert(table).values(dict(values))
        changed = {name: statement.excluded[name] for name in values if name != "id"}
        statements[dialect.dialect.name] = statement.on_conflict_do_update(
            index_elements=[table.c.id], set_=changed
        )
    return statements


def insert_if_absent_statements(
    table: Table, values: Mapping[str, BindParameter[Any]]
) -> dict[str, Insert]:
    """By dialect: insert a row, or leave the one with this id as it is."""
    return {
        dialect.dialect.name: dialect.insert(table)
        .values(dict(values))
        .on_conflict_do_nothing(index_elements=[table.c.id])
        for dialect in (postgresql, sqlite)
    }


def holds_text(column: ColumnElement[Any], wanted: str) -> ColumnElement[bool]:
    """Whether this string stands anywhere in a JSON column; for ids, which nothing else equals."""
    return cast(column, Text).contains(json_codec.encode(wanted), autoescape=True)
