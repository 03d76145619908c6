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
    """At most once, in no guaranteed order, to every process that has subscribed.

    Nothing here is ever awaited by a commit, and nothing here is needed for truth: a room that
    hears nothing finds out from the database within a second.
    """

    async def start(self) -> None:
        """Start the tasks the broker needs; returns at once, even if its server is away."""

    async def close(self) -> None:
        """End the tasks and the connections."""

    def publish(self, publication: Publication) -> None:
        """Hand over to be published. Never blocks, never raises.

        If it could not be sent, `{session_id, version}` alone is put out again until it passes
        (only the newest a session is kept, so what waits is bounded by the sessions).
        """

    async def subscribe(
        self, session_id: str, subscriber: Subscriber, *, timeout_seconds: float = 2.0
    ) -> None:
        """Listen to a session; returns when confirmed, or after the timeout without (then `gap`
        is called once the subscription stands).
        """

    async def unsubscribe(self, session_id: str, subscriber: Subscriber) -> None:
        """Listen no longer."""

    @property
    def healthy(self) -> bool:
        """Whether what is published arrives (for Redis: the canary came back lately)."""
