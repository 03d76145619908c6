"""A student's sitting without any WebSocket."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.domain.session import SessionStatus
from tests.support.classroom import Classroom
from tests.support.school import School, a_school


def now(school: School, seconds: float = 0) -> str:
    return (school.services.clock.now() + timedelta(seconds=seconds)).isoformat()


def answer(school: School, seq: int, question: str, value: object, seconds: float = 0) -> Any:
    return {
        "type": "answer",
        "seq": seq,
        "question_id": question,
        "value": value,
        "answered_at": now(school, seconds),
    }


async def operate(
    school: School, attempt: str, *operations: object, who: str = "student", **fields: object
) -> dict[str, Any]:
    body = {"client_time": now(school), "operations": list(operations)} | fields
    path = f"/api/attempts/{attempt}/operations"
    answered: dict[str, Any] = await school.ok(who, "POST", path, json=body)
    return answered


async def test_a_student_lives_on_rest_from_join_to_hand_in(database_url: str) -> None:
    async with a_school(database_url, status=SessionStatus.WAITING_FOR_STUDENTS) as school:
        joined = await school.ok("student", "POST", "./join")
        attempt = joined["attempt"]["id"]
        assert joined["attempt"]["status"] == "NOT_STARTED"
        assert (joined["test"], joined["messages"]) == (None, [])
        assert joined["heartbeat_seconds"] == school.services.settings.heartbeat_seconds
        await school.ok("teacher", "POST", "./start")
        await school.ok("teacher", "POST", "./messages", json={"text": "Begin."})
        seen = await operate(school, attempt, version=joined["version"])
        assert seen["session"]["status"] == "IN_PROGRESS"
        assert seen["attempt"]["status"] == "IN_PROGRESS"
        assert [message["text"] for message in seen["messages"]] == ["Begin."]
        again = await school.ok("student", "POST", "./join")
        assert len(again["test"]["questions"]) == 4
        assert again["attempt"]["id"] == attempt
        highlight = {
            "id": "h1",
            "timestamp": now(school),
            "text": "highlighted",
            "passage_id": "p1",
            "position_start": 4,
            "position_end": 15,
            "color_code": "yellow",
        }
        done = await operate(
            school,
            attempt,
            answer(school, 1, "q3", "Because."),
            answer(school, 2, "q1", "a"),
            {"type": "highlight", "seq": 3, "highlight": highlight},
            {"type": "raise_hand", "seq": 4, "text": "Help"},
            {"type": "read", "seq": 5, "message_id": seen["messages"][0]["id"]},
            {"type": "heartbeat", "seq": 6, "question_id": "q3"},
            {"type": "submit", "seq": 7, "given_at": now(school)},
        )
        assert (done["ack"], done["errors"]) == (7, [])
        assert done["attempt"]["status"] == "SUBMITTED"
        assert done["attempt"]["answers"]["q3"]["value"] == "Because."
        assert done["attempt"]["highlighted_text"][0]["id"] == "h1"
        assert done["messages"][0]["read"] is True
        snapshot = await school.ok("teacher", "GET", "./snapshot")
        shown = snapshot["attempts"][0]
        assert (shown["answered"], shown["question_id"], shown["hand_text"]) == (2, "q3", "Help")
        assert shown["submitted_by"] == "student"


async def test_every_request_is_a_sign_of_life(school: School) -> None:
    attempt = await school.joined(0)

    async def place() -> Any:
        return (await school.ok("teacher", "GET", "./snapshot"))["participants"][0]

    before = await place()
    await operate(school, attempt)
    after = await place()
    assert after["last_activity"] > before["last_activity"]
    assert after["connection_status"] == "CONNECTED"


async def test_one_operation_that_does_not_fit_holds_up_no_other(school: School) -> None:
    attempt = await school.joined(0)
    done = await operate(
        school,
        attempt,
        answer(school, 1, "q3", "kept"),
        answer(school, 2, "nowhere", 1),
        answer(school, 3, "q4", "no number"),
        {"type": "dance", "seq": 4},
        {"type": "answer", "seq": 5},
        {"type": "join", "token": "x", "session_id": "y"},
        {"type": "leave"},
        {"type": "read", "seq": 6, "message_id": "nothing"},
        answer(school, 6, "q1", "a"),
        {"type": "visibility", "seq": "7", "visible": True},
        answer(school, 9, "q4", 5),
    )
    assert [(error.get("seq"), error["code"]) for error in done["errors"]] == [
        (2, "unknown_question"),
        (3, "invalid_value"),
        (4, "invalid_message"),
        (5, "invalid_message"),
        (None, "invalid_message"),
        (None, "invalid_message"),
        (6, "unknown_message"),
        (6, "bad_sequence"),
        (None, "invalid_message"),
    ]
    assert done["ack"] == 9
    assert {id_: one["value"] for id_, one in done["attempt"]["answers"].items()} == {
        "q3": "kept",
        "q4": 5,
    }


async def test_operations_sent_again_are_done_once(school: School) -> None:
    attempt = await school.joined(0)
    operations = [answer(school, 1, "q3", "once"), {"type": "raise_hand", "seq": 2}]
    first = await operate(school, attempt, *operations)
    resent = [operation | {"seq": operation["seq"] + 10} for operation in operations]
    again = await operate(school, attempt, *resent)
    assert again["ack"] == 12
    assert again["errors"] == []
    # The corrected time may differ by as much as the two requests' ways differed.
    for answered in (first, again):
        assert {id_: one["value"] for id_, one in answered["attempt"]["answers"].items()} == {
            "q3": "once"
        }
    events = (await school.ok("teacher", "GET", "./events"))["items"]
    types = [event["type"] for event in events]
    assert (types.count("saved"), types.count("hand_raised")) == (1, 1)


async def test_a_hand_that_has_a_name_goes_up_and_down_once(school: School) -> None:
    attempt = await school.joined(0)
    names = ("up", "down", "up again")
    types = ("raise_hand", "lower_hand", "raise_hand")
    operations: list[dict[str, Any]] = [
        {"type": type_, "id": name, "seq": seq}
        for seq, (type_, name) in enumerate(zip(types, names, strict=True), start=1)
    ]
    first = await operate(school, attempt, *operations)
    await school.ok("teacher", "POST", "./hands/lower")
    resent = [operation | {"seq": operation["seq"] + 10} for operation in operations]
    again = await operate(school, attempt, *resent)

    assert first["attempt"]["hand_raised_at"] is not None
    assert (again["ack"], again["errors"]) == (13, [])
    assert again["attempt"]["hand_raised_at"] is None
    events = (await school.ok("teacher", "GET", "./events"))["items"]
    # Acts of one request happened at one moment: their order among each other is not told.
    told = sorted(event["type"] for event in events if event["type"].startswith("hand"))
    assert told == ["hand_lowered", "hand_raised", "hand_raised", "hands_lowered"]


async def test_with_a_version_only_what_is_newer_is_answered(school: School) -> None:
    attempt = await school.joined(0)
    first = await operate(school, attempt)
    assert first["session"] is not None
    assert first["attempt"] is not None
    same = await operate(school, attempt, answer(school, 1, "q3", "x"), version=first["version"])
    assert (same["session"], same["attempt"], same["messages"]) == (None, None, [])
    assert same["version"] > first["version"]
    await school.ok("teacher", "POST", "./extend", json={"minutes": 1})
    news = await operate(school, attempt, version=same["version"])
    assert news["session"]["ends_at"] > first["session"]["ends_at"]
    assert news["attempt"] is None
    await school.ok("teacher", "POST", "./force-submit")
    news = await operate(school, attempt, version=news["version"])
    assert news["attempt"]["status"] == "SUBMITTED"
    assert news["session"] is None


async def test_a_loser_is_sent_the_winner(school: School) -> None:
    attempt = await school.joined(0)
    first = await operate(school, attempt, answer(school, 1, "q3", "later", 0))
    older = await operate(
        school, attempt, answer(school, 1, "q3", "earlier", -600), version=first["version"]
    )
    assert older["attempt"]["answers"]["q3"]["value"] == "later"


async def test_the_clients_clock_is_corrected(school: School) -> None:
    attempt = await school.joined(0)
    wrong = 3 * 3600
    done = await operate(
        school,
        attempt,
        answer(school, 1, "q3", "x", wrong - 10),
        client_time=now(school, wrong),
    )
    stored = done["attempt"]["answers"]["q3"]["answered_at"]
    assert now(school, -12)[:19] <= stored[:19] <= now(school, -8)[:19]


async def test_times_told_without_the_clients_clock_are_the_servers(school: School) -> None:
    attempt = await school.joined(0)
    path = f"/api/attempts/{attempt}/operations"
    told = answer(school, 1, "q3", "x", -10)
    done = await school.ok("student", "POST", path, json={"operations": [told]})
    stored = done["attempt"]["answers"]["q3"]["answered_at"]
    assert datetime.fromisoformat(stored) == datetime.fromisoformat(told["answered_at"])
    ahead = answer(school, 2, "q3", "y", 3600)
    done = await school.ok("student", "POST", path, json={"operations": [ahead]})
    assert done["attempt"]["answers"]["q3"]["answered_at"] <= done["server_time"]


async def test_a_request_takes_no_more_operations_than_the_limit(sqlite_url: str) -> None:
    async with a_school(sqlite_url, operations_per_request=3) as school:
        attempt = await school.joined(0)
        path = f"/api/attempts/{attempt}/operations"
        operations = [answer(school, seq, "q3", "x") for seq in range(4)]
        body = {"client_time": now(school), "operations": operations}
        assert await school.refused("student", "POST", path, json=body) == (413, "too_large")
        assert (await school.ok("student", "GET", f"/api/attempts/{attempt}"))["answers"] == {}
        assert (await operate(school, attempt, *operations[:3]))["ack"] == 2


async def test_joins_are_limited_together_with_those_of_sockets(sqlite_url: str) -> None:
    async with a_school(sqlite_url, joins_per_minute=2) as school:
        room = Classroom(school.app, school.seeded)
        async with room.student(0):
            pass
        await school.ok("student", "POST", "./join")
        response = await school("student", "POST", "./join")
        assert (response.status_code, response.json()["code"]) == (429, "too_many_requests")
        assert 1 <= int(response.headers["retry-after"]) <= 61


async def test_a_join_comes_too_early_or_too_late(sqlite_url: str) -> None:
    async with a_school(sqlite_url, status=SessionStatus.SCHEDULED) as school:
        assert await school.refused("student", "POST", "./join") == (409, "not_open")
        await school.ok("teacher", "POST", "./cancel")
        assert await school.refused("student", "POST", "./join") == (409, "session_over")


async def test_rest_replaces_no_socket_and_a_replaced_sockets_fence_holds(school: School) -> None:
    room = Classroom(school.app, school.seeded)
    async with room.student(0) as (socket, joined):
        seat = await school.ok("student", "POST", "./join")
        assert seat["connection_id"] == joined["connection_id"]
        await socket.send(
            {
                "type": "answer",
                "seq": 1,
                "question_id": "q3",
                "value": "x",
                "answered_at": now(school),
            }
        )
        assert (await socket.receive("ack"))["seq"] == 1
        attempt = joined["attempt"]["id"]
        heartbeat = {"type": "heartbeat", "seq": 1, "question_id": "q4"}
        stale = await operate(school, attempt, heartbeat, connection_id=f"{school.id('admin')}.1")
        assert stale["ack"] == 1
        snapshot = await school.ok("teacher", "GET", "./snapshot")
        assert snapshot["attempts"][0]["question_id"] != "q4"


async def test_who_joined_keeps_the_sitting_when_no_longer_in_the_class(school: School) -> None:
    attempt = await school.joined(0)
    path = f"/api/classes/{school.seeded.class_id}"
    await school.ok("teacher", "PATCH", path, json={"student_ids": []})
    assert (await school("student", "GET", ".")).status_code == 200
    assert (await operate(school, attempt, answer(school, 1, "q3", "x")))["ack"] == 1
    assert (await school.ok("student", "POST", "./join"))["attempt"]["id"] == attempt


@pytest.mark.parametrize(
    "body",
    [
        {"client_time": "now"},
        {"client_time": "2026-11-22T10:00:00"},
        {"client_time": "0001-01-01T00:00:00Z"},
        {"client_time": "2026-11-22T10:00:00Z", "operations": {}},
        {"client_time": "2026-11-22T10:00:00Z", "version": -1},
        {"client_time": "2026-11-22T10:00:00Z", "connection_id": 5},
    ],
)
async def test_a_request_that_does_not_fit_is_refused_whole(
    school: School, body: dict[str, object]
) -> None:
    attempt = await school.joined(0)
    response = await school("student", "POST", f"/api/attempts/{attempt}/operations", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")
