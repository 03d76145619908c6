from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from monitor.domain.commands import Leave
from tests.support.school import School, a_school


async def lost(school: School) -> dict[str, Any]:
    items = (await school.ok("teacher", "GET", "./lost-time"))["items"]
    return {item["student_id"]: item for item in items}


async def leave(school: School, number: int) -> None:
    await school.services.recorder.run(
        Leave(
            id=str(uuid4()),
            session_id=school.seeded.session_id,
            received_at=school.services.clock.now(),
            student_id=school.seeded.student_ids[number],
        )
    )


async def test_lost_time_is_told_until_it_is_given_back(database_url: str) -> None:
    async with a_school(database_url) as school:
        first, second, _ = school.seeded.student_ids
        for number in (0, 1):
            await school.joined(number)
            await leave(school, number)
        assert await lost(school) == {}
        school.services.clock.offset += timedelta(seconds=100)
        await school.joined(0)
        told = await lost(school)
        assert list(told) == [first], "who is still away has not lost anything yet"
        [span] = told[first]["lost"]
        assert told[first]["given_back_seconds"] == 0
        assert span["from"] < span["to"]
        body = {"student_ids": [first], "from": span["from"], "to": span["to"]}
        given = await school.ok("teacher", "POST", "./give-back", json=body)
        assert given["done"] == [first]
        left = (await lost(school))[first]
        assert left["lost"] == []
        extra = given["session"]["extra_seconds"][first]
        assert 100 <= extra <= 130
        assert extra - 1 < left["given_back_seconds"] <= extra, "rounded up, once"
        assert second not in given["session"]["extra_seconds"]
