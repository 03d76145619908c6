"""A call: one request to the API, with who asks and what the address and query say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID, uuid4, uuid5

import msgspec
from starlette.requests import Request

from monitor.api.fields import Paging
from monitor.domain.commands import Command
from monitor.domain.outcome import Outcome
from monitor.domain.user import Role, User
from monitor.errors import BadToken, Forbidden, InvalidRequest, NotFound
from monitor.identity import access
from monitor.identity.access import Action, Relation
from monitor.identity.tokens import Claims
from monitor.repositories.failures import is_conflict
from monitor.repositories.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from monitor.services import Services

Q = TypeVar("Q")

_NAMESPACE = UUID("6f0c1c6e-33a5-5d0e-9f5c-0a4f7a1f2b61")  # of ids made from idempotency keys
_KEY_CHARACTERS = 255


class Call:
    """One request. `actor` and `claims` are there once `authenticate` has passed."""

    actor: User
    claims: Claims

    def __init__(self, request: Request) -> None:
        """Stamp the request with the server's time: what it carries was received now."""
        self.request = request
        self.services: Services = request.app.state.monitor
        self.received_at: datetime = self.services.clock.now()

    async def authenticate(self, *, sitting: bool) -> None:
        """Find out who asks; `sitting`: a token from a link, for one sitting, will do.

        Raises:
            BadToken: there is none, or it is not good.
            TokenExpired: its time is over.
            Forbidden: it is for one sitting, and this is about more.
        """
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise BadToken("Send a token: Authorization: Bearer …")
        self.actor, self.claims = await self.services.authenticator.authenticate(token.strip())
        if self.claims.session_id is not None and not sitting:
            raise Forbidden("This sign-in is for one sitting only.")

    @property
    def address(self) -> str:
        """Where the request comes from, as far as trusted proxies tell."""
        return self.request.client.host if self.request.client else "unknown"

    def id(self, name: str) -> str:
        """A UUID of the address; NotFound where it is none."""
        return canonical_id(self.request.path_params[name])

    def session_id(self) -> str:
        """The sitting of the address; NotFound where a token is for another one."""
        session_id = self.id("session_id")
        self.within(session_id)
        return session_id

    def within(self, session_id: str | None) -> None:
        """Pass unless the token is for another sitting; NotFound then."""
        if self.claims.session_id not in {None, session_id}:
            raise NotFound

    def query(self, type_: type[Q]) -> Q:
        """The query's parameters as a struct; InvalidRequest names the first that does not fit."""
        given = dict(self.request.query_params)
        if any("\0" in name or "\0" in value for name, value in given.items()):
            raise InvalidRequest("Text must not hold the character NUL.")
        try:
            return msgspec.convert(given, type_, strict=False)
        except msgspec.ValidationError as error:
            what, _, field = str(error).partition(" - at `$.")
            raise InvalidRequest(f"{what}.", field.rstrip("`") or None) from None

    def limit(self, paging: Paging) -> int:
        """How many items a page of this list has."""
        return self.services.settings.page_size if paging.limit is None else paging.limit

    def check(self, action: Action, relations: Collection[Relation] = ()) -> None:
        """Pass if the actor may; Forbidden or NotFound as the access table says."""
        access.check(self.actor.role, action, relations)

    @property
    def is_student(self) -> bool:
        """Whether a student asks."""
        return self.actor.role is Role.STUDENT

    @property
    def new_id(self) -> str:
        """The id of what this request makes or commands: the same for a repeated key.

        It is made of who asks, the address and the Idempotency-Key; without a key it is random.
        """
        key = self.request.headers.get("idempotency-key")
        if key is None:
            return str(uuid4())
        if not key or len(key) > _KEY_CHARACTERS:
            raise InvalidRequest(f"Idempotency-Key: give 1 to {_KEY_CHARACTERS} characters.")
        return str(uuid5(_NAMESPACE, f"{self.actor.id}\n{self.request.url.path}\n{key}"))

    async def create(self, add: Callable[[UnitOfWork], Q]) -> Q:
        """What `add` stored under `new_id`, or found there: a repeated key's first answer.

        Of two requests with the same key at the same moment one comes second, and finds it then.
        """
        try:
            return await self.services.database.write(add)
        except Exception as error:
            if not is_conflict(error):
                raise
        return await self.services.database.write(add)

    async def run(self, command: Command) -> Outcome:
        """What came of a command, after its commit; raises what it was refused with."""
        settled = await self.services.recorder.run(command)
        return settled.outcome


def canonical_id(text: str) -> str:
    """A UUID as the database has it; NotFound for what is none."""
    try:
        found = UUID(text)
    except ValueError:
        raise NotFound from None
    if len(text) != 36:
        raise NotFound
    return str(found)
