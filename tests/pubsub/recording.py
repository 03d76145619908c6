"""A subscriber that remembers, and publications to send it."""

from __future__ import annotations

from monitor.protocol.items import ParticipantItem
from monitor.protocol.publication import Changes, Publication


class Recording:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.publications: list[Publication] = []
        self.gaps = 0

    @property
    def versions(self) -> list[int]:
        """The versions heard of, in order."""
        return [publication.version for publication in self.publications]

    def published(self, publication: Publication) -> None:
        """Remember it."""
        self.publications.append(publication)

    def gap(self) -> None:
        """Count it."""
        self.gaps += 1


def publication(session_id: str = "one", version: int = 1) -> Publication:
    """A commit with one heartbeat in it."""
    participant = ParticipantItem(
        student_id="anna",
        attempt_id="anna's",
        joined_at="2026-11-22T10:00:00.000Z",
        connection_status="CONNECTED",
        last_activity="2026-11-22T10:00:05.000Z",
        connection_id="c.1",
        version=version,
    )
    changes = Changes(participants=[participant])
    return Publication(session_id=session_id, version=version, changes=changes, heartbeats=1)
