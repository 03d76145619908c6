"""One sitting, its connections on two sets of services, with and without a broker between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from monitor.protocol.close_codes import CloseCode
from tests.support import eventually
from tests.support.app_server import running_app
from tests.support.classroom import Classroom, classroom
from tests.support.sittings import settings_for
from tests.support.wire import wire

SETTINGS: dict[str, object] = {"disconnect_grace_seconds": 0.3, "truth_check_seconds": 0.2}


@dataclass(frozen=True)
class Two:
    """The same sitting, served twice."""

    here: Classroom
    there: Classroom


@pytest.fixture(
    params=[
        pytest.param(("sqlite_url", None), id="sqlite, no broker"),
        pytest.param(("postgres_url", None), id="postgresql, no broker"),
        pytest.param(("postgres_url", "redis_url"), id="postgresql, redis"),
    ]
)
async def two(request: pytest.FixtureRequest) -> AsyncIterator[Two]:
    database, broker = request.param
    url = request.getfixturevalue(database)
    settings = {**SETTINGS, "redis_url": broker and request.getfixturevalue(broker)}
    async with (
        classroom(url, **settings) as here,
        running_app(settings_for(url, **settings)) as there,
    ):
        yield Two(here, Classroom(there, here.seeded))


async def test_a_window_opened_elsewhere_takes_over_here(two: Two) -> None:
    async with two.here.student() as (old, first), two.there.student() as (new, second):
        code, bye = await old.end()
        assert code == CloseCode.REPLACED
        assert bye is not None
        assert bye["reconnect"] is False
        assert first["connection_id"] != second["connection_id"]
        await new.acked(await new.operate("heartbeat"))
        participant = await two.there.participant()

    assert participant is not None
    assert participant.connection_id == second["connection_id"]


async def test_a_reconnect_elsewhere_is_let_in_and_the_old_close_changes_nothing(two: Two) -> None:
    async with two.here.student() as (_, first):
        pass
    await eventually(lambda: len(two.here.app.sockets.farewells) == 1)
    async with two.there.student(connection_id=first["connection_id"]) as (socket, again):
        assert again["connection_id"].endswith(".2")
        # The grace passes here, and the disconnect of a connection that was replaced is handed in.
        await eventually(lambda: len(two.here.app.sockets.farewells) == 0)
        await socket.silent_for(0.3)
        await socket.acked(await socket.operate("heartbeat"))
        assert await two.there.connection_status() == "CONNECTED"


async def test_a_reconnect_after_a_takeover_elsewhere_is_refused(two: Two) -> None:
    async with two.here.student() as (_, first):
        pass
    async with two.there.student(), wire(f"{two.here.app.ws_url}/ws/student") as late:
        await late.send(await two.here.join_message(connection_id=first["connection_id"]))
        code, _ = await late.end()

    assert code == CloseCode.REPLACED


async def test_a_dashboard_there_follows_a_student_here(two: Two) -> None:
    async with two.there.dashboard(watch=True) as dashboard, two.here.student() as (student, _):
        await dashboard.receive("snapshot")
        await student.operate("answer", question_id="q3", value="x", answered_at=two.here.moment())
        async with asyncio.timeout(3):
            while True:
                change = await dashboard.receive("change")
                if any(attempt["answered"] for attempt in change.get("attempts", [])):
                    break
