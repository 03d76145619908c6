"""A whole sitting of the demo, played fast on a real server."""

from __future__ import annotations

import asyncio
from collections import Counter

from structlog.testing import capture_logs

from monitor.cli import accounts
from monitor.config import Settings
from monitor.demo import names
from monitor.demo.reading_test import QUESTIONS
from monitor.demo.show import Show
from monitor.domain.user import Role
from monitor.load.rest import RestClient
from monitor.load.school import Seat
from tests.support import run_server

EMAIL, PASSWORD = "teacher@demo.example", "monitor-demo"
# A lesson in half a minute; leases shrink with it, so that lost Wi-Fi is seen.
SPEED = 16.0
QUICK = {"HEARTBEAT_SECONDS": "0.4", "DISCONNECT_GRACE_SECONDS": "0.3", "SWEEP_SECONDS": "0.2"}


async def test_a_sitting_has_all_that_happens_in_a_real_one(sqlite_url: str) -> None:
    opened: list[tuple[str, Seat]] = []
    async with run_server(database_url=sqlite_url, settings=QUICK) as server:
        account = (EMAIL, names.TEACHER, Role.TEACHER, PASSWORD)
        settings = Settings(database_url=sqlite_url)
        await asyncio.to_thread(accounts.ensure, settings, [account])
        show = Show(
            server.url,
            EMAIL,
            PASSWORD,
            seed=7,
            speed=SPEED,
            opened=lambda session_id, seat: opened.append((session_id, seat)),
        )

        with capture_logs() as told:
            await asyncio.wait_for(show.run(sittings=1), 100)

        [(session_id, seat)] = opened
        async with RestClient(server.url) as teacher:
            await teacher.login(EMAIL, PASSWORD)
            snapshot = await teacher.snapshot(session_id)
            happened = Counter(
                [event["type"] async for event in teacher.all(f"/api/sessions/{session_id}/events")]
            )
            # A new sitting finds the same school.
            await asyncio.wait_for(
                Show(server.url, EMAIL, PASSWORD, seed=8, speed=100, opened=lambda *_: None).run(
                    sittings=1
                ),
                60,
            )
            sittings = [one async for one in teacher.all("/api/sessions")]
            users = [one async for one in teacher.all("/api/users", role="STUDENT")]

    assert told == []
    assert snapshot.session.status == "COMPLETED"
    assert seat.name == names.GUEST
    assert seat.student_id not in {attempt.student_id for attempt in snapshot.attempts}
    assert len(snapshot.attempts) == len(names.STUDENTS)
    assert {attempt.status for attempt in snapshot.attempts} == {"SUBMITTED"}
    assert sum(attempt.submitted_by == "student" for attempt in snapshot.attempts) >= 10
    assert sum(attempt.answered == len(QUESTIONS) for attempt in snapshot.attempts) >= 15
    assert sum(attempt.highlights > 0 for attempt in snapshot.attempts) >= 8
    assert any(attempt.extra_seconds for attempt in snapshot.attempts)
    assert any(attempt.reconnects for attempt in snapshot.attempts)
    assert len(snapshot.messages) >= 3
    assert any(message.read for message in snapshot.messages)
    for kind in ("hidden", "visible", "hand_raised", "disconnected", "reconnected", "extended"):
        assert happened[kind], (kind, happened)
    assert len(sittings) == 2
    assert len(users) == len(names.STUDENTS) + 1
