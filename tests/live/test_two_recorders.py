"""Two processes, sixteen tasks, one row: every acknowledged beat and answer is in it."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tests.live.recording import recording
from tests.support.sittings import seed, settings_for

SECONDS = 3.0


async def _process(order: dict[str, Any]) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.live.recorder_process",
        json.dumps(order),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(out)  # type: ignore[no-any-return]


async def test_two_processes_lose_no_acknowledged_beat_or_answer_of_thirty_participants(
    database_url: str,
) -> None:
    async with recording(settings_for(database_url)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=30)
        await asyncio.gather(
            *(parts.recorder.run(seeded.join(n, now, f"c{n}.0")) for n in range(30))
        )
        start = (await parts.state(seeded.session_id)).version
        order = {"url": database_url, "seeded": asdict(seeded), "seconds": SECONDS, "seed": 7}
        acked = await asyncio.gather(
            _process({**order, "process": 0}), _process({**order, "process": 1})
        )
        assert all(one["settled"] > 50 for one in acked), "both got through"
        state = await parts.state(seeded.session_id)
        commits = sorted(acked[0]["commits"] + acked[1]["commits"])
        assert commits == list(range(start + 1, state.version + 1)), (
            "versions without gap or double"
        )

        attempts = await parts.database.read(
            lambda uow: {one.student_id: one for one in uow.attempts.of_session(seeded.session_id)}
        )
        beats = {item.student_id: item.last_activity for item in state.changes.participants}
        for one in acked:
            for place, value in one["answers"].items():
                student, question = place.split("/")
                attempt = attempts[seeded.student_ids[int(student)]]
                assert attempt.answers[question].value == value
            for student, moment in one["beats"].items():
                kept = datetime.fromisoformat(beats[seeded.student_ids[int(student)]])
                assert kept >= datetime.fromisoformat(moment)
