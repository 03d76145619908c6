"""Spoils a SQLite database behind a server's back, so that a judge can be judged.

A program of its own, since only what is started by `Stage.started_by` can see that database:
`python -m tests.chaos.spoil FILE lose-answer ATTEMPT QUESTION` or `… make-ghost SESSION STUDENT`.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import Any

BUSY_SECONDS = 10.0
LONG_AFTER_ANY_LEASE = "2099-01-01T00:00:00.000Z"


def lose_answer(database: sqlite3.Connection, attempt_id: str, question_id: str) -> None:
    """Take an answer out of a row, as if its commit had never been."""
    [(stored,)] = database.execute("SELECT answers FROM attempts WHERE id = ?", [attempt_id])
    answers: dict[str, Any] = json.loads(stored)
    del answers[question_id]
    database.execute(
        "UPDATE attempts SET answers = ? WHERE id = ?", [json.dumps(answers), attempt_id]
    )


def make_ghost(database: sqlite3.Connection, session_id: str, student_id: str) -> None:
    """Connect somebody who is gone, for ever, under a version that every server will see."""
    [(stored, version)] = database.execute(
        "SELECT participants, version FROM sessions WHERE id = ?", [session_id]
    )
    participants: list[dict[str, Any]] = json.loads(stored)
    [ghost] = [item for item in participants if item["student_id"] == student_id]
    if ghost["connection_status"] != "DISCONNECTED":
        raise ValueError(f"{student_id} is {ghost['connection_status']}")
    ghost["connection_status"] = "CONNECTED"
    ghost["last_activity"] = LONG_AFTER_ANY_LEASE
    ghost["disconnected_at"] = None
    ghost["version"] = version + 1
    database.execute(
        "UPDATE sessions SET participants = ?, version = ? WHERE id = ?",
        [json.dumps(participants), version + 1, session_id],
    )


WAYS = {"lose-answer": lose_answer, "make-ghost": make_ghost}


def main(file: str, way: str, *ids: str) -> None:
    """Do it in one transaction."""
    database = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    WAYS[way](database, *ids)
    database.execute("COMMIT")
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
