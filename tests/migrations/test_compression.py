from __future__ import annotations

import runpy
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Connection, text

from monitor.repositories.tables import Base
from tests.migrations.rows import connected

_VERSIONS = Path(__file__).parents[2] / "migrations/versions"
# Those that make JSON columns compressed: the ones there were, and each new one since.
_REVISIONS = ("e19f60a7d2c8_compress_json_with_lz4.py", "a4d917c3e652_observers_of_sessions.py")
_METHODS = text(
    "SELECT relname, attname, attcompression FROM pg_attribute JOIN pg_class"
    " ON pg_class.oid = attrelid WHERE attnum > 0 AND relnamespace = 'public'::regnamespace"
    " AND relkind = 'r' AND NOT attisdropped"
)
_LZ4 = text(
    "SELECT count(*) FROM pg_settings"
    " WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"
)
_JSON_COLUMNS = {
    (table.name, column.name)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, JSON)
}


def _compressed(connection: Connection, method: str) -> set[tuple[str, str]]:
    rows = connection.execute(_METHODS)
    return {(table, column) for table, column, found in rows if _text(found) == method}


def _set_compression(method: str, offered: str) -> None:
    for revision in _REVISIONS:
        set_compression = runpy.run_path(str(_VERSIONS / revision))["_set_compression"]
        set_compression.__globals__["_OFFERED"] = text(offered)
        set_compression(method)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def test_json_is_compressed_with_lz4_where_the_server_offers_it(postgres_url: str) -> None:
    with connected(postgres_url) as connection:
        offered = bool(connection.scalar(_LZ4))

        assert _compressed(connection, "l") == (_JSON_COLUMNS if offered else set())


def test_the_revisions_set_and_take_back_the_method_of_every_json_column(
    postgres_url: str,
) -> None:
    """With a method that every server has, as the one of the tests may be built without lz4."""
    with (
        connected(postgres_url) as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        _set_compression("pglz", offered="SELECT 1")
        assert _compressed(connection, "p") == _JSON_COLUMNS

        _set_compression("default", offered="SELECT 1")
        assert _compressed(connection, "p") == set()


def test_a_server_without_lz4_is_left_alone(postgres_url: str) -> None:
    with connected(postgres_url) as connection:
        before = _compressed(connection, "p")
        with Operations.context(MigrationContext.configure(connection)):
            _set_compression("pglz", offered="SELECT 1 WHERE false")

        assert _compressed(connection, "p") == before == set()
