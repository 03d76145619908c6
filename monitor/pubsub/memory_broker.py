"""The broker of a single process: no server, no encoding, the same frozen object for everyone."""

from __future__ import annotations

from monitor.protocol.publication import Publication
from monitor.pubsub.broker import Subscriber
from monitor.pubsub.delivery import WAITING_LIMIT, Delivery


class MemoryBroker:
    """A `Broker` within the process."""

    def __init__(self, waiting_limit: int = WAITING_LIMIT) -> None:
        """Hold at most `waiting_limit` publications between two turns of the loop."""
        self._delivery = Delivery(waiting_limit)
        self._closed = False

    async def start(self) -> None:
        """Nothing needs starting."""

    async def close(self) -> None:
        """Nothing published from now on arrives."""
        self._closed = True

    def publish(self, publication: Publication) -> None:
        """Subscribers are called with this very object in the loop's next turn."""
        if not self._closed:
            self._delivery.hand(publication)

    async def subscribe(
        self, session_id: str, subscriber: Subscriber, *, timeout_seconds: float = 2.0
    ) -> None:
        """The subscription stands at once."""
        self._delivery.add(session_id, subscriber)

    async def unsubscribe(self, session_id: str, subscriber: Subscriber) -> None:
        """Listen no longer."""
        self._delivery.remove(session_id, subscriber)

    @property
    def healthy(self) -> bool:
        """Nothing lies between publisher and subscriber that could fail."""
        return True
