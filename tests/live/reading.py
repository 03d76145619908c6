"""Rooms over a model database, in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from monitor.config import Settings
from monitor.live.room import Room
from monitor.live.rooms import Rooms
from monitor.live.view import View
from monitor.protocol.publication import Publication
from monitor.pubsub.broker import Subscriber
from monitor.pubsub.memory_broker import MemoryBroker
from tests.live.model import Json, ModelSession, ModelSource
from tests.live.virtual_time import VirtualClock


def shown(view: View) -> Json:
    """What the view holds, as the model tells it."""
    state: Json = msgspec.to_builtins(
        {
            "session": view.session,
            "students": view.students,
            "participants": view.participants,
            "attempts": {key: value.item for key, value in view.attempts.items()},
            "messages": view.messages,
        }
    )
    return state


class WatchedBroker(MemoryBroker):
    """A memory broker that can be told to be ill, and tells who subscribed."""

    def __init__(self) -> None:
        super().__init__()
        self.ill = False
        self.subscribed: list[str] = []
        self.unsubscribed: list[str] = []

    @property
    def healthy(self) -> bool:
        """What the test says."""
        return not self.ill

    async def subscribe(
        self, session_id: str, subscriber: Subscriber, *, timeout_seconds: float = 2.0
    ) -> None:
        """Subscribe, and remember."""
        self.subscribed.append(session_id)
        await super().subscribe(session_id, subscriber)

    async def unsubscribe(self, session_id: str, subscriber: Subscriber) -> None:
        """Unsubscribe, and remember."""
        self.unsubscribed.append(session_id)
        await super().unsubscribe(session_id, subscriber)


class Reading:
    """One session's truth and one process's rooms."""

    def __init__(self, model: ModelSession, **settings: Any) -> None:
        self.model = model
        self.source = ModelSource(model)
        self.broker = WatchedBroker()
        self.clock = VirtualClock()
        self.settings = Settings(**settings)
        self.epochs_changed = 0
        self.rooms = Rooms(
            None,
            self.broker,
            self.clock,
            self.settings,
            source=self.source,
            epoch_changed=self._count_epoch,
        )

    def _count_epoch(self) -> None:
        self.epochs_changed += 1

    def commit(self, *doings: str, student: int = 0) -> Publication:
        """A commit whose publication arrives."""
        publication = self.model.commit(*doings, student=student)
        self.broker.publish(publication)
        return publication

    async def open(self) -> Room:
        """The session's room; never left."""
        return await self.rooms.open(self.model.session_id)


@asynccontextmanager
async def reading(
    *, checks: bool = False, students: int = 3, **settings: Any
) -> AsyncIterator[Reading]:
    """Rooms that are closed at the end; `checks`: with the truth check running.

    Other arguments are settings.
    """
    it = Reading(ModelSession(students=students), **settings)
    if checks:
        await it.rooms.start()
    try:
        yield it
    finally:
        await it.rooms.close()
