from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from monitor.domain.session import SessionStatus
from tests.support.school import School, a_school

S = SessionStatus


async def version(school: School) -> int:
    return int((await school.ok("teacher", "GET", "./snapshot"))["version"])


async def test_a_sitting_goes_its_way_from_plan_to_end(database_url: str) -> None:
    async with a_school(database_url, status=S.SCHEDULED) as school:
        seen = []
        for step in ("open", "start", "pause", "resume", "complete"):
            answer = await school.ok("teacher", "POST", f"./{step}")
            assert answer["version"] == await version(school), "it answers after the commit"
            session = answer["session"]
            seen.append((session["status"], session["paused_at"] is not None))
        assert seen == [
            ("WAITING_FOR_STUDENTS", False),
            ("IN_PROGRESS", False),
            ("IN_PROGRESS", True),
            ("IN_PROGRESS", False),
            ("COMPLETED", False),
        ]


@pytest.mark.parametrize(
    ("step", "allowed_from"),
    [
        ("open", {S.SCHEDULED, S.WAITING_FOR_STUDENTS}),
        ("start", {S.WAITING_FOR_STUDENTS, S.IN_PROGRESS}),
        ("pause", {S.IN_PROGRESS}),
        ("resume", {S.IN_PROGRESS}),
        ("complete", {S.IN_PROGRESS, S.COMPLETED}),
        ("cancel", {S.SCHEDULED, S.WAITING_FOR_STUDENTS, S.IN_PROGRESS, S.CANCELLED}),
    ],
)
@pytest.mark.parametrize("status", list(S))
async def test_any_other_step_is_refused(
    sqlite_url: str, step: str, allowed_from: set[SessionStatus], status: SessionStatus
) -> None:
    async with a_school(sqlite_url, status=status) as school:
        before = await version(school)
        response = await school("teacher", "POST", f"./{step}")
        if status in allowed_from:
            assert response.status_code == 200
        else:
            assert (response.status_code, response.json()["code"]) == (409, "invalid_transition")
            assert await version(school) == before


@pytest.mark.parametrize("step", ["open", "start", "pause", "resume", "complete", "cancel"])
async def test_an_outcome_that_holds_already_makes_no_version(sqlite_url: str, step: str) -> None:
    status = {"open": S.SCHEDULED, "start": S.WAITING_FOR_STUDENTS}.get(step, S.IN_PROGRESS)
    async with a_school(sqlite_url, status=status) as school:
        first = await school.ok("teacher", "POST", f"./{step}")
        again = await school.ok("teacher", "POST", f"./{step}")
        assert again == first


async def test_the_reason_is_kept_in_the_history(school: School) -> None:
    await school.ok("teacher", "POST", "./pause", json={"reason": "fire drill"})
    events = (await school.ok("teacher", "GET", "./events?type=paused"))["items"]
    assert events[0]["data"]["reason"] == "fire drill"
    assert events[0]["actor_id"] == school.id("teacher")


async def test_a_repeated_key_extends_once_and_gets_the_first_answer(database_url: str) -> None:
    async with a_school(database_url) as school:
        await school.joined(0)
        first = await school.ok(
            "teacher", "POST", "./extend", json={"minutes": 5}, headers={"Idempotency-Key": "k"}
        )
        answers = await asyncio.gather(
            *(
                school.ok(
                    "teacher",
                    "POST",
                    "./extend",
                    json={"minutes": 5},
                    headers={"Idempotency-Key": "k"},
                )
                for _ in range(5)
            )
        )
        assert all(answer == first for answer in answers)
        assert first["session"]["extended_seconds"] == 300
        other = await school.ok(
            "invigilator", "POST", "./extend", json={"minutes": 5}, headers={"Idempotency-Key": "k"}
        )
        assert other["session"]["extended_seconds"] == 600, "another caller's key is another key"
        message = {"text": "hello"}
        sent = await school.ok(
            "teacher", "POST", "./messages", json=message, headers={"Idempotency-Key": "k"}
        )
        assert sent["message"]["text"] == "hello", "another address's key is another key"


async def test_without_a_key_the_same_request_counts_twice(school: School) -> None:
    for seconds in (300, 600):
        answer = await school.ok("teacher", "POST", "./extend", json={"minutes": 5})
        assert answer["session"]["extended_seconds"] == seconds


async def test_a_repeated_bulk_command_answers_whom_it_refused_then(school: School) -> None:
    await school.joined(0)
    body = {"student_ids": list(school.seeded.student_ids[:2])}
    headers = {"Idempotency-Key": "once"}
    first = await school.ok("teacher", "POST", "./force-submit", json=body, headers=headers)
    assert first["done"] == [school.seeded.student_ids[0]]
    assert [one["code"] for one in first["refused"]] == ["not_started"]
    await school.joined(1)
    again = await school.ok("teacher", "POST", "./force-submit", json=body, headers=headers)
    assert (again["done"], again["refused"]) == (first["done"], first["refused"])


async def test_bulk_commands_say_for_each_student_what_came_of_it(school: School) -> None:
    here, away, _ = school.seeded.student_ids
    await school.joined(0)
    stranger = school.id("other_student")
    ids = [here, away, stranger]
    answer = await school.ok("teacher", "POST", "./force-submit", json={"student_ids": ids})
    assert answer["done"] == [here]
    assert {one["student_id"]: one["code"] for one in answer["refused"]} == {
        away: "not_started",
        stranger: "unknown_student",
    }
    assert all(one["message"].endswith(".") for one in answer["refused"])
    answer = await school.ok("teacher", "POST", "./extend", json={"minutes": 5})
    assert here not in answer["done"]
    assert {one["student_id"]: one["code"] for one in answer["refused"]} == {here: "attempt_closed"}
    answer = await school.ok("teacher", "POST", "./reopen", json={"student_ids": [here]})
    assert answer["done"] == [here]
    answer = await school.ok("teacher", "POST", "./give-back", json={"student_ids": [here]})
    assert [one["code"] for one in answer["refused"]] == ["nothing_lost"]
    answer = await school.ok("teacher", "POST", "./hands/lower")
    assert (answer["done"], answer["refused"]) == ([], [])


async def test_time_for_some_is_theirs_alone(school: School) -> None:
    one = school.seeded.student_ids[0]
    answer = await school.ok(
        "teacher", "POST", "./extend", json={"minutes": 10, "student_ids": [one]}
    )
    assert answer["session"]["extra_seconds"] == {one: 600}
    assert answer["session"]["extended_seconds"] == 0
    own = await school.ok("student", "GET", ".")
    assert own["extra_seconds"] == 600
    assert own["closes_at"] > own["ends_at"]


async def test_less_than_a_minute_ahead_is_refused(school: School) -> None:
    body = {"minutes": -60}
    assert await school.refused("teacher", "POST", "./extend", json=body) == (
        409,
        "deadline_too_near",
    )


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("extend", {}, "minutes"),
        ("extend", {"minutes": "5"}, "minutes"),
        ("extend", {"minutes": 1.5}, "minutes"),
        ("extend", {"minutes": 5, "student_ids": "all"}, "student_ids"),
        ("extend", {"minutes": 100_000}, "minutes"),
        ("give-back", {"from": "now"}, "from"),
        ("give-back", {"from": "2026-11-22T10:00:00Z"}, "from"),
        ("messages", {"text": ""}, "text"),
        ("messages", {"text": "  "}, "text"),
        ("messages", {}, "text"),
        ("participants", {"student_id": "nobody"}, "student_id"),
    ],
)
async def test_a_body_that_does_not_fit_names_the_field(
    school: School, path: str, body: dict[str, Any], field: str
) -> None:
    response = await school("teacher", "POST", f"./{path}", json=body)
    assert response.status_code == 422
    assert response.json()["field"] == field


async def test_texts_have_a_limit(sqlite_url: str) -> None:
    async with a_school(sqlite_url, message_characters=10) as school:
        attempt = await school.joined(0)
        for method, path, body in (
            ("POST", "./messages", {"text": "x" * 11}),
            ("POST", "./pause", {"reason": "x" * 11}),
            ("PATCH", f"/api/attempts/{attempt}", {"note": "x" * 11}),
        ):
            assert await school.refused("teacher", method, path, json=body) == (413, "too_large")


async def test_a_message_has_the_id_that_is_answered(school: School) -> None:
    one = school.seeded.student_ids[0]
    sent = await school.ok(
        "teacher", "POST", "./messages", json={"text": " Quiet. ", "student_ids": [one]}
    )
    assert sent["message"]["text"] == "Quiet."
    assert sent["message"]["id"] == sent["id"]
    assert sent["message"]["sent_by"] == school.id("teacher")
    snapshot = await school.ok("teacher", "GET", "./snapshot")
    assert snapshot["messages"] == [sent["message"]]
    nobody = {"text": "Quiet.", "student_ids": [school.id("other_student")]}
    refused = await school.ok("teacher", "POST", "./messages", json=nobody)
    assert refused["message"] is None
    assert [one["code"] for one in refused["refused"]] == ["unknown_student"]


async def test_a_pupil_who_is_not_in_the_class_is_put_on_the_list(school: School) -> None:
    assert (await school("other_student", "POST", "./join")).status_code == 404
    body = {"student_id": school.id("other_student")}
    added = await school.ok("invigilator", "POST", "./participants", json=body)
    assert added == {"id": school.id("other_student"), "name": "Other_Student"}
    assert await school.ok("invigilator", "POST", "./participants", json=body) == added
    students = (await school.ok("teacher", "GET", "./snapshot"))["students"]
    assert len(students) == 4
    assert (await school("other_student", "POST", "./join")).status_code == 200
    body = {"student_id": school.id("teacher")}
    assert (await school("teacher", "POST", "./participants", json=body)).status_code == 422


async def test_a_note_is_for_staff_only(school: School) -> None:
    path = f"/api/attempts/{await school.joined(0)}"
    noted = await school.ok("teacher", "PATCH", path, json={"note": " left the room "})
    assert noted["note"] == "left the room"
    assert "note" not in await school.ok("student", "GET", path)
    snapshot = await school.ok("teacher", "GET", "./snapshot")
    assert snapshot["attempts"][0]["note"] == "left the room"
    assert (await school.ok("teacher", "PATCH", path, json={"note": None}))["note"] is None


async def test_a_late_answer_is_accepted_once(sqlite_url: str) -> None:
    async with a_school(sqlite_url, duration_seconds=120, deadline_grace_seconds=1) as school:
        attempt = await school.joined(0)
        path = f"/api/attempts/{attempt}"
        school.services.clock.offset += timedelta(seconds=200)
        now = school.services.clock.now().isoformat()
        operation = {
            "type": "answer",
            "seq": 1,
            "question_id": "q3",
            "value": "too late",
            "answered_at": now,
        }
        answer = await school.ok(
            "student",
            "POST",
            f"{path}/operations",
            json={"client_time": now, "operations": [operation]},
        )
        assert answer["ack"] == 1
        assert [error["code"] for error in answer["errors"]] == ["late"]
        assert (await school.ok("teacher", "GET", path))["late_answers"] == 1
        event = (await school.ok("teacher", "GET", "./events?type=late_answer"))["items"][0]
        body = {"event_ids": [event["id"]]}
        accepted = await school.ok("teacher", "POST", f"{path}/accept-late", json=body)
        assert accepted == {"accepted": [event["id"]], "superseded": [], "left": []}
        work = await school.ok("teacher", "GET", path)
        assert work["answers"]["q3"]["value"] == "too late"
        assert work["late_answers"] == 0
        again = await school.ok("teacher", "POST", f"{path}/accept-late")
        assert again["accepted"] == []
        assert (await school.ok("teacher", "POST", f"{path}/leave-late"))["left"] == []
        operation |= {"seq": 2, "question_id": "q1", "value": "a"}
        sent = {"client_time": now, "operations": [operation]}
        await school.ok("student", "POST", f"{path}/operations", json=sent)
        why = {"reason": "after the bell"}
        left = await school.ok("teacher", "POST", f"{path}/leave-late", json=why)
        event = (await school.ok("teacher", "GET", "./events?type=late_left"))["items"][0]
        assert event["data"] == {"event_ids": left["left"], **why}
        work = await school.ok("teacher", "GET", path)
        assert (work["late_answers"], "q1" in work["answers"]) == (0, False)
