"""Migrations: the tables of a database brought to a revision, whole or not at all.

One transaction holds all steps and a lock, so that any number of processes may start at once: the
first migrates, the others wait and find nothing to do.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from monitor.errors import SettingsError, Unavailable
from monitor.paths import migrations_dir
from monitor.repositories import engines
from monitor.repositories.failures import is_temporary

# Any number that no other program would lock: the first bytes of "monitor".
_ADVISORY_LOCK = 0x6D6F6E69746F72
# Alembic keeps the migration under way in a module, so a process runs one at a time.
_ONE_AT_A_TIME = threading.Lock()


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring the tables up to a revision.

    Raises:
        Unavailable: The database cannot be reached, or another process keeps migrating.
        SettingsError: The database was migrated by a newer Monitor, or there is no such revision.
    """
    with _one_transaction(database_url) as config:
        command.upgrade(config, revision)


def downgrade(database_url: str, revision: str) -> None:
    """Take the tables back to a revision: `-1` one step, `base` all.

    What the older tables cannot hold is lost.

    Raises:
        Unavailable: The database cannot be reached, or another process keeps migrating.
        SettingsError: There is no such revision.
    """
    with _one_transaction(database_url) as config:
        command.downgrade(config, revision)


def current(database_url: str) -> str | None:
    """The revision the tables are at; None before the first migration.

    Raises:
        Unavailable: The database cannot be reached.
    """
    address = engines.database_address(database_url)
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists():
        return None  # looking must not make an empty file
    engine = engines.inspecting_engine(address)
    try:
        with _named_errors(), engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head() -> str:
    """The newest revision that this version of Monitor knows."""
    newest = _scripts().get_current_head()
    if newest is None:
        raise FileNotFoundError("Monitor is not wholly installed: there are no migrations")
    return newest


def is_current(database_url: str) -> bool:
    """Whether the tables are at the newest revision.

    Raises:
        Unavailable: The database cannot be reached.
    """
    return current(database_url) == head()


def problem(database_url: str) -> str | None:
    """Why the tables do not fit this version of Monitor, with what to do; None if they fit.

    Raises:
        Unavailable: The database cannot be reached.
    """
    revision = current(database_url)
    if revision == head():
        return None
    if revision is None:
        return "The database has no tables yet. Run: monitor migrate"
    if _is_known(revision):
        return f"The database is from an older Monitor (revision {revision}). Run: monitor migrate"
    return _too_new(revision)


@contextmanager
def migration_connection(database_url: str) -> Iterator[Connection]:
    """A connection in the one transaction of a migration, holding the lock; commits at the end."""
    address = engines.database_address(database_url)
    engine = engines.migrating_engine(address)
    try:
        with engine.connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                # Gone with the transaction, however it ends.
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
                )
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _one_transaction(database_url: str) -> Iterator[Config]:
    with _ONE_AT_A_TIME, _named_errors(), migration_connection(database_url) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is not None and not _is_known(revision):
            raise SettingsError(_too_new(revision))
        config = _config()
        config.attributes["connection"] = connection
        yield config


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        if not is_temporary(error):
            raise
        reason = error.orig if isinstance(error, DBAPIError) else error
        first = str(reason).strip().splitlines()[:1]
        raise Unavailable(f"The database cannot be reached: {' '.join(first)}") from error
    except CommandError as error:
        raise SettingsError(f"The database cannot be migrated: {error}.") from error


def _is_known(revision: str) -> bool:
    return any(script.revision == revision for script in _scripts().walk_revisions())


def _too_new(revision: str) -> str:
    return f"The database is from a newer Monitor (revision {revision}). Update Monitor."


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    # Alembic expands % in options.
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
