"""SIGKILL at any moment under load: everything that was acked is in the database."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from monitor.domain.attempt import Attempt
from monitor.load.outbox import Entry
from monitor.load.student import StudentClient
from monitor.protocol.messages import Answer, HighlightInput, SaveHighlight
from tests.e2e.school import School, found
from tests.support import eventually, run_server

STUDENTS = 8
KILLS = 10
SEED = 20261122


class Acked:
    """What one student was told is kept: the last answer to each question, every highlight."""

    def __init__(self) -> None:
        self.answers: dict[str, int] = {}
        self.highlights: set[str] = set()
        self.refused: list[Any] = []
        self.count = 0

    def settled(self, entry: Entry) -> None:
        """Remember an entry that the server has settled."""
        if not entry.is_kept:
            self.refused.append(entry.error)
            return
        self.count += 1
        match entry.operation:
            case Answer():
                self.answers[entry.operation.question_id] = _number(entry.operation.value)
            case SaveHighlight():
                self.highlights.add(entry.operation.highlight.id)

    def missing_from(self, attempt: Attempt) -> list[str]:
        """What was acked and is not there; a later answer than the acked one is no loss."""
        stored = {id_: _number(answer.value) for id_, answer in attempt.answers.items()}
        lost = [
            f"{question}: acked {number}, stored {stored.get(question)}"
            for question, number in self.answers.items()
            if stored.get(question, -1) < number
        ]
        kept = {highlight.id for highlight in attempt.highlighted_text}
        return lost + sorted(self.highlights - kept)


def _number(value: Any) -> int:
    return int(str(value).split()[-1])


async def _take_the_test(student: StudentClient, chance: random.Random) -> None:
    """Answer and highlight without end, each answer numbered higher than the one before."""
    await student.until(lambda: student.test)
    number = 0
    while True:
        number += 1
        if chance.random() < 0.8:
            question = chance.choice(["q3", "q4"])
            value = f"answer {number}" if question == "q3" else number
            student.answer(question, value)
        else:
            student.highlight(_highlight(f"h{number}"))
        await student.until(lambda: len(student.outbox) < 5, timeout=60)


def _highlight(id_: str) -> HighlightInput:
    return HighlightInput(
        id=id_,
        timestamp=datetime.now(UTC),
        text="The",
        passage_id="p1",
        position_start=0,
        position_end=3,
        color_code="#ffee58",
    )


async def _lost(school: School, acked: list[Acked]) -> list[str]:
    attempts = await school.read(
        lambda uow: {one.student_id: one for one in uow.attempts.of_session(school.session_id)}
    )
    return [
        what
        for student_id, told in zip(school.seeded.student_ids, acked, strict=True)
        if told.count
        for what in told.missing_from(attempts[student_id])
    ]


async def test_ten_sigkills_in_mid_load_lose_nothing_that_was_acked(database_url: str) -> None:
    chance = random.Random(SEED)
    school = await found(database_url, students=STUDENTS)
    acked = [Acked() for _ in range(STUDENTS)]
    async with run_server(database_url=database_url) as server, asyncio.TaskGroup() as tasks:
        students = [
            school.student(n, server.url, on_settled=acked[n].settled, dice=random.Random(n))
            for n in range(STUDENTS)
        ]
        for student in students:
            student.start()
        working = [
            tasks.create_task(_take_the_test(student, random.Random(n)))
            for n, student in enumerate(students)
        ]
        for _ in range(KILLS):
            await eventually(_has_grown(acked, by=chance.randint(20, 120)), timeout=60)
            server.kill()
            assert await _lost(school, acked) == []
            await server.start()
        await eventually(_has_grown(acked, by=20), timeout=60)
        for task in working:
            task.cancel()
        for student in students:
            await student.all_settled(60)
            await student.stop()
    assert await _lost(school, acked) == []
    assert [error for told in acked for error in told.refused] == []
    assert [fault for student in students for fault in student.faults] == []
    versions = await school.read(
        lambda uow: (
            uow.sessions.versions([school.session_id])[school.session_id],
            max(a.version for a in uow.attempts.of_session(school.session_id)),
        )
    )
    assert versions[0] >= versions[1]


def _has_grown(acked: list[Acked], by: int) -> Callable[[], bool]:
    goal = sum(told.count for told in acked) + by
    return lambda: sum(told.count for told in acked) >= goal
