"""What is looked at before a server starts, so that it fails with a sentence and not under load."""

from __future__ import annotations

import resource
import sqlite3
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from monitor.cli.exit_codes import CommandFailed, ExitCode
from monitor.cli.secret_key import sqlite_path
from monitor.cli.settings import without_password
from monitor.errors import SettingsError, Unavailable

if TYPE_CHECKING:
    from monitor.config import Settings

log = structlog.get_logger(__name__)

# Files that are not sockets of students: database, Redis, listeners, logs, the program itself.
FILES_OF_OUR_OWN = 100
# A school that needs more knows; one below is told the number.
STUDENTS_EXPECTED = 2_000


def check_workers(settings: Settings) -> None:
    """Refuse more than one process without what holds them together.

    Raises:
        SettingsError: PostgreSQL or Redis is missing.
    """
    if settings.workers > 1 and (settings.embedded or settings.redis_url is None):
        raise SettingsError(
            f"{settings.workers} workers need PostgreSQL (MONITOR_DATABASE_URL) and Redis "
            "(MONITOR_REDIS_URL), because SQLite and the in-memory broker belong to one process."
        )


def prepare_database(settings: Settings) -> None:
    """Bring the embedded database up to date, or see that the other one is.

    Raises:
        CommandFailed: It cannot be reached or written, or its schema does not fit.
    """
    if settings.embedded:
        check_writable(settings)
        upgrade(settings.database_url)
    check_schema(settings)


def check_schema(settings: Settings) -> None:
    """See that the database is there and has the schema this version needs.

    Raises:
        CommandFailed: It cannot be reached, or its schema does not fit.
    """
    from monitor.repositories import migrate  # slow to import

    try:
        problem = migrate.problem(settings.database_url)
    except (Unavailable, SQLAlchemyError) as error:
        raise unreachable(settings.database_url, error) from error
    if problem is not None:
        raise CommandFailed(problem, ExitCode.WRONG_SCHEMA)


def upgrade(database_url: str, revision: str = "head") -> None:
    """Migrate the database up to this revision.

    Raises:
        CommandFailed: It cannot be reached or written, or is from a newer Monitor.
    """
    from monitor.repositories import migrate  # slow to import

    try:
        migrate.upgrade(database_url, revision)
    except (Unavailable, SQLAlchemyError) as error:
        raise unreachable(database_url, error) from error
    except SettingsError as error:
        # From a newer Monitor; or a revision that the command line named and nobody knows.
        code = ExitCode.WRONG_SCHEMA if revision == "head" else ExitCode.BAD_USAGE
        raise CommandFailed(str(error), code) from error


def check_writable(settings: Settings) -> None:
    """See that the embedded database's file can be made and written.

    Raises:
        CommandFailed: It cannot.
    """
    path = sqlite_path(settings.database_url)
    try:
        connection = sqlite3.connect(path, timeout=5)
        try:
            # Takes the write lock, and with it makes the file and its journal.
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise CommandFailed(
            f"Cannot write the database {path}: {error}. "
            "Does its directory exist, may this user write there, and is the disk not full?",
            ExitCode.NO_DATABASE,
        ) from error


def unreachable(database_url: str, error: Exception) -> CommandFailed:
    """The failure that says why the database cannot be used and what to look at."""
    reason: BaseException = error
    while isinstance(reason, SQLAlchemyError | Unavailable):
        inner = getattr(reason, "orig", None) or reason.__cause__
        if inner is None:
            break
        reason = inner
    lines = str(reason).strip().splitlines() or [type(reason).__name__]
    return CommandFailed(
        f"Cannot reach the database {without_password(database_url)}: {lines[0].strip(' .')}. "
        "Is it running, and is MONITOR_DATABASE_URL right?",
        ExitCode.NO_DATABASE,
    )


def raise_open_files() -> int:
    """Allow this process as many open files as it may have, and say if those are few.

    Each student and each dashboard is one open file.

    Returns:
        The number allowed.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and (hard == resource.RLIM_INFINITY or soft < hard):
        wanted = 1_048_576 if hard == resource.RLIM_INFINITY else hard
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
        except (OSError, ValueError) as error:
            log.warning("the limit of open files could not be raised", error=str(error))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY:
        return 1_048_576
    needed = STUDENTS_EXPECTED + FILES_OF_OUR_OWN
    if soft < needed:
        log.warning(
            "few open files are allowed: each student and each dashboard is one",
            allowed=soft,
            enough_for=max(soft - FILES_OF_OUR_OWN, 0),
            hint=f"ulimit -n {needed} for {STUDENTS_EXPECTED}",
        )
    return soft
