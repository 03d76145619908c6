"""What a session holds that is newer than a version, read within one transaction."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from monitor.domain.session import Session
from monitor.protocol.forms import (
    attempt_item,
    event_item,
    message_item,
    session_item,
    student_name,
)
from monitor.protocol.publication import Changes, PublishedAttempt, StateSince
from monitor.repositories import json_codec, session_rows
from monitor.repositories.column_types import AnyRow
from monitor.repositories.sql_attempt_repository import SqlAttemptRepository
from monitor.repositories.sql_event_repository import SqlEventRepository
from monitor.repositories.sql_message_repository import SqlMessageRepository
from monitor.repositories.tables import EPOCH, SESSIONS

_STATE = select(
    *session_rows.session_columns(),
    session_rows.json_text("participants"),
    select(EPOCH.c.id).limit(1).scalar_subquery().label("epoch"),
).where(SESSIONS.c.id == bindparam("session_id"))


def state_since(
    connection: Connection, session_id: str, version: int, events_limit: int
) -> StateSince | None:
    """What is newer than `version` (0: everything); None if there is no such session."""
    row = connection.execute(_STATE, {"session_id": session_id}).one_or_none()
    if row is None:
        return None
    session = session_rows.session(row)
    return StateSince(
        session_id=session_id,
        from_version=version,
        version=session.version,
        epoch=row.epoch or "",
        session_version=session.session_version,
        roster_version=session.roster_version,
        changes=_changes(connection, session, row, version, events_limit),
    )


def _changes(
    connection: Connection, session: Session, row: AnyRow, version: int, limit: int
) -> Changes:
    everything = version <= 0
    # What nobody has touched yet is at version 0, and everything is more than newer than nothing.
    floor = -1 if everything else version
    if session.version <= floor:
        return Changes()
    participants = json_codec.decode_participants(row.participants)
    attempts = SqlAttemptRepository(connection).standing_of_session(session.id, floor)
    events = SqlEventRepository(connection).newest(session.id, floor, limit + 1)
    newer_session = everything or session.session_version > version
    newer_roster = everything or session.roster_version > version
    return Changes(
        session=session_item(session) if newer_session else None,
        participants=[item for item in participants if item.version > floor],
        attempts=[
            PublishedAttempt(
                attempt_item(attempt, session.extra_seconds.get(attempt.student_id, 0)),
                attempt.student_version,
            )
            for attempt in attempts
        ],
        students=[student_name(entry) for entry in session.roster] if newer_roster else None,
        messages=[
            message_item(message)
            for message in SqlMessageRepository(connection).of_session(session.id, floor)
        ],
        events=[event_item(event) for event in events[-limit:]],
        events_truncated=len(events) > limit,
    )
