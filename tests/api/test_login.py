from __future__ import annotations

from datetime import timedelta

import jwt
import pytest

from monitor.identity.keys import derive_key
from tests.support.school import PASSWORD, School, a_school


async def login(school: School, **body: object) -> tuple[int, dict[str, object]]:
    response = await school("nobody", "POST", "/api/login", json=body)
    return response.status_code, response.json()


async def test_a_password_gives_a_token_that_works(school: School) -> None:
    email = school.people["admin"].email
    status, answer = await login(school, email=email, password=PASSWORD)
    assert status == 200
    assert answer["token_type"] == "Bearer"
    assert answer["session_id"] is None
    assert 12 * 3600 - 2 <= int(str(answer["expires_in"])) <= 12 * 3600
    async with school.client(str(answer["access_token"])) as client:
        me = (await client.get("/api/me")).json()
    assert me == answer["user"]
    assert me["role"] == "ADMIN"


async def test_an_address_is_found_however_it_is_written(school: School) -> None:
    status, _ = await login(school, email=" ADMIN@School.Example ", password=PASSWORD)
    assert status == 200


async def test_what_does_not_match_is_never_said(school: School) -> None:
    wrong = await login(school, email="admin@school.example", password="wrong password")
    unknown = await login(school, email="nobody@school.example", password="wrong password")
    without = await login(school, email="x", password="")
    assert wrong == unknown == without
    assert wrong[0] == 401
    assert wrong[1]["code"] == "bad_credentials"


@pytest.mark.parametrize(
    ("body", "field"), [({}, "email"), ({"email": "a@b.c"}, "password"), ({"password": 7}, None)]
)
async def test_half_a_login_names_what_is_missing(
    school: School, body: dict[str, object], field: str | None
) -> None:
    status, answer = await login(school, **body)
    assert status == 422
    assert answer["field"] == (field or "password")


async def test_failed_logins_are_limited_for_an_address_and_account_only(
    sqlite_url: str,
) -> None:
    async with a_school(sqlite_url, failed_logins_per_minute=2) as school:
        body = {"email": "admin@school.example", "password": "wrong password"}
        for _ in range(2):
            assert (await login(school, **body))[0] == 401
        refused = await school("nobody", "POST", "/api/login", json=body | {"password": PASSWORD})
        assert refused.status_code == 429
        assert refused.json()["code"] == "too_many_requests"
        assert 1 <= int(refused.headers["retry-after"]) <= 61
        other = {"email": "other_teacher@school.example", "password": PASSWORD}
        assert (await login(school, **other))[0] == 200
        async with school.client(address="10.1.2.3") as elsewhere:
            answer = await elsewhere.post("/api/login", json=body | {"password": PASSWORD})
            assert answer.status_code == 200


async def test_sign_out_everywhere_voids_all_tokens_at_once(school: School) -> None:
    _, answer = await login(school, email="admin@school.example", password=PASSWORD)
    async with school.client(str(answer["access_token"])) as client:
        assert (await client.get("/api/me")).status_code == 200
        await school.ok("admin", "POST", "/api/sign-out-everywhere")
        assert (await client.get("/api/me")).json()["code"] == "bad_token"
    assert await school.refused("admin", "GET", "/api/me") == (401, "bad_token")
    assert (await login(school, email="admin@school.example", password=PASSWORD))[0] == 200


async def test_a_refreshed_token_outlives_the_first(school: School) -> None:
    clock = school.services.clock
    first = school.clients["admin"].headers["authorization"]
    clock.offset += timedelta(hours=11)
    answer = await school.ok("admin", "POST", "/api/refresh")
    clock.offset += timedelta(hours=2)
    assert await school.refused("admin", "GET", "/api/me") == (401, "token_expired")
    async with school.client(answer["access_token"]) as client:
        assert (await client.get("/api/me")).status_code == 200
    assert first != f"Bearer {answer['access_token']}"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic YTpi", "Bearer x.y.z", "Bearer é", "bearer a b"]
)
async def test_a_header_that_is_no_token_of_ours_is_refused(school: School, header: str) -> None:
    headers = {"Authorization": header.encode()}
    response = await school("nobody", "GET", "/api/me", headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["code"] == "bad_token"


async def test_a_forged_or_unsigned_token_is_refused(school: School) -> None:
    secret = school.services.settings.secret_key
    assert secret is not None
    claims = {"sub": school.id("admin"), "epoch": 0, "iat": 0, "exp": 2**33}
    key = derive_key(secret.get_secret_value(), "tokens")
    good = jwt.encode(claims, key, algorithm="HS256")
    forged = jwt.encode(claims, b"k" * 32, algorithm="HS256")
    unsigned = jwt.encode(claims, None, algorithm="none")
    for token, status in ((good, 200), (forged, 401), (unsigned, 401)):
        async with school.client(token) as client:
            assert (await client.get("/api/me")).status_code == status


async def test_a_role_is_what_the_database_says_now(school: School) -> None:
    other = school.id("other_teacher")
    assert (await school("other_teacher", "GET", "/api/users")).status_code == 200
    await school.ok("admin", "PATCH", f"/api/users/{other}", json={"role": "STUDENT"})
    assert await school.refused("other_teacher", "GET", "/api/users") == (403, "forbidden")
