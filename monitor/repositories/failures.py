"""What a failed transaction means: wait and try again, or this command's own fault.

*Temporary* is what no command is to blame for: the database is away, full, busy, restarting, or
someone else holds a lock. Such a transaction may run again as it is, after a while. Everything else
would fail again.
"""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy import exc

from monitor.errors import Conflict, Unavailable

# Classes of SQLSTATE, by their first two characters.
_CLASSES = frozenset(
    {
        "08",  # connection exception
        "53",  # insufficient resources: disk full, out of memory, too many connections
        "57",  # operator intervention: shutting down, starting up, cancelled by a timeout
        "58",  # system error: input/output
    }
)
_STATES = frozenset(
    {
        "25006",  # read only: a standby that has not been promoted yet
        "25P03",  # idle in transaction too long: we were frozen
        "40001",  # serialisation failure
        "40P01",  # deadlock
        "42P01",  # no such table: a restore is under way
        "55P03",  # lock not available in time
    }
)
# In these a COMMIT may have been done although its answer is an error.
_AFTER_COMMIT = frozenset({"08", "57"})

_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)


class CommitUnknownError(Exception):
    """COMMIT was sent and its answer never came: the transaction may have happened or not.

    Only what is found in the database tells; its `__cause__` is what the driver raised.
    """


def is_temporary(error: BaseException) -> bool:
    """Whether the same transaction may pass later, whatever it contained."""
    if isinstance(error, CommitUnknownError | Unavailable | exc.TimeoutError):
        return True
    if isinstance(error, exc.DBAPIError):
        if error.connection_invalidated:
            return True
        return error.orig is not None and is_temporary(error.orig)
    if isinstance(error, psycopg.Error):
        return _temporary_on_postgres(error)
    if isinstance(error, sqlite3.Error):
        return _sqlite_code(error) in _SQLITE
    return False


def is_lock_timeout(error: BaseException) -> bool:
    """Whether someone else held a row longer than the lock timeout."""
    if isinstance(error, exc.DBAPIError):
        return error.orig is not None and is_lock_timeout(error.orig)
    return isinstance(error, psycopg.errors.LockNotAvailable)


def commit_unknown(error: BaseException) -> bool:
    """Whether the transaction may have been committed although it failed."""
    return isinstance(error, CommitUnknownError)


def is_conflict(error: BaseException) -> bool:
    """Whether a row with the same unique value was there first."""
    return isinstance(error, Conflict | exc.IntegrityError)


def connection_lost(error: BaseException) -> bool:
    """Whether the connection broke: another one may work at once."""
    return isinstance(error, exc.DBAPIError) and error.connection_invalidated


def commit_may_have_happened(error: BaseException) -> bool:
    """Whether an error that COMMIT itself raised leaves open if it was done."""
    if isinstance(error, exc.DBAPIError):
        if error.connection_invalidated or error.orig is None:
            return True
        return commit_may_have_happened(error.orig)
    if isinstance(error, psycopg.Error):
        return error.sqlstate is None or error.sqlstate[:2] in _AFTER_COMMIT
    # SQLite: frames that were written but not synced count again after a power failure.
    return isinstance(error, sqlite3.Error) and _sqlite_code(error) == sqlite3.SQLITE_IOERR


def _temporary_on_postgres(error: psycopg.Error) -> bool:
    if error.sqlstate is None:
        # Not from the server: it could not be reached, or vanished.
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate in _STATES or error.sqlstate[:2] in _CLASSES


def _sqlite_code(error: sqlite3.Error) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    # Extended codes carry the primary one in their low byte.
    return None if code is None else code & 0xFF
