"""Every test gets a database of its own, of both kinds, migrated or empty."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, inspect, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


@contextmanager
def _connect(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _tables(url: str) -> list[str]:
    with _connect(url) as connection:
        return inspect(connection).get_table_names()


def test_a_database_has_the_newest_schema(database_url: str) -> None:
    assert {"sessions", "attempts", "alembic_version"} <= set(_tables(database_url))


def test_an_empty_database_has_no_table(empty_database_url: str) -> None:
    assert _tables(empty_database_url) == []


@pytest.mark.parametrize("attempt", ["first", "second"])
def test_what_a_test_writes_no_other_test_reads(database_url: str, attempt: str) -> None:
    with _connect(database_url) as connection:
        connection.execute(text("CREATE TABLE mine (name text)"))
        connection.execute(text("INSERT INTO mine VALUES (:name)"), {"name": attempt})
        rows = connection.execute(text("SELECT name FROM mine")).scalars().all()

    assert rows == [attempt]
