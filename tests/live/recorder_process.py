"""A process that beats and answers through a recorder of its own, for `test_two_recorders`.

    python -m tests.live.recorder_process '<json>'

Prints one line of JSON: what was acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from typing import Any

from tests.live.recording import Recording, recording
from tests.support.sittings import Seeded, settings_for

TASKS = 8


async def main(order: dict[str, Any]) -> None:
    """Run the tasks for the time asked for and say what was acknowledged."""
    seeded = Seeded(**order["seeded"])
    async with recording(settings_for(order["url"])) as parts:
        ends = time.monotonic() + order["seconds"]
        acked: dict[str, Any] = {"answers": {}, "beats": {}, "commits": [], "settled": 0}
        async with asyncio.TaskGroup() as tasks:
            for task in range(TASKS):
                tasks.create_task(_take_the_test(parts, seeded, order, task, ends, acked))
        acked["commits"] = [
            one.version for one in parts.broker.published if one.session_id == seeded.session_id
        ]
    print(json.dumps(acked))  # noqa: T201 - this is how the parent hears


async def _take_the_test(
    parts: Recording,
    seeded: Seeded,
    order: dict[str, Any],
    task: int,
    ends: float,
    acked: dict[str, Any],
) -> None:
    chance = random.Random(f"{order['seed']}/{order['process']}/{task}")
    # Students of this task: nobody else answers for them, so the last acked answer must stand.
    mine = [n for n in range(30) if n % (2 * TASKS) == 2 * task + order["process"]]
    written = 0
    while time.monotonic() < ends:
        student = chance.choice(mine)
        connection = f"c{student}.0"
        now = parts.clock.now()
        if chance.random() < 0.5:
            written += 1
            value = f"{order['process']}/{task}/{written}"
            question = chance.choice(["q3", "q4"])
            given: object = value if question == "q3" else written
            await parts.recorder.run(seeded.answer(student, now, connection, given, question))
            acked["answers"][f"{student}/{question}"] = given
        else:
            await parts.recorder.run(seeded.beat(student, now, connection))
        acked["beats"][str(student)] = now.isoformat()
        acked["settled"] += 1


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
