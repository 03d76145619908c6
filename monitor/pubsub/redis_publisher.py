"""What leaves this process through Redis: pipelined, in a task of its own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from monitor import metrics
from monitor.protocol.publication import Publication

log = structlog.get_logger(__name__)

PIPELINE = 100  # publications: 13 µs each, against 96 µs for one that is awaited alone
FRESH_LIMIT = 1_000  # whole publications waiting: some seconds' worth, then their versions do
FIRST_RETRY_SECONDS = 0.05
LAST_RETRY_SECONDS = 1.0  # dashboards follow the database meanwhile, a second late


class RedisPublisher:
    """Sends what it is handed; what could not be sent is put out again as a bare version.

    While Redis is away nothing waits but the newest version of each session.
    """

    def __init__(
        self,
        client: Redis,
        channel: Callable[[str], str],
        encode: Callable[[Publication], bytes],
        *,
        fresh_limit: int = FRESH_LIMIT,
    ) -> None:
        """Send over `client`, to `channel(session_id)`, what `encode` makes of a publication."""
        self._client = client
        self._channel = channel
        self._encode = encode
        self._fresh_limit = fresh_limit
        self._fresh: deque[Publication] = deque()
        self._bare: dict[str, int] = {}
        self.failing = False  # since a try has failed, until one passes
        self._work = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def __len__(self) -> int:
        return len(self._fresh) + len(self._bare)

    def put(self, publication: Publication) -> None:
        """Send it soon; never blocks."""
        if self.failing:
            self._keep_version(publication)
        else:
            if len(self._fresh) >= self._fresh_limit:
                self._keep_version(self._fresh.popleft())
            self._fresh.append(publication)
        self._idle.clear()
        self._work.set()

    async def flushed(self) -> None:
        """Return when nothing waits any more."""
        await self._idle.wait()

    async def run(self) -> None:
        """Send for ever."""
        retry_seconds = FIRST_RETRY_SECONDS
        while True:
            await self._work.wait()
            batch = self._take()
            try:
                await self._send(batch)
            except (RedisError, OSError) as error:
                self._failed(batch, error)
                await asyncio.sleep(retry_seconds)
                retry_seconds = min(retry_seconds * 2, LAST_RETRY_SECONDS)
            except BaseException:
                self._failed(batch, None)
                raise
            else:
                metrics.PUBLICATIONS.labels("sent").inc(len(batch))
                if self.failing:
                    log.info("redis takes publications again")
                self.failing = False
                retry_seconds = FIRST_RETRY_SECONDS
            if not self._fresh and not self._bare:
                self._work.clear()
                self._idle.set()

    def _take(self) -> list[Publication]:
        batch: list[Publication] = []
        while self._bare and len(batch) < PIPELINE:
            session_id, version = self._bare.popitem()
            batch.append(Publication(session_id=session_id, version=version))
        while self._fresh and len(batch) < PIPELINE:
            batch.append(self._fresh.popleft())
        return batch

    async def _send(self, batch: list[Publication]) -> None:
        async with self._client.pipeline(transaction=False) as pipeline:
            for publication in batch:
                pipeline.publish(self._channel(publication.session_id), self._encode(publication))
            await pipeline.execute()

    def _failed(self, batch: list[Publication], error: Exception | None) -> None:
        if not self.failing:
            log.warning("redis takes no publications", error=str(error))
        self.failing = True
        metrics.PUBLICATIONS.labels("failed").inc(len(batch))
        for publication in batch:
            self._keep_version(publication)
        while self._fresh:
            self._keep_version(self._fresh.popleft())

    def _keep_version(self, publication: Publication) -> None:
        kept = self._bare.get(publication.session_id, 0)
        self._bare[publication.session_id] = max(kept, publication.version)
