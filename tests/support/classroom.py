"""A running Monitor with one sitting, its teacher and some students who can connect."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from monitor.domain.commands import StaffCommand
from monitor.domain.session import SessionStatus
from monitor.domain.user import Role, User
from monitor.live.backlog import Settled
from monitor.protocol.items import ParticipantItem
from monitor.protocol.timestamps import rfc3339
from monitor.services import Services
from tests.support.app_server import RunningApp, running_app
from tests.support.sittings import Seeded, seed, settings_for
from tests.support.wire import Message, Wire, wire


@dataclass(frozen=True)
class Classroom:
    """One sitting on a running application."""

    app: RunningApp
    seeded: Seeded

    @property
    def services(self) -> Services:
        """The services behind it."""
        return self.app.services

    @property
    def session_id(self) -> str:
        """The sitting's id."""
        return self.seeded.session_id

    async def token(self, user_id: str) -> str:
        """A good token of a user."""
        user = await self.services.database.read(lambda uow: uow.users.get(user_id))
        assert user is not None
        return self.services.tokens.issue(user)[0]

    async def teacher_token(self) -> str:
        """A good token of the teacher."""
        return await self.token(self.seeded.teacher_id)

    async def student_token(self, number: int = 0) -> str:
        """A good token of the n-th student."""
        return await self.token(self.seeded.student_ids[number])

    async def add_user(self, role: Role) -> str:
        """The id of another user of this role."""
        user = User(id=str(uuid4()), email=f"{uuid4()}@school.example", name="Other", role=role)
        await self.services.database.write(lambda uow: uow.users.add(user, None))
        return user.id

    def moment(self, seconds: float = 0.0) -> str:
        """Server time so many seconds from now, as the wire has it."""
        return rfc3339(self.services.clock.now() + timedelta(seconds=seconds))

    async def join_message(self, number: int = 0, **fields: object) -> Message:
        """A good `join` of the n-th student, some fields replaced or added."""
        token = await self.student_token(number)
        return {"type": "join", "token": token, "session_id": self.session_id, **fields}

    @asynccontextmanager
    async def student(self, number: int = 0, **fields: object) -> AsyncIterator[tuple[Wire, Any]]:
        """A joined connection of the n-th student, and the `joined` it got."""
        async with wire(f"{self.app.ws_url}/ws/student") as socket:
            await socket.send(await self.join_message(number, **fields))
            yield socket, await socket.receive("joined")

    @asynccontextmanager
    async def dashboard(self, *, watch: bool = False, token: str = "") -> AsyncIterator[Wire]:
        """An authenticated connection of the teacher's, watching the sitting if asked to."""
        async with wire(f"{self.app.ws_url}/ws/dashboard") as socket:
            token = token or await self.teacher_token()
            await socket.send({"type": "authenticate", "token": token})
            await socket.receive("authenticated")
            if watch:
                await socket.send({"type": "watch", "session_id": self.session_id})
            yield socket

    async def command(self, type_: type[StaffCommand], **fields: object) -> Settled:
        """Let the teacher give a command and wait for its commit."""
        return await self.services.recorder.run(
            type_(
                id=str(uuid4()),
                session_id=self.session_id,
                received_at=self.services.clock.now(),
                actor_id=self.seeded.teacher_id,
                **fields,  # type: ignore[arg-type]
            )
        )

    @asynccontextmanager
    async def recorder_held(self) -> AsyncIterator[None]:
        """Inside the block nothing is committed: the recorder's thread is kept busy."""
        loop, release = asyncio.get_running_loop(), asyncio.Event()
        held = asyncio.Event()

        def wait() -> None:
            loop.call_soon_threadsafe(held.set)
            asyncio.run_coroutine_threadsafe(release.wait(), loop).result(timeout=60)

        holding = asyncio.create_task(self.services.database.run_recorder(wait))
        try:
            await held.wait()
            yield
        finally:
            release.set()
            await holding

    async def connection_status(self, number: int = 0) -> str | None:
        """The n-th student's connection status, as the database has it."""
        participant = await self.participant(number)
        return None if participant is None else participant.connection_status

    async def participant(self, number: int = 0) -> ParticipantItem | None:
        """The n-th student's place, as the database has it."""
        student_id = self.seeded.student_ids[number]

        loaded = await self.services.database.read(lambda uow: uow.sessions.load([self.session_id]))
        _, participants = loaded[self.session_id]
        return next((item for item in participants if item.student_id == student_id), None)

    async def answers(self, number: int = 0) -> dict[str, Any]:
        """The n-th student's stored values, as the database has them."""
        student_id = self.seeded.student_ids[number]
        attempts = await self.services.database.read(
            lambda uow: uow.attempts.of_session(self.session_id)
        )
        of_student = [attempt for attempt in attempts if attempt.student_id == student_id]
        return {id_: answer.value for id_, answer in of_student[0].answers.items()}


@asynccontextmanager
async def classroom(
    database_url: str,
    *,
    students: int = 3,
    status: SessionStatus = SessionStatus.IN_PROGRESS,
    duration_seconds: int | None = 3600,
    serving_as: Mapping[str, Any] | None = None,
    **settings: object,
) -> AsyncIterator[Classroom]:
    """A running application with one seeded sitting; `settings` as in `settings_for`."""
    async with running_app(settings_for(database_url, **settings), **(serving_as or {})) as app:
        seeded = await seed(
            app.services.database,
            app.services.clock.now(),
            students=students,
            status=status,
            duration_seconds=duration_seconds,
        )
        yield Classroom(app, seeded)
