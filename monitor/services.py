"""What a process is made of: every long-lived part, built from the settings, started in order."""

from __future__ import annotations

import asyncio

import structlog

from monitor.clock import Clock
from monitor.config import Settings
from monitor.errors import SettingsError, Unavailable
from monitor.identity.authentication import Authenticator
from monitor.identity.links import LinkKeys
from monitor.identity.tokens import Tokens
from monitor.live.drain import Drain
from monitor.live.recorder import Recorder
from monitor.live.rooms import Rooms
from monitor.live.sweeper import Sweeper
from monitor.pubsub.broker import Broker
from monitor.pubsub.memory_broker import MemoryBroker
from monitor.pubsub.redis_broker import RedisBroker
from monitor.repositories.database import Database
from monitor.supervised import SupervisedTask

log = structlog.get_logger(__name__)

CLOCK_SECONDS = 60.0  # clocks drift by milliseconds in that time


class Services:
    """The parts of one process; `start` before use, `drain` before a planned end, then `close`."""

    def __init__(self, settings: Settings) -> None:
        """Build everything; nothing runs yet. SettingsError without a secret."""
        if settings.secret_key is None:
            raise SettingsError("Set MONITOR_SECRET_KEY to at least 32 random characters.")
        secret = settings.secret_key.get_secret_value()
        self.settings = settings
        self.clock = Clock()
        self.database = Database(settings, self.clock)
        self.broker: Broker = (
            MemoryBroker()
            if settings.redis_url is None
            else RedisBroker(settings.redis_url, settings.redis_prefix)
        )
        self.recorder = Recorder(self.database, self.broker, self.clock, settings)
        self.rooms = Rooms(
            self.database, self.broker, self.clock, settings, epoch_changed=self.recorder.forget
        )
        self.sweeper = Sweeper(self.database, self.recorder, self.clock, settings)
        self.tokens = Tokens(secret, self.clock, settings.token_hours)
        self.link_keys = LinkKeys(secret)
        self.authenticator = Authenticator(
            self.database, self.tokens, self.link_keys, self.clock, settings
        )
        self.drainer = Drain(self.recorder, settings)
        self._clock_task = SupervisedTask("clock", self._follow_clock)
        self.started = False

    @property
    def draining(self) -> bool:
        """Whether the process is on its way out."""
        return self.drainer.draining

    async def start(self) -> None:
        """Start every part; Unavailable if the database cannot be reached."""
        await self.database.start()
        await self.broker.start()
        self.recorder.start()
        await self.rooms.start()
        self.sweeper.start()
        self._clock_task.start()
        self.started = True

    async def drain(self) -> None:
        """Let everyone go in peace; bounded by `drain_seconds`."""
        await self.sweeper.close()
        await self.drainer.run()

    async def close(self) -> None:
        """End every part, the last started first."""
        self.started = False
        await self._clock_task.close()
        await self.sweeper.close()
        await self.rooms.close()
        await self.recorder.close()
        await self.broker.close()
        self.authenticator.close()
        await self.database.close()

    async def _follow_clock(self) -> None:
        while True:
            await asyncio.sleep(CLOCK_SECONDS)
            try:
                await self.database.measure_clock()
            except Unavailable as error:
                log.info("the clock was not compared", error=str(error))
