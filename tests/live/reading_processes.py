"""Rooms over a real database, as several processes have them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from monitor.clock import Clock
from monitor.live import frames
from monitor.live.recorder import Recorder
from monitor.live.rooms import Rooms
from monitor.live.view import View
from monitor.protocol.codec import encode
from monitor.pubsub.broker import Broker
from monitor.pubsub.memory_broker import MemoryBroker
from monitor.pubsub.redis_broker import RedisBroker
from monitor.repositories.database import Database
from tests.live.reducer import Reducer
from tests.support.sittings import Seeded, seed, settings_for


@dataclass
class Process:
    """What one process has: a database of its own connections, a broker, a recorder, rooms."""

    clock: Clock
    database: Database
    broker: Broker
    recorder: Recorder
    rooms: Rooms

    async def sitting(self, students: int = 3) -> Seeded:
        """A sitting that has started."""
        return await seed(self.database, self.clock.now(), students=students)

    async def snapshot(self, session_id: str) -> Reducer:
        """What REST's snapshot gives now, remembered like a dashboard's."""
        state = await self.database.read(lambda uow: uow.sessions.state_since(session_id, 0))
        assert state is not None
        reducer = Reducer()
        reducer.take(encode(frames.snapshot(View(state), self.clock.now())))
        return reducer


@asynccontextmanager
async def process(
    database_url: str, redis_url: str | None = None, **settings: object
) -> AsyncIterator[Process]:
    """A process that is started and, at the end, closed."""
    values = settings_for(database_url, **settings)
    clock = Clock()
    database = Database(values, clock)
    broker: Broker = MemoryBroker() if redis_url is None else RedisBroker(redis_url, "test")
    recorder = Recorder(database, broker, clock, values)
    rooms = Rooms(database, broker, clock, values)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        await database.start()
        stack.push_async_callback(broker.close)
        await broker.start()
        stack.push_async_callback(recorder.close)
        recorder.start()
        stack.push_async_callback(rooms.close)
        await rooms.start()
        yield Process(clock, database, broker, recorder, rooms)
