"""Students as a run knows them, and the database's side that belongs to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, convert, to_builtins

from monitor.load.acts import KEPT, GivenAct, Work
from monitor.load.server_clock import ServerClock, seconds_of
from monitor.load.stored import StoredSitting
from monitor.load.student_record import StudentRecord
from monitor.protocol import messages as wire
from monitor.protocol.items import AttemptItem, ParticipantItem, SessionItem

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
STAMP = "2026-11-22T08:00:00.000Z"


SESSION = convert(
    {
        **dict.fromkeys(SessionItem.__struct_fields__),
        **dict.fromkeys(("id", "title", "status", "class_id", "test_id", "created_by"), "x"),
        "invigilator_ids": [],
        "observer_ids": [],
        "extended_seconds": 0,
        "paused_seconds": 0.0,
        "extra_seconds": {},
        "version": 1,
    },
    SessionItem,
)


def clock() -> ServerClock:
    """A server's clock that equals ours."""
    known = ServerClock()
    known.observe(STAMP, seconds_of(STAMP))
    return known


def record(*kinds: str, outcome: str | None = KEPT) -> StudentRecord:
    """A student who joined and did these acts, all settled alike."""
    student = StudentRecord(0, "s1", "sitting")
    student.try_join(0.0, measured=True)
    student.joined("a1", "c.1")
    student.acked_beat_sent_at = seconds_of(STAMP) - 1
    work = Work(0)
    for number, kind in enumerate(kinds):
        operation, marks = work.next(kind, NOW)
        student.acts.append(GivenAct(operation, float(number), marks, True, outcome))
    return student


def participant(**changes: Any) -> ParticipantItem:
    """The student's place."""
    fields = {
        "student_id": "s1",
        "attempt_id": "a1",
        "joined_at": STAMP,
        "connection_status": "CONNECTED",
        "last_activity": STAMP,
        "connection_id": "c.1",
        "version": 5,
    }
    return convert({**fields, **changes}, ParticipantItem)


def attempt(**changes: Any) -> AttemptItem:
    """The student's attempt as a dashboard shows it."""
    fields: dict[str, Any] = {
        **dict.fromkeys(AttemptItem.__struct_fields__),
        **dict.fromkeys(("answered", "total", "hidden_count", "highlights", "reconnects"), 0),
        **dict.fromkeys(("lost_seconds", "extra_seconds", "late_answers"), 0),
        "id": "a1",
        "student_id": "s1",
        "status": "IN_PROGRESS",
        "visible": True,
        "version": 5,
    }
    return convert({**fields, **changes}, AttemptItem)


def snapshot(version: int = 5, epoch: str = "e1", **items: Any) -> wire.Snapshot:
    """A sitting with these lists of items, the others empty."""
    names = ("participants", "attempts", "students", "messages")
    lists: dict[str, Any] = {name: [] for name in names}
    return wire.Snapshot(
        session_id="s",
        version=version,
        epoch=epoch,
        server_time=STAMP,
        session=SESSION,
        **{**lists, **items},
    )


def stored(student: StudentRecord) -> dict[str, Any]:
    """What the database holds when nothing went wrong, to be spoiled by a test; see `sitting`."""
    answers: dict[str, Any] = {}
    highlights, events = [], ["joined"]
    hand = submitted = False
    for act in student.acts:
        match act.operation:
            case wire.Answer(question_id=question_id, value=value):
                answers[question_id] = {"value": value, "answered_at": STAMP}
            case wire.SaveHighlight(highlight=highlight):
                highlights.append({**_plain(highlight), "timestamp": STAMP})
            case wire.RaiseHand() | wire.LowerHand():
                hand = isinstance(act.operation, wire.RaiseHand)
                events.append("hand_raised" if hand else "hand_lowered")
            case wire.Submit():
                submitted = True
                events.append("submitted")
            case _:
                raise AssertionError(act)
    return {
        "students": [
            {
                "id": "s1",
                "participant": _plain(participant()),
                "attempt": _plain(
                    attempt(
                        hand_raised_at=STAMP if hand else None,
                        status="SUBMITTED" if submitted else "IN_PROGRESS",
                    )
                ),
                "answers": answers,
                "highlighted_text": highlights,
            }
        ],
        "events": [_event(type_) for type_ in events],
    }


def sitting(data: dict[str, Any]) -> StoredSitting:
    """The same as the checker reads it."""
    return convert(data, StoredSitting)


def _event(type_: str) -> dict[str, Any]:
    return {
        "id": type_,
        "version": 1,
        "at": STAMP,
        "type": type_,
        "student_id": "s1",
        "actor_id": None,
        "data": {},
    }


def _plain(struct: Struct) -> dict[str, Any]:
    plain: dict[str, Any] = to_builtins(struct)
    return plain
