"""What must be loaded before a command can be applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Final

from msgspec import Struct

from monitor.domain import commands as c
from monitor.domain.deadlines import ends_at, is_time_up
from monitor.domain.moments import after
from monitor.domain.rules import Rules
from monitor.domain.session import Session, SessionStatus


class All(Enum):
    """Stands for every student of the sitting."""

    ALL = "all"


ALL: Final = All.ALL


class Needs(Struct, frozen=True, kw_only=True):
    """Attempts by student, messages by id, and the `late_answer` events of those students.

    Session, test and all participants are always there. A student named here may have no attempt,
    a message id may name none: then there is nothing to load. `in_progress` asks for every attempt
    of the session that is IN_PROGRESS.
    """

    students: frozenset[str] | All = frozenset()
    in_progress: bool = False
    messages: frozenset[str] = frozenset()
    late_events: bool = False


_NOTHING = Needs()
_EVERYONE = Needs(students=ALL)
_AT_WORK = Needs(in_progress=True)


def needs(commands: Iterable[c.Command], session: Session, rules: Rules) -> Needs:
    """What applying these commands to this session may look at together."""
    students: set[str] = set()
    messages: set[str] = set()
    everyone = in_progress = late_events = False
    for command in commands:
        kind = _NEEDS[type(command)]
        if kind is _own:  # nearly all of them
            students.add(command.student_id)  # type: ignore[attr-defined]
            continue
        needed = kind(command, session, rules)
        if isinstance(needed.students, All):
            everyone = True
        else:
            students |= needed.students
        messages |= needed.messages
        in_progress |= needed.in_progress
        late_events |= needed.late_events
    return Needs(
        students=ALL if everyone else frozenset(students),
        in_progress=in_progress,
        messages=frozenset(messages),
        late_events=late_events,
    )


def _nothing(_command: Any, _session: Session, _rules: Rules) -> Needs:
    return _NOTHING


def _everyone(_command: Any, _session: Session, _rules: Rules) -> Needs:
    return _EVERYONE


def _own(
    command: c.StudentCommand | c.SetNote | c.LeaveLate, _session: Session, _rules: Rules
) -> Needs:
    return Needs(students=frozenset((command.student_id,)))


def _message(command: c.MarkReceived | c.MarkRead, _session: Session, _rules: Rules) -> Needs:
    return Needs(
        students=frozenset((command.student_id,)), messages=frozenset((command.message_id,))
    )


def _named(command: Any, _session: Session, _rules: Rules) -> Needs:
    if command.student_ids is None:
        return _EVERYONE
    return Needs(students=frozenset(command.student_ids))


def _late(command: c.AcceptLate, _session: Session, _rules: Rules) -> Needs:
    return Needs(students=frozenset((command.student_id,)), late_events=True)


def _sweep(command: c.Sweep, session: Session, rules: Rules) -> Needs:
    if session.status is not SessionStatus.IN_PROGRESS:
        return _NOTHING
    now, grace = command.received_at, rules.deadline_grace_seconds
    ends = ends_at(session)
    if ends is not None and now >= after(ends, grace):
        return _AT_WORK
    return Needs(
        students=frozenset(
            student_id
            for student_id in session.extra_seconds
            if is_time_up(session, student_id, now, grace)
        )
    )


_NEEDS: dict[type[c.Command], Callable[[Any, Session, Rules], Needs]] = {
    c.Join: _own,
    c.Heartbeat: _own,
    c.GiveAnswer: _own,
    c.SaveHighlight: _own,
    c.RemoveHighlight: _own,
    c.SetVisibility: _own,
    c.RaiseHand: _own,
    c.LowerHand: _own,
    c.MarkReceived: _message,
    c.MarkRead: _message,
    c.Submit: _own,
    c.Leave: _nothing,
    c.Disconnect: _nothing,
    c.OpenSession: _nothing,
    c.StartSession: _everyone,
    c.PauseSession: _nothing,
    c.ResumeSession: _nothing,
    c.CompleteSession: _everyone,
    c.CancelSession: _nothing,
    c.EditSession: _nothing,
    c.SyncRoster: _nothing,
    c.AddParticipant: _nothing,
    c.Extend: _named,
    c.GiveBack: _named,
    c.ForceSubmit: _named,
    c.Reopen: _named,
    c.SendMessage: _nothing,
    c.LowerHands: _named,
    c.AcceptLate: _late,
    c.LeaveLate: _own,
    c.SetNote: _own,
    c.Sweep: _sweep,
}
