"""A dashboard over the wire: what it watches is what the database holds, version by version."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from monitor.domain.commands import (
    CompleteSession,
    EditSession,
    Extend,
    ForceSubmit,
    PauseSession,
    Reopen,
    ResumeSession,
    SendMessage,
    SetNote,
)
from monitor.domain.user import Role
from monitor.identity.tokens import Tokens
from monitor.protocol.close_codes import CloseCode
from tests.support import eventually
from tests.support.classroom import Classroom, classroom
from tests.support.server import SECRET_KEY
from tests.support.sittings import seed
from tests.support.wire import Message, Wire, wire

BY_ID = {"participants": "student_id", "attempts": "id", "messages": "id"}


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Classroom]:
    async with classroom(sqlite_url, disconnect_grace_seconds=0.1) as opened:
        yield opened


def applied(state: Message, message: Message) -> Message:
    """The state after a message: what a page does with `snapshot` and `change`."""
    if message["type"] == "snapshot":
        return without_time(message)
    assert message["type"] == "change"
    assert message["from_version"] == state["version"]
    after = {**state, "version": message["version"]}
    for name, key in BY_ID.items():
        merged = {item[key]: item for item in [*state[name], *message.get(name, [])]}
        after[name] = list(merged.values())
    for name in ("session", "students"):
        after[name] = message.get(name, state[name])
    return after


def without_time(snapshot: Message) -> Message:
    """A snapshot without what differs each time it is asked for."""
    return {name: value for name, value in snapshot.items() if name not in ("type", "server_time")}


def in_order(state: Message) -> Message:
    """The state with its lists in one order."""
    return {
        **state,
        **{name: sorted(state[name], key=lambda item: item[key]) for name, key in BY_ID.items()},
    }


async def snapshot_by_rest(room: Classroom) -> Message:
    """What `GET /api/sessions/{id}/snapshot` answers."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(
            f"{room.app.base_url}/api/sessions/{room.session_id}/snapshot",
            headers={"Authorization": f"Bearer {await room.teacher_token()}"},
        )
    assert answer.status_code == 200, answer.text
    return without_time(answer.json())


async def follow(socket: Wire, state: Message, version: int) -> Message:
    """The state once the dashboard has reached a version."""
    while state.get("version", -1) < version:
        state = applied(state, await socket.receive())
    return state


async def watched(socket: Wire, session_id: str, **since: object) -> Message:
    """The answer to a `watch`."""
    await socket.send({"type": "watch", "session_id": session_id, **since})
    return await socket.receive()


async def test_authenticated_tells_who_and_until_when(room: Classroom) -> None:
    async with wire(f"{room.app.ws_url}/ws/dashboard") as socket:
        await socket.send({"type": "authenticate", "token": await room.teacher_token()})
        answer = await socket.receive()

    assert list(answer) == [
        *("type", "user", "server_time", "heartbeat_seconds", "lease_seconds", "expires_at"),
    ]
    assert answer["user"]["id"] == room.seeded.teacher_id
    assert (answer["heartbeat_seconds"], answer["lease_seconds"]) == (5.0, 15.0)


async def test_snapshot_and_changes_are_what_rest_shows_at_every_version(room: Classroom) -> None:
    dice = random.Random(7)
    async with room.dashboard(watch=True) as dashboard, AsyncExitStack() as stack:
        state = applied({}, await dashboard.receive())
        assert in_order(state) == in_order(await snapshot_by_rest(room))
        students = [
            (await stack.enter_async_context(room.student(number)))[0] for number in range(3)
        ]
        steps: list[Any] = [
            lambda: room.command(PauseSession),
            lambda: room.command(ResumeSession),
            lambda: room.command(SendMessage, text="Ten minutes left"),
            lambda: room.command(Extend, minutes=5),
            lambda: room.command(ForceSubmit, student_ids=room.seeded.student_ids[1:2]),
            lambda: room.command(Reopen, student_ids=room.seeded.student_ids[1:2]),
            lambda: room.command(EditSession, changes={"title": "Another title"}),
            lambda: room.command(SetNote, student_id=room.seeded.student_ids[0], note="Fine"),
        ]
        for step in steps:
            student = dice.choice(students)
            await student.operate("visibility", visible=dice.random() < 0.5)
            await student.operate("raise_hand", text="Please")
            await student.operate(
                "answer", question_id="q3", value=str(dice.random()), answered_at=room.moment()
            )
            await student.operate("heartbeat", question_id="q2")
            await step()
            await student.acked(student.seq)
            expected = await snapshot_by_rest(room)
            state = await follow(dashboard, state, expected["version"])
            assert in_order(state) == in_order(expected)


async def test_a_change_is_on_the_dashboard_long_before_a_second_has_passed(
    room: Classroom,
) -> None:
    async with room.dashboard(watch=True) as dashboard, room.student() as (student, _):
        state = applied({}, await dashboard.receive())
        began = asyncio.get_running_loop().time()
        await student.operate("answer", question_id="q3", value="now", answered_at=room.moment())
        while not any(attempt["answered"] for attempt in state["attempts"]):
            state = applied(state, await dashboard.receive())
        assert asyncio.get_running_loop().time() - began < 1.0


async def test_who_comes_back_with_a_version_gets_what_was_missed(room: Classroom) -> None:
    async with room.dashboard() as socket:
        snapshot = await watched(socket, room.session_id)
    await room.command(SendMessage, text="While you were away")
    await room.command(Extend, minutes=1)

    async with room.dashboard() as socket:
        change = await watched(
            socket, room.session_id, version=snapshot["version"], epoch=snapshot["epoch"]
        )

    assert change["type"] == "change"
    assert change["from_version"] == snapshot["version"]
    assert change["version"] == snapshot["version"] + 2
    assert [message["text"] for message in change["messages"]] == ["While you were away"]
    assert {event["type"] for event in change["events"]} == {"message", "extended"}
    assert "participants" not in change
    assert in_order(applied(applied({}, snapshot), change)) == in_order(
        await snapshot_by_rest(room)
    )


async def test_who_missed_nothing_gets_an_empty_change(room: Classroom) -> None:
    async with room.dashboard() as socket:
        snapshot = await watched(socket, room.session_id)
        change = await watched(
            socket, room.session_id, version=snapshot["version"], epoch=snapshot["epoch"]
        )

    assert list(change) == ["type", "session_id", "from_version", "version", "server_time"]
    assert change["from_version"] == change["version"] == snapshot["version"]


@pytest.mark.parametrize("since", [{"epoch": "another"}, {"version": 10**6}])
async def test_who_comes_from_another_world_gets_a_snapshot(
    room: Classroom, since: dict[str, object]
) -> None:
    async with room.dashboard() as socket:
        assert (await watched(socket, room.session_id, **{"version": 1, **since}))[
            "type"
        ] == "snapshot"


async def test_unwatched_sittings_are_heard_of_no_more(room: Classroom) -> None:
    async with room.dashboard(watch=True) as socket:
        await socket.receive("snapshot")
        await socket.send({"type": "unwatch", "session_id": room.session_id})
        await socket.send({"type": "unwatch", "session_id": "never watched"})
        pulse = await socket.receive("pulse")
        while pulse["sessions"]:
            pulse = await socket.receive("pulse")
        await room.command(Extend, minutes=1)
        await socket.silent_for(0.3)


async def test_several_sittings_are_watched_side_by_side(room: Classroom) -> None:
    other = await seed(room.services.database, room.services.clock.now(), students=1)
    async with room.dashboard(token=await room.token(await room.add_user(Role.ADMIN))) as socket:
        for session_id in (room.session_id, other.session_id):
            assert (await watched(socket, session_id))["session_id"] == session_id
        await room.command(Extend, minutes=1)
        assert (await socket.receive())["session_id"] == room.session_id
        pulse = await socket.receive("pulse")

    assert {each["session_id"] for each in pulse["sessions"]} == {
        room.session_id,
        other.session_id,
    }


async def test_more_watches_than_allowed_are_refused_and_a_repeated_one_is_none(
    sqlite_url: str,
) -> None:
    async with classroom(sqlite_url, watches_per_connection=2) as room:
        database, now = room.services.database, room.services.clock.now()
        second, third = [(await seed(database, now, students=1)).session_id for _ in range(2)]
        token = await room.token(await room.add_user(Role.ADMIN))
        async with room.dashboard(token=token) as socket:
            for session_id in (room.session_id, second, second):
                assert (await watched(socket, session_id))["type"] == "snapshot"
            refused = await watched(socket, third)
            await socket.send({"type": "unwatch", "session_id": second})
            assert (await watched(socket, third))["type"] == "snapshot"

    assert (refused["type"], refused["code"]) == ("error", "too_many_watches")
    assert refused["session_id"] == third


async def test_another_teacher_s_sitting_is_refused_and_the_socket_lives_on(
    room: Classroom,
) -> None:
    token = await room.token(await room.add_user(Role.TEACHER))
    async with room.dashboard(token=token) as socket:
        error = await watched(socket, room.session_id)
        assert (error["type"], error["code"]) == ("error", "forbidden")
        assert error["session_id"] == room.session_id
        assert (await socket.receive("pulse"))["sessions"] == []


async def test_an_invigilator_sees_the_sitting_until_that_is_taken_back(sqlite_url: str) -> None:
    async with classroom(sqlite_url, token_check_seconds=0.1) as room:
        invigilator = await room.add_user(Role.TEACHER)
        await room.command(EditSession, changes={"invigilator_ids": [invigilator]})
        async with room.dashboard(token=await room.token(invigilator), watch=True) as socket:
            await socket.receive("snapshot")
            await room.command(EditSession, changes={"invigilator_ids": []})
            error = await socket.receive("error")
            assert (error["code"], error["session_id"]) == ("forbidden", room.session_id)
            await room.command(Extend, minutes=1)
            await socket.silent_for(0.3)


async def test_a_pulse_tells_how_true_the_dashboard_is(sqlite_url: str) -> None:
    async with (
        classroom(sqlite_url, truth_check_seconds=0.1) as room,
        room.dashboard(watch=True) as socket,
        room.student() as (student, _),
    ):
        snapshot = await socket.receive("snapshot")
        await student.acked(await student.operate("heartbeat"))
        first, second = await socket.receive("pulse"), await socket.receive("pulse")

    assert list(second) == ["type", "server_time", "epoch", "sessions"]
    assert second["epoch"] == snapshot["epoch"]
    (session,) = second["sessions"]
    assert list(session) == ["session_id", "version", "heartbeats", "verified_at"]
    assert session["session_id"] == room.session_id
    assert session["version"] > snapshot["version"]
    assert session["heartbeats"] == 1
    assert first["sessions"][0]["verified_at"] < session["verified_at"] <= second["server_time"]


async def test_changes_come_at_most_so_many_times_a_second(sqlite_url: str) -> None:
    async with (
        classroom(sqlite_url, dashboard_sends_per_second=5.0) as room,
        room.dashboard(watch=True) as socket,
    ):
        state = applied({}, await socket.receive())
        loop = asyncio.get_running_loop()
        began, version, changes = loop.time(), 0, 0
        while loop.time() - began < 1.0:
            version = (await room.command(Extend, minutes=1)).version
        while state["version"] < version:
            state = applied(state, await socket.receive())
            changes += 1

    assert version > 30
    assert changes <= 8


async def test_the_end_of_the_sitting_is_shown_and_the_dashboard_stays(room: Classroom) -> None:
    async with room.dashboard(watch=True) as socket:
        state = applied({}, await socket.receive())
        await room.command(CompleteSession)
        state = applied(state, await socket.receive())
        assert state["session"]["status"] == "COMPLETED"
        await socket.receive("pulse")


# -- logins


async def test_more_dashboards_of_a_user_than_allowed_close_with_4504(sqlite_url: str) -> None:
    async with classroom(sqlite_url, dashboards_per_user=2) as room:
        token = await room.teacher_token()
        async with room.dashboard(), room.dashboard():
            async with wire(f"{room.app.ws_url}/ws/dashboard") as third:
                await third.send({"type": "authenticate", "token": token})
                code, bye = await third.end()
            async with room.dashboard(token=await room.token(await room.add_user(Role.TEACHER))):
                pass  # a limit of each user alone
        await eventually(lambda: len(room.app.sockets.registry) == 0)
        async with room.dashboard():
            pass

    assert code == CloseCode.CONNECTION_LIMIT
    assert bye is not None
    assert (bye["code"], bye["reconnect"]) == (4504, False)


async def short_token(room: Classroom, user_id: str, seconds: float) -> str:
    """A token of a user that lives so many seconds."""
    user = await room.services.database.read(lambda uow: uow.users.get(user_id))
    assert user is not None
    return Tokens(SECRET_KEY, room.services.clock, seconds / 3600).issue(user)[0]


async def test_a_token_that_expires_while_connected_closes_with_4005(room: Classroom) -> None:
    token = await short_token(room, room.seeded.teacher_id, 2)
    async with room.dashboard(token=token, watch=True) as socket:
        await socket.receive("snapshot")
        code, bye = await socket.end()

    assert code == CloseCode.TOKEN_EXPIRED
    assert bye is not None
    assert bye["reconnect"] is True


async def test_a_refreshed_token_lets_the_dashboard_live_on(room: Classroom) -> None:
    token = await short_token(room, room.seeded.teacher_id, 2)
    async with room.dashboard(token=token) as socket:
        await socket.send({"type": "refresh", "token": await room.teacher_token()})
        answer = await socket.receive("authenticated")
        assert answer["expires_at"] > room.moment(3600)
        await socket.silent_for(2.2)
        assert await watched(socket, room.session_id)


@pytest.mark.parametrize(
    ("whose", "code"),
    [("nobody", 4500), ("another teacher", 4500), ("a student", 4507), ("expired", 4005)],
)
async def test_a_refresh_that_is_not_good_closes(room: Classroom, whose: str, code: int) -> None:
    token = {
        "nobody": "nonsense",
        "another teacher": await room.token(await room.add_user(Role.TEACHER)),
        "a student": await room.student_token(),
        "expired": await short_token(room, room.seeded.teacher_id, -1),
    }[whose]
    async with room.dashboard() as socket:
        await socket.send({"type": "refresh", "token": token})
        closed, bye = await socket.end()

    assert closed == code
    assert bye is not None
    assert bye["code"] == code


async def test_a_sign_out_reaches_live_dashboards(sqlite_url: str) -> None:
    async with classroom(sqlite_url, token_check_seconds=0.1) as room, room.dashboard() as socket:
        await socket.silent_for(0.3)
        await room.services.authenticator.sign_out_everywhere(room.seeded.teacher_id)
        code, bye = await socket.end()

    assert code == CloseCode.BAD_TOKEN
    assert bye is not None
    assert bye["code"] == 4500
