"""Sittings written straight into a database, with tokens for everyone, to begin a load at once."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from monitor.clock import Clock
from monitor.domain.user import Role, User
from monitor.identity.tokens import Tokens
from monitor.repositories.database import Database
from tests.benchmarks.monitor_talkers import MonitorStudent
from tests.support.server import SECRET_KEY
from tests.support.sittings import seed, settings_for


@dataclass(frozen=True)
class Sitting:
    """One sitting in progress: its students (id, token) and its teacher's token."""

    session_id: str
    students: list[tuple[str, str]]
    teacher_token: str


async def sittings(database_url: str, number: int, *, students: int = 30) -> list[Sitting]:
    """Make so many sittings in progress, without a time limit, nobody joined yet."""
    clock = Clock()
    settings = settings_for(database_url)
    tokens = Tokens(SECRET_KEY, clock, settings.token_hours)
    database = Database(settings, clock)
    await database.start()
    made = []
    try:
        for _ in range(number):
            one = await seed(database, clock.now(), students=students, duration_seconds=None)
            teacher = User(id=one.teacher_id, email=None, name="", role=Role.TEACHER)
            made.append(
                Sitting(
                    one.session_id,
                    [
                        (id_, tokens.issue(replace(teacher, id=id_, role=Role.STUDENT))[0])
                        for id_ in one.student_ids
                    ],
                    tokens.issue(teacher)[0],
                )
            )
    finally:
        await database.close()
    return made


def students_of(school: list[Sitting]) -> list[MonitorStudent]:
    """A talker for everyone; neighbours sit in different sittings, as they come in life."""
    seats = [
        (one.session_id, *one.students[place])
        for place in range(len(school[0].students))
        for one in school
    ]
    return [
        MonitorStudent(number, session_id, student_id, token)
        for number, (session_id, student_id, token) in enumerate(seats)
    ]
