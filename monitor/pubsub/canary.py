"""A canary: proof that what this process publishes comes back to it.

A link can be up and deliver nothing. So each process sends a message to itself once a second; one
that does not come back means that nobody else's messages come either.
"""

from __future__ import annotations

EVERY_SECONDS = 1.0
MISSED_SECONDS = 2.0  # two may be late; with the second between them a loss is known within three


class Canary:
    """Bookkeeping of the messages a process sends to itself; `now` is any steady clock."""

    def __init__(self, missed_seconds: float = MISSED_SECONDS) -> None:
        """Call one missed when it has not come back after so many seconds."""
        self._missed_seconds = missed_seconds
        self._back_at: float | None = None
        self._unanswered_since: float | None = None

    def sent(self, now: float) -> None:
        """One was sent."""
        if self._unanswered_since is None:
            self._unanswered_since = now

    def back(self, now: float) -> None:
        """One came back."""
        self._back_at = now
        self._unanswered_since = None

    def alive(self, now: float) -> bool:
        """Whether the last one came back, and not too long ago."""
        limit = self._missed_seconds + EVERY_SECONDS
        return self._back_at is not None and not self.missed(now) and now - self._back_at <= limit

    def missed(self, now: float) -> bool:
        """Whether one that was sent did not come back in time."""
        since = self._unanswered_since
        return since is not None and now - since > self._missed_seconds

    def died(self) -> None:
        """It could not be sent, or the link is given up: not alive until the next comes back."""
        self._unanswered_since = None
        self._back_at = None
