"""What the recorder publishes after a commit, and what a room loads when it missed some.

Both are *changes*: whole new values, each carrying the version that wrote it. Applied in version
order to the state before, they give the state at `version`.
"""

from __future__ import annotations

from msgspec import Struct

from monitor.protocol.items import (
    AttemptItem,
    EventItem,
    MessageItem,
    ParticipantItem,
    SessionItem,
    StudentName,
)


class PublishedAttempt(Struct, frozen=True):
    """An attempt and the version at which something changed that its student did not do."""

    item: AttemptItem
    student_version: int


class Changes(Struct, frozen=True, kw_only=True):
    """Whole new values of all that changed; null or empty where nothing did."""

    session: SessionItem | None = None
    participants: list[ParticipantItem] = []
    attempts: list[PublishedAttempt] = []
    students: list[StudentName] | None = None  # the whole roster
    messages: list[MessageItem] = []
    events: list[EventItem] = []
    events_truncated: bool = False


class Publication(Struct, frozen=True, kw_only=True):
    """One commit of one session. `changes` null: only that this version exists (load it).

    `heartbeats` counts the heartbeats that this commit acknowledged.
    """

    session_id: str
    version: int
    changes: Changes | None = None
    heartbeats: int = 0


class StateSince(Struct, frozen=True, kw_only=True):
    """What a session holds that is newer than `from_version` (0: everything), in one transaction.

    `roster_version` and `session_version` are the versions of the `students` and `session` parts.
    """

    session_id: str
    from_version: int
    version: int
    epoch: str
    session_version: int
    roster_version: int
    changes: Changes
