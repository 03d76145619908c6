"""Bare heartbeats on SQLite: WAL, `synchronous=FULL`, as Monitor's own writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from monitor.protocol.timestamps import rfc3339
from tests.benchmarks.write_path import participants
from tests.benchmarks.write_path.shape import Kept, Shape

Beat = tuple[int, datetime]

_TABLES = """
CREATE TABLE bare_sessions (id TEXT PRIMARY KEY, participants TEXT, version INTEGER);
CREATE TABLE bare_participants (
    session_id TEXT, student_id TEXT, attempt_id TEXT, joined_at TEXT, connection_status TEXT,
    last_activity TEXT, connection_id TEXT, disconnected_at TEXT, version INTEGER, beats INTEGER,
    PRIMARY KEY (session_id, student_id)
);
"""
_ROW = (
    "UPDATE bare_participants SET last_activity = ?, connection_status = 'CONNECTED',"
    " version = version + 1, beats = beats + 1 WHERE session_id = ? AND student_id = ?"
)
_ARRAY = "UPDATE bare_sessions SET participants = ?, version = version + 1 WHERE id = ?"
# Ten writers that wait for each other's lock.
_BUSY_SECONDS = 60.0


class SqliteStore:
    """One connection; transactions are begun by hand."""

    def __init__(self, url: str, shape: Shape) -> None:
        self._shape = shape
        self._connection = _connect(url)
        self._arrays = participants.Arrays(shape)

    @classmethod
    def prepare(cls, url: str, shape: Shape) -> None:
        """Make and fill the tables."""
        connection = _connect(url)
        connection.executescript(_TABLES)
        connection.execute("BEGIN")
        for session, session_id in enumerate(shape.session_ids):
            items = participants.items_of(shape, session)
            connection.execute(
                "INSERT INTO bare_sessions VALUES (?, ?, 0)",
                (session_id, participants.encode(items)),
            )
            connection.executemany(
                "INSERT INTO bare_participants VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
                [
                    (
                        *(session_id, item.student_id, item.attempt_id, item.joined_at),
                        *(item.connection_status, item.last_activity, item.connection_id, None),
                    )
                    for item in items
                ],
            )
        connection.execute("COMMIT")
        connection.close()

    def one_row(self, beat: Beat) -> None:
        """Update one row; a statement of its own is a transaction."""
        self._connection.execute(_ROW, self._parameters(beat))

    def rows(self, beats: Sequence[Beat]) -> None:
        """Update all in one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(_ROW, [self._parameters(beat) for beat in beats])
        self._connection.execute("COMMIT")

    def arrays(self, beats: Sequence[Beat]) -> None:
        """Rewrite each array once."""
        changed = self._arrays.take(beats)
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(_ARRAY, [(array, id_) for id_, array in changed])
        self._connection.execute("COMMIT")

    def read_modify_write(self, beat: Beat) -> None:
        """Read, change, write: what an ORM does by default on SQLite, without a lock between."""
        student, at = beat
        session_id = self._shape.session_of(student)
        found = self._connection.execute(
            "SELECT participants FROM bare_sessions WHERE id = ?", (session_id,)
        ).fetchone()
        items = participants.decode(found[0])
        items[student // self._shape.sessions].beat(at)
        self._connection.execute(_ARRAY, (participants.encode(items), session_id))

    def kept(self) -> Kept:
        """What both tables hold."""
        arrays = self._connection.execute("SELECT participants FROM bare_sessions")
        rows = self._connection.execute(
            "SELECT student_id, last_activity, beats FROM bare_participants"
        )
        return participants.kept((row[0] for row in arrays), rows)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _parameters(self, beat: Beat) -> tuple[str, str, str]:
        student, at = beat
        return rfc3339(at), self._shape.session_of(student), self._shape.student_ids[student]


def _connect(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        url.removeprefix("sqlite:///"),
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
