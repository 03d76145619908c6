"""Checks each step that a dashboard takes: versions only rise, and nothing goes back. PURE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.protocol.messages import Change, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.protocol.items import AttemptItem, MessageItem, ParticipantItem, SessionItem

# One fault brings others after it; the first ones tell enough.
FAULTS_KEPT = 20


class Steps:
    """Holds each frame about one sitting against those before it.

    Attributes:
        faults: A sentence for each step that must not be.
        steps: How many frames were checked.
    """

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.faults: list[str] = []
        self.steps = 0
        self._version: int | None = None
        self._epoch: str | None = None
        self._versions: dict[str, int] = {}
        self._active: dict[str, str] = {}

    def check(self, message: Snapshot | Change) -> None:
        """Check one frame, in the order of arrival."""
        self.steps += 1
        if isinstance(message, Snapshot):
            if self._epoch != message.epoch:
                # Another history: what was before says nothing about it.
                self._versions.clear()
                self._active.clear()
                self._version = None
            self._epoch = message.epoch
            if self._version is not None and message.version < self._version:
                self._fault(f"a snapshot leads from {self._version} back to {message.version}")
            after = -1
        else:
            if self._version is not None and message.from_version != self._version:
                self._fault(f"a change starts at {message.from_version}, not at {self._version}")
            if message.version < message.from_version:
                self._fault(f"a change leads from {message.from_version} to {message.version}")
            after = message.from_version
        sessions = () if message.session is None else (message.session,)
        self._items("session", sessions, after, message)
        self._items("participant", message.participants or (), after, message)
        self._items("attempt", message.attempts or (), after, message)
        self._items("message", message.messages or (), after, message)
        self._activity(message.participants or ())
        self._version = message.version

    def _items(
        self,
        kind: str,
        items: Iterable[SessionItem | ParticipantItem | AttemptItem | MessageItem],
        after: int,
        message: Snapshot | Change,
    ) -> None:
        for item in items:
            key = f"{kind} {getattr(item, 'id', '') or getattr(item, 'student_id', '')}"
            if not after < item.version <= message.version:
                self._fault(
                    f"{key} of version {item.version} came with {max(after, 0)} to "
                    f"{message.version}"
                )
            known = self._versions.get(key, -1)
            if item.version < known:
                self._fault(f"{key} went back from version {known} to {item.version}")
            self._versions[key] = item.version

    def _activity(self, participants: Iterable[ParticipantItem]) -> None:
        for item in participants:
            known = self._active.get(item.student_id, "")
            if item.last_activity < known:
                self._fault(
                    f"last_activity of participant {item.student_id} went back from {known} "
                    f"to {item.last_activity}"
                )
            self._active[item.student_id] = item.last_activity

    def _fault(self, sentence: str) -> None:
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(f"sitting {self.session_id}: {sentence}")
