"""What comes to this process through Redis: one pub/sub connection with a read loop of its own.

redis-py makes a broken pub/sub link anew by itself and subscribes again, silently; what was
published meanwhile is gone. The confirmations tell: a second one for a channel means that the link
is another one, so everyone on that channel is told of a gap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Set
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from monitor.supervised import end

log = structlog.get_logger(__name__)

READ_SECONDS = 1.0  # how long one read waits; only a bound, nothing depends on it
CHANNELS_PER_COMMAND = 500  # keeps one SUBSCRIBE a small packet
MESSAGES_PER_TURN = 100  # then the loop's other tasks run
FIRST_RETRY_SECONDS = 0.05
LAST_RETRY_SECONDS = 1.0  # so that a Redis that is back is heard within the three seconds promised


class LinkRenewed(Exception):
    """Somebody asked for a new link."""


class RedisListener:
    """Keeps the wanted channels subscribed, over as many links as that takes."""

    def __init__(
        self,
        client: Redis,
        received: Callable[[str, bytes], None],
        gap: Callable[[str], None],
    ) -> None:
        """Call `received(channel, data)` for a message, `gap(channel)` where some may be lost."""
        self._client = client
        self._received = received
        self._gap = gap
        self._wanted: dict[str, asyncio.Event] = {}  # set: it has stood once
        self._late: set[str] = set()  # somebody has stopped waiting for its confirmation
        self._requested: set[str] = set()  # on the present link
        self._left: set[str] = set()  # still to be unsubscribed, even if wanted again since
        self._changed = asyncio.Event()
        self._renew = asyncio.Event()
        self._retry_seconds = FIRST_RETRY_SECONDS

    async def want(self, channel: str, timeout_seconds: float) -> None:
        """Return when the channel is subscribed; after the timeout too, then `gap` comes later."""
        if channel not in self._wanted:
            self._wanted[channel] = asyncio.Event()
            self._changed.set()
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._wanted[channel].wait()
        except TimeoutError:
            self._late.add(channel)

    def unwant(self, channel: str) -> None:
        """The channel is of no interest any more."""
        self._wanted.pop(channel, None)
        self._late.discard(channel)
        self._left.add(channel)
        self._changed.set()

    def renew(self) -> None:
        """Give the present link up and make another."""
        self._renew.set()

    async def run(self) -> None:
        """Listen for ever."""
        while True:
            try:
                await self._use_one_link()
            except (RedisError, OSError, LinkRenewed) as error:
                log.warning("the redis subscription broke and is made anew", reason=str(error))
            await asyncio.sleep(self._retry_seconds)
            self._retry_seconds = min(self._retry_seconds * 2, LAST_RETRY_SECONDS)

    async def _use_one_link(self) -> None:
        self._requested = set()
        self._changed.set()
        self._renew.clear()
        linked = asyncio.Event()
        pubsub = self._client.pubsub()
        tasks = [
            asyncio.create_task(self._request(pubsub, linked), name="redis-request"),
            asyncio.create_task(self._read(pubsub, linked), name="redis-read"),
            asyncio.create_task(self._until_renewed(), name="redis-renew"),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                await end(task)
            await pubsub.aclose()  # type: ignore[no-untyped-call]

    async def _until_renewed(self) -> None:
        await self._renew.wait()
        raise LinkRenewed("nothing comes through it")

    async def _request(self, pubsub: PubSub, linked: asyncio.Event) -> None:
        """Keep what the link is subscribed to equal to what is wanted."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            gone, self._left = self._requested & self._left, set()
            self._requested -= gone
            for channels in _chunks(gone):
                await pubsub.unsubscribe(*channels)
            for channels in _chunks(self._wanted.keys() - self._requested):
                self._requested.update(channels)
                await pubsub.subscribe(*channels)
                linked.set()

    async def _read(self, pubsub: PubSub, linked: asyncio.Event) -> None:
        await linked.wait()
        while True:
            for _ in range(MESSAGES_PER_TURN):
                message = await pubsub.get_message(timeout=READ_SECONDS)
                if message is not None:
                    self._take(message)
            await asyncio.sleep(0)

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "message":
            self._received(message["channel"].decode(), message["data"])
        elif message["type"] == "subscribe":
            self._confirmed(message["channel"].decode())

    def _confirmed(self, channel: str) -> None:
        self._retry_seconds = FIRST_RETRY_SECONDS
        stood = self._wanted.get(channel)
        if stood is None:
            return
        again = stood.is_set()
        stood.set()
        if again or channel in self._late:
            self._late.discard(channel)
            self._gap(channel)


def _chunks(channels: Set[str]) -> list[list[str]]:
    listed = sorted(channels)
    return [
        listed[start : start + CHANNELS_PER_COMMAND]
        for start in range(0, len(listed), CHANNELS_PER_COMMAND)
    ]
