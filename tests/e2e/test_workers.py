"""Two workers on PostgreSQL and Redis: one truth, whoever one is connected to."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import httpx
import psutil

from tests.support import MonitorServer, eventually, run_server
from tests.support.live_school import LiveSchool, live_school

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from monitor.load.dashboard import DashboardClient
    from monitor.load.live_connection import LiveConnection
    from monitor.load.student import StudentClient

STUDENTS = 10
DASHBOARDS = 4
# A lease of 3 s: long enough for a busy machine, short enough to wait for.
QUICK = {"HEARTBEAT_SECONDS": "1", "SWEEP_SECONDS": "0.3", "TRUTH_CHECK_SECONDS": "0.5"}


class Crowd:
    """A sitting with everyone in it, spread over both workers."""

    def __init__(
        self,
        server: MonitorServer,
        school: LiveSchool,
        students: list[StudentClient],
        dashboards: list[DashboardClient],
    ) -> None:
        self.server = server
        self.school = school
        self.students = students
        self.dashboards = dashboards

    @property
    def clients(self) -> list[LiveConnection]:
        """Everyone."""
        return [*self.students, *self.dashboards]

    def worker_of(self, client: LiveConnection) -> int | None:
        """The process that holds the other end of this client's connection."""
        for pid in self.server.worker_pids():
            for connection in psutil.Process(pid).net_connections("tcp"):
                if connection.raddr[1:] == (client.local_port,):
                    return pid
        return None

    def spread(self, clients: Iterable[LiveConnection]) -> Counter[int | None]:
        """How many of these each worker has."""
        return Counter(self.worker_of(client) for client in clients)

    async def everyone_in(self, timeout: float = 20) -> None:
        """Wait until all are connected."""
        await eventually(lambda: all(client.is_connected for client in self.clients), timeout)

    async def mix(self) -> None:
        """Let one come back until each worker has students and dashboards."""
        for first, group in (
            (self.students[0], self.students),
            (self.dashboards[0], self.dashboards),
        ):
            while len(self.spread(group)) < 2:
                before = first.connections
                first.cut()
                await first.until(partial(_came_back, first, before))

    async def equal_to_the_database(self) -> None:
        """Every dashboard shows exactly what the database holds."""
        session_id = self.school.session_id

        async def equal() -> bool:
            snapshot = await self.school.teacher.snapshot(session_id)
            found = [one.sittings[session_id].differences(snapshot) for one in self.dashboards]
            assert found == [[]] * len(self.dashboards), found
            return True

        await eventually(equal, timeout=10)
        assert [client.faults for client in self.clients] == [[]] * len(self.clients)

    async def kept_answers(self) -> dict[str, dict[str, object]]:
        """What the database holds, by student and question."""
        snapshot = await self.school.teacher.snapshot(self.school.session_id)
        kept = {}
        for attempt in snapshot.attempts:
            whole = await self.school.teacher.get(f"/api/attempts/{attempt.id}")
            kept[attempt.student_id] = {
                question_id: answer["value"] for question_id, answer in whole["answers"].items()
            }
        return kept


def _came_back(client: LiveConnection, connections: int) -> bool:
    return client.is_connected and client.connections > connections


@asynccontextmanager
async def _crowd(
    postgres_url: str, redis_url: str, settings: dict[str, str] | None = None
) -> AsyncIterator[Crowd]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(
            run_server(
                database_url=postgres_url,
                redis_url=redis_url,
                workers=2,
                settings={**QUICK, **(settings or {})},
            )
        )
        school = await stack.enter_async_context(
            live_school(server.url, postgres_url, students=STUDENTS, duration_seconds=3600)
        )
        await school.command("open")
        students = [await school.student(number) for number in range(STUDENTS)]
        dashboards = [school.dashboard() for _ in range(DASHBOARDS)]
        crowd = Crowd(server, school, students, dashboards)
        for client in crowd.clients:
            await stack.enter_async_context(client)
        await crowd.everyone_in()
        await crowd.mix()
        await school.command("start")
        for student in students:
            await student.until(lambda student=student: student.test)  # type: ignore[misc]
        yield crowd


def _answer_all(students: Sequence[StudentClient], value: str) -> None:
    for student in students:
        student.answer("q3", value)


def _told_to_wait(client: LiveConnection) -> float:
    """How many seconds the first `bye` of a drain asked this client to wait."""
    [first, *_] = [end.after_seconds for end in client.ends if end.code == 4001]
    assert first is not None
    return first


async def _settle(students: Iterable[StudentClient]) -> None:
    await asyncio.gather(*(student.all_settled() for student in students))


async def test_everyone_sees_the_same_whichever_worker_they_are_on(
    postgres_url: str, redis_url: str
) -> None:
    async with _crowd(postgres_url, redis_url) as crowd:
        assert len(crowd.spread(crowd.students)) == 2
        assert len(crowd.spread(crowd.dashboards)) == 2

        for word in ("one", "two", "three"):
            _answer_all(crowd.students, word)
            crowd.students[0].raise_hand(word)
            crowd.students[-1].show(visible=False)
            await crowd.school.command("messages", text=word)
        await crowd.school.command(
            "extend", minutes=3, student_ids=[crowd.school.seats[0].student_id]
        )
        crowd.students[1].submit()
        await _settle(crowd.students)

        await crowd.equal_to_the_database()
        for student in crowd.students:
            await student.until(lambda student=student: len(student.messages) == 3)  # type: ignore[misc]
        kept = await crowd.kept_answers()
        assert [answers["q3"] for answers in kept.values()] == ["three"] * STUDENTS


async def test_a_killed_worker_takes_nothing_with_it_and_its_students_come_back(
    postgres_url: str, redis_url: str
) -> None:
    async with _crowd(postgres_url, redis_url) as crowd:
        _answer_all(crowd.students, "before")
        await _settle(crowd.students)
        victim = crowd.worker_of(crowd.students[0])
        assert victim is not None
        before = crowd.server.worker_pids()

        _answer_all(crowd.students, "meanwhile")
        psutil.Process(victim).kill()
        for student in crowd.students:
            student.answer("q7", "after")

        await _settle(crowd.students)
        await crowd.everyone_in()
        await crowd.equal_to_the_database()
        kept = await crowd.kept_answers()
        assert [answers["q3"] for answers in kept.values()] == ["meanwhile"] * STUDENTS
        assert [answers["q7"] for answers in kept.values()] == ["after"] * STUDENTS
        await eventually(lambda: len(crowd.server.worker_pids()) == 2, timeout=20)
        after = crowd.server.worker_pids()
        assert victim not in after
        assert set(before) - {victim} <= set(after)


async def test_who_was_on_a_killed_worker_and_stays_away_is_found_out_by_the_other(
    postgres_url: str, redis_url: str
) -> None:
    async with _crowd(postgres_url, redis_url) as crowd:
        lost = crowd.students[0]
        victim = crowd.worker_of(lost)
        assert victim is not None
        away = asyncio.create_task(lost.lose_network(60))
        psutil.Process(victim).kill()
        student_id = crowd.school.seats[0].student_id

        def statuses() -> list[str]:
            return [
                one.sittings[crowd.school.session_id].participants[student_id].connection_status
                for one in crowd.dashboards
            ]

        await eventually(lambda: statuses() == ["DISCONNECTED"] * DASHBOARDS, timeout=20)

        away.cancel()
        await asyncio.gather(away, return_exceptions=True)
        await eventually(lambda: statuses() == ["CONNECTED"] * DASHBOARDS, timeout=20)


async def test_sigterm_lets_everyone_go_in_peace(postgres_url: str, redis_url: str) -> None:
    # The usual lease: all are away for as long as a busy machine takes to start two workers.
    async with _crowd(postgres_url, redis_url, {"HEARTBEAT_SECONDS": "5"}) as crowd:
        for student in crowd.students:
            student.answer("q3", "last words")
        crowd.server.terminate()

        await eventually(lambda: all(client.closes[4001] for client in crowd.clients), timeout=10)
        assert await crowd.server.wait(timeout=20) == 0
        await crowd.server.restart()
        await crowd.everyone_in(30)
        await _settle(crowd.students)

        afters = [_told_to_wait(client) for client in crowd.clients]
        half_a_lease = 7.5
        assert all(0 <= after <= half_a_lease for after in afters)
        assert max(afters) > half_a_lease / 2 > min(afters)
        # Each worker spreads its own evenly.
        assert len(set(afters)) >= len(afters) / 2
        await crowd.equal_to_the_database()
        kept = await crowd.kept_answers()
        assert [answers["q3"] for answers in kept.values()] == ["last words"] * STUDENTS
        events = [
            event["type"]
            async for event in crowd.school.teacher.all(
                f"/api/sessions/{crowd.school.session_id}/events"
            )
        ]
        assert "disconnected" not in events
        assert all(
            participant.connection_status == "CONNECTED"
            for participant in crowd.dashboards[0]
            .sittings[crowd.school.session_id]
            .participants.values()
        )


async def test_metrics_count_all_workers_and_no_dead_one(postgres_url: str, redis_url: str) -> None:
    async with (
        _crowd(postgres_url, redis_url) as crowd,
        httpx.AsyncClient(base_url=crowd.server.url, trust_env=False) as client,
    ):

        async def students_counted() -> float:
            text = (await client.get("/metrics", headers={"Connection": "close"})).text
            [value] = re.findall(r'^monitor_sockets_open\{kind="student"\} (\S+)$', text, re.M)
            return float(value)

        for _ in range(6):
            assert await students_counted() == STUDENTS

        victim = crowd.worker_of(crowd.students[0])
        assert victim is not None
        psutil.Process(victim).kill()
        await crowd.everyone_in()

        async def as_before() -> bool:
            return await students_counted() == STUDENTS

        await eventually(as_before, timeout=10)


async def test_workers_end_when_their_supervisor_is_killed(
    postgres_url: str, redis_url: str
) -> None:
    async with _crowd(postgres_url, redis_url) as crowd:
        orphans = [psutil.Process(pid) for pid in crowd.server.worker_pids()]

        psutil.Process(crowd.server.pid).kill()

        await eventually(lambda: not any(one.is_running() for one in orphans), timeout=20)
        assert all(client.closes[4001] for client in crowd.students)
