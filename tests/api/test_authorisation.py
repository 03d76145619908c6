"""Every route × everyone, against an explicit table."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from starlette.routing import Route

from monitor.api.routes import routes
from monitor.domain.session import SessionStatus
from tests.support.school import PEOPLE, School, a_school

S = SessionStatus
Before = Callable[[School], Awaitable[None]]

ALL = (200, 200, 200, 200, 200, 200, 200)
ANYONE_KNOWN = (401, 200, 200, 200, 200, 200, 200)
STAFF_OF_THE_SCHOOL = (401, 403, 403, 200, 200, 200, 200)
TEACHER_OF_THE_CLASS = (401, 403, 403, 200, 404, 404, 200)
STAFF_OF_THE_SITTING = (401, 403, 403, 200, 200, 404, 200)
OWNERS_OF_THE_SITTING = (401, 403, 403, 200, 403, 404, 200)
STUDENT_AND_STAFF = (401, 200, 404, 200, 200, 404, 200)
THE_STUDENT = (401, 200, 404, 403, 403, 403, 403)


async def _nothing(school: School) -> None:
    """Nothing is needed."""


async def _links(school: School) -> None:
    await school.ok("teacher", "POST", "./links")


def made(statuses: tuple[int, ...], status: int) -> tuple[int, ...]:
    """The same for what answers with another status than 200."""
    return tuple(status if one == 200 else one for one in statuses)


@dataclass(frozen=True)
class Row:
    """What each of PEOPLE is answered to one request."""

    statuses: tuple[int, ...]
    body: Any = None
    query: str = ""
    status: SessionStatus = S.IN_PROGRESS
    before: Before = field(default=_nothing)


NEW_SESSION = {"class_id": "{class_id}", "test_id": "{test_id}"}
NEW_ATTEMPT = {"test_id": "{test_id}", "student_id": "{user_id}"}
NOW = "2026-11-22T10:00:00.000Z"

TABLE: dict[str, Row] = {
    "GET /api/openapi.json": Row(ALL),
    "GET /api/asyncapi.json": Row(ALL),
    "GET /healthz": Row(ALL),
    "GET /readyz": Row(ALL),
    "GET /metrics": Row(ALL),
    "POST /api/login": Row((401,) * 7, {"email": "no@one.example", "password": "12345678"}),
    "POST /api/refresh": Row(ANYONE_KNOWN),
    "POST /api/sign-out-everywhere": Row(made(ANYONE_KNOWN, 204)),
    "GET /api/me": Row(ANYONE_KNOWN),
    "GET /api/users": Row(STAFF_OF_THE_SCHOOL),
    "POST /api/users": Row(made(STAFF_OF_THE_SCHOOL, 201), {"name": "Kim", "role": "STUDENT"}),
    "GET /api/users/{user_id}": Row((401, 200, 404, 200, 200, 200, 200)),
    "PATCH /api/users/{user_id}": Row((401, 403, 404, 200, 403, 403, 200), {"name": "Kim"}),
    "DELETE /api/users/{user_id}": Row((401, 403, 403, 403, 403, 403, 409)),
    "GET /api/classes": Row(STAFF_OF_THE_SCHOOL),
    "POST /api/classes": Row(made(STAFF_OF_THE_SCHOOL, 201), {"name": "8C"}),
    "GET /api/classes/{class_id}": Row(TEACHER_OF_THE_CLASS),
    "GET /api/classes/{class_id}/students": Row(TEACHER_OF_THE_CLASS),
    "PATCH /api/classes/{class_id}": Row(TEACHER_OF_THE_CLASS, {"name": "7C"}),
    "DELETE /api/classes/{class_id}": Row(made(TEACHER_OF_THE_CLASS, 409)),
    "POST /api/classes/{class_id}/import": Row(TEACHER_OF_THE_CLASS, {"text": "Kim Kaya"}),
    "POST /api/student-lists": Row(
        TEACHER_OF_THE_CLASS, {"text": "Kim Kaya", "class_id": "{class_id}"}
    ),
    "GET /api/tests": Row(STAFF_OF_THE_SCHOOL),
    "POST /api/tests": Row(made(STAFF_OF_THE_SCHOOL, 201), {"title": "Maths"}),
    "GET /api/tests/{test_id}": Row(STAFF_OF_THE_SITTING),
    "PATCH /api/tests/{test_id}": Row(
        OWNERS_OF_THE_SITTING, {"title": "Maths"}, status=S.SCHEDULED
    ),
    "DELETE /api/tests/{test_id}": Row(made(OWNERS_OF_THE_SITTING, 409)),
    "GET /api/tests/{test_id}/export": Row(STAFF_OF_THE_SITTING),
    "POST /api/test-files": Row(STAFF_OF_THE_SCHOOL, {"text": "{}"}),
    "GET /api/sessions": Row(ANYONE_KNOWN),
    "POST /api/sessions": Row((401, 403, 403, 201, 422, 422, 201), NEW_SESSION),
    "GET /api/sessions/{session_id}": Row(STUDENT_AND_STAFF),
    "PATCH /api/sessions/{session_id}": Row(OWNERS_OF_THE_SITTING, {"title": "Monday"}),
    "GET /api/sessions/{session_id}/snapshot": Row(STAFF_OF_THE_SITTING),
    "GET /api/sessions/{session_id}/events": Row(STAFF_OF_THE_SITTING),
    "GET /api/sessions/{session_id}/answers": Row(STAFF_OF_THE_SITTING),
    "GET /api/sessions/{session_id}/export": Row(STAFF_OF_THE_SITTING),
    "GET /api/sessions/{session_id}/lost-time": Row(STAFF_OF_THE_SITTING),
    "GET /api/sessions/{session_id}/test": Row(STUDENT_AND_STAFF),
    "POST /api/sessions/{session_id}/open": Row(STAFF_OF_THE_SITTING, status=S.SCHEDULED),
    "POST /api/sessions/{session_id}/start": Row(
        STAFF_OF_THE_SITTING, status=S.WAITING_FOR_STUDENTS
    ),
    "POST /api/sessions/{session_id}/pause": Row(STAFF_OF_THE_SITTING),
    "POST /api/sessions/{session_id}/resume": Row(STAFF_OF_THE_SITTING),
    "POST /api/sessions/{session_id}/complete": Row(STAFF_OF_THE_SITTING),
    "POST /api/sessions/{session_id}/cancel": Row(STAFF_OF_THE_SITTING),
    "POST /api/sessions/{session_id}/extend": Row(STAFF_OF_THE_SITTING, {"minutes": 5}),
    "POST /api/sessions/{session_id}/force-submit": Row(STAFF_OF_THE_SITTING),
    "POST /api/sessions/{session_id}/reopen": Row(STAFF_OF_THE_SITTING),
    "POST /api/sessions/{session_id}/give-back": Row(STAFF_OF_THE_SITTING),
    "POST /api/sessions/{session_id}/hands/lower": Row(STAFF_OF_THE_SITTING),
    "POST /api/sessions/{session_id}/messages": Row(
        made(STAFF_OF_THE_SITTING, 201), {"text": "Quiet, please."}
    ),
    "POST /api/sessions/{session_id}/participants": Row(
        made(STAFF_OF_THE_SITTING, 201), {"student_id": "{other_student_id}"}
    ),
    "POST /api/sessions/{session_id}/links": Row(OWNERS_OF_THE_SITTING),
    "GET /api/sessions/{session_id}/cards": Row(OWNERS_OF_THE_SITTING),
    "DELETE /api/sessions/{session_id}/links": Row(made(OWNERS_OF_THE_SITTING, 204)),
    "DELETE /api/sessions/{session_id}/links/{student_id}": Row(
        made(OWNERS_OF_THE_SITTING, 204), before=_links
    ),
    "POST /api/sessions/{session_id}/join": Row(THE_STUDENT),
    "GET /api/attempts": Row((401, 200, 200, 200, 200, 404, 200), query="?session_id={session_id}"),
    "POST /api/attempts": Row((401, 403, 403, 201, 422, 422, 201), NEW_ATTEMPT),
    "GET /api/attempts/{attempt_id}": Row(STUDENT_AND_STAFF),
    "GET /api/attempts/{attempt_id}/test": Row(STUDENT_AND_STAFF),
    "PATCH /api/attempts/{attempt_id}": Row(STAFF_OF_THE_SITTING, {"note": "left the room"}),
    "POST /api/attempts/{attempt_id}/accept-late": Row(STAFF_OF_THE_SITTING),
    "POST /api/attempts/{attempt_id}/leave-late": Row(STAFF_OF_THE_SITTING),
    "POST /api/attempts/{attempt_id}/operations": Row(THE_STUDENT, {"client_time": NOW}),
}


def all_routes() -> list[str]:
    """Every method of every address, as the router has them."""
    return sorted(
        f"{method} {route.path}"
        for route in routes()
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    )


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert all_routes() == sorted(TABLE)


@pytest.mark.parametrize("route", all_routes())
async def test_everyone_is_answered_what_the_table_says(route: str, sqlite_url: str) -> None:
    row = TABLE[route]
    method, _, path = (route + row.query).partition(" ")
    expected = dict(zip(PEOPLE, row.statuses, strict=True))
    async with a_school(sqlite_url, status=row.status) as school:
        ids = await _ids(school, row.status)
        nowhere = dict.fromkeys(ids, str(uuid4()))

        async def status(name: str) -> int:
            await row.before(school)
            body = _filled_body(row.body, ids)
            answer = await school(name, method, _filled(path, ids), json=body)
            if answer.status_code == 404:
                other = await school(name, method, _filled(path, nowhere), json=body)
                assert other.json() == answer.json(), "not yours and not there look the same"
            return answer.status_code

        await row.before(school)
        before = await _everything(school)
        refused = {name: await status(name) for name in PEOPLE if expected[name] >= 400}
        assert await _everything(school) == before, "what is refused changes nothing"
        allowed = {name: await status(name) for name in PEOPLE if expected[name] < 400}
        assert refused | allowed == expected


async def _ids(school: School, status: SessionStatus) -> dict[str, str]:
    return {
        "user_id": school.id("student"),
        "student_id": school.id("student"),
        "other_student_id": school.id("other_student"),
        "class_id": school.seeded.class_id,
        "test_id": school.seeded.test_id,
        "session_id": school.seeded.session_id,
        "attempt_id": str(uuid4()) if status is S.SCHEDULED else await school.joined(),
    }


async def _everything(school: School) -> list[Any]:
    snapshot = await school.ok("admin", "GET", "./snapshot")
    del snapshot["server_time"]
    lists = [
        await school.ok("admin", "GET", f"/api/{name}")
        for name in ("users", "classes", "tests", "sessions", "attempts")
    ]
    return [snapshot, *lists]


def _filled(text: str, ids: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], text)


def _filled_body(body: Any, ids: dict[str, str]) -> Any:
    if isinstance(body, dict):
        return {
            name: _filled(value, ids) if isinstance(value, str) else value
            for name, value in body.items()
        }
    return body
