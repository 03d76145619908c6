from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from monitor.repositories.tables import Base
from tests.migrations.rows import connected


def _drift(database_url: str) -> list[Any]:
    """What `alembic check` compares."""
    with connected(database_url) as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def test_the_migrations_make_what_the_models_say(database_url: str) -> None:
    assert _drift(database_url) == []


def test_a_difference_would_be_found(database_url: str) -> None:
    with connected(database_url) as connection:
        connection.execute(text("DROP INDEX ix_sessions_test_id"))
        connection.execute(text("ALTER TABLE users ADD COLUMN colour VARCHAR(10)"))

    assert sorted(difference[0] for difference in _drift(database_url)) == [
        "add_index",
        "remove_column",
    ]
