"""A recorder with a database, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from monitor.clock import Clock
from monitor.config import Settings
from monitor.live.recorder import Recorder
from monitor.protocol.publication import Publication, StateSince
from monitor.pubsub.memory_broker import MemoryBroker
from monitor.repositories.database import Database


class ListeningBroker(MemoryBroker):
    """Remembers what is published."""

    def __init__(self) -> None:
        super().__init__()
        self.published: list[Publication] = []

    def publish(self, publication: Publication) -> None:
        """Remember it and pass it on."""
        self.published.append(publication)
        super().publish(publication)


@dataclass
class Recording:
    """The parts a recorder test looks at."""

    settings: Settings
    clock: Clock = field(default_factory=Clock)
    broker: ListeningBroker = field(default_factory=ListeningBroker)

    def __post_init__(self) -> None:
        self.database = Database(self.settings, self.clock)
        self.recorder = Recorder(self.database, self.broker, self.clock, self.settings)

    async def state(self, session_id: str) -> StateSince:
        """What the database holds of a session."""
        state = await self.database.read(lambda uow: uow.sessions.state_since(session_id, 0))
        assert state is not None
        return state


@asynccontextmanager
async def recording(settings: Settings) -> AsyncIterator[Recording]:
    """A started recorder; closed at the end."""
    parts = Recording(settings)
    await parts.database.start()
    await parts.broker.start()
    parts.recorder.start()
    try:
        yield parts
    finally:
        await parts.recorder.close()
        await parts.broker.close()
        await parts.database.close()
