"""Whose a dashboard's connection is, for as long as the database says so."""

from __future__ import annotations

from datetime import datetime

from monitor.clock import Clock
from monitor.config import Settings
from monitor.domain.user import User
from monitor.errors import BadToken, Forbidden
from monitor.identity import access
from monitor.identity.access import Action
from monitor.identity.authentication import Authenticator
from monitor.protocol.messages import Authenticated, UserItem
from monitor.protocol.timestamps import rfc3339


class Login:
    """A member of the staff and the token that says so; checked again and replaced."""

    user: User
    expires_at: datetime

    def __init__(self, authenticator: Authenticator, clock: Clock, settings: Settings) -> None:
        """Belong to nobody before `begin`."""
        self._authenticator = authenticator
        self._clock = clock
        self._settings = settings
        self._token = ""

    async def begin(self, token: str) -> Authenticated:
        """Take the first token and return the answer to it.

        Raises:
            BadToken: It is not good.
            TokenExpired: Its time is over.
            Forbidden: It is a student's.
            Unavailable: That cannot be known now.
        """
        self._accept(token, *await self._find(token))
        return Authenticated(
            user=UserItem(
                id=self.user.id,
                email=self.user.email,
                name=self.user.name,
                role=self.user.role.value,
            ),
            server_time=rfc3339(self._clock.now()),
            heartbeat_seconds=self._settings.heartbeat_seconds,
            lease_seconds=self._settings.lease_seconds,
            expires_at=rfc3339(self.expires_at),
        )

    async def refresh(self, token: str) -> Authenticated:
        """Take a newer token of the same user; raises as `begin`, BadToken for another user's."""
        user, _ = await self._find(token)
        if user.id != self.user.id:
            raise BadToken
        return await self.begin(token)

    async def check(self) -> None:
        """Ask again whether the token holds and what role its user has; raises as `begin`."""
        self._accept(self._token, *await self._find(self._token))

    async def _find(self, token: str) -> tuple[User, datetime]:
        user, claims = await self._authenticator.authenticate(token)
        if not access.ever_allowed(user.role, Action.SESSION_WATCH):
            raise Forbidden
        return user, claims.expires_at

    def _accept(self, token: str, user: User, expires_at: datetime) -> None:
        self._token, self.user, self.expires_at = token, user, expires_at
