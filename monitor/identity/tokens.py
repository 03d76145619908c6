"""Tokens: signed statements of who someone is, for a school day. Roles are not in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from msgspec import Struct

from monitor.clock import Clock
from monitor.domain.user import User
from monitor.errors import BadToken, TokenExpired
from monitor.identity.keys import derive_key

_ALGORITHM = "HS256"  # the only one ever accepted: `none` and all others are refused


class Claims(Struct, frozen=True, kw_only=True):
    """What a token says. `session_id` and `link_id`: it came from a link, for that sitting only."""

    user_id: str
    token_epoch: int
    expires_at: datetime
    session_id: str | None = None
    link_id: str | None = None


class Tokens:
    """Issues tokens and verifies them; whether the user still honours them is not decided here."""

    def __init__(self, secret: str, clock: Clock, hours: float) -> None:
        """Sign with a key derived from `secret`; a token lives `hours`."""
        self._key = derive_key(secret, "tokens")
        self._clock = clock
        self._life = timedelta(hours=hours)

    def issue(
        self, user: User, *, session_id: str | None = None, link_id: str | None = None
    ) -> tuple[str, datetime]:
        """A token for this user and when it expires."""
        now = self._clock.now()
        expires_at = (now + self._life).replace(microsecond=0)
        claims: dict[str, Any] = {
            "sub": user.id,
            "epoch": user.token_epoch,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        if session_id is not None:
            claims |= {"session": session_id, "link": link_id}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM), expires_at

    def verify(self, token: str) -> Claims:
        """What a token of ours says.

        Raises:
            BadToken: it is malformed, forged, or signed in any other way.
            TokenExpired: it is ours, and its time is over.
        """
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                # Times are checked below, by the server's clock and not this machine's.
                options={
                    "require": ["sub", "exp", "iat"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
            said = Claims(
                user_id=_text(claims["sub"]),
                token_epoch=_number(claims["epoch"]),
                expires_at=datetime.fromtimestamp(_number(claims["exp"]), UTC),
                session_id=_text(claims["session"]) if "session" in claims else None,
                link_id=_text(claims["link"]) if "session" in claims else None,
            )
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise BadToken from error
        if said.expires_at <= self._clock.now():
            raise TokenExpired
        return said


def _text(claim: object) -> str:
    if not isinstance(claim, str):
        raise TypeError("a claim is not a text")
    return claim


def _number(claim: object) -> int:
    if not isinstance(claim, int) or isinstance(claim, bool):
        raise TypeError("a claim is not a number")
    return claim
