"""The show: one sitting after another, so that a visitor always sees life."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import httpx
import structlog

from monitor.demo.pace import Pace
from monitor.demo.school import DemoSchool, prepare
from monitor.demo.student_play import StudentPlay
from monitor.demo.teacher_play import LESSON_SECONDS, TeacherPlay
from monitor.demo.temperament import temperament
from monitor.load.dashboard import DashboardClient
from monitor.load.rest import RefusedError, RestClient
from monitor.load.school import Seat, make_sitting, seats
from monitor.load.student import StudentClient

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)

BREAK_SECONDS = 15.0
# After the server was away (the visitor may restart it): the next sitting.
TRY_AGAIN_SECONDS = 3.0
# The API refuses a sitting of less than a minute.
SHORTEST_SECONDS = 60
# Students see the end at once, unless their network is away just then.
LAST_STUDENT_SECONDS = 10.0


class Show:
    """Sittings on a running server.

    Args:
        url: The server.
        email: The teacher's.
        password: The teacher's.
        seed: The same seed plays the same students; a random one when left out.
        speed: How many times faster than a real lesson.
        opened: Called with each sitting's id and the visitor's seat when it opens.
    """

    def __init__(
        self,
        url: str,
        email: str,
        password: str,
        *,
        seed: int | None = None,
        speed: float = 1.0,
        opened: Callable[[str, Seat], None],
    ) -> None:
        self._url = url
        self._email = email
        self._password = password
        self._seed = random.randrange(10**6) if seed is None else seed
        self._pace = Pace(speed)
        self._opened = opened
        self._played = 0

    async def run(self, sittings: int | None = None) -> None:
        """Play so many sittings, or for ever."""
        while sittings is None or self._played < sittings:
            try:
                async with RestClient(self._url) as teacher:
                    await teacher.login(self._email, self._password)
                    school = await prepare(teacher)
                    self._played += 1
                    await self._play(teacher, school)
                await self._pace.wait(BREAK_SECONDS)
            except (httpx.HTTPError, RefusedError, TimeoutError) as error:
                if sittings is not None:
                    raise
                log.warning("the sitting was broken off; the next one follows", reason=str(error))
                await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _play(self, teacher: RestClient, school: DemoSchool) -> None:
        number = school.sittings + 1
        session_id = await make_sitting(
            teacher,
            school.class_id,
            school.test_id,
            title=f"Reading test, sitting {number}",
            duration_seconds=max(round(self._pace.real(LESSON_SECONDS)), SHORTEST_SECONDS),
        )
        everyone = await seats(teacher, session_id)
        token = teacher.token or ""
        async with DashboardClient(self._url, token) as dashboard:
            dashboard.watch(session_id)
            play = TeacherPlay(
                teacher, dashboard, session_id, school.guest_id, self._pace, self._dice("teacher")
            )
            students = []
            for seat in everyone:
                if seat.student_id == school.guest_id:
                    self._opened(session_id, seat)
                else:
                    students.append(asyncio.create_task(self._student(session_id, seat)))
            try:
                await play.run()
                await asyncio.wait(students, timeout=LAST_STUDENT_SECONDS)
            finally:
                for student in students:
                    student.cancel()
                await asyncio.gather(*students, return_exceptions=True)

    async def _student(self, session_id: str, seat: Seat) -> None:
        dice = self._dice(seat.name)
        try:
            async with RestClient(self._url) as door:
                token = await door.login_link(seat.link)
            client = StudentClient(
                self._url, token, session_id, dice=self._dice(f"{seat.name} net")
            )
            await StudentPlay(client, temperament(dice), self._pace, dice).run()
        except (httpx.HTTPError, RefusedError, TimeoutError) as error:
            log.warning("a simulated student gave up", student=seat.name, reason=str(error))
        except Exception:
            log.exception("a simulated student stumbled", student=seat.name)

    def _dice(self, whose: str) -> random.Random:
        return random.Random(f"{self._seed} {self._played} {whose}")
