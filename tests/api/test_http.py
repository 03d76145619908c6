"""What holds for every address: refusals, limits, headers, CORS."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from monitor.errors import Unavailable
from tests.support.school import School, a_school

HOSTILE = {
    "nothing": b"",
    "no JSON": b"{",
    "another JSON": b"[]",
    "null": b"null",
    "NUL": b'{"name": "a\\u0000b", "role": "STUDENT"}',
    "raw NUL": b'{"name": "a\x00b", "role": "STUDENT"}',
    "half a surrogate pair": b'{"name": "a\\ud800b", "role": "STUDENT"}',
    "no UTF-8": b'{"name": "a\xffb", "role": "STUDENT"}',
    "too deep": b'{"name": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "a huge number": b'{"name": 1' + b"0" * 400 + b', "role": "STUDENT"}',
    "infinity": b'{"name": Infinity, "role": "STUDENT"}',
    "another type": b'{"name": {"a": 1}, "role": "STUDENT"}',
    "cut off": b'{"name": "Noor", "role": "STUD',
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_body_gets_a_named_error_and_changes_nothing(
    school: School, name: str
) -> None:
    before = await school.ok("admin", "GET", "/api/users")
    refused = await school.refused("teacher", "POST", "/api/users", content=HOSTILE[name])
    assert refused == (422, "invalid_request")
    assert await school.ok("admin", "GET", "/api/users") == before


async def test_the_content_type_does_not_matter(school: School) -> None:
    headers = {"Content-Type": "text/plain"}
    body = b'{"name": "Noor", "role": "STUDENT", "unknown": 1}'
    made = await school.ok("teacher", "POST", "/api/users", content=body, headers=headers)
    assert made["name"] == "Noor"


async def test_a_body_over_the_limit_is_refused(sqlite_url: str) -> None:
    async with a_school(sqlite_url, request_bytes=2048) as school:
        large = b'{"name": "' + b"x" * 5000 + b'", "role": "STUDENT"}'
        refused = await school.refused("teacher", "POST", "/api/users", content=large)
        assert refused == (413, "too_large")
        small = b'{"name": "Noor", "role": "STUDENT"}'
        assert (await school("teacher", "POST", "/api/users", content=small)).status_code == 201


@pytest.mark.parametrize(
    ("header", "sent"),
    [
        ("Content-Length: 1000000", b""),
        ("Content-Length: 1" + "0" * 30, b""),
        ("Transfer-Encoding: chunked", b"400\r\n" + b"x" * 1024 + b"\r\n"),
    ],
)
async def test_a_body_over_the_limit_is_not_waited_for(
    sqlite_url: str, header: str, sent: bytes
) -> None:
    async with a_school(sqlite_url, request_bytes=1024) as school:
        reader, writer = await _begin_request(school, header)
        writer.write(sent * 2)
        answer = await asyncio.wait_for(reader.readline(), 10)
        assert b" 413 " in answer or b" 400 " in answer
        writer.close()


async def _begin_request(
    school: School, header: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    port = httpx.URL(school.app.base_url).port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    token = school.clients["teacher"].headers["authorization"]
    head = f"POST /api/users HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n{header}\r\n\r\n"
    writer.write(head.encode())
    return reader, writer


async def test_a_body_that_never_ends_is_given_up(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.api.body._READ_WITHIN_SECONDS", 0.1)
    reader, writer = await _begin_request(school, "Content-Length: 50")
    writer.write(b"{")
    answer = await asyncio.wait_for(reader.readline(), 10)
    assert b" 422 " in answer
    writer.close()


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/api", "/api/users/x/y", "/nowhere", "/api/sessions//open"]
)
async def test_an_unknown_address_is_a_problem_too(school: School, path: str) -> None:
    for who in ("nobody", "admin"):
        assert await school.refused(who, "GET", path) == (404, "not_found")


@pytest.mark.parametrize(
    "id_",
    ["x", "1", "%00", "é", "0" * 40, "{11111111-1111-1111-1111-111111111111}", "'--"],
)
async def test_an_id_that_is_none_is_not_there(school: School, id_: str) -> None:
    for kind in ("users", "classes", "tests", "sessions", "attempts"):
        response = await school("admin", "GET", f"/api/{kind}/{id_}")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_a_wrong_method_is_told_the_right_ones(school: School) -> None:
    response = await school("admin", "PUT", "/api/users")
    assert response.status_code == 405
    assert response.json()["code"] == "method_not_allowed"
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


async def test_head_is_get_without_a_body(school: School) -> None:
    response = await school("admin", "HEAD", "/api/users")
    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "after=%00", "role=KING"])
async def test_a_query_that_does_not_fit_names_the_parameter(school: School, query: str) -> None:
    response = await school("admin", "GET", f"/api/users?{query}")
    assert response.status_code == 422
    if "%00" not in query:
        assert response.json()["field"] == query.partition("=")[0]


async def test_a_page_after_what_is_gone_is_empty(school: School) -> None:
    page = await school.ok("admin", "GET", f"/api/users?after={school.seeded.session_id}")
    assert page == {"items": [], "next": None}


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_an_idempotency_key_has_a_sensible_length(school: School, key: str) -> None:
    headers = {"Idempotency-Key": key}
    refused = await school.refused("teacher", "POST", "./pause", headers=headers)
    assert refused == (422, "invalid_request")


async def test_a_problem_says_all_that_rfc_9457_asks_for(school: School) -> None:
    response = await school("teacher", "POST", "/api/users", json={"name": "A"})
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "urn:monitor:problem:invalid_request",
        "title": "The request does not fit what this address takes.",
        "status": 422,
        "detail": "The field role is missing.",
        "code": "invalid_request",
        "field": "role",
    }


async def test_a_fault_of_ours_shows_nobody_a_traceback(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(work: object) -> object:
        raise RuntimeError("secret details")

    real = school.services.database.read
    monkeypatch.setattr(school.services.database, "write", broken)
    monkeypatch.setattr(school.services.database, "read", real)
    response = await school("teacher", "POST", "/api/classes", json={"name": "8C"})
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert "secret" not in response.text
    assert "Traceback" not in response.text


async def test_a_database_that_is_away_is_a_temporary_problem(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(work: object) -> object:
        raise Unavailable("The database cannot be reached right now.")

    monkeypatch.setattr(school.services.database, "read", away)
    response = await school("teacher", "GET", "/api/users")
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert response.json()["temporary"] is True
    assert int(response.headers["retry-after"]) >= 1
    assert await school.refused("nobody", "GET", "/readyz") == (503, "unavailable")
    assert (await school("nobody", "GET", "/healthz")).status_code == 200


async def test_a_command_that_cannot_be_committed_is_answered_in_time(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(command: object) -> object:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr("monitor.api.endpoint._ANSWER_WITHIN_SECONDS", 0.2)
    monkeypatch.setattr(school.services.recorder, "run", never)
    assert await school.refused("teacher", "POST", "./pause") == (503, "unavailable")


async def test_a_process_that_drains_is_not_ready(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await school.ok("nobody", "GET", "/readyz") == {"status": "ready"}
    monkeypatch.setattr(type(school.services), "draining", property(lambda self: True))
    assert await school.refused("nobody", "GET", "/readyz") == (503, "unavailable")
    assert (await school("teacher", "GET", "/api/users")).status_code == 200


async def test_only_allowed_origins_are_answered_and_never_with_credentials(
    sqlite_url: str,
) -> None:
    async with a_school(sqlite_url, allowed_origins="https://lms.example") as school:
        for origin in ("https://lms.example", "https://evil.example", "null"):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            asked = await school("nobody", "OPTIONS", "/api/users", headers=headers)
            answered = await school("admin", "GET", "/api/users", headers={"Origin": origin})
            refused = await school("nobody", "GET", "/api/users", headers={"Origin": origin})
            for response in (asked, answered, refused):
                allowed = response.headers.get("access-control-allow-origin")
                assert allowed == (origin if origin == "https://lms.example" else None)
                assert "access-control-allow-credentials" not in response.headers


async def test_nothing_is_allowed_to_other_pages_by_default(school: School) -> None:
    headers = {"Origin": "https://lms.example"}
    response = await school("admin", "GET", "/api/users", headers=headers)
    assert "access-control-allow-origin" not in response.headers


async def test_every_answer_has_an_id_and_headers_that_keep_browsers_safe(school: School) -> None:
    for who, path in (("admin", "/api/users"), ("nobody", "/api/nothing"), ("nobody", "/")):
        headers = (await school(who, "GET", path)).headers
        assert len(headers["x-request-id"]) == 32
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    given = {"X-Request-ID": "from-the-proxy.1"}
    response = await school("admin", "GET", "/api/users", headers=given)
    assert response.headers["x-request-id"] == "from-the-proxy.1"
    forged = {"X-Request-ID": 'two words"}'}
    response = await school("admin", "GET", "/api/users", headers=forged)
    assert len(response.headers["x-request-id"]) == 32


async def test_answers_are_stored_nowhere(school: School) -> None:
    for path in ("/api/users", "./snapshot", "./export?format=csv"):
        assert (await school("teacher", "GET", path)).headers["cache-control"] == "no-store"


async def test_metrics_are_there_for_prometheus(school: School) -> None:
    text = (await school("nobody", "GET", "/metrics")).text
    assert "# TYPE monitor_commands_settled_total counter" in text
