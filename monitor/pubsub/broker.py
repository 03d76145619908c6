"""The broker contract: how a commit in one process becomes visible in the others."""

from __future__ import annotations

from typing import Protocol

from monitor.protocol.publication import Publication


class Subscriber(Protocol):
    """Who listens to one session; called on the event loop, never awaited, must not raise."""

    def published(self, publication: Publication) -> None:
        """A publication of this session; may come doubled, late, or out of order."""

    def gap(self) -> None:
        """Something may have been lost: load what is newer from the database."""


class Broker(Protocol):
    """Brings publications to every process that has subscribed, as well as it can.

    Most arrive, soon, in order; any may be lost, doubled or late. Nothing here is ever awaited by a
    commit, and nothing here is needed for truth: a room that hears nothing finds out from the
    database within a second. All methods are called on the event loop.
    """

    async def start(self) -> None:
        """Start the tasks the broker needs; returns at once, even if its server is away."""

    async def close(self) -> None:
        """Send what waits if that goes quickly, then end the tasks and the connections."""

    def publish(self, publication: Publication) -> None:
        """Hand over to be published. Never blocks, never raises, never calls a subscriber itself.

        Subscribers in this process are called in the loop's next turn. If it could not be sent to
        the others, `{session_id, version}` alone is put out again until it passes (only the newest
        a session is kept, so what waits is bounded by the sessions).
        """

    async def subscribe(
        self, session_id: str, subscriber: Subscriber, *, timeout_seconds: float = 2.0
    ) -> None:
        """Listen to a session; returns when confirmed: whatever is published from now on arrives.

        Returns after the timeout without a confirmation too; then `gap` is called once the
        subscription stands.
        """

    async def unsubscribe(self, session_id: str, subscriber: Subscriber) -> None:
        """Listen no longer: the subscriber is not called any more, from this moment on."""

    @property
    def healthy(self) -> bool:
        """Whether what is published arrives (for Redis: the canary came back lately)."""
