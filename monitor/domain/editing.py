"""What a sitting is about, who is on its list, and the teacher's notes.

| field | may be changed while |
|---|---|
| title, invigilator_ids, observer_ids | always |
| scheduled_at, duration_seconds | before the start (later time is changed by `extend`) |
| class_id (with the new list), test_id | SCHEDULED |

The list is the sitting's own. It follows the class until the sitting is over; students who were
added by hand stay, and so does everyone who has a place already.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from monitor.domain.acts import check_text, record_act, require_text
from monitor.domain.commands import AddParticipant, EditSession, SetNote, SyncRoster
from monitor.domain.deadlines import allowance_seconds
from monitor.domain.event import EventType
from monitor.domain.moments import rfc3339, to_milliseconds
from monitor.domain.outcome import Outcome
from monitor.domain.rules import Rules
from monitor.domain.session import RosterEntry, Session, SessionStatus as S
from monitor.domain.session_transitions import require_not_over
from monitor.domain.sitting import Sitting
from monitor.errors import DeadlineTooNear, InvalidRequest, InvalidTransition, NotFound

TITLE_CHARACTERS = 255

_BEFORE_START = frozenset({S.SCHEDULED, S.WAITING_FOR_STUDENTS})
EDITABLE_WHILE = {
    "title": frozenset(S),
    "invigilator_ids": frozenset(S),
    "observer_ids": frozenset(S),
    "scheduled_at": _BEFORE_START,
    "duration_seconds": _BEFORE_START,
    "class_id": frozenset({S.SCHEDULED}),
    "test_id": frozenset({S.SCHEDULED}),
}


def edit_session(sitting: Sitting, command: EditSession, rules: Rules) -> Outcome:
    """Change what a sitting is about; what is as wanted already is no change."""
    session = sitting.session
    changes: dict[str, Any] = {}
    for field, value in command.changes.items():
        if field not in EDITABLE_WHILE:
            raise InvalidRequest(f"{field}: this cannot be changed.", field=field)
        fitting = _fitting(field, value, rules)
        if getattr(session, field) == fitting:
            continue
        if session.status not in EDITABLE_WHILE[field]:
            raise InvalidTransition(f"{field} of a sitting that is {session.status} stays.")
        changes[field] = fitting
    if "class_id" in changes:
        if command.roster is None:
            raise ValueError("with class_id comes the roster")
        changes["roster"] = _synced(sitting, command.roster)
    if changes:
        edited = replace(session, **changes)
        _require_enough_time(edited, rules)
        require_one_part(edited)
        sitting.edit_session(**changes)
        told = {field: _told(value) for field, value in changes.items() if field != "roster"}
        record_act(sitting, command, EventType.EDITED, rules, data={"changes": told})
    return Outcome()


def _fitting(field: str, value: Any, rules: Rules) -> Any:
    """The value as the session holds it; raises InvalidRequest."""
    if field == "title" and isinstance(value, str):
        return require_text(value, TITLE_CHARACTERS, field)
    if field in ("invigilator_ids", "observer_ids") and not isinstance(value, str):
        return tuple(dict.fromkeys(value))
    if field in ("class_id", "test_id") and isinstance(value, str):
        return value
    if field == "scheduled_at" and (value is None or isinstance(value, datetime)):
        return value if value is None else to_milliseconds(value)
    if field == "duration_seconds":
        if value is None:
            return None
        least, most = rules.least_left_seconds, rules.most_time_seconds
        if isinstance(value, int) and least <= value <= most:
            return value
        raise InvalidRequest(f"duration_seconds: {least} to {most:,} seconds.", field=field)
    raise InvalidRequest(f"{field}: this does not fit.", field=field)


def _require_enough_time(session: Session, rules: Rules) -> None:
    if session.started_at is not None:
        return
    for student_id in (None, *session.extra_seconds):
        allowance = allowance_seconds(session, student_id)
        if allowance is not None and allowance < rules.least_left_seconds:
            raise DeadlineTooNear


def require_one_part(session: Session) -> None:
    """Pass unless someone is named both to help and only to look on.

    Raises:
        InvalidRequest: about `observer_ids`.
    """
    if not set(session.invigilator_ids).isdisjoint(session.observer_ids):
        raise InvalidRequest(
            "observer_ids: name each person once, to steer too or only to look on.",
            field="observer_ids",
        )


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    return list(value) if isinstance(value, tuple) else value


def sync_roster(sitting: Sitting, command: SyncRoster, rules: Rules) -> Outcome:
    """Bring the list up to the class's; a sitting that is over keeps the list it had."""
    session = sitting.session
    roster = _synced(sitting, command.roster)
    if session.is_over or roster == session.roster:
        return Outcome()
    before, now = sitting.roster_ids, {entry.id for entry in roster}
    sitting.edit_session(roster=roster)
    data = {"added": sorted(now - before), "removed": sorted(before - now)}
    record_act(sitting, command, EventType.ROSTER, rules, data=data)
    return Outcome()


def _synced(sitting: Sitting, given: tuple[RosterEntry, ...]) -> tuple[RosterEntry, ...]:
    listed = {entry.id: entry for entry in given}
    stay = [
        entry
        for entry in sitting.session.roster
        if entry.id not in listed and (entry.added or entry.id in sitting.participants)
    ]
    return (*listed.values(), *stay)


def add_participant(sitting: Sitting, command: AddParticipant, rules: Rules) -> Outcome:
    """Put a student on the list; one who is on it already changes nothing."""
    require_not_over(sitting.session, "take more students")
    if command.student.id in sitting.roster_ids:
        return Outcome()
    entry = replace(command.student, added=True)
    sitting.edit_session(roster=(*sitting.session.roster, entry))
    record_act(
        sitting,
        command,
        EventType.STUDENT_ADDED,
        rules,
        data={"name": entry.name},
        student_id=entry.id,
    )
    return Outcome()


def set_note(sitting: Sitting, command: SetNote, rules: Rules) -> Outcome:
    """Note something on a student's attempt; nothing, or blanks only, takes the note away."""
    attempt = sitting.attempt_of(command.student_id)
    if attempt is None:
        raise NotFound
    note = check_text((command.note or "").strip(), rules.message_characters, "note") or None
    if note != attempt.note:
        sitting.put_attempt(replace(attempt, note=note))
        record_act(
            sitting,
            command,
            EventType.NOTE,
            rules,
            data={"note": note},
            student_id=command.student_id,
        )
    return Outcome()
