"""A running Monitor with one person of each kind, a class, a test and a sitting, asked by REST."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from msgspec.structs import replace

from monitor import __version__
from monitor.api.routes import endpoints
from monitor.contracts.openapi import openapi
from monitor.domain.commands import Join
from monitor.domain.outcome import JoinReply
from monitor.domain.session import SessionStatus
from monitor.domain.user import Role, User
from monitor.identity.passwords import hash_password
from monitor.repositories.unit_of_work import UnitOfWork
from monitor.services import Services
from tests.support.app_server import RunningApp, running_app
from tests.support.described import Described
from tests.support.sittings import Seeded, seed, settings_for

PASSWORD = "correct horse battery"
PASSWORD_HASH = hash_password(PASSWORD)
PEOPLE = ("nobody", "student", "other_student", "teacher", "invigilator", "other_teacher", "admin")

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loading certificates takes 30 ms a client
_judge = Described(openapi([one.operation for one in endpoints()], version=__version__))


@dataclass
class School:
    """One of each. `people` maps the names in PEOPLE to users, `clients` to their clients."""

    app: RunningApp
    seeded: Seeded
    people: dict[str, User]
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        """The services behind it."""
        return self.app.services

    @property
    def session(self) -> str:
        """The sitting's address."""
        return f"/api/sessions/{self.seeded.session_id}"

    def id(self, name: str) -> str:
        """A person's id."""
        return self.people[name].id

    def client(self, token: str | None = None, address: str | None = None) -> httpx.AsyncClient:
        """A client with this token; each of its answers is held against the API's description."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if address is not None:
            headers["X-Forwarded-For"] = address
        return httpx.AsyncClient(
            base_url=self.app.base_url,
            headers=headers,
            event_hooks={"response": [_held_against_the_description]},
            timeout=20,
            verify=_NO_TLS,
        )

    async def __call__(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        """What someone is answered; a path that begins with a dot is below the sitting's."""
        url = self.session + path[1:] if path.startswith(".") else path
        return await self.clients[who].request(method, url, **more)

    async def ok(self, who: str, method: str, path: str, **more: Any) -> Any:
        """The same, which must succeed; its JSON, None where there is none."""
        response = await self(who, method, path, **more)
        assert response.is_success, f"{response.status_code}: {response.text}"
        return response.json() if response.content else None

    async def refused(self, who: str, method: str, path: str, **more: Any) -> tuple[int, str]:
        """The status and code of a refusal, which it must be."""
        response = await self(who, method, path, **more)
        assert response.headers["content-type"] == "application/problem+json", response.text
        problem = response.json()
        assert problem["status"] == response.status_code
        return response.status_code, problem["code"]

    async def joined(self, number: int = 0) -> str:
        """Let the n-th student take a place; the attempt's id."""
        student_id = self.seeded.student_ids[number]
        settled = await self.services.recorder.run(
            Join(
                id=str(uuid4()),
                session_id=self.seeded.session_id,
                received_at=self.services.clock.now(),
                student_id=student_id,
            )
        )
        reply: JoinReply = settled.outcome.reply
        return reply.attempt.id


@asynccontextmanager
async def a_school(
    database_url: str,
    *,
    status: SessionStatus = SessionStatus.IN_PROGRESS,
    students: int = 3,
    duration_seconds: int | None = 3600,
    **settings: object,
) -> AsyncIterator[School]:
    """A school on a real server; `settings` as in `settings_for`."""
    async with running_app(settings_for(database_url, **settings)) as app:
        services = app.services
        seeded = await seed(
            services.database,
            services.clock.now(),
            students=students,
            status=status,
            duration_seconds=duration_seconds,
        )
        school = School(
            app, seeded, await services.database.write(lambda uow: _people(uow, seeded))
        )
        async with AsyncExitStack() as stack:
            for name in PEOPLE:
                user = school.people.get(name)
                token = None if user is None else services.tokens.issue(user)[0]
                school.clients[name] = await stack.enter_async_context(school.client(token))
            yield school


def _people(uow: UnitOfWork, seeded: Seeded) -> dict[str, User]:
    found = uow.users.get_many([seeded.teacher_id, seeded.student_ids[0]])
    people = {"teacher": found[seeded.teacher_id], "student": found[seeded.student_ids[0]]}
    uow.users.set_password(seeded.teacher_id, PASSWORD_HASH)
    people["teacher"] = replace(people["teacher"], token_epoch=people["teacher"].token_epoch + 1)
    for name, role in (
        ("other_student", Role.STUDENT),
        ("invigilator", Role.TEACHER),
        ("other_teacher", Role.TEACHER),
        ("admin", Role.ADMIN),
    ):
        people[name] = User(
            id=str(uuid4()), email=f"{name}@school.example", name=name.title(), role=role
        )
        uow.users.add(people[name], PASSWORD_HASH)
    session = uow.sessions.get(seeded.session_id)
    assert session is not None
    uow.sessions.rewrite(
        replace(
            session,
            invigilator_ids=(people["invigilator"].id,),
            version=session.version + 1,
            session_version=session.version + 1,
        ),
        (),
    )
    return people


async def _held_against_the_description(response: httpx.Response) -> None:
    await response.aread()
    _judge.check(response)
