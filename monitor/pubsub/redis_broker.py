"""The broker between processes, on Redis pub/sub.

Subscribers in the publishing process are reached directly, all others through Redis; a process
skips its own publications when they come back.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from monitor import metrics
from monitor.protocol.publication import Publication
from monitor.pubsub.broker import Subscriber
from monitor.pubsub.canary import EVERY_SECONDS, MISSED_SECONDS, Canary
from monitor.pubsub.delivery import Delivery
from monitor.pubsub.encoding import decode, encode, origin_of
from monitor.pubsub.redis_listener import RedisListener
from monitor.pubsub.redis_publisher import FRESH_LIMIT, RedisPublisher
from monitor.supervised import SupervisedTask

log = structlog.get_logger(__name__)

SOCKET_SECONDS = 1.0  # a Redis that takes longer to answer counts as away
FLUSH_SECONDS = 1.0  # at the end, for what still waits


class RedisBroker:
    """A `Broker` that reaches every process on the same Redis and prefix."""

    def __init__(
        self,
        url: str,
        prefix: str,
        *,
        canary_missed_seconds: float = MISSED_SECONDS,
        fresh_limit: int = FRESH_LIMIT,
    ) -> None:
        """Use the Redis at `url`; every channel's name begins with `prefix`."""
        self._client: Redis = Redis.from_url(
            url,
            protocol=2,
            socket_timeout=SOCKET_SECONDS,
            socket_connect_timeout=SOCKET_SECONDS,
            # Trying again is decided here, where it is known what a failure has lost.
            retry=Retry(NoBackoff(), 0),
        )
        self._origin = uuid.uuid4().bytes
        self._sessions = f"{prefix}:session:"
        self._canary_channel = f"{prefix}:canary:{self._origin.hex()}"
        self._delivery = Delivery()
        self._canary = Canary(canary_missed_seconds)
        self._publisher = RedisPublisher(
            self._client,
            self._channel,
            lambda publication: encode(publication, self._origin),
            fresh_limit=fresh_limit,
        )
        self._listener = RedisListener(self._client, self._received, self._gap)
        self._tasks = [
            SupervisedTask("redis-publisher", self._publisher.run),
            SupervisedTask("redis-listener", self._listener.run),
            SupervisedTask("redis-canary", self._send_canaries),
        ]
        self._closed = False

    async def start(self) -> None:
        """Start publishing and listening; a Redis that is away is found when it comes."""
        for task in self._tasks:
            task.start()

    async def close(self) -> None:
        """Send what waits if that goes within a second, then end everything."""
        self._closed = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FLUSH_SECONDS):
                await self._publisher.flushed()
        for task in self._tasks:
            await task.close()
        await self._client.aclose()

    def publish(self, publication: Publication) -> None:
        """Reach subscribers here in the loop's next turn, those elsewhere through Redis."""
        if not self._closed:
            self._delivery.hand(publication)
            self._publisher.put(publication)

    async def subscribe(
        self, session_id: str, subscriber: Subscriber, *, timeout_seconds: float = 2.0
    ) -> None:
        """Listen to a session here and on Redis."""
        self._delivery.add(session_id, subscriber)
        await self._listener.want(self._channel(session_id), timeout_seconds)

    async def unsubscribe(self, session_id: str, subscriber: Subscriber) -> None:
        """Listen no longer; the channel is left with its last subscriber."""
        self._delivery.remove(session_id, subscriber)
        if session_id not in self._delivery:
            self._listener.unwant(self._channel(session_id))

    @property
    def healthy(self) -> bool:
        """Whether the canary came back lately."""
        return self._canary.alive(asyncio.get_running_loop().time())

    @property
    def waiting(self) -> int:
        """How many publications and bare versions wait to be sent."""
        return len(self._publisher)

    def _channel(self, session_id: str) -> str:
        return self._sessions + session_id

    def _received(self, channel: str, data: bytes) -> None:
        if channel == self._canary_channel:
            self._canary.back(asyncio.get_running_loop().time())
        elif origin_of(data) != self._origin:
            metrics.PUBLICATIONS.labels("received").inc()
            try:
                publication = decode(data)
            except msgspec.DecodeError as error:
                log.warning("a publication cannot be read", channel=channel, error=str(error))
                self._gap(channel)
            else:
                self._delivery.deliver(publication)

    def _gap(self, channel: str) -> None:
        if channel != self._canary_channel:
            self._delivery.gap(channel.removeprefix(self._sessions))

    async def _send_canaries(self) -> None:
        loop = asyncio.get_running_loop()
        await self._listener.want(self._canary_channel, timeout_seconds=0)
        while True:
            try:
                await self._client.publish(self._canary_channel, b"")
            except (RedisError, OSError):
                self._canary.died()
            else:
                self._canary.sent(loop.time())
            if self._canary.missed(loop.time()):
                log.warning("what this process publishes to redis does not come back")
                self._canary.died()
                self._listener.renew()
            metrics.BROKER_HEALTHY.set(self.healthy)
            await asyncio.sleep(EVERY_SECONDS)
