"""Sessions: the rows of `sessions`, each with its `participants` array."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import Connection, Update, bindparam, delete, exists, insert, select, update

from monitor.domain.participant import Participant
from monitor.domain.session import Session, SessionStatus
from monitor.errors import InUse, NotFound
from monitor.protocol.items import ParticipantItem
from monitor.protocol.publication import StateSince
from monitor.repositories import json_codec, session_lists, session_rows
from monitor.repositories.bulk import Bulk, Lookup
from monitor.repositories.column_types import JsonText
from monitor.repositories.paging import batches
from monitor.repositories.session_lists import SessionFilter
from monitor.repositories.session_rows import session_columns
from monitor.repositories.state_since import state_since
from monitor.repositories.statements import values_to_bind
from monitor.repositories.tables import ATTEMPTS, EVENTS, LINKS, MESSAGES, SESSIONS

T = TypeVar("T")

ACTIVE_STATUSES = (SessionStatus.WAITING_FOR_STUDENTS.value, SessionStatus.IN_PROGRESS.value)

_IDS = SESSIONS.c.id.in_(bindparam("ids", expanding=True))
_ID_AND_VERSION = select(SESSIONS.c.id, SESSIONS.c.version).order_by(SESSIONS.c.id)
LOCK_WAITING = _ID_AND_VERSION.with_for_update(key_share=True)
LOCK_SKIPPING = _ID_AND_VERSION.with_for_update(key_share=True, skip_locked=True)
VERSIONS, _LOCK_WAITING, _LOCK_SKIPPING = (
    Lookup(one, SESSIONS.c.id) for one in (_ID_AND_VERSION, LOCK_WAITING, LOCK_SKIPPING)
)
_SESSIONS = select(*session_columns()).where(_IDS)
_WITH_PARTICIPANTS = select(*session_columns(), session_rows.json_text("participants")).where(_IDS)
ACTIVE = (
    select(*session_columns())
    .where(SESSIONS.c.status.in_(ACTIVE_STATUSES))
    .order_by(session_rows.SCHEDULED_AT, SESSIONS.c.id)
)
_ACTIVE_VERSIONS = select(SESSIONS.c.id, SESSIONS.c.session_version).where(
    SESSIONS.c.status.in_(ACTIVE_STATUSES)
)
NOT_COMPLETED_OF = (
    select(*session_columns())
    .where(
        SESSIONS.c.created_by == bindparam("user_id"),
        SESSIONS.c.status != SessionStatus.COMPLETED.value,
    )
    .order_by(session_rows.SCHEDULED_AT, SESSIONS.c.id)
)

_JSON = dict.fromkeys(session_rows.JSON_COLUMNS, JsonText)
_INSERT = insert(SESSIONS).values(
    values_to_bind(SESSIONS, (*Session.__struct_fields__, "participants"), _JSON)
)


def _rewriting(*, own: bool, roster: bool) -> Update:
    names = ["participants", *session_rows.VERSIONS]
    names += session_rows.OWN if own else ()
    names += session_rows.ROSTER if roster else ()
    return (
        update(SESSIONS)
        .where(SESSIONS.c.id == bindparam("id_"), SESSIONS.c.version == bindparam("former_version"))
        .values(values_to_bind(SESSIONS, names, _JSON))
    )


_REWRITE = {
    (own, roster): Bulk(_rewriting(own=own, roster=roster))
    for own in (False, True)
    for roster in (False, True)
}


class VersionConflictError(Exception):
    """A row was not at the version before the one to be written: it was not locked and loaded."""


class SqlSessionRepository:
    """Reads and writes sessions on one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- the recorder's

    def lock(self, ids: Iterable[str], *, skip_locked: bool = True) -> dict[str, int]:
        """Lock these rows until the transaction ends, in the order of ids, and say their versions.

        Rows that do not exist are left out, and so are those that others hold where `skip_locked`;
        else they are waited for up to the lock timeout. SQLite's one writer holds them all anyway.
        """
        statement = _LOCK_SKIPPING if skip_locked else _LOCK_WAITING
        return self._versions(statement, ids)

    def load(self, ids: Iterable[str]) -> dict[str, tuple[Session, list[ParticipantItem]]]:
        """These sessions with their participants, in the order of the array."""
        return self._with(json_codec.decode_participants, ids)

    def with_participants(self, ids: Iterable[str]) -> dict[str, tuple[Session, list[Participant]]]:
        """The same with the participants as the domain has them."""
        return self._with(json_codec.decode_places, ids)

    def rewrite(self, session: Session, participants: Iterable[ParticipantItem]) -> None:
        """Write a locked session and its participants with one UPDATE.

        The row must stand at the version before. The session's own columns are written only where
        `session_version` is the new version, the roster only where `roster_version` is.

        Raises:
            VersionConflictError: It does not stand at the version before.
        """
        self.rewrite_many([(session, map(json_codec.encode_participant, participants))])

    def rewrite_many(self, changed: Iterable[tuple[Session, Iterable[str]]]) -> None:
        """Like `rewrite` for several, in few round trips; still one UPDATE each.

        Participants come encoded (`json_codec.encode_participant`), so that whoever remembers the
        text of those that have not changed need not make it anew.
        """
        by_kind: dict[tuple[bool, bool], list[dict[str, Any]]] = {}
        for session, participants in changed:
            own = session.session_version == session.version
            roster = session.roster_version == session.version
            values = {
                "id_": session.id,
                "former_version": session.version - 1,
                "participants": json_codec.participants_array(participants),
                **session_rows.version_values(session),
                **(session_rows.own_values(session) if own else {}),
                **(session_rows.roster_values(session) if roster else {}),
            }
            by_kind.setdefault((own, roster), []).append(values)
        for kind, rows in by_kind.items():
            if _REWRITE[kind].execute(self._connection, rows) != len(rows):
                raise VersionConflictError(sorted(row["id_"] for row in rows))

    def add(self, session: Session, participants: Iterable[ParticipantItem] = ()) -> None:
        """Store a new session."""
        values = {
            "id": session.id,
            **session_rows.own_values(session),
            **session_rows.version_values(session),
            **session_rows.roster_values(session),
            "participants": json_codec.participants_array(
                map(json_codec.encode_participant, participants)
            ),
        }
        self._connection.execute(_INSERT, [values])

    def remove(self, session_id: str) -> None:
        """Remove a session that is still SCHEDULED, with its links, messages and history.

        Raises:
            NotFound: There is no such session.
            InUse: It was opened, or someone has an attempt in it.
        """
        locked = select(SESSIONS.c.status).where(SESSIONS.c.id == session_id).with_for_update()
        status = self._connection.scalar(locked)
        if status is None:
            raise NotFound
        attempted = select(exists().where(ATTEMPTS.c.session_id == session_id))
        if status != SessionStatus.SCHEDULED.value or self._connection.scalar(attempted):
            raise InUse("The sitting has been opened. Cancel it instead.")
        for table in (LINKS, MESSAGES, EVENTS):
            self._connection.execute(delete(table).where(table.c.session_id == session_id))
        self._connection.execute(delete(SESSIONS).where(SESSIONS.c.id == session_id))

    # -- everyone's

    def get(self, session_id: str) -> Session | None:
        """The session with this id, with its roster."""
        return self.get_many([session_id]).get(session_id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Session]:
        """Those of these sessions that exist."""
        return {
            row.id: session_rows.session(row)
            for batch in batches(ids)
            for row in self._connection.execute(_SESSIONS, {"ids": batch})
        }

    def versions(self, ids: Iterable[str]) -> dict[str, int]:
        """The versions of those of these sessions that exist."""
        return self._versions(VERSIONS, ids)

    def state_since(
        self, session_id: str, version: int, *, events_limit: int = 200
    ) -> StateSince | None:
        """What the session holds that is newer than a version; None if there is no such session.

        Version 0: everything, participants in the order of the array. Of events the newest
        `events_limit`, ascending. No answers are read.
        """
        return state_since(self._connection, session_id, version, events_limit)

    def active(self) -> list[Session]:
        """The sessions that wait for students or are in progress, by `scheduled_at`."""
        return [session_rows.session(row) for row in self._connection.execute(ACTIVE)]

    def active_versions(self) -> dict[str, int]:
        """The `session_version` of each session that waits for students or is in progress."""
        rows = self._connection.execute(_ACTIVE_VERSIONS)
        return {row.id: row.session_version for row in rows}

    def not_completed_of(self, user_id: str) -> list[Session]:
        """The sessions that this user created and that are not COMPLETED, by `scheduled_at`."""
        rows = self._connection.execute(NOT_COMPLETED_OF, {"user_id": user_id})
        return [session_rows.session(row) for row in rows]

    def not_over_of_class(self, class_id: str) -> list[Session]:
        """The sessions of a class that are neither completed nor cancelled."""
        return session_lists.not_over_of_class(self._connection, class_id)

    def for_staff(
        self,
        user_id: str | None,
        only: SessionFilter | None = None,
        *,
        after: str | None = None,
        limit: int = 100,
    ) -> list[Session]:
        """The sessions that someone created, teaches the class of or invigilates, newest first.

        Args:
            user_id: Whose; None for all sessions there are.
            only: Narrows the list.
            after: Where the page before ended.
            limit: Sessions a page.
        """
        return session_lists.for_staff(
            self._connection, user_id, only or SessionFilter(), after, limit
        )

    def for_student(
        self,
        student_id: str,
        only: SessionFilter | None = None,
        *,
        after: str | None = None,
        limit: int = 100,
    ) -> list[Session]:
        """The sessions a student has an attempt in, or is on the list of while they are not over.

        Newest first; arguments as in `for_staff`.
        """
        return session_lists.for_student(
            self._connection, student_id, only or SessionFilter(), after, limit
        )

    def _with(
        self, decode: Callable[[str | None], list[T]], ids: Iterable[str]
    ) -> dict[str, tuple[Session, list[T]]]:
        return {
            row.id: (session_rows.session(row), decode(row.participants))
            for batch in batches(ids)
            for row in self._connection.execute(_WITH_PARTICIPANTS, {"ids": batch})
        }

    def _versions(self, statement: Lookup, ids: Iterable[str]) -> dict[str, int]:
        rows = statement.execute(self._connection, sorted(ids))
        return {id_: version for id_, version in rows}
