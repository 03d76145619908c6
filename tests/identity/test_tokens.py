from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from monitor.clock import Clock
from monitor.domain.user import Role, User
from monitor.errors import BadToken, TokenExpired
from monitor.identity.keys import derive_key
from monitor.identity.tokens import Tokens

SECRET = "a secret of this school"
USER = User(id="u1", email=None, name="Ada", role=Role.STUDENT, token_epoch=3)


class StandingClock(Clock):
    """A clock that says what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.time = datetime(2026, 11, 22, 10, 0, 0, 500_000, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def tokens(clock: StandingClock) -> Tokens:
    return Tokens(SECRET, clock, 12)


def sign(claims: dict[str, Any], algorithm: str = "HS256", key: bytes | None = None) -> str:
    key = derive_key(SECRET, "tokens") if key is None else key
    return jwt.encode(claims, key, algorithm=algorithm)


def good(clock: StandingClock, **changes: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    return {"sub": "u1", "epoch": 3, "iat": now, "exp": now + 60} | changes


def test_a_token_says_who_and_until_when(tokens: Tokens) -> None:
    token, expires_at = tokens.issue(USER)
    claims = tokens.verify(token)
    assert (claims.user_id, claims.token_epoch, claims.session_id) == ("u1", 3, None)
    assert claims.expires_at == expires_at == datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


def test_a_token_from_a_link_says_which_sitting_and_link(tokens: Tokens) -> None:
    claims = tokens.verify(tokens.issue(USER, session_id="s1", link_id="l1")[0])
    assert (claims.session_id, claims.link_id) == ("s1", "l1")


def test_a_token_holds_no_role_and_no_name(tokens: Tokens) -> None:
    payload = tokens.issue(USER)[0].split(".")[1]
    assert set(json.loads(base64.urlsafe_b64decode(payload + "=="))) == {
        "sub",
        "epoch",
        "iat",
        "exp",
    }


def test_a_token_dies_when_its_time_is_over(tokens: Tokens, clock: StandingClock) -> None:
    token, expires_at = tokens.issue(USER)
    clock.time = expires_at - timedelta(milliseconds=1)
    tokens.verify(token)
    clock.time = expires_at
    with pytest.raises(TokenExpired):
        tokens.verify(token)


def test_a_forged_token_that_has_expired_is_bad_not_expired(
    tokens: Tokens, clock: StandingClock
) -> None:
    with pytest.raises(BadToken):
        tokens.verify(sign(good(clock, exp=1), key=b"k" * 32))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_with_the_right_key_is_refused(
    tokens: Tokens, clock: StandingClock, algorithm: str
) -> None:
    key = derive_key(SECRET, "tokens")
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = jwt.encode(good(clock), key, algorithm=algorithm)
    with pytest.raises(BadToken):
        tokens.verify(token)


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
def test_a_token_that_is_not_signed_is_refused(
    tokens: Tokens, clock: StandingClock, algorithm: str
) -> None:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    head = part({"alg": algorithm, "typ": "JWT"})
    for signature in ("", sign(good(clock)).rsplit(".", 1)[1]):
        with pytest.raises(BadToken):
            tokens.verify(f"{head}.{part(good(clock))}.{signature}")


def test_a_changed_claim_breaks_the_token(tokens: Tokens) -> None:
    head, payload, signature = tokens.issue(USER)[0].split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "==")) | {"sub": "u2"}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    with pytest.raises(BadToken):
        tokens.verify(f"{head}.{forged}.{signature}")


def test_another_installations_token_is_refused(tokens: Tokens, clock: StandingClock) -> None:
    with pytest.raises(BadToken):
        tokens.verify(Tokens("another secret", clock, 12).issue(USER)[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": None},
        {"sub": 7},
        {"epoch": "3"},
        {"epoch": True},
        {"exp": "soon"},
        {"exp": 1e400},
        {"exp": 10**30},
        {"session": 5, "link": "l"},
        {"session": "s"},
        {"session": "s", "link": None},
    ],
)
def test_claims_of_a_wrong_kind_are_refused(
    tokens: Tokens, clock: StandingClock, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadToken):
        tokens.verify(sign(good(clock, **changes)))


@pytest.mark.parametrize("missing", ["sub", "epoch", "exp", "iat"])
def test_a_missing_claim_is_refused(tokens: Tokens, clock: StandingClock, missing: str) -> None:
    claims = good(clock)
    del claims[missing]
    with pytest.raises(BadToken):
        tokens.verify(sign(claims))


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "é.é.é", "x" * 5000, "\ud800.a.b"])
def test_what_is_no_token_is_refused(tokens: Tokens, text: str) -> None:
    with pytest.raises(BadToken):
        tokens.verify(text)
