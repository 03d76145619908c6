"""Bare heartbeats on PostgreSQL: psycopg, prepared, as few round trips as there can be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import psycopg

from monitor.protocol.timestamps import rfc3339
from tests.benchmarks.write_path import participants
from tests.benchmarks.write_path.shape import Kept, Shape

Beat = tuple[int, datetime]

_TABLES = (
    "CREATE TABLE bare_sessions (id text PRIMARY KEY, participants json, version bigint)",
    "CREATE TABLE bare_participants (session_id text, student_id text, attempt_id text,"
    " joined_at text, connection_status text, last_activity text, connection_id text,"
    " disconnected_at text, version bigint, beats bigint, PRIMARY KEY (session_id, student_id))",
)
_ROW = (
    "UPDATE bare_participants SET last_activity = %s, connection_status = 'CONNECTED',"
    " version = version + 1, beats = beats + 1 WHERE session_id = %s AND student_id = %s"
)
_ROWS = (
    "UPDATE bare_participants AS p SET last_activity = v.at, connection_status = 'CONNECTED',"
    " version = p.version + 1, beats = p.beats + 1"
    " FROM unnest(%s::text[], %s::text[], %s::text[]) AS v(at, session_id, student_id)"
    " WHERE p.session_id = v.session_id AND p.student_id = v.student_id"
)
_ARRAY = "UPDATE bare_sessions SET participants = %s, version = version + 1 WHERE id = %s"


class PostgresStore:
    """One connection; a statement outside a transaction is one of its own."""

    def __init__(self, url: str, shape: Shape) -> None:
        self._shape = shape
        self._connection = _connect(url)
        self._arrays = participants.Arrays(shape)

    @classmethod
    def prepare(cls, url: str, shape: Shape) -> None:
        """Make and fill the tables."""
        with _connect(url) as connection, connection.cursor() as cursor:
            for table in _TABLES:
                cursor.execute(table)
            with cursor.copy("COPY bare_sessions FROM STDIN") as copy:
                for session, session_id in enumerate(shape.session_ids):
                    array = participants.encode(participants.items_of(shape, session))
                    copy.write_row((session_id, array, 0))
            with cursor.copy("COPY bare_participants FROM STDIN") as copy:
                for session, session_id in enumerate(shape.session_ids):
                    for item in participants.items_of(shape, session):
                        copy.write_row(
                            (
                                *(session_id, item.student_id, item.attempt_id, item.joined_at),
                                *(item.connection_status, item.last_activity, item.connection_id),
                                *(None, 0, 0),
                            )
                        )
            cursor.execute("VACUUM ANALYZE")

    def one_row(self, beat: Beat) -> None:
        """Update one row in one round trip."""
        self._connection.execute(_ROW, self._parameters(beat), prepare=True)

    def rows(self, beats: Sequence[Beat]) -> None:
        """Update all with one statement, which PostgreSQL does fastest."""
        times, sessions, students = zip(*map(self._parameters, beats), strict=True)
        self._connection.execute(_ROWS, (list(times), list(sessions), list(students)), prepare=True)

    def arrays(self, beats: Sequence[Beat]) -> None:
        """Rewrite each array once, in one transaction, in as few round trips as that takes."""
        changed = [(array, id_) for id_, array in self._arrays.take(beats)]
        if len(changed) == 1:
            self._connection.execute(_ARRAY, changed[0], prepare=True)
            return
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(_ARRAY, changed)

    def read_modify_write(self, beat: Beat) -> None:
        """Read, change, write: what an ORM does by default, READ COMMITTED and without a lock."""
        student, at = beat
        session_id = self._shape.session_of(student)
        with self._connection.transaction():
            found = self._connection.execute(
                "SELECT participants::text FROM bare_sessions WHERE id = %s",
                (session_id,),
                prepare=True,
            ).fetchone()
            if found is None:
                raise LookupError(session_id)
            items = participants.decode(found[0])
            items[student // self._shape.sessions].beat(at)
            self._connection.execute(_ARRAY, (participants.encode(items), session_id), prepare=True)

    def kept(self) -> Kept:
        """What both tables hold."""
        arrays = self._connection.execute("SELECT participants::text FROM bare_sessions")
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


def _connect(url: str) -> psycopg.Connection[tuple[str, str, int]]:
    address = url.replace("postgresql+psycopg", "postgresql")
    return psycopg.connect(address, autocommit=True)
