"""A model of the database: sessions that commit, and what was true at each version.

Written without any of the code under test: state is kept as plain JSON, and `state_since` looks
through all of it.
"""

from __future__ import annotations

import asyncio
import copy
import random
from collections.abc import Iterable
from typing import Any

import msgspec

from monitor.domain.test import Test
from monitor.errors import Unavailable
from monitor.live.source import Truth
from monitor.protocol.items import (
    AttemptItem,
    EventItem,
    MessageItem,
    ParticipantItem,
    SessionItem,
    StudentName,
)
from monitor.protocol.publication import Changes, Publication, PublishedAttempt, StateSince

Json = dict[str, Any]

AT = "2026-11-22T10:00:00.000Z"


class ModelSession:
    """One session: what it holds now, and its state at each version of each epoch."""

    def __init__(self, session_id: str = "sitting", students: int = 3, events_limit: int = 200):
        self.session_id = session_id
        self.students = [f"student {number}" for number in range(students)]
        self.events_limit = events_limit
        self.version = 0
        self.epoch = "epoch 1"
        self.session = SessionItem(
            id=session_id,
            title="A sitting",
            status="WAITING_FOR_STUDENTS",
            scheduled_at=None,
            started_at=None,
            completed_at=None,
            duration_seconds=600,
            paused_at=None,
            ends_at=None,
            class_id="class",
            test_id="test",
            created_by="teacher",
            invigilator_ids=[],
            observer_ids=[],
            extended_seconds=0,
            paused_seconds=0.0,
            extra_seconds={},
        )
        self.roster = [StudentName(student, student.title()) for student in self.students]
        self.session_version = 0
        self.roster_version = 0
        self.participants: dict[str, ParticipantItem] = {}
        self.attempts: dict[str, PublishedAttempt] = {}
        self.messages: dict[str, MessageItem] = {}
        self.events: list[EventItem] = []
        self.history: dict[tuple[str, int], Json] = {}
        self._kept: dict[int, Json] = {}
        self._remember()

    # -- commits

    def commit(self, *doings: str, student: int = 0) -> Publication:
        """Do what is named, as one commit of the next version; returns its publication.

        Doings: beat, join, takeover, answer, reopen, message, receipt, session, start, complete,
        roster, event, events.
        """
        self.version += 1
        changed: Json = {"participants": {}, "attempts": {}, "messages": {}, "events": []}
        beats = 0
        for doing in doings:
            beats += doing == "beat"
            self._do(doing, self.students[student], changed)
        self._remember()
        changes = Changes(
            session=changed.get("session"),
            participants=list(changed["participants"].values()),
            attempts=list(changed["attempts"].values()),
            students=changed.get("students"),
            messages=list(changed["messages"].values()),
            events=changed["events"],
        )
        return Publication(
            session_id=self.session_id, version=self.version, changes=changes, heartbeats=beats
        )

    def _do(self, doing: str, student: str, changed: Json) -> None:
        version = self.version
        if doing in ("beat", "join", "takeover"):
            known = self.participants.get(student)
            connection = known.connection_id if known else f"{student}.1"
            if doing == "takeover":
                connection = f"{student}.{version}"
            item = ParticipantItem(
                student_id=student,
                attempt_id=f"attempt of {student}",
                joined_at=AT,
                connection_status="CONNECTED",
                last_activity=f"beat {version}",
                connection_id=connection,
                version=version,
            )
            self.participants[student] = changed["participants"][student] = item
        if doing in ("join", "answer", "reopen"):
            self._attempt(student, changed, by_student=doing != "reopen")
        elif doing == "message":
            addressed = None if version % 2 else [student]
            item_ = MessageItem(
                id=f"message {version}",
                text="Hello",
                student_ids=addressed,
                sent_by="teacher",
                sent_at=f"{version:06}",
                delivered={},
                read={},
                version=version,
            )
            self.messages[item_.id] = changed["messages"][item_.id] = item_
        elif doing == "receipt" and self.messages:
            last = next(reversed(self.messages.values()))
            got = msgspec.structs.replace(
                last, delivered={**last.delivered, student: AT}, version=version
            )
            self.messages[got.id] = changed["messages"][got.id] = got
        elif doing in ("session", "start", "complete"):
            replaced = {"session": self.session.status, "start": "IN_PROGRESS"}
            started = AT if doing == "start" else self.session.started_at
            self.session = changed["session"] = msgspec.structs.replace(
                self.session,
                title=f"A sitting, version {version}",
                status=replaced.get(doing, "COMPLETED"),
                started_at=started,
                version=version,
            )
            self.session_version = version
        elif doing == "roster":
            self.roster = [*self.roster, StudentName(f"added {version}", f"Added {version}")]
            self.roster_version = version
            changed["students"] = self.roster
        elif doing in ("event", "events"):
            for number in range(1 if doing == "event" else 3):
                event = EventItem(
                    id=f"event {version}.{number}",
                    version=version,
                    at=AT,
                    type="note",
                    student_id=None,
                    actor_id=None,
                    data={},
                )
                self.events.append(event)
                changed["events"].append(event)

    def _attempt(self, student: str, changed: Json, *, by_student: bool) -> None:
        attempt_id = f"attempt of {student}"
        known = self.attempts.get(attempt_id)
        item = AttemptItem(
            id=attempt_id,
            student_id=student,
            status="IN_PROGRESS",
            submitted_by=None,
            answered=self.version,
            total=12,
            question_id=None,
            visible=True,
            hidden_count=0,
            hand_raised_at=None,
            hand_text=None,
            highlights=0,
            reconnects=0,
            lost_seconds=0.0,
            extra_seconds=0,
            note=None,
            late_answers=0,
            last_saved_at=None,
            started_at=None,
            submitted_at=None,
            version=self.version,
        )
        student_version = known.student_version if known and by_student else self.version
        published = PublishedAttempt(item, student_version)
        self.attempts[attempt_id] = changed["attempts"][attempt_id] = published

    # -- faults

    def restore(self, version: int) -> None:
        """Fall back to an earlier version, as a restored backup would."""
        self.__dict__.update(copy.deepcopy(self._kept[version]))

    def change_epoch(self, known: str) -> str:
        """Begin another epoch, in which the present version is the first."""
        if self.epoch == known:
            self.epoch = f"epoch {int(known.split()[1]) + 1}"
            self._remember()
        return self.epoch

    # -- reads

    def state(self) -> Json:
        """What a dashboard ought to show now: items by their ids, as plain JSON."""
        state: Json = msgspec.to_builtins(
            {
                "session": self.session,
                "students": self.roster,
                "participants": self.participants,
                "attempts": {key: value.item for key, value in self.attempts.items()},
                "messages": self.messages,
            }
        )
        return state

    def state_since(self, version: int) -> StateSince:
        """Everything newer, found by looking at everything."""
        floor = version if version else -1
        events = [event for event in self.events if event.version > floor]
        return StateSince(
            session_id=self.session_id,
            from_version=version,
            version=self.version,
            epoch=self.epoch,
            session_version=self.session_version,
            roster_version=self.roster_version,
            changes=Changes(
                session=self.session if self.session_version > floor else None,
                participants=[p for p in self.participants.values() if p.version > floor],
                attempts=[a for a in self.attempts.values() if a.item.version > floor],
                students=self.roster if self.roster_version > floor else None,
                messages=[m for m in self.messages.values() if m.version > floor],
                events=events[-self.events_limit :],
                events_truncated=len(events) > self.events_limit,
            ),
        )

    def _remember(self) -> None:
        self.history[self.epoch, self.version] = self.state()
        names = (
            "version session roster session_version roster_version participants attempts "
            "messages events"
        )
        self._kept[self.version] = {name: copy.copy(getattr(self, name)) for name in names.split()}


class ModelSource:
    """A `Source` over model sessions, that can be slow or away."""

    def __init__(self, *sessions: ModelSession) -> None:
        self.sessions = {session.session_id: session for session in sessions}
        self.reads: list[tuple[str, int]] = []
        self.away = False
        self.test_reads = 0
        self._free = asyncio.Event()
        self._free.set()

    def hold(self) -> None:
        """Let answers wait: what was read stays as it was when it was read."""
        self._free.clear()

    def free(self) -> None:
        """Answer."""
        self._free.set()

    async def state_since(self, session_id: str, version: int) -> StateSince | None:
        """What is newer than `version`, as it was when asked."""
        self.reads.append((session_id, version))
        self._fail_if_away()
        session = self.sessions.get(session_id)
        state = None if session is None else session.state_since(version)
        await self._free.wait()
        self._fail_if_away()
        return state

    async def truth(self, session_ids: Iterable[str]) -> Truth:
        """The versions, and the epoch of all."""
        self._fail_if_away()
        known = {id_: self.sessions[id_] for id_ in session_ids if id_ in self.sessions}
        epoch = next(iter(self.sessions.values())).epoch if self.sessions else "epoch 1"
        return Truth(epoch, {id_: session.version for id_, session in known.items()})

    async def test(self, test_id: str) -> Test | None:
        """A test of that id."""
        self._fail_if_away()
        self.test_reads += 1
        await self._free.wait()
        return Test(id=test_id, title="A test")

    async def change_epoch(self, known: str) -> str:
        """Another epoch for all."""
        self._fail_if_away()
        return next(iter([session.change_epoch(known) for session in self.sessions.values()]))

    def _fail_if_away(self) -> None:
        if self.away:
            raise Unavailable


DOINGS = (
    "beat",
    "join",
    "takeover",
    "answer",
    "reopen",
    "message",
    "receipt",
    "session",
    "roster",
    "event",
    "events",
)


def random_commits(session: ModelSession, count: int, seed: int = 0) -> list[Publication]:
    """So many commits of all kinds."""
    dice = random.Random(seed)
    return [
        session.commit(
            *dice.sample(DOINGS, dice.randint(1, 4)), student=dice.randrange(len(session.students))
        )
        for _ in range(count)
    ]
