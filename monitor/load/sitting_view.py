"""A sitting as a dashboard knows it: a snapshot, and every change applied to it. PURE."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.protocol.items import (
        AttemptItem,
        EventItem,
        MessageItem,
        ParticipantItem,
        SessionItem,
        StudentName,
    )
    from monitor.protocol.messages import Change, Snapshot

# History is fetched by REST; here the latest of it is enough.
EVENTS_KEPT = 500


class OutOfOrder(Exception):
    """A change that does not follow on what is known: a fault of the server."""


class SittingView:
    """The state at `version`; `apply` brings it forward.

    Applying a snapshot and then every change must give, at every version, exactly what
    `GET /api/sessions/{id}/snapshot` gave at that version.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.session_id = snapshot.session_id
        self.version = snapshot.version
        self.epoch = snapshot.epoch
        self.session: SessionItem = snapshot.session
        self.participants: dict[str, ParticipantItem] = {
            item.student_id: item for item in snapshot.participants
        }
        self.attempts: dict[str, AttemptItem] = {item.id: item for item in snapshot.attempts}
        self.students: list[StudentName] = list(snapshot.students)
        self.messages: dict[str, MessageItem] = {item.id: item for item in snapshot.messages}
        self.events: list[EventItem] = []

    def apply(self, change: Change) -> None:
        """Take over everything newer.

        Raises:
            OutOfOrder: It does not start at our version, or leads backwards.
        """
        if change.from_version != self.version or change.version < self.version:
            message = (
                f"a change from {change.from_version} to {change.version} of "
                f"{self.session_id} came at version {self.version}"
            )
            raise OutOfOrder(message)
        if change.session is not None:
            self.session = change.session
        if change.students is not None:
            self.students = list(change.students)
        self.participants.update((item.student_id, item) for item in change.participants or ())
        self.attempts.update((item.id, item) for item in change.attempts or ())
        self.messages.update((item.id, item) for item in change.messages or ())
        if change.events:
            self.events = [*self.events, *change.events][-EVENTS_KEPT:]
        self.version = change.version

    def differences(self, snapshot: Snapshot) -> list[str]:
        """In what this view differs from a snapshot, a sentence each; none when they are equal."""
        if self.version != snapshot.version:
            return [f"version {self.version} is not {snapshot.version}"]
        pairs: list[tuple[str, dict[str, msgspec.Struct], dict[str, msgspec.Struct]]] = [
            ("session", {"": self.session}, {"": snapshot.session}),
            ("participant", dict(self.participants), _by("student_id", snapshot.participants)),
            ("attempt", dict(self.attempts), _by("id", snapshot.attempts)),
            ("student", _by("id", self.students), _by("id", snapshot.students)),
            ("message", dict(self.messages), _by("id", snapshot.messages)),
        ]
        return [
            f"{kind} {key}: {ours.get(key)} is not {theirs.get(key)}"
            for kind, ours, theirs in pairs
            for key in sorted(ours.keys() | theirs.keys())
            if ours.get(key) != theirs.get(key)
        ]


def _by(key: str, items: Iterable[msgspec.Struct]) -> dict[str, msgspec.Struct]:
    return {getattr(item, key): item for item in items}
