"""A desk: what the recorder does with a sitting, without a database.

Before every command the sitting is built anew with only what `needs` names, so a handler that looks
at anything else fails. What is refused must have changed nothing; what is done is stamped with the
next version and written back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.domain import commands as c
from monitor.domain.attempt import Attempt
from monitor.domain.decide import apply
from monitor.domain.event import Event, EventType
from monitor.domain.message import Message
from monitor.domain.needs import ALL, needs
from monitor.domain.outcome import Outcome
from monitor.domain.participant import Participant
from monitor.domain.rules import Rules
from monitor.domain.session import RosterEntry, Session, SessionStatus
from monitor.domain.sitting import Changed, Sitting
from monitor.domain.test import Choice, Passage, Question, QuestionType, Test
from monitor.errors import MonitorError

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADA, BO, CHI, DANA = "ada", "bo", "chi", "dana"
STUDENTS = (ADA, BO, CHI, DANA)
TEACHER = "rivera"

TEST = Test(
    id="test",
    title="Reading",
    passages=(Passage("p1", "The well", "In the yard stood a well, older than the house."),),
    questions=(
        Question(
            id="q1",
            type=QuestionType.SINGLE_CHOICE,
            prompt="What stood in the yard?",
            choices=(Choice("a", "a well"), Choice("b", "a tree"), Choice("c", "a car")),
        ),
        Question(
            id="q2",
            type=QuestionType.MULTIPLE_CHOICE,
            prompt="What is old?",
            choices=(Choice("a", "the well"), Choice("b", "the house")),
        ),
        Question(id="q3", type=QuestionType.TEXT, prompt="Say it in your words."),
        Question(id="q4", type=QuestionType.NUMBER, prompt="How many wells?"),
    ),
)


def a_session(**fields: Any) -> Session:
    """A sitting of ten minutes with four students on its list."""
    return Session(
        **{
            "id": "session",
            "class_id": "class",
            "test_id": TEST.id,
            "title": "Reading test",
            "status": SessionStatus.SCHEDULED,
            "created_by": TEACHER,
            "duration_seconds": 600,
            "roster": tuple(RosterEntry(id_, id_.title()) for id_ in STUDENTS),
            **fields,
        }
    )


def later(seconds: float, moment: datetime = NOON) -> datetime:
    """So many seconds after noon."""
    return moment + timedelta(seconds=seconds)


class Desk:
    """Applies commands one by one and keeps what they leave."""

    def __init__(self, session: Session | None = None, rules: Rules | None = None) -> None:
        """A sitting that nobody has touched; the clock stands at noon."""
        self.session = session if session is not None else a_session()
        self.rules = rules if rules is not None else Rules()
        self.test = TEST
        self.now = NOON
        self.participants: dict[str, Participant] = {}
        self.attempts: dict[str, Attempt] = {}
        self.messages: dict[str, Message] = {}
        self.events: list[Event] = []
        self.version = 0
        self.last: c.Command | None = None
        self.changed: Changed | None = None
        self._commands = 0

    # -- time

    def wait(self, seconds: float) -> datetime:
        """Time passes; it passes back, too, for what comes late from another process."""
        self.now += timedelta(seconds=seconds)
        return self.now

    # -- commands

    def run(self, command: c.Command) -> Outcome:
        """Apply a command as the recorder does."""
        sitting = self.sitting(command)
        outcome = apply(sitting, command, self.rules)
        self.last = command
        if outcome.error is not None:
            assert not sitting.changed(), "a refusal changes nothing"
        elif sitting.changed():
            self.version += 1
            self.changed = sitting.stamp(self.version)
            outcome = sitting.stamped(outcome)
            self._write(sitting, self.changed)
        else:
            self.changed = sitting.changed()
        return outcome

    def do(self, kind: type[c.Command], **fields: Any) -> Outcome:
        """Apply a command that must not be refused."""
        outcome = self.run(self.command(kind, **fields))
        assert outcome.error is None, outcome.error
        return outcome

    def refused(self, kind: type[c.Command], **fields: Any) -> str:
        """The code with which a command is refused."""
        error = self.run(self.command(kind, **fields)).error
        assert isinstance(error, MonitorError), "this was not refused"
        return error.code

    def command(self, kind: type[c.Command], **fields: Any) -> Any:
        """A command received now, with an id of its own."""
        self._commands += 1
        fields.setdefault("id", f"command-{self._commands}")
        fields.setdefault("session_id", self.session.id)
        fields.setdefault("received_at", self.now)
        if issubclass(kind, c.StaffCommand):
            fields.setdefault("actor_id", TEACHER)
        if issubclass(kind, c.GiveAnswer):
            fields.setdefault("corrected_at", fields["received_at"])
            fields.setdefault("answered_at", fields["corrected_at"])
        if issubclass(kind, c.Submit):
            fields.setdefault("given_at", fields["received_at"])
        return kind(**fields)

    # -- what is often done

    def join(self, student_id: str, connection_id: str | None = "", **fields: Any) -> Outcome:
        """A student comes, on `<student>-1.1` unless told otherwise."""
        if connection_id == "":
            connection_id = f"{student_id}-1.1"
        return self.do(c.Join, student_id=student_id, connection_id=connection_id, **fields)

    def begin(self, *student_ids: str) -> None:
        """Open, let students in, start."""
        self.do(c.OpenSession)
        for student_id in student_ids:
            self.join(student_id)
        self.do(c.StartSession)

    def answer(
        self, student_id: str, question_id: str = "q1", value: Any = "a", **fields: Any
    ) -> Outcome:
        """A student answers on their current connection."""
        fields.setdefault("connection_id", self.participants[student_id].connection_id)
        return self.do(
            c.GiveAnswer, student_id=student_id, question_id=question_id, value=value, **fields
        )

    def beat(self, student_id: str, **fields: Any) -> Outcome:
        """A heartbeat on the student's current connection."""
        fields.setdefault("connection_id", self.participants[student_id].connection_id)
        return self.do(c.Heartbeat, student_id=student_id, **fields)

    def submit(self, student_id: str, **fields: Any) -> Outcome:
        """A student hands in."""
        fields.setdefault("connection_id", self.participants[student_id].connection_id)
        return self.do(c.Submit, student_id=student_id, **fields)

    def of_type(self, type_: EventType, student_id: str | None = None) -> list[Event]:
        """Lines of history of a kind."""
        return [
            event
            for event in self.events
            if event.type is type_ and student_id in (None, event.student_id)
        ]

    # -- the tables

    def sitting(self, command: c.Command) -> Sitting:
        """The sitting with what this command needs, and nothing else."""
        wanted = needs([command], self.session, self.rules)
        attempts = {
            id_: attempt
            for id_, attempt in self.attempts.items()
            if wanted.students is ALL
            or id_ in wanted.students
            or (wanted.in_progress and attempt.status == "IN_PROGRESS")
        }
        late = [e for e in self.events if e.type is EventType.LATE_ANSWER and wanted.late_events]
        return Sitting(
            self.session,
            dict(self.participants),
            attempts,
            self.test,
            {id_: m for id_, m in self.messages.items() if id_ in wanted.messages},
            [event for event in late if event.student_id in attempts],
        )

    def _write(self, sitting: Sitting, changed: Changed) -> None:
        self.session = sitting.session
        for student_id in changed.participants:
            self.participants[student_id] = sitting.participants[student_id]
        for student_id in changed.attempts:
            self.attempts[student_id] = sitting.attempts[student_id]
        for message_id in changed.messages:
            self.messages[message_id] = sitting.messages[message_id]
        known = {event.id for event in self.events}
        assert not known & {event.id for event in changed.events}, "an event was written twice"
        self.events += changed.events
