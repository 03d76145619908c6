"""Presence over two processes: takeover, reconnect, fences, sweeps, outages; Redis or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from monitor.load.dashboard import DashboardClient
from tests.e2e.school import School, found
from tests.support import PostgresServer, eventually, run_server
from tests.support.server import MonitorServer

QUICK = {
    "HEARTBEAT_SECONDS": "0.4",
    "DISCONNECT_GRACE_SECONDS": "0.6",
    "SWEEP_SECONDS": "0.2",
    "STUDENT_PULSE_SECONDS": "0.3",
    "RETRY_MAX_SECONDS": "0.2",  # well below the lease, as it is by default
}
LEASE_SECONDS = 1.2

Two = tuple[School, MonitorServer, MonitorServer]


@asynccontextmanager
async def two_servers(url: str, redis_url: str | None) -> AsyncIterator[Two]:
    """Two processes on one database, with a sitting in progress."""
    school = await found(url, students=4)
    async with (
        run_server(database_url=url, redis_url=redis_url, settings=QUICK) as one,
        run_server(database_url=url, redis_url=redis_url, settings=QUICK) as other,
    ):
        yield school, one, other


@pytest.fixture(params=["redis", "no broker"])
async def two(
    request: pytest.FixtureRequest, postgres_url: str
) -> AsyncIterator[tuple[School, MonitorServer, MonitorServer]]:
    """Two processes that hear each other through Redis, or not at all."""
    redis_url = request.getfixturevalue("redis_url") if request.param == "redis" else None
    async with two_servers(postgres_url, redis_url) as servers:
        yield servers


def status(dashboard: DashboardClient, school: School, n: int) -> str | None:
    """What the dashboard shows of the n-th student."""
    view = dashboard.sittings.get(school.session_id)
    item = view.participants.get(school.seeded.student_ids[n]) if view else None
    return item.connection_status if item else None


def events_of(school: School, *types: str) -> Callable[[], Awaitable[list[str]]]:
    """The types of these events in the order they were stored."""

    async def read() -> list[str]:
        state = await school.read(lambda uow: uow.sessions.state_since(school.session_id, 0))
        assert state is not None
        return [event.type for event in state.changes.events if event.type in types]

    return read


async def test_another_window_on_another_process_takes_over_and_the_first_is_told(
    two: Two,
) -> None:
    school, one, other = two
    async with school.student(0, one.url) as first, school.dashboard(one.url) as dashboard:
        await first.until(lambda: first.is_connected)
        first.answer("q3", "from the first")
        await first.all_settled()
        async with school.student(0, other.url) as second:
            await second.until(lambda: second.is_connected)
            await first.until(lambda: first.ended is not None)
            assert first.ended is not None
            assert (first.ended.code, first.ended.reconnect) == (4505, False)
            assert second.attempt is not None
            assert second.attempt.answers["q3"].value == "from the first"
            # The first's end is no incident: its socket closed, and its fence had passed on.
            second.answer("q3", "from the second")
            await second.all_settled()
            await dashboard.until(lambda: status(dashboard, school, 0) == "CONNECTED")
            assert await events_of(school, "disconnected")() == []


async def test_a_reconnect_to_the_other_process_goes_on_where_it_was(two: Two) -> None:
    school, one, other = two
    async with school.student(0, one.url) as student:
        await student.until(lambda: student.is_connected)
        former = student.connection_id
        student.url = student.url.replace(one.url.split("//")[1], other.url.split("//")[1])
        student.reload()
        await student.until(lambda: student.connections == 2)
        assert student.connection_id is not None
        assert former is not None
        assert student.connection_id.split(".")[0] == former.split(".")[0]
        # Longer than grace and lease: the former connection's end changes nothing.
        kept = student.heartbeats_acked + 5
        await student.until(lambda: student.heartbeats_acked >= kept)
        assert await events_of(school, "disconnected", "taken_over")() == []
        assert await events_of(school, "joined", "reconnected")() == ["joined", "reconnected"]


async def test_when_a_process_is_killed_the_other_sweeps_its_students(two: Two) -> None:
    school, one, other = two
    async with school.dashboard(other.url) as dashboard:
        gone = [school.student(n, one.url) for n in range(2)]
        async with gone[0], gone[1], school.student(2, other.url) as staying:
            for student in (*gone, staying):
                await student.until(lambda s=student: s.is_connected)  # type: ignore[misc]
            await dashboard.until(lambda: status(dashboard, school, 1) == "CONNECTED")
            one.kill()
            await dashboard.until(
                lambda: (
                    [status(dashboard, school, n) for n in range(3)]
                    == ["DISCONNECTED", "DISCONNECTED", "CONNECTED"]
                ),
                timeout=20,
            )


async def test_a_reload_within_the_grace_is_no_incident_and_a_lost_connection_is(
    two: Two,
) -> None:
    school, one, _ = two
    async with school.dashboard(one.url) as dashboard, school.student(0, one.url) as student:
        await student.until(lambda: student.is_connected)
        await dashboard.until(lambda: status(dashboard, school, 0) == "CONNECTED")
        student.reload()
        await student.until(lambda: student.connections == 2)
        kept = student.heartbeats_acked + 4
        await student.until(lambda: student.heartbeats_acked >= kept)
        assert await events_of(school, "disconnected")() == []
        await student.stop()
        await dashboard.until(lambda: status(dashboard, school, 0) == "DISCONNECTED")
        assert await events_of(school, "disconnected")() == ["disconnected"]


async def test_after_an_outage_of_the_database_nobody_is_marked_disconnected(
    own_postgres: PostgresServer,
) -> None:
    url = own_postgres.create_database()
    async with (
        two_servers(url, None) as (school, one, other),
        school.student(0, one.url) as first,
        school.student(1, other.url) as second,
        school.dashboard(one.url) as dashboard,
    ):
        for student in (first, second):
            await student.until(lambda s=student: s.is_connected)  # type: ignore[misc]
        await dashboard.until(lambda: dashboard.is_live(school.session_id))
        own_postgres.kill()
        # Longer than a lease: by then the dashboard says itself that it is not live.
        await eventually(lambda: not dashboard.is_live(school.session_id), timeout=15)
        own_postgres.start()
        await dashboard.until(lambda: dashboard.is_live(school.session_id), timeout=30)
        kept = (first.heartbeats_acked + 4, second.heartbeats_acked + 4)
        await first.until(lambda: first.heartbeats_acked >= kept[0], timeout=30)
        await second.until(lambda: second.heartbeats_acked >= kept[1], timeout=30)
        assert await events_of(school, "disconnected")() == []
        assert [status(dashboard, school, n) for n in range(2)] == ["CONNECTED"] * 2


async def test_the_deadline_submits_though_the_browser_is_gone(sqlite_url: str) -> None:
    settings = QUICK | {"DEADLINE_GRACE_SECONDS": "0.5"}
    async with run_server(database_url=sqlite_url, settings=settings) as server:
        school = await found(sqlite_url, students=2, duration_seconds=3)
        async with school.student(0, server.url) as student:
            await student.until(lambda: student.test)
            student.answer("q3", "half an ans")
            await student.all_settled()
        async with school.dashboard(server.url) as dashboard:

            def over() -> bool:
                view = dashboard.sittings.get(school.session_id)
                return view is not None and view.session.status == "COMPLETED"

            await dashboard.until(over, timeout=15)
            [attempt] = dashboard.sittings[school.session_id].attempts.values()
            assert (attempt.status, attempt.submitted_by) == ("SUBMITTED", "deadline")
            assert attempt.answered == 1
