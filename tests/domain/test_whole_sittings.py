"""Whole sittings of random commands: what holds whatever happens, in whatever order."""

from __future__ import annotations

from typing import Any

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from monitor.domain import commands as c
from monitor.domain.attempt import AttemptStatus
from monitor.domain.event import EventType
from monitor.domain.outcome import Outcome
from monitor.domain.session import SessionStatus
from monitor.domain.session_transitions import ALLOWED_FROM, OUTCOME
from monitor.domain.values import count_answered
from tests.domain.desk import STUDENTS, Desk, a_session
from tests.domain.test_highlighting import a_highlight

WHO = st.sampled_from([*STUDENTS, "eve"])
SOME = st.none() | st.lists(WHO, max_size=3).map(tuple)
WAIT = st.sampled_from([0, 0.001, 1, 4, 11, 16, 61, 200, 700])
VALUES = st.sampled_from(
    [("q1", "a"), ("q1", "b"), ("q1", None), ("q2", ["a"]), ("q2", []), ("q3", "words"), ("q4", 3)]
)
SIMPLE = [c.OpenSession, c.StartSession, c.PauseSession, c.ResumeSession, c.CompleteSession]


class WholeSitting(RuleBasedStateMachine):
    """Random commands, received now or a while ago, on current, former and no connections."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()
        self.known: list[str | None] = [None]
        self.lines = 0
        self.statuses = [SessionStatus.SCHEDULED]
        self.acked: list[tuple[str, str, Any]] = []

    @initialize(duration=st.sampled_from([None, 120, 600]), begun=st.booleans())
    def plan(self, duration: int | None, begun: bool) -> None:
        self.desk = Desk(a_session(duration_seconds=duration))
        if begun:
            self.desk.begin()
            self.statuses.append(SessionStatus.IN_PROGRESS)

    # -- what happens

    @rule(seconds=WAIT)
    def time_passes(self, seconds: float) -> None:
        self.desk.wait(seconds)

    @rule(kind=st.sampled_from(SIMPLE))
    def steer(self, kind: type[c.Command]) -> None:
        self.do(kind)

    @rule()
    @precondition(lambda self: len(self.desk.events) > 25)
    def cancel(self) -> None:
        self.do(c.CancelSession)

    @rule(who=WHO, rest=st.booleans())
    def join(self, who: str, rest: bool) -> None:
        self.lines += 1
        connection_id = None if rest else f"line-{self.lines}.1"
        self.joined(self.do(c.Join, student_id=who, connection_id=connection_id))

    @rule(who=WHO, data=st.data())
    def reconnect(self, who: str, data: st.DataObject) -> None:
        former = data.draw(st.sampled_from(self.known))
        new = "line-x.9" if former is None else former + "0"
        self.joined(self.do(c.Join, student_id=who, connection_id=new, former_connection_id=former))

    @rule(who=WHO, given=VALUES, behind=st.integers(0, 30), data=st.data())
    def answer(self, who: str, given: tuple[str, Any], behind: float, data: st.DataObject) -> None:
        question_id, value = given
        ago = data.draw(st.sampled_from([0, 0, 2, 30]))
        received_at = self.desk.wait(-ago)
        self.desk.wait(ago + behind)
        outcome = self.do(
            c.GiveAnswer,
            student_id=who,
            connection_id=self.connection(data),
            question_id=question_id,
            value=value,
            received_at=received_at,
            corrected_at=received_at,
        )
        if outcome.error is None:
            self.acked.append((who, question_id, value))
            self.is_kept(who, question_id, value, outcome)

    @rule(who=WHO, data=st.data(), what=st.integers(0, 9), flag=st.booleans())
    def act(self, who: str, data: st.DataObject, what: int, flag: bool) -> None:
        fields: dict[str, Any] = {"student_id": who, "connection_id": self.connection(data)}
        messages = [*self.desk.messages, "none"]
        match what:
            case 0:
                self.do(c.Heartbeat, **fields, question_id="q2" if flag else None)
            case 1:
                self.do(c.SetVisibility, **fields, is_visible=flag)
            case 2:
                self.do(c.SaveHighlight, **fields, highlight=a_highlight(f"h{flag}"))
            case 3:
                self.do(c.RemoveHighlight, **fields, highlight_id=f"h{flag}")
            case 4:
                self.do(c.RaiseHand, **fields, text="why?" if flag else None)
            case 5:
                self.do(c.LowerHand, **fields)
            case 6:
                kind = c.MarkRead if flag else c.MarkReceived
                self.do(kind, **fields, message_id=data.draw(st.sampled_from(messages)))
            case 7:
                self.do(c.Submit, **fields)
            case 8:
                self.do(c.Leave, **fields)
            case 9:
                self.do(c.Disconnect, **fields)

    @rule(some=SOME, what=st.integers(0, 5), minutes=st.integers(-5, 10))
    def act_on_some(self, some: tuple[str, ...] | None, what: int, minutes: int) -> None:
        match what:
            case 0:
                self.do(c.Extend, student_ids=some, minutes=minutes)
            case 1:
                self.do(c.GiveBack, student_ids=some)
            case 2:
                self.do(c.ForceSubmit, student_ids=some)
            case 3:
                self.do(c.Reopen, student_ids=some)
            case 4:
                self.do(c.SendMessage, student_ids=some, text="Hello")
            case 5:
                self.do(c.LowerHands, student_ids=some)

    @rule(who=WHO, note=st.none() | st.just("ill"))
    def note(self, who: str, note: str | None) -> None:
        self.do(c.SetNote, student_id=who, note=note)
        self.do(c.AcceptLate, student_id=who)

    @rule(leases=st.booleans())
    def sweep(self, leases: bool) -> None:
        self.do(c.Sweep, leases=leases)

    # -- how

    def do(self, kind: type[c.Command], **fields: Any) -> Outcome:
        """Apply a command; one that is run again after a lost COMMIT does nothing twice."""
        command = self.desk.command(kind, **fields)
        outcome = self.desk.run(command)
        if self.desk.session.status is not self.statuses[-1]:
            self.statuses.append(self.desk.session.status)
        if outcome.error is None:
            assert self.desk.changed is not None
            written = {event.id for event in self.desk.events}
            if command.id not in written:
                version = self.desk.version
                again = self.desk.run(command)
                assert self.desk.version == version, "run again, it changed something"
                assert again.error is None
                assert (again.late, again.reply) == (outcome.late, outcome.reply)
            else:
                assert command.once
        return outcome

    def joined(self, outcome: Outcome) -> None:
        if outcome.error is None and outcome.reply.connection_id is not None:
            self.known.append(outcome.reply.connection_id)

    def connection(self, data: st.DataObject) -> str | None:
        return data.draw(st.sampled_from([*self.known[-4:], None]), label="connection")

    def is_kept(self, who: str, question_id: str, value: Any, outcome: Outcome) -> None:
        """What was acked is applied, or an event has it."""
        answers = self.desk.attempts[who].answers
        applied = question_id in answers and answers[question_id].value == value
        if outcome.late or outcome.winner is not None:
            kinds = (EventType.LATE_ANSWER, EventType.ANSWER_SUPERSEDED)
            assert any(
                event.type in kinds
                and event.student_id == who
                and (event.data["question_id"], event.data["value"]) == (question_id, value)
                for event in self.desk.events
            )
        else:
            assert applied

    # -- what always holds

    @invariant()
    def a_sitting_moves_by_the_table(self) -> None:
        for before, now in zip(self.statuses, self.statuses[1:], strict=False):
            if (before, now) == (SessionStatus.SCHEDULED, SessionStatus.IN_PROGRESS):
                continue  # planned as begun
            (step,) = [step for step, outcome in OUTCOME.items() if outcome is now]
            assert before in ALLOWED_FROM[step]

    @invariant()
    def attempts_fit_their_sitting(self) -> None:
        for attempt in self.desk.attempts.values():
            if self.desk.session.status is SessionStatus.COMPLETED:
                assert attempt.status is AttemptStatus.SUBMITTED
            if self.desk.session.status is SessionStatus.IN_PROGRESS:
                assert attempt.status is not AttemptStatus.NOT_STARTED
            is_submitted = attempt.status is AttemptStatus.SUBMITTED
            assert (attempt.submitted_at is not None) is is_submitted
            assert (attempt.submitted_by is not None) is is_submitted
        assert set(self.desk.attempts) == set(self.desk.participants)

    @invariant()
    def counts_are_what_they_count(self) -> None:
        for attempt in self.desk.attempts.values():
            assert attempt.answered == count_answered(attempt.answers)
            assert attempt.highlights == len(attempt.highlighted_text)
            assert attempt.late_answers == len(attempt.late_event_ids)
            left = sum(span.seconds for span in attempt.lost)
            assert round(attempt.given_back_seconds + left, 3) == attempt.lost_seconds
            assert set(attempt.late_event_ids) <= {event.id for event in self.desk.events}

    @invariant()
    def the_pauses_add_up(self) -> None:
        session = self.desk.session
        assert round(sum(pause.seconds for pause in session.pauses), 3) == session.paused_seconds
        if session.is_over:
            assert session.paused_at is None

    @invariant()
    def presence_is_whole(self) -> None:
        for participant in self.desk.participants.values():
            is_gone = participant.connection_status == "DISCONNECTED"
            assert (participant.disconnected_at is not None) is is_gone
            assert participant.last_activity >= participant.joined_at

    @invariant()
    def everything_carries_a_version_that_was(self) -> None:
        versions = [
            *(participant.version for participant in self.desk.participants.values()),
            *(attempt.version for attempt in self.desk.attempts.values()),
            *(event.version for event in self.desk.events),
            self.desk.session.session_version,
        ]
        assert all(0 <= version <= self.desk.version for version in versions)
        assert self.desk.session.version in (0, self.desk.version)


WholeSitting.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestWholeSittings = WholeSitting.TestCase
