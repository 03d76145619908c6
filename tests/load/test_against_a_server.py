"""The clients against the real thing."""

from __future__ import annotations

import pytest

from monitor.load.dashboard import DashboardClient
from monitor.load.rest import RefusedError, RestClient
from monitor.load.school import make_students, seats
from monitor.load.student import StudentClient
from monitor.protocol.items import ParticipantItem
from tests.support import eventually, run_server
from tests.support.live_school import live_school

QUICK = {"HEARTBEAT_SECONDS": "0.5", "DISCONNECT_GRACE_SECONDS": "0.2", "SWEEP_SECONDS": "0.2"}


async def test_an_acked_answer_is_in_the_database_and_on_the_dashboard(sqlite_url: str) -> None:
    async with (
        run_server(database_url=sqlite_url) as server,
        live_school(server.url, sqlite_url) as school,
        RestClient(server.url) as door,
    ):
        await school.command("open")
        await school.command("start")
        seat = (await seats(school.teacher, school.session_id))[0]
        token = await door.login_link(seat.link)
        async with (
            StudentClient(server.url, token, school.session_id) as student,
            DashboardClient(server.url, school.teacher.token or "") as dashboard,
        ):
            dashboard.watch(school.session_id)
            await student.until(lambda: student.test)
            student.answer("q1", "b")
            await student.all_settled()
            truth = await school.teacher.snapshot(school.session_id)
            await dashboard.until(
                lambda: (
                    school.session_id in dashboard.sittings
                    and dashboard.sittings[school.session_id].version >= truth.version
                )
            )
            attempt = await school.teacher.get(f"/api/attempts/{truth.attempts[0].id}")

        assert attempt["answers"]["q1"]["value"] == "b"
        assert dashboard.sittings[school.session_id].differences(truth) == []
        assert student.faults == dashboard.faults == []


async def test_accidents_show_on_the_dashboard_as_what_they_are(sqlite_url: str) -> None:
    async with (
        run_server(database_url=sqlite_url, settings=QUICK) as server,
        live_school(server.url, sqlite_url, students=1) as school,
        school.dashboard() as dashboard,
    ):
        await school.command("open")
        await school.command("start")
        student_id = school.seats[0].student_id

        def participant() -> ParticipantItem:
            return dashboard.sittings[school.session_id].participants[student_id]

        async with await school.student(0) as student:
            await dashboard.until(lambda: participant_there(dashboard, school.session_id))

            # Longer than a lease of 1.5 s.
            await student.lose_network(2.5)
            assert participant().connection_status == "DISCONNECTED"
            await dashboard.until(lambda: participant().connection_status == "CONNECTED")

            before = participant().connection_id
            student.take_over()
            await dashboard.until(lambda: participant().connection_id != before)
            await eventually(lambda: student.is_connected)
            await student.leave()

        await dashboard.until(lambda: participant().connection_status == "DISCONNECTED")
        assert student.faults == dashboard.faults == []


def participant_there(dashboard: DashboardClient, session_id: str) -> bool:
    """Whether the dashboard shows somebody in the sitting."""
    view = dashboard.sittings.get(session_id)
    return view is not None and bool(view.participants)


async def test_the_api_says_why_it_refuses(sqlite_url: str) -> None:
    async with (
        run_server(database_url=sqlite_url) as server,
        live_school(server.url, sqlite_url) as school,
        RestClient(server.url) as nobody,
    ):
        with pytest.raises(RefusedError, match=r"^409 invalid_transition: ") as refused:
            await school.command("resume")
        assert (refused.value.status, refused.value.code) == (409, "invalid_transition")

        with pytest.raises(RefusedError) as unknown:
            await nobody.login("teacher@school.example", "not the password")
        assert (unknown.value.status, unknown.value.code) == (401, "bad_credentials")


async def test_long_lists_come_whole(sqlite_url: str) -> None:
    async with (
        run_server(database_url=sqlite_url, settings={"PAGE_SIZE": "4"}) as server,
        live_school(server.url, sqlite_url, students=1) as school,
    ):
        made = await make_students(school.teacher, [f"S{number}" for number in range(10)])

        listed = [one["id"] async for one in school.teacher.all("/api/users", role="STUDENT")]

        assert set(made) < set(listed)
        assert len(listed) == len(set(listed)) == 11
