"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.domain.user import User
from monitor.errors import BadCredentials, InvalidRequest, SessionOver, TooManyRequests
from monitor.identity.authentication import SignedIn
from monitor.protocol.messages import UserItem

noun = Noun("login")


class Login(Struct, frozen=True, kw_only=True):
    """Either `email` and `password`, or `link`: the token of a sign-in link or a card's code."""

    email: Annotated[str, Meta(max_length=320)] | None = None
    password: Annotated[str, Meta(max_length=1024)] | None = None
    link: Annotated[str, Meta(max_length=256)] | None = None


class LoginAnswer(Struct, frozen=True, kw_only=True):
    """A token to send as `Authorization: Bearer …`; `session_id` if it is for one sitting only."""

    access_token: str
    token_type: str
    expires_in: Annotated[int, Meta(description="Seconds")]
    user: UserItem
    session_id: str | None


def user_item(user: User) -> UserItem:
    """A person as the API shows one."""
    return UserItem(id=user.id, email=user.email, name=user.name, role=user.role.value)


@noun.on("POST", "/login", public=True, errors=(BadCredentials, TooManyRequests, SessionOver))
async def login(call: Call, body: Login) -> LoginAnswer:
    """Sign in by password, by link or by a card's code.

    What does not match is never said. Only failures are limited, for each address and account.
    """
    authenticator = call.services.authenticator
    if body.link is not None:
        return _answer(call, await authenticator.login_link(body.link, call.address))
    if body.email is None or body.password is None:
        missing = "email" if body.email is None else "password"
        raise InvalidRequest("Give email and password, or link.", missing)
    return _answer(call, await authenticator.login(body.email, body.password, call.address))


@noun.on("POST", "/refresh", sitting=True)
async def refresh(call: Call) -> LoginAnswer:
    """Get a new token before the old one expires."""
    return _answer(call, call.services.authenticator.refresh(call.actor, call.claims))


@noun.on("POST", "/sign-out-everywhere", status=204)
async def sign_out_everywhere(call: Call) -> None:
    """Void every token of the caller.

    REST and joins refuse them at once, a live dashboard closes within a minute.
    """
    await call.services.authenticator.sign_out_everywhere(call.actor.id)


@noun.on("GET", "/me", sitting=True)
async def me(call: Call) -> UserItem:
    """Who the token belongs to."""
    return user_item(call.actor)


def _answer(call: Call, signed_in: SignedIn) -> LoginAnswer:
    return LoginAnswer(
        access_token=signed_in.token,
        token_type="Bearer",  # noqa: S106 - a word of RFC 6750, no secret
        expires_in=int((signed_in.expires_at - call.received_at).total_seconds()),
        user=user_item(signed_in.user),
        session_id=signed_in.session_id,
    )
