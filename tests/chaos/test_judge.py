"""The judge finds what is wrong: a running Monitor's database is spoiled behind its back."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from time import monotonic
from typing import TYPE_CHECKING

from monitor.load.acts import KEPT
from monitor.protocol.messages import Answer
from tests.chaos import judge as judging
from tests.chaos.judge import Judge
from tests.chaos.stage import Size, Stage, open_stage
from tests.support import eventually
from tests.support.server import CHECKOUT

if TYPE_CHECKING:
    import pytest

SMALL = Size(sittings=1, students=3, heartbeat_seconds=1.0, acts_per_second=3.0)


async def _spoil(stage: Stage, way: str, *ids: str) -> None:
    file = stage.database_url.removeprefix("sqlite:///")
    module = [sys.executable, "-m", "tests.chaos.spoil"]
    await asyncio.to_thread(
        subprocess.run,
        [*stage.started_by, *module, file, way, *ids],
        # Who enters another namespace begins at its root.
        env={"PYTHONPATH": str(CHECKOUT)},
        cwd=CHECKOUT,
        check=True,
    )


async def test_a_lost_answer_and_a_ghost_are_found_and_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "SWEPT_SECONDS", 2.0)
    async with open_stage("sqlite", SMALL, 7) as stage:
        judge = Judge(stage)
        assert await judge.begin() == []
        [student, *_], [truant] = stage.crowd.students, stage.crowd.truants
        acts = student.record.acts
        await eventually(lambda: sum(act.outcome == KEPT for act in acts) > 3, 20)
        stage.detour.refuse()
        assert await judge.after([], monotonic()) == [], "nothing is wrong yet"
        assert student.record.attempt_id is not None
        [lost, *_] = [act.operation for act in acts if isinstance(act.operation, Answer)]

        await _spoil(stage, "lose-answer", student.record.attempt_id, lost.question_id)
        [sentence] = await judge.after([], monotonic())

        assert student.record.student_id in sentence
        assert f"the answer to {lost.question_id} is 'nothing', acked was" in sentence

        await _spoil(stage, "make-ghost", truant.record.session_id, truant.record.student_id)
        [sentence] = await judge.after([], monotonic())

        assert f"student {truant.record.student_id} " in sentence
        assert "is a ghost" in sentence
        await judge.watch.close()
