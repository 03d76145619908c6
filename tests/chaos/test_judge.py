"""The judge finds what is wrong: a running Monitor's database is spoiled behind its back."""

from __future__ import annotations

import json
from time import monotonic
from typing import Any, LiteralString

import psycopg
import pytest

from monitor.load.acts import KEPT
from monitor.protocol.messages import Answer
from tests.chaos import judge as judging
from tests.chaos.judge import Judge
from tests.chaos.stage import Size, Stage, open_stage
from tests.support import eventually

SMALL = Size(sittings=1, students=3, heartbeat_seconds=1.0, acts_per_second=3.0)


def _lose_answer(connection: psycopg.Connection[Any], attempt_id: str, question_id: str) -> None:
    """Take an answer out of a row, as if its commit had never been."""
    answers = _locked(connection, "SELECT answers FROM attempts WHERE id = %s", attempt_id)
    del answers[question_id]
    connection.execute(
        "UPDATE attempts SET answers = %s WHERE id = %s", [json.dumps(answers), attempt_id]
    )


def _make_ghost(connection: psycopg.Connection[Any], session_id: str, student_id: str) -> None:
    """Connect somebody who is gone, until long after any lease, under a version of its own."""
    participants = _locked(
        connection, "SELECT participants FROM sessions WHERE id = %s", session_id
    )
    version = _locked(connection, "SELECT version FROM sessions WHERE id = %s", session_id) + 1
    [ghost] = [item for item in participants if item["student_id"] == student_id]
    assert ghost["connection_status"] == "DISCONNECTED"
    ghost |= {
        "connection_status": "CONNECTED",
        "last_activity": "2099-01-01T00:00:00.000Z",
        "disconnected_at": None,
        "version": version,
    }
    connection.execute(
        "UPDATE sessions SET participants = %s, version = %s WHERE id = %s",
        [json.dumps(participants), version, session_id],
    )


def _locked(connection: psycopg.Connection[Any], select: LiteralString, id_: str) -> Any:
    found = connection.execute(f"{select} FOR UPDATE", [id_]).fetchone()
    assert found is not None
    return found[0]


async def test_a_lost_answer_and_a_ghost_are_found_and_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "SWEPT_SECONDS", 2.0)
    async with open_stage("postgres", SMALL, 7) as stage:
        judge = Judge(stage)
        assert await judge.begin() == []
        [student, *_], [truant] = stage.crowd.students, stage.crowd.truants
        acts = student.record.acts
        await eventually(lambda: sum(act.outcome == KEPT for act in acts) > 3, 20)
        stage.detour.refuse()
        assert await judge.after([], monotonic()) == [], "nothing is wrong yet"
        assert student.record.attempt_id is not None
        [lost, *_] = [act.operation for act in acts if isinstance(act.operation, Answer)]

        with _database(stage) as connection:
            _lose_answer(connection, student.record.attempt_id, lost.question_id)
        [sentence] = await judge.after([], monotonic())

        assert student.record.student_id in sentence
        assert f"the answer to {lost.question_id} is 'nothing', acked was" in sentence

        with _database(stage) as connection:
            _make_ghost(connection, truant.record.session_id, truant.record.student_id)
        [sentence] = await judge.after([], monotonic())

        assert f"student {truant.record.student_id} " in sentence
        assert "is a ghost" in sentence
        await judge.watch.close()


def _database(stage: Stage) -> psycopg.Connection[Any]:
    return psycopg.connect(stage.database_url.replace("postgresql+psycopg", "postgresql"))
