"""The pages that the application serves, and where its API and sockets are."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.app_server import running_app
from tests.support.sittings import settings_for


@pytest.fixture
async def client(sqlite_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        running_app(settings_for(sqlite_url)) as app,
        httpx.AsyncClient(base_url=app.base_url, trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize(
    "path",
    ["/", "/join", "/sittings", "/sittings/any-id", "/student", "/student/any-id"],
)
async def test_every_page_is_there_and_asked_for_anew_each_time(
    client: httpx.AsyncClient, path: str
) -> None:
    page = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": page.headers["etag"]})

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == again.headers["cache-control"] == "no-cache"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert (again.status_code, again.content) == (304, b"")
    assert (await client.head(path)).status_code == 200


async def test_all_that_the_pages_refer_to_is_there_with_its_type(
    client: httpx.AsyncClient,
) -> None:
    types = {
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".svg": "image/svg+xml",
    }
    found = set()
    for path in ("/", "/sittings", "/sittings/x", "/student"):
        for part in (await client.get(path)).text.split('"'):
            suffix = part[part.rfind(".") :]
            if part.startswith("/static/") and suffix in types:
                answer = await client.get(part)
                assert (answer.status_code, answer.headers["content-type"]) == (200, types[suffix])
                found.add(suffix)

    assert {".js", ".css"} <= found


async def test_the_icon_is_where_browsers_look_for_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/favicon.ico")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/static/nothing.js",
        "/static/../monitor/app.py",
        "/static/%2e%2e/monitor/app.py",
        "/static/..%2fmonitor%2fapp.py",
        "/static/%00",
        "/static/" + "x" * 3_000,
        "/sittings/a/b",
    ],
)
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_page_takes_no_other_method(client: httpx.AsyncClient) -> None:
    assert (await client.post("/sittings")).status_code == 405


async def test_a_socket_s_address_is_no_page(client: httpx.AsyncClient) -> None:
    assert (await client.get("/ws/student")).status_code == 404
