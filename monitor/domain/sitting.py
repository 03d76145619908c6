"""The working copy of one session while commands are applied to it.

Three layers keep it whole: what is committed, what the present batch changed, what the present
command changes. `keep`/`drop` end a command, `settle`/`discard` end a batch; so a refusal or a bug
in the middle of a command leaves nothing behind, and the same sitting can serve batch after batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from monitor.domain.attempt import Attempt
from monitor.domain.commands import Command
from monitor.domain.event import Event, EventType
from monitor.domain.message import Message
from monitor.domain.outcome import JoinReply, Outcome
from monitor.domain.overlay import Overlay
from monitor.domain.participant import Participant
from monitor.domain.session import RosterEntry, Session
from monitor.domain.test import Passage, Question, Test
from monitor.errors import UnknownPassage, UnknownQuestion

NAMESPACE = UUID("6f2b7c0e-5d0b-5a53-9a3c-0b8f6f1d2e47")  # of every id the domain derives


class Changed(Struct, frozen=True, kw_only=True):
    """What a batch has changed; falsy where it changed nothing (then there is no version)."""

    session: bool
    roster: bool
    participants: list[str]  # student ids, new ones in the order they came
    attempts: list[str]  # student ids
    messages: list[str]  # message ids
    events: list[Event]

    def __bool__(self) -> bool:
        return bool(
            self.session
            or self.roster
            or self.participants
            or self.attempts
            or self.messages
            or self.events
        )


class Sitting:
    """One session as the commands of a batch find and leave it.

    Participants are all there; attempts, messages and late events are those that `needs` named.
    """

    def __init__(
        self,
        session: Session,
        participants: dict[str, Participant],
        attempts: dict[str, Attempt],
        test: Test,
        messages: dict[str, Message] | None = None,
        late_events: Iterable[Event] = (),
    ) -> None:
        """Take committed values over; the dicts (by student or message id) become the sitting's."""
        self.participants = Overlay(participants)
        self.attempts = Overlay(attempts)
        self.messages = Overlay(messages if messages is not None else {})
        self.use_test(test)
        self.late_events: dict[str, Event] = {event.id: event for event in late_events}
        self._settled = self._batch = self._session = session
        self._events: list[Event] = []
        self._kept_events = 0
        self._told: set[str] = set()
        self._draft_told: set[str] = set()
        self._derived = 0
        self._roster_of: tuple[RosterEntry, ...] | None = None
        self._roster_ids: frozenset[str] = frozenset()

    # -- reading

    @property
    def session(self) -> Session:
        """The session as it is now."""
        return self._session

    @property
    def is_session_settled(self) -> bool:
        """Whether the session is as it was before the batch, when `needs` was asked."""
        return self._session is self._settled

    @property
    def test(self) -> Test:
        """The test that is taken; it must be the one the session names (see `use_test`)."""
        if self._test.id != self._session.test_id:
            raise LookupError(f"the session's test {self._session.test_id} was not loaded")
        return self._test

    @property
    def holds_test(self) -> bool:
        """Whether the test it holds is the one the session names."""
        return self._test.id == self._session.test_id

    def use_test(self, test: Test) -> None:
        """Take another test over, after an edit of the session's `test_id`."""
        self._test = test
        self._questions = {question.id: question for question in test.questions}
        self._passages = {passage.id: passage for passage in test.passages}

    def question(self, question_id: str) -> Question:
        """A question of the test; raises UnknownQuestion."""
        question = self._questions.get(question_id)
        if question is None:
            raise UnknownQuestion
        return question

    def passage(self, passage_id: str) -> Passage:
        """A passage of the test; raises UnknownPassage."""
        passage = self._passages.get(passage_id)
        if passage is None:
            raise UnknownPassage
        return passage

    @property
    def roster_ids(self) -> frozenset[str]:
        """Ids of the students on the sitting's list."""
        if self._roster_of is not self._session.roster:
            self._roster_of = self._session.roster
            self._roster_ids = frozenset(entry.id for entry in self._session.roster)
        return self._roster_ids

    def attempt_of(self, student_id: str) -> Attempt | None:
        """The student's attempt; None before the first join. It must have been loaded."""
        attempt = self.attempts.get(student_id)
        if attempt is None and student_id in self.participants:
            raise LookupError(f"the attempt of {student_id} was not loaded: see needs()")
        return attempt

    @property
    def student_ids(self) -> list[str]:
        """Everyone of the sitting: the list, then who takes part without being on it any more."""
        listed = self.roster_ids
        return [
            *(entry.id for entry in self._session.roster),
            *(student_id for student_id in self.participants if student_id not in listed),
        ]

    def load(
        self,
        attempts: Iterable[Attempt] = (),
        messages: Iterable[Message] = (),
        late_events: Iterable[Event] = (),
    ) -> None:
        """Take over committed values that a later command needs; those known already stay."""
        self.attempts.load({attempt.student_id: attempt for attempt in attempts})
        self.messages.load({message.id: message for message in messages})
        for event in late_events:
            self.late_events.setdefault(event.id, event)

    # -- changing, for handlers

    def edit_session(self, **fields: Any) -> None:
        """Change fields of the session."""
        self._session = replace(self._session, **fields)

    def put_participant(self, participant: Participant) -> None:
        """Change or add a participant."""
        self.participants.put(participant.student_id, participant)

    def put_attempt(self, attempt: Attempt, *, tell: bool = False) -> None:
        """Change or add an attempt; `tell` where its student did not do it and must be sent it."""
        self.attempts.put(attempt.student_id, attempt)
        if tell:
            self._draft_told.add(attempt.student_id)

    def put_message(self, message: Message) -> None:
        """Change or add a message."""
        self.messages.put(message.id, message)

    def record(self, command: Command, type_: EventType, *, main: bool = False, **rest: Any) -> str:
        """Add a line of history and return its id.

        `main` gives it the command's own id, by which a repeat is found; else `id` may be given, or
        one is derived that is the same whenever the command runs again.
        """
        if main:
            rest["id"] = command.id
        elif "id" not in rest:
            self._derived += 1
            rest["id"] = str(uuid5(NAMESPACE, f"{command.id}/{self._derived}"))
        rest.setdefault("at", command.received_at)
        event = Event(session_id=self._session.id, type=type_, **rest)
        self._events.append(event)
        if type_ is EventType.LATE_ANSWER:
            self.late_events[event.id] = event
        return event.id

    # -- the end of a command

    def keep(self) -> None:
        """The present command's changes become the batch's."""
        if self.participants.draft:
            self.participants.keep()
        if self.attempts.draft:
            self.attempts.keep()
        if self.messages.draft:
            self.messages.keep()
        self._batch = self._session
        self._kept_events = len(self._events)
        if self._draft_told:
            self._told |= self._draft_told
            self._draft_told.clear()
        self._derived = 0

    def drop(self) -> None:
        """Forget what the present command changed."""
        self.participants.drop()
        self.attempts.drop()
        self.messages.drop()
        self._session = self._batch
        self._forget_events(self._kept_events)
        self._draft_told.clear()
        self._derived = 0

    def _forget_events(self, from_: int) -> None:
        for event in self._events[from_:]:
            self.late_events.pop(event.id, None)
        del self._events[from_:]

    # -- the end of a batch

    def changed(self) -> Changed:
        """What the batch has changed."""
        session, settled = self._session, self._settled
        roster = session.roster is not settled.roster and session.roster != settled.roster
        return Changed(
            session=session is not settled and session != _stamped_as(settled, session),
            roster=roster,
            participants=self.participants.changed,
            attempts=self.attempts.changed,
            messages=self.messages.changed,
            events=list(self._events),
        )

    def stamp(self, version: int) -> Changed:
        """Everything that changed carries `version` now; returns it with its stamped events."""
        changed = self.changed()
        if not changed:
            return changed
        self._session = self._batch = replace(
            self._session,
            version=version,
            session_version=version if changed.session else self._session.session_version,
            roster_version=version if changed.roster else self._session.roster_version,
        )
        self.participants.revise(lambda participant: replace(participant, version=version))
        self.messages.revise(lambda message: replace(message, version=version))
        self.attempts.revise(
            lambda attempt: replace(
                attempt,
                version=version,
                student_version=version
                if attempt.student_id in self._told
                else attempt.student_version,
            )
        )
        self._events = [replace(event, version=version) for event in self._events]
        return replace(changed, events=list(self._events))

    def stamped(self, outcome: Outcome) -> Outcome:
        """The outcome with the attempts in it as the batch leaves them, to be called after `stamp`.

        So what is answered is what the version that is answered with it holds.
        """
        reply, winner = outcome.reply, outcome.winner
        if reply is None and winner is None:
            return outcome
        if isinstance(reply, JoinReply):
            reply = replace(reply, attempt=self.attempts[reply.attempt.student_id])
        if winner is not None:
            winner = self.attempts[winner.student_id]
        if reply is outcome.reply and winner is outcome.winner:
            return outcome
        return replace(outcome, reply=reply, winner=winner)

    def settle(self) -> None:
        """The batch is committed: what it changed is the truth now."""
        self.participants.settle()
        self.attempts.settle()
        self.messages.settle()
        self._settled = self._batch = self._session
        self._end_batch()

    def discard(self) -> None:
        """The batch was rolled back: everything is as it was before it."""
        self._forget_events(0)
        self.participants.discard()
        self.attempts.discard()
        self.messages.discard()
        self._session = self._batch = self._settled
        self._end_batch()

    def _end_batch(self) -> None:
        self._events = []
        self._kept_events = 0
        self._told.clear()
        self._draft_told.clear()


def _stamped_as(settled: Session, session: Session) -> Session:
    """The settled session with what is not its own, versions and roster, as in another."""
    return replace(
        settled,
        roster=session.roster,
        version=session.version,
        session_version=session.session_version,
        roster_version=session.roster_version,
    )
