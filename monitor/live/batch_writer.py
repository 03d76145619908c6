"""One transaction of the recorder: lock, decide, rewrite.

Runs in the recorder's thread, inside a unit of work that commits when `write` returns. What it did
is told to nobody before that: `Written` holds what is to be remembered, published and answered once
the COMMIT is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from monitor.domain.attempt import Attempt
from monitor.domain.commands import Command, Heartbeat, Join, StartSession
from monitor.domain.decide import Outcome, apply, repeat
from monitor.domain.event import Event
from monitor.domain.message import Message
from monitor.domain.needs import All, needs
from monitor.domain.rules import Rules
from monitor.domain.sitting import Changed, Sitting
from monitor.errors import NotFound
from monitor.live.backlog import Entry, Waiting
from monitor.live.session_cache import Remembered, SessionCache
from monitor.protocol import forms
from monitor.protocol.items import ParticipantItem
from monitor.protocol.publication import Changes, Publication, PublishedAttempt
from monitor.repositories import json_codec
from monitor.repositories.unit_of_work import UnitOfWork


@dataclass(slots=True)
class Written:
    """What one transaction did with one session."""

    waiting: Waiting
    locked: bool = True  # False: somebody else holds its row, nothing was done
    outcomes: list[tuple[Entry, Outcome]] = field(default_factory=list)
    version: int = 0
    remembered: Remembered | None = None
    participants: list[ParticipantItem] = field(default_factory=list)  # those that changed
    items: dict[str, str] = field(default_factory=dict)  # the same, as they are stored
    events: list[Event] = field(default_factory=list)
    publication: Publication | None = None


class BatchWriter:
    """Applies commands to locked sessions by the rules of the domain."""

    def __init__(self, cache: SessionCache, rules: Rules) -> None:
        """Read from `cache`; what is kept there is the recorder's to say, after the COMMIT."""
        self._cache = cache
        self._rules = rules

    def write(self, uow: UnitOfWork, batch: Sequence[Waiting]) -> list[Written]:
        """Apply what waits for each session; the result holds only if the unit of work commits.

        A batch of one that must go alone waits for its lock; in any other, sessions whose row is
        locked by someone else are skipped. Where the answer to an earlier COMMIT was lost
        (`repeated`), commands that must not happen twice are looked up first.
        """
        alone = len(batch) == 1 and batch[0].alone
        ids = sorted(waiting.session_id for waiting in batch)
        versions = uow.sessions.lock(ids, skip_locked=not alone)
        states = self._states(uow, versions)
        replies = _known_replies(uow, batch)
        results = []
        for waiting in batch:
            remembered = states.get(waiting.session_id)
            if remembered is not None:
                results.append(self._write_one(uow, waiting, remembered, replies))
            elif alone:
                gone = [(entry, Outcome(error=NotFound())) for entry in waiting.entries]
                results.append(Written(waiting, outcomes=gone))
            else:
                results.append(Written(waiting, locked=False))
        _save(uow, results)
        return results

    def _states(self, uow: UnitOfWork, versions: dict[str, int]) -> dict[str, Remembered]:
        states: dict[str, Remembered] = {}
        unknown = []
        for session_id, version in versions.items():
            remembered = self._cache.at(session_id, version)
            if remembered is None:
                unknown.append(session_id)
            else:
                states[session_id] = remembered
        if not unknown:
            return states
        for session_id, (session, items) in uow.sessions.load(unknown).items():
            test = uow.tests.get(session.test_id)
            if test is None:
                raise LookupError(f"session {session_id} names a test that is gone")
            sitting = Sitting(
                session,
                {item.student_id: forms.participant_from_item(item) for item in items},
                {},
                test,
            )
            states[session_id] = Remembered(
                sitting,
                {item.student_id: json_codec.encode_participant(item) for item in items},
                test_is_final=session.started_at is not None,
            )
        return states

    def _write_one(
        self, uow: UnitOfWork, waiting: Waiting, remembered: Remembered, replies: dict[str, Any]
    ) -> Written:
        sitting = remembered.sitting
        self._load_needed(uow, waiting, remembered)
        heartbeats = 0
        test_is_present = False
        outcomes: list[tuple[Entry, Outcome]] = []
        for entry in waiting.entries:
            command = entry.command
            if type(command) is Heartbeat:  # nearly all of them; nothing else is to be done
                heartbeats += len(entry.waiters)
                outcomes.append((entry, apply(sitting, command, self._rules)))
                continue
            if _fixes_test(sitting, command) and not (test_is_present and sitting.holds_test):
                _use_present_test(uow, remembered, until_commit=True)
                test_is_present = True
            if command.id in replies:
                outcome = repeat(sitting, command, replies[command.id])
            else:
                outcome = apply(sitting, command, self._rules)
            if command.may_come_again:
                _remember_reply(sitting, command, replies)
            outcomes.append((entry, outcome))
        written = Written(waiting, version=sitting.session.version, remembered=remembered)
        changed = sitting.stamp(written.version + 1)
        if changed:
            written.version += 1
            written.participants = [
                forms.participant_item(sitting.participants[student_id])
                for student_id in changed.participants
            ]
            written.events = changed.events
            written.publication = _publication(sitting, changed, written.participants, heartbeats)
        written.outcomes = [(entry, sitting.stamped(outcome)) for entry, outcome in outcomes]
        return written

    def _load_needed(self, uow: UnitOfWork, waiting: Waiting, remembered: Remembered) -> None:
        sitting, session = remembered.sitting, remembered.sitting.session
        if not remembered.test_is_right:
            _use_present_test(uow, remembered)
        commands = [entry.command for entry in waiting.entries]
        needed = needs(commands, session, self._rules)
        if not remembered.all_attempts:
            if isinstance(needed.students, All):
                sitting.load(attempts=uow.attempts.of_session(session.id))
                remembered.all_attempts = True
            else:
                missing = [
                    (session.id, student_id)
                    for student_id in needed.students
                    if student_id not in sitting.attempts and student_id in sitting.participants
                ]
                if missing:
                    sitting.load(attempts=uow.attempts.of_students(missing).values())
            if needed.in_progress and not remembered.all_attempts:
                sitting.load(attempts=uow.attempts.in_progress(session.id))
        unread = [id_ for id_ in needed.messages if id_ not in sitting.messages]
        if unread:
            sitting.load(messages=uow.messages.get_many(session.id, unread))
        if needed.late_events:
            students = None if isinstance(needed.students, All) else list(needed.students)
            sitting.load(late_events=uow.events.late_answers(session.id, students))


def _save(uow: UnitOfWork, results: Sequence[Written]) -> None:
    """Write everything that a batch changed, a statement a table."""
    new_attempts: list[Attempt] = []
    changed_attempts: list[tuple[Attempt, Attempt]] = []
    messages: list[Message] = []
    events: list[Event] = []
    changed: list[tuple[Remembered, Written]] = []
    for written in results:
        if written.publication is None or written.remembered is None:
            continue
        changed.append((written.remembered, written))
        sitting = written.remembered.sitting
        for student_id in sitting.attempts.changed:
            attempt = sitting.attempts[student_id]
            before = sitting.attempts.committed(student_id)
            if before is None:
                new_attempts.append(attempt)
            else:
                changed_attempts.append((before, attempt))
        messages += [sitting.messages[id_] for id_ in sitting.messages.changed]
        events += written.events
    if changed:
        rewrite(uow, changed)
    if new_attempts:
        uow.attempts.save_many(new_attempts)
    if changed_attempts:
        uow.attempts.change_many(changed_attempts)
    if messages:
        uow.messages.save_many(messages)
    if events:
        uow.events.add_many(events)


def rewrite(uow: UnitOfWork, changed: Iterable[tuple[Remembered, Written]]) -> None:
    """Write the rows of sessions, each with all its participants."""
    rows = []
    for remembered, written in changed:
        written.items = {
            item.student_id: json_codec.encode_participant(item) for item in written.participants
        }
        array = {**remembered.items, **written.items}
        rows.append((remembered.sitting.session, array.values()))
    uow.sessions.rewrite_many(rows)


def _publication(
    sitting: Sitting, changed: Changed, items: list[ParticipantItem], heartbeats: int
) -> Publication:
    session = sitting.session
    attempts = [
        PublishedAttempt(
            forms.attempt_item(attempt, session.extra_seconds.get(student_id, 0)),
            attempt.student_version,
        )
        for student_id, attempt in ((id_, sitting.attempts[id_]) for id_ in changed.attempts)
    ]
    return Publication(
        session_id=session.id,
        version=session.version,
        heartbeats=heartbeats,
        changes=Changes(
            session=forms.session_item(session) if changed.session else None,
            participants=items,
            attempts=attempts,
            students=[forms.student_name(e) for e in session.roster] if changed.roster else None,
            messages=[forms.message_item(sitting.messages[id_]) for id_ in changed.messages],
            events=[forms.event_item(event) for event in changed.events],
        ),
    )


def _fixes_test(sitting: Sitting, command: Command) -> bool:
    """Whether from this command on nobody may change the test: a start, or a first attempt."""
    if isinstance(command, Join):
        waits = sitting.session.started_at is None
        return waits and command.student_id not in sitting.participants
    return isinstance(command, StartSession)


def _use_present_test(
    uow: UnitOfWork, remembered: Remembered, *, until_commit: bool = False
) -> None:
    """Take the test as it is now, and let nobody change it before the commit if asked."""
    session = remembered.sitting.session
    test = uow.tests.get(session.test_id, for_share=until_commit)
    if test is None:
        raise LookupError(f"session {session.id} names a test that is gone")
    remembered.sitting.use_test(test)
    remembered.test_is_final = session.started_at is not None


def _remember_reply(sitting: Sitting, command: Command, replies: dict[str, Any]) -> None:
    for event in sitting.changed().events:
        if event.id == command.id:
            replies[command.id] = event.reply


def _known_replies(uow: UnitOfWork, batch: Sequence[Waiting]) -> dict[str, Any]:
    ids = [
        entry.command.id
        for waiting in batch
        for entry in waiting.entries
        if type(entry.command) is not Heartbeat
        and (entry.command.may_come_again or (waiting.repeated and entry.command.once))
    ]
    return dict(uow.events.known(ids)) if ids else {}
