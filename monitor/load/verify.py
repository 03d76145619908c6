"""Holds what the server acked against what its database holds, act by act. PURE.

What was acked must be there. What was sent and never acked may be there or not. Nothing else may
be there, and nothing twice. Each difference is a sentence that names student and act.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from monitor.load.acts import KEPT
from monitor.load.server_clock import seconds_of
from monitor.protocol import messages as wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.load.acts import GivenAct
    from monitor.load.server_clock import ServerClock
    from monitor.load.stored import StoredSitting, StoredStudent
    from monitor.load.student_record import StudentRecord
    from monitor.protocol.items import EventItem, ParticipantItem

_ABSENT = "nothing"
# Clocks drift over a long run; two heartbeats are further apart.
TOLERANCE_SECONDS = 0.1


def check_sitting(
    records: Iterable[StudentRecord], stored: StoredSitting, clock: ServerClock
) -> list[str]:
    """Every difference between the students' side and the database's; none is how it must be."""
    students, events = stored.by_student(), stored.events_of()
    found: list[str] = []
    for record in records:
        place = f"student {record.student_id} of sitting {record.session_id}"
        student = students.get(record.student_id)
        if student is None:
            found.append(f"{place} is not on the list")
            continue
        found += [
            f"{place}: {difference}"
            for difference in (
                *record.faults,
                *_place(record, student, clock),
                *_answers(record.acts, student),
                *_highlights(record.acts, student),
                *_hand(record.acts, student),
                *_handed_in(record.acts, student),
                *_history(record, events.get(record.student_id, [])),
            )
        ]
    return found


def ghosts(participants: Iterable[ParticipantItem], connected: set[str]) -> list[str]:
    """Who is shown CONNECTED without being there."""
    return [
        item.student_id
        for item in participants
        if item.connection_status == "CONNECTED" and item.student_id not in connected
    ]


def missing(participants: Iterable[ParticipantItem], connected: set[str]) -> list[str]:
    """Who is there without being shown CONNECTED."""
    shown = {item.student_id for item in participants if item.connection_status == "CONNECTED"}
    return sorted(connected - shown)


def _place(record: StudentRecord, student: StoredStudent, clock: ServerClock) -> Iterator[str]:
    if record.attempt_id is None:
        return
    if student.participant is None or student.attempt is None:
        yield "the join was acked and is not there"
        return
    if student.attempt.id != record.attempt_id:
        yield f"has attempt {student.attempt.id}, was given {record.attempt_id}"
    sent_at, active = record.acked_beat_sent_at, student.participant.last_activity
    if sent_at is not None and not clock.may_cover(active, sent_at, TOLERANCE_SECONDS):
        late = sent_at + clock.least - seconds_of(active)
        yield f"a heartbeat was acked that was sent {late:.3f} s after last_activity {active}"


def _answers(acts: Sequence[GivenAct], student: StoredStudent) -> Iterator[str]:
    possible: dict[str, list[Any]] = {}
    for act in acts:
        if not isinstance(act.operation, wire.Answer):
            continue
        values = possible.setdefault(act.operation.question_id, [_ABSENT])
        if act.outcome == KEPT:
            values[:] = [act.operation.value]
        elif act.outcome is None:
            values.append(act.operation.value)
    for question_id in sorted(possible.keys() | student.answers.keys()):
        stored = student.answers.get(question_id)
        value = _ABSENT if stored is None else stored.value
        allowed = possible.get(question_id, [_ABSENT])
        if not any(value == one and type(value) is type(one) for one in allowed):
            acked = " or ".join(repr(one) for one in allowed)
            yield f"the answer to {question_id} is {value!r}, acked was {acked}"


def _highlights(acts: Sequence[GivenAct], student: StoredStudent) -> Iterator[str]:
    given = {
        act.operation.highlight.id: act
        for act in acts
        if isinstance(act.operation, wire.SaveHighlight)
    }
    stored = Counter(item.id for item in student.highlighted_text)
    for id_, act in given.items():
        if act.outcome == KEPT and id_ not in stored:
            yield f"highlight {id_} was acked and is not there"
    for id_, times in stored.items():
        if id_ not in given or given[id_].outcome not in {KEPT, None}:
            yield f"highlight {id_} is there and was never accepted"
        elif times > 1:
            yield f"highlight {id_} is there {times} times"


def _hand(acts: Sequence[GivenAct], student: StoredStudent) -> Iterator[str]:
    possible = {False}
    for act in acts:
        if isinstance(act.operation, wire.RaiseHand | wire.LowerHand):
            is_up = isinstance(act.operation, wire.RaiseHand)
            if act.outcome == KEPT:
                possible = {is_up}
            elif act.outcome is None:
                possible.add(is_up)
    is_up = student.attempt is not None and student.attempt.hand_raised_at is not None
    if is_up not in possible:
        yield f"the hand is {'up' if is_up else 'down'}, the last act acked says otherwise"


def _handed_in(acts: Sequence[GivenAct], student: StoredStudent) -> Iterator[str]:
    outcomes = {act.outcome for act in acts if isinstance(act.operation, wire.Submit)}
    status = _ABSENT if student.attempt is None else student.attempt.status
    if KEPT in outcomes and status != "SUBMITTED":
        yield f"handing in was acked, the attempt is {status}"
    if status == "SUBMITTED" and not outcomes & {KEPT, None}:
        yield "the attempt is SUBMITTED and nobody handed it in"


def _history(record: StudentRecord, events: Sequence[EventItem]) -> Iterator[str]:
    """Whether what is told once was done once: nothing lost, nothing done twice."""
    told = Counter(event.type for event in events)
    # Who never heard that the first join was kept comes back as somebody new.
    told["reconnected"] += told["taken_over"]
    wanted = {
        "joined": (1 if record.joins else 0, 1 if record.joins_tried else 0),
        # Of a join whose `joined` was lost only the server knows. Who was given up while the
        # connection stood still (a server that was frozen) is back with the next sign of life.
        "reconnected": (
            max(record.joins - 1, 0),
            max(record.joins_tried - 1, 0)
            + sum(event.data.get("why") == "lease" for event in events),
        ),
        "hand_raised": _bounds(record.acts, wire.RaiseHand),
        "hand_lowered": _bounds(record.acts, wire.LowerHand),
        "submitted": _bounds(record.acts, wire.Submit),
        "late_answer": (0, 0),
        "answer_superseded": (0, 0),
    }
    for type_, (least, most) in wanted.items():
        if not least <= told[type_] <= most:
            due = str(least) if least == most else f"{least} to {most}"
            yield f"the history tells {type_} {told[type_]} times, it was {due}"


def _bounds(acts: Sequence[GivenAct], kind: type[wire.Operation]) -> tuple[int, int]:
    """How many acts of a kind were kept, and how many may have been."""
    outcomes = [act.outcome for act in acts if isinstance(act.operation, kind)]
    return outcomes.count(KEPT), outcomes.count(KEPT) + outcomes.count(None)
