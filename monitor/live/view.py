"""A view: everything a dashboard shows of one session, at one version.

Pure. It moves only from a version to the next one (`apply`), or by what the database holds that is
newer (`load`); so at each moment it equals a state that was, the one at `version`.
"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.live.event_ring import EventRing
from monitor.live.versioned import Versioned
from monitor.protocol.items import (
    EventItem,
    MessageItem,
    ParticipantItem,
    SessionItem,
    StudentName,
)
from monitor.protocol.publication import Changes, Publication, PublishedAttempt, StateSince

EVENTS_KEPT = 200


class View:
    """A versioned map of one session: each value carries the version that last changed it."""

    def __init__(self, state: StateSince, *, events_kept: int = EVENTS_KEPT) -> None:
        """Begin with a whole state.

        Args:
            state: As read from version 0, so nothing is missing in it.
            events_kept: How many of the newest events `newer_than` can give.
        """
        changes = state.changes
        if state.from_version or changes.session is None or changes.students is None:
            raise ValueError("a view begins with a whole state")
        self.session_id = state.session_id
        self.epoch = state.epoch
        self.version = 0
        self.session: SessionItem = changes.session
        self.students: list[StudentName] = changes.students
        self._session_version = 0
        self._roster_version = 0
        self._participants: Versioned[str, ParticipantItem] = Versioned()
        self._attempts: Versioned[str, PublishedAttempt] = Versioned()
        self._messages: Versioned[str, MessageItem] = Versioned()
        self._events = EventRing(events_kept)
        # A state of a session that nothing was ever done to is at version 0 and still complete.
        self._take_over(state, above=-1)

    @property
    def participants(self) -> Mapping[str, ParticipantItem]:
        """Everyone who has a place, by student id."""
        return self._participants.values

    @property
    def attempts(self) -> Mapping[str, PublishedAttempt]:
        """Every attempt of the session, by attempt id."""
        return self._attempts.values

    @property
    def messages(self) -> Mapping[str, MessageItem]:
        """Every message with its receipts, by message id."""
        return self._messages.values

    @property
    def session_version(self) -> int:
        """The version that last changed `session`."""
        return self._session_version

    def apply(self, publication: Publication) -> bool:
        """Whether the publication was the very next one and the view has moved to its version.

        One that is older, further ahead, or without its changes leaves the view as it is.
        """
        if publication.version != self.version + 1 or publication.changes is None:
            return False
        changes, version = publication.changes, publication.version
        for participant in changes.participants:
            self._participants.put(participant.student_id, participant, version)
        for attempt in changes.attempts:
            self._attempts.put(attempt.item.id, attempt, version)
        for message in changes.messages:
            self._messages.put(message.id, message, version)
        self._events.add(changes.events)
        if changes.session is not None:
            self.session, self._session_version = changes.session, version
        if changes.students is not None:
            self.students, self._roster_version = changes.students, version
        self.version = version
        return True

    def load(self, state: StateSince) -> bool:
        """Whether what the database holds was newer and the view has moved to its version.

        Args:
            state: Read from a version that this view has reached, in this view's epoch.
        """
        if state.epoch != self.epoch or state.from_version > self.version:
            raise ValueError("this state does not continue the view")
        if state.version <= self.version:
            return False
        self._take_over(state, above=self.version)
        return True

    def messages_newer_than(self, version: int) -> list[MessageItem]:
        """The messages that are new, or have a new receipt, since a version."""
        return self._messages.newer_than(version)

    def newer_than(self, version: int) -> Changes:
        """Whole new values of all that changed after `version`, whichever version that is."""
        events, events_truncated = self._events.newer_than(version)
        return Changes(
            session=self.session if self._session_version > version else None,
            participants=self._participants.newer_than(version),
            attempts=self._attempts.newer_than(version),
            students=self.students if self._roster_version > version else None,
            messages=self._messages.newer_than(version),
            events=events,
            events_truncated=events_truncated,
        )

    def _take_over(self, state: StateSince, above: int) -> None:
        """Take what is newer than `above`; what is not, the view has already."""
        changes = state.changes
        for participant in sorted(changes.participants, key=_version_of):
            if participant.version > above:
                self._participants.put(participant.student_id, participant, participant.version)
        for attempt in sorted(changes.attempts, key=lambda attempt: attempt.item.version):
            if attempt.item.version > above:
                self._attempts.put(attempt.item.id, attempt, attempt.item.version)
        for message in sorted(changes.messages, key=_version_of):
            if message.version > above:
                self._messages.put(message.id, message, message.version)
        self._take_over_events(state, above)
        if changes.session is not None:
            self.session, self._session_version = changes.session, state.session_version
        if changes.students is not None:
            self.students, self._roster_version = changes.students, state.roster_version
        self.version = state.version

    def _take_over_events(self, state: StateSince, above: int) -> None:
        events = sorted(state.changes.events, key=_version_of)
        newer = [event for event in events if event.version > above]
        # With an event among them that is known, none is missing between what is known and these.
        if state.changes.events_truncated and len(newer) == len(events):
            self._events.cut(newer[0].version if newer else state.version)
        self._events.add(newer)


def _version_of(item: ParticipantItem | MessageItem | EventItem) -> int:
    return item.version
