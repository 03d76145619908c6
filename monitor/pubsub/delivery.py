"""Delivery within the process: who listens to what, and handing publications to them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import structlog

from monitor import metrics
from monitor.protocol.publication import Publication
from monitor.pubsub.broker import Subscriber

log = structlog.get_logger(__name__)

WAITING_LIMIT = 10_000  # publications in one turn of the loop; hundreds would be a lot


class Delivery:
    """The subscribers of this process, by session.

    Publications handed over wait for the loop's next turn: whoever publishes never runs a
    subscriber's code. A subscriber that raises is logged and keeps nobody from hearing.
    """

    def __init__(self, waiting_limit: int = WAITING_LIMIT) -> None:
        """Hold at most `waiting_limit` publications; what is dropped beyond becomes a gap."""
        self._subscribers: dict[str, list[Subscriber]] = {}
        self._waiting: deque[Publication] = deque()
        self._waiting_limit = waiting_limit
        self._dropped: set[str] = set()
        self._scheduled = False

    def __contains__(self, session_id: str) -> bool:
        return session_id in self._subscribers

    def add(self, session_id: str, subscriber: Subscriber) -> None:
        """The subscriber listens to the session from now on."""
        self._subscribers.setdefault(session_id, []).append(subscriber)

    def remove(self, session_id: str, subscriber: Subscriber) -> None:
        """The subscriber is called no more; nothing happens if it was not listening."""
        # A new list: whoever is being called right now walks over the old one.
        left = [other for other in self._subscribers.get(session_id, ()) if other is not subscriber]
        if left:
            self._subscribers[session_id] = left
        else:
            self._subscribers.pop(session_id, None)

    def hand(self, publication: Publication) -> None:
        """Deliver in the loop's next turn."""
        if publication.session_id not in self._subscribers:
            return
        if len(self._waiting) >= self._waiting_limit:
            self._dropped.add(self._waiting.popleft().session_id)
        self._waiting.append(publication)
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._deliver_waiting)

    def deliver(self, publication: Publication) -> None:
        """Call everyone who listens to the publication's session, now."""
        self._call(publication.session_id, lambda subscriber: subscriber.published(publication))

    def gap(self, session_id: str) -> None:
        """Tell everyone who listens to the session that something may have been lost."""
        metrics.BROKER_GAPS.inc()
        self._call(session_id, lambda subscriber: subscriber.gap())

    def _deliver_waiting(self) -> None:
        self._scheduled = False
        waiting, self._waiting = self._waiting, deque()
        dropped, self._dropped = self._dropped, set()
        for publication in waiting:
            self.deliver(publication)
        for session_id in dropped:
            self.gap(session_id)

    def _call(self, session_id: str, call: Callable[[Subscriber], None]) -> None:
        for subscriber in self._subscribers.get(session_id, ()):
            if not self._listens(session_id, subscriber):
                continue  # unsubscribed by one called before it
            try:
                call(subscriber)
            except Exception:
                log.exception("a subscriber raised", session_id=session_id)

    def _listens(self, session_id: str, subscriber: Subscriber) -> bool:
        return any(other is subscriber for other in self._subscribers.get(session_id, ()))
