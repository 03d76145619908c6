"""Engines: how each kind of database is opened, for writing and for reading.

SQLite: one writer connection whose transactions begin with `BEGIN IMMEDIATE`, and readers of their
own whose explicit `BEGIN` makes several reads one snapshot (WAL). What is committed is on disk.
PostgreSQL: readers are REPEATABLE READ, READ ONLY; no statement, lock or dead network is waited
for without end.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.engine.url import URL
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from monitor.config import Settings
from monitor.errors import SettingsError
from monitor.repositories import json_codec

# Another process (the command line) may hold SQLite's write lock for one small transaction.
BUSY_SECONDS = 5.0
# Another process that migrates is waited for so long; big tables take their time.
MIGRATE_WAIT_SECONDS = 60
# A checkpoint after a burst of commits cuts the write-ahead log back to this.
WAL_BYTES = 64 * 1024 * 1024
CONNECT_SECONDS = 5  # a server that does not answer by then is away
# A peer that vanished without a word is found out within about 11 seconds.
_KEEPALIVE = {
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def database_address(database_url: str) -> URL:
    """The URL with the driver we use.

    Raises:
        SettingsError: It names a database we do not know, or one that cannot be shared.
    """
    url = make_url(database_url)
    backend = {"postgres": "postgresql"}.get(url.get_backend_name(), url.get_backend_name())
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise SettingsError(f"MONITOR_DATABASE_URL: {backend} is not supported.")
    if url.database in {None, "", ":memory:"}:
        raise SettingsError(
            "MONITOR_DATABASE_URL: SQLite needs a file, for example sqlite:///monitor.db."
        )
    return url.set(drivername="sqlite")


def sqlite_writer(url: URL, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """The engine of the one connection that writes; used by one thread at a time."""
    engine = _sqlite_engine(url, 1, busy_seconds)

    @event.listens_for(engine, "connect")
    def _durable(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        _write_ahead(connection, busy_seconds)
        _run(
            connection,
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            f"PRAGMA journal_size_limit = {WAL_BYTES}",
        )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def sqlite_readers(url: URL, connections: int) -> Engine:
    """The engine of the connections that read; they cannot write."""
    engine = _sqlite_engine(url, connections, BUSY_SECONDS)

    @event.listens_for(engine, "connect")
    def _read_only(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        _run(connection, "PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Without it each statement would read a snapshot of its own.
        connection.exec_driver_sql("BEGIN")

    return engine


def postgres_engine(
    url: URL,
    settings: Settings,
    purpose: str,
    connections: int,
    *,
    read_only: bool = False,
    pre_ping: bool = False,
) -> Engine:
    """An engine on PostgreSQL with up to `connections`, never waiting without end.

    Args:
        url: From `database_address`.
        settings: For the timeouts of statements and locks.
        purpose: Shown as part of the connection's application name.
        connections: The number of threads that use it.
        read_only: Each transaction is one snapshot and cannot write.
        pre_ping: A connection that broke while idle is replaced before use.
    """
    return create_engine(
        url,
        **_common(),
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=pre_ping,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": f"monitor {purpose}",
            "options": _session_options(url, settings, read_only=read_only),
            **_KEEPALIVE,
        },
    )


def inspecting_engine(url: URL) -> Engine:
    """An engine for a short look at the tables, whatever state they are in."""
    if url.get_backend_name() == "sqlite":
        return sqlite_readers(url, 1)
    return create_engine(
        url,
        poolclass=NullPool,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": _options(url, {"statement_timeout": MIGRATE_WAIT_SECONDS * 1000}),
            **_KEEPALIVE,
        },
    )


def migrating_engine(url: URL) -> Engine:
    """An engine for changing tables: statements take as long as they need.

    On SQLite foreign keys are not enforced, because a table is changed by replacing it.
    """
    if url.get_backend_name() == "sqlite":
        engine = _sqlite_engine(url, 1, MIGRATE_WAIT_SECONDS)

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine
    options: dict[str, int | str] = {
        "timezone": "UTC",
        "lock_timeout": MIGRATE_WAIT_SECONDS * 1000,
    }
    return create_engine(
        url,
        **_common(),
        poolclass=NullPool,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "monitor migrate",
            "options": _options(url, options),
            **_KEEPALIVE,
        },
    )


def _session_options(url: URL, settings: Settings, *, read_only: bool) -> str:
    return _options(
        url,
        {
            "timezone": "UTC",
            "default_transaction_isolation": "repeatable read" if read_only else "read committed",
            "default_transaction_read_only": "on" if read_only else "off",
            "statement_timeout": settings.statement_timeout_ms,
            "lock_timeout": settings.lock_timeout_ms,
            # A process that froze in mid-transaction must not keep its rows from the others.
            "idle_in_transaction_session_timeout": settings.statement_timeout_ms,
        },
    )


def _options(url: URL, options: dict[str, int | str]) -> str:
    given = url.query.get("options", ())
    first = [given] if isinstance(given, str) else list(given)
    # A space within a value is escaped, for spaces part the options.
    values = {name: str(value).replace(" ", r"\ ") for name, value in options.items()}
    return " ".join([*first, *(f"-c {name}={value}" for name, value in values.items())])


def _sqlite_engine(url: URL, connections: int, busy_seconds: float) -> Engine:
    engine = create_engine(
        url,
        **_common(),
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": busy_seconds},
    )

    @event.listens_for(engine, "connect")
    def _own_transactions(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # The driver begins none by itself: the hooks on "begin" do.
        connection.isolation_level = None

    return engine


def _common() -> dict[str, Any]:
    return {
        "json_serializer": json_codec.encode,
        "json_deserializer": json_codec.decode,
        "hide_parameters": True,  # an error in the log must not tell what a student answered
    }


def _write_ahead(connection: DBAPIConnection, busy_seconds: float) -> None:
    """Switch to the write-ahead log; for good, the file remembers it.

    SQLite does not wait its busy timeout for this lock when another process opens the file too.
    """
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            return _run(connection, "PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _run(connection: DBAPIConnection, *statements: str) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
        cursor.fetchall()
    cursor.close()
