"""A database with years behind it: made by the database itself, in a statement a table.

Of the sessions 300 are active, of the rest 96 % completed; a teacher has 50. Active ones have
thirty students each, with names, places and attempts at work; the others have five attempts each.
Indexes are dropped while the rows go in and made again as they were.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from monitor.protocol.items import ParticipantItem
from monitor.repositories import json_codec

ACTIVE = 300
SESSIONS_OF_TEACHER = 50
STUDENTS = 30
_NUMBERS = {
    "sqlite": "(WITH RECURSIVE s(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM s"
    " WHERE i + 1 < {last}) SELECT i FROM s)",
    "postgresql": "(SELECT i FROM generate_series({first}, {last} - 1) AS i)",
}
# As long as a UUID, and in order, so that primary keys go in at the end.
_ID = {
    "sqlite": "printf('%08d-0000-4000-8000-{kind}%011d', {number}, 0)",
    "postgresql": "lpad(({number})::text, 8, '0') || '-0000-4000-8000-{kind}00000000000'",
}
_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    " AND tbl_name IN ('sessions', 'attempts')",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'ix_%'"
    " AND tablename IN ('sessions', 'attempts')",
}


@dataclass(frozen=True)
class Years:
    """How much there is, and the ids of it by number."""

    sessions: int
    attempts: int

    @property
    def active(self) -> int:
        """Sessions that wait for students or are in progress; their numbers come first."""
        return min(ACTIVE, self.sessions // 10)

    @property
    def teachers(self) -> int:
        """Teachers, with as many sessions each."""
        return max(1, self.sessions // SESSIONS_OF_TEACHER)

    @staticmethod
    def session(number: int) -> str:
        """The id of a session."""
        return f"{number:08}-0000-4000-8000-a{0:011}"

    @staticmethod
    def teacher(number: int) -> str:
        """The id of a teacher."""
        return f"{number:08}-0000-4000-8000-b{0:011}"

    def fill(self, connection: Connection) -> None:
        """Make all of it."""
        kind = connection.dialect.name
        indexes = connection.execute(text(_INDEXES[kind])).all()
        for name, _ in indexes:
            connection.execute(text(f"DROP INDEX {name}"))
        at_work = self.active * STUDENTS
        self._sessions(connection, kind)
        self._attempts(connection, kind, 0, at_work, f"i / {STUDENTS}", "IN_PROGRESS")
        resting = max(1, self.sessions - self.active)
        over = f"{self.active} + i % {resting}"
        self._attempts(connection, kind, at_work, self.attempts, over, "SUBMITTED")
        for _, statement in indexes:
            connection.execute(text(statement))

    def _sessions(self, connection: Connection, kind: str) -> None:
        names = json_codec.encode(
            [{"id": Years.session(n), "name": f"Student {n:02}"} for n in range(STUDENTS)]
        )
        items = json_codec.participants_array(
            json_codec.encode_participant(
                ParticipantItem(
                    student_id=Years.session(n),
                    attempt_id=Years.session(n),
                    joined_at="2026-01-01T08:00:00.000Z",
                    connection_status="CONNECTED",
                    last_activity="2026-01-01T08:00:00.000Z",
                    connection_id=f"{Years.session(n)}.0",
                    version=1,
                )
            )
            for n in range(STUDENTS)
        )
        as_json = "" if kind == "sqlite" else "::json"
        moment = (
            "datetime('2020-01-01', (i % 100000) || ' minutes') || '.000000'"
            if kind == "sqlite"
            else "timestamptz '2020-01-01 00:00Z' + (i % 100000) * interval '1 minute'"
        )
        connection.execute(
            text(
                "INSERT INTO sessions (id, class_id, test_id, title, status, created_by,"
                " scheduled_at, roster, participants, version)"
                f" SELECT {_id(kind, 'i', 'a')}, {_id(kind, 'i % 40000', 'c')},"
                f" {_id(kind, 'i % 9000', 'd')}, 'A sitting',"
                f" CASE WHEN i < {self.active} AND i % 3 = 0 THEN 'WAITING_FOR_STUDENTS'"
                f" WHEN i < {self.active} THEN 'IN_PROGRESS' WHEN i % 100 < 2 THEN 'SCHEDULED'"
                " WHEN i % 100 < 4 THEN 'CANCELLED' ELSE 'COMPLETED' END,"
                f" {_id(kind, f'i % {self.teachers}', 'b')}, {moment},"
                f" CASE WHEN i < {self.active} THEN :names ELSE '[]' END{as_json},"
                f" CASE WHEN i < {self.active} THEN :items ELSE '[]' END{as_json}, 1"
                f" FROM {_numbers(kind, 0, self.sessions)} AS numbers"
            ).bindparams(names=names, items=items)
        )

    def _attempts(
        self, connection: Connection, kind: str, first: int, last: int, session: str, status: str
    ) -> None:
        connection.execute(
            text(
                "INSERT INTO attempts (id, test_id, student_id, status, session_id, total)"
                f" SELECT {_id(kind, 'i', 'e')}, {_id(kind, 'i % 9000', 'd')},"
                f" {_id(kind, 'i % 400000', 'f')}, '{status}', {_id(kind, session, 'a')}, 20"
                f" FROM {_numbers(kind, first, last)} AS numbers"
            )
        )


def _id(kind: str, number: str, letter: str) -> str:
    return _ID[kind].format(number=number, kind=letter)


def _numbers(kind: str, first: int, last: int) -> str:
    return _NUMBERS[kind].format(first=first, last=last)
