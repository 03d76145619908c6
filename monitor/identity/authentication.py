"""Signing in and out, and who a token belongs to: each time as the database has it now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from monitor.clock import Clock
from monitor.config import Settings
from monitor.domain.session import SessionStatus
from monitor.domain.user import User
from monitor.errors import BadCredentials, BadToken, SessionOver
from monitor.identity.failed_logins import FailedLogins
from monitor.identity.links import LinkKeys
from monitor.identity.passwords import Passwords
from monitor.identity.tokens import Claims, Tokens
from monitor.repositories.database import Database
from monitor.repositories.gathered import Gathered
from monitor.repositories.unit_of_work import UnitOfWork

_OVER = {SessionStatus.COMPLETED, SessionStatus.CANCELLED}
_CLASS = 30  # children who mistype their codes at one address in the same minute


class SignedIn(Struct, frozen=True, kw_only=True):
    """A new token, whose it is, and the sitting it is for if it came from a link."""

    user: User
    token: str
    expires_at: datetime
    session_id: str | None = None


class Authenticator:
    """Turns passwords and links into tokens, and tokens into people."""

    def __init__(
        self,
        database: Database,
        tokens: Tokens,
        link_keys: LinkKeys,
        clock: Clock,
        settings: Settings,
    ) -> None:
        """Read people from `database` and sign with `tokens`."""
        self.passwords = Passwords()
        self._database = database
        self._tokens = tokens
        self._link_keys = link_keys
        self._clock = clock
        self._people = Gathered(database, _people)
        self._failed_passwords = FailedLogins(settings.failed_logins_per_minute)
        self._failed_links = FailedLogins(settings.failed_logins_per_minute * _CLASS)

    def close(self) -> None:
        """End the threads that hash passwords."""
        self.passwords.close()

    async def authenticate(self, token: str) -> tuple[User, Claims]:
        """Whose token this is, with the role the database has now, and what it says.

        Raises:
            BadToken: it is not ours, or was signed out, or its link was taken back.
            TokenExpired: its time is over.
        """
        claims = self._tokens.verify(token)
        user = await self._people.get((claims.user_id, claims.link_id))
        if user is None or user.token_epoch != claims.token_epoch:
            raise BadToken
        return user, claims

    async def login(self, email: str, password: str, address: str) -> SignedIn:
        """Sign in by password; the same work whether or not there is such an account.

        Raises:
            BadCredentials: they do not match; which part is never said.
            TooManyRequests: too many failures of this account from this address.
        """
        account = email.strip().lower()
        async with self._failed_passwords.attempt(address, account):
            found = await self._database.read(lambda uow: uow.users.credentials(account))
            password_hash = found[1] if found is not None else None
            matches = await self.passwords.verify(password, password_hash)
            if found is None or not matches:
                raise BadCredentials
            return self._signed_in(found[0])

    async def login_link(self, link: str, address: str) -> SignedIn:
        """Sign in by the token of a link or the short code of a card, for its sitting.

        Raises:
            BadCredentials: there is no such link, or it was taken back.
            SessionOver: the link is right, but its sitting is over.
            TooManyRequests: too many failures from this address.
        """
        given = self._link_keys.hash(link)

        def find(uow: UnitOfWork) -> tuple[User, str, str, SessionStatus] | None:
            found = uow.links.by_hash(given)
            if found is None or found.revoked_at is not None:
                return None
            user = uow.users.get(found.student_id)
            session = uow.sessions.get(found.session_id)
            if user is None or session is None:
                return None
            return user, found.id, session.id, session.status

        async with self._failed_links.attempt(address, "link"):
            found = await self._database.read(find)
            if found is None:
                raise BadCredentials
        user, link_id, session_id, status = found
        if status in _OVER:
            raise SessionOver
        return self._signed_in(user, session_id=session_id, link_id=link_id)

    def refresh(self, user: User, claims: Claims) -> SignedIn:
        """A new token that says the same for another while."""
        return self._signed_in(user, session_id=claims.session_id, link_id=claims.link_id)

    async def sign_out_everywhere(self, user_id: str) -> None:
        """Void every token of this person, at once for REST and joins."""
        await self._database.write(lambda uow: uow.users.raise_token_epoch(user_id))

    async def set_password(self, user_id: str, password: str) -> None:
        """Give a new password, which voids every token of this person."""
        password_hash = await self.passwords.hash(password)
        await self._database.write(lambda uow: uow.users.set_password(user_id, password_hash))

    async def has_password(self, user_id: str, password: str, address: str) -> bool:
        """Whether this is the person's present password; a wrong one counts as a failed sign-in."""
        try:
            async with self._failed_passwords.attempt(address, user_id):
                password_hash = await self._database.read(
                    lambda uow: uow.users.password_hash(user_id)
                )
                if not await self.passwords.verify(password, password_hash):
                    raise BadCredentials
        except BadCredentials:
            return False
        return True

    def _signed_in(
        self, user: User, *, session_id: str | None = None, link_id: str | None = None
    ) -> SignedIn:
        token, expires_at = self._tokens.issue(user, session_id=session_id, link_id=link_id)
        return SignedIn(user=user, token=token, expires_at=expires_at, session_id=session_id)


def _people(
    uow: UnitOfWork, wanted: Collection[tuple[str, str | None]]
) -> dict[tuple[str, str | None], User]:
    """The users of (user id, link id), without those whose link is gone or was taken back."""
    links = uow.links.get_many({link_id for _, link_id in wanted if link_id is not None})
    users = uow.users.get_many({user_id for user_id, _ in wanted})
    return {
        (user_id, link_id): users[user_id]
        for user_id, link_id in wanted
        if user_id in users
        and (link_id is None or (link_id in links and links[link_id].revoked_at is None))
    }
