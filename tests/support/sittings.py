"""A school with one sitting, written straight into a database, for tests of what lives on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from monitor.config import Settings
from monitor.domain.commands import GiveAnswer, Heartbeat, Join
from monitor.domain.school_class import SchoolClass
from monitor.domain.session import RosterEntry, Session, SessionStatus
from monitor.domain.test import Choice, Passage, Question, QuestionType, Test
from monitor.domain.user import Role, User
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork
from tests.support.server import SECRET_KEY

QUESTIONS = (
    Question(
        id="q1",
        type=QuestionType.SINGLE_CHOICE,
        prompt="Which?",
        choices=(Choice("a", "This"), Choice("b", "That")),
        passage_id="p1",
    ),
    Question(
        id="q2",
        type=QuestionType.MULTIPLE_CHOICE,
        prompt="Which ones?",
        choices=(Choice("a", "This"), Choice("b", "That"), Choice("c", "Those")),
    ),
    Question(id="q3", type=QuestionType.TEXT, prompt="Why?", passage_id="p1"),
    Question(id="q4", type=QuestionType.NUMBER, prompt="How many?"),
)


@dataclass(frozen=True)
class Seeded:
    """Ids of what was written."""

    session_id: str
    test_id: str
    class_id: str
    teacher_id: str
    student_ids: tuple[str, ...]

    def join(self, student: int, now: datetime, connection_id: str | None = None) -> Join:
        """A join of the n-th student, by a new connection unless one is given."""
        return Join(
            id=str(uuid4()),
            session_id=self.session_id,
            received_at=now,
            student_id=self.student_ids[student],
            connection_id=connection_id or f"{uuid4()}.0",
        )

    def beat(self, student: int, now: datetime, connection_id: str) -> Heartbeat:
        """A heartbeat of the n-th student."""
        return Heartbeat(
            id=str(uuid4()),
            session_id=self.session_id,
            received_at=now,
            student_id=self.student_ids[student],
            connection_id=connection_id,
        )

    def answer(
        self,
        student: int,
        now: datetime,
        connection_id: str | None,
        value: object,
        question: str = "q3",
    ) -> GiveAnswer:
        """An answer of the n-th student, given now."""
        return GiveAnswer(
            id=str(uuid4()),
            session_id=self.session_id,
            received_at=now,
            student_id=self.student_ids[student],
            connection_id=connection_id,
            question_id=question,
            value=value,
            answered_at=now,
            corrected_at=now,
        )


def settings_for(database_url: str, **overrides: object) -> Settings:
    """Settings of a test: a secret, and short windows unless others are given."""
    values: dict[str, object] = {
        "database_url": database_url,
        "secret_key": SECRET_KEY,
        "visible_window_ms": 5,
        "heartbeat_window_ms": 20,
        "batch_slack_ms": 2,
    }
    return Settings(**values | overrides)  # type: ignore[arg-type]


async def seed(
    database: Database,
    now: datetime,
    *,
    students: int = 30,
    status: SessionStatus = SessionStatus.IN_PROGRESS,
    duration_seconds: int | None = 3600,
) -> Seeded:
    """Write a teacher, students, a class, a test and one sitting in the state asked for."""
    teacher = User(
        id=str(uuid4()), email=f"{uuid4()}@school.example", name="Ms Rivera", role=Role.TEACHER
    )
    pupils = [
        User(id=str(uuid4()), email=None, name=f"Student {n:02}", role=Role.STUDENT)
        for n in range(students)
    ]
    test = Test(
        id=str(uuid4()),
        title="Reading test",
        passages=(Passage("p1", "A passage", "The highlighted words of a passage."),),
        questions=QUESTIONS,
        created_by=teacher.id,
    )
    school_class = SchoolClass(
        id=str(uuid4()),
        name="7B",
        teacher_id=teacher.id,
        student_ids=tuple(pupil.id for pupil in pupils),
    )
    begun = status in {SessionStatus.IN_PROGRESS, SessionStatus.COMPLETED}
    session = Session(
        id=str(uuid4()),
        class_id=school_class.id,
        test_id=test.id,
        title="Reading test 3",
        status=status,
        created_by=teacher.id,
        scheduled_at=now,
        started_at=now if begun else None,
        completed_at=now if status is SessionStatus.COMPLETED else None,
        duration_seconds=duration_seconds,
        roster=tuple(RosterEntry(pupil.id, pupil.name) for pupil in pupils),
        version=1,
        session_version=1,
        roster_version=1,
    )

    def write(uow: UnitOfWork) -> None:
        for user in (teacher, *pupils):
            uow.users.add(user, None)
        uow.tests.add(test)
        uow.classes.add(school_class)
        uow.sessions.add(session)

    await database.write(write)
    return Seeded(session.id, test.id, school_class.id, teacher.id, school_class.student_ids)
