"""Faults of Redis: only an accelerator, so that nothing may be lost and nothing late by much."""

from __future__ import annotations

import asyncio

import redis

from tests.chaos.fault import POSTGRES, Fault
from tests.support import eventually


class _RedisFault(Fault):
    part = "redis"
    arrangements = POSTGRES

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(self.stage.redis.url, socket_timeout=5)


class RedisRestarted(_RedisFault):
    """Killed, and started again empty a while later."""

    name = "redis_restart"
    hold = (0.0, 6.0)

    async def strike(self) -> str:
        """Kill it."""
        self.stage.redis.kill()
        return "SIGKILL of Redis"

    async def heal(self) -> None:
        """Start it."""
        self.stage.redis.start()


class SubscriptionsCut(_RedisFault):
    """CLIENT KILL TYPE pubsub, again and again: what is published between is gone."""

    name = "redis_client_kill"
    hold = (0.0, 2.0)

    async def strike(self) -> str:
        """Cut every subscriber's link."""
        with self._client() as client:
            cut = client.client_kill_filter(_type="pubsub")
        return f"CLIENT KILL TYPE pubsub cut {cut} links"

    async def heal(self) -> None:
        """Cut whoever has come back, once more; then leave them alone."""
        with self._client() as client:
            client.client_kill_filter(_type="pubsub")


class RedisPaused(_RedisFault):
    """CLIENT PAUSE: connections are taken and nothing is answered."""

    name = "redis_client_pause"
    hold = (0.0, 0.0)

    async def strike(self) -> str:
        """Pause all clients for some seconds."""
        seconds = self.dice.uniform(1, 8)
        with self._client() as client:
            client.client_pause(int(seconds * 1000), all=True)
        return f"CLIENT PAUSE for {seconds:.1f} s"

    async def heal(self) -> None:
        """Wait until it is over: CLIENT UNPAUSE would have to wait as well."""

        def answers() -> bool:
            with self._client() as client:
                return bool(client.ping())

        await eventually(lambda: asyncio.to_thread(answers), 30)


class RedisFrozen(_RedisFault):
    """SIGSTOP: the kernel takes connections for it and nothing is answered."""

    name = "redis_sigstop"
    hold = (1.0, 8.0)

    async def strike(self) -> str:
        """Freeze it."""
        self.stage.redis.pause()
        return "SIGSTOP of Redis"

    async def heal(self) -> None:
        """Let it go on."""
        self.stage.redis.resume()


REDIS_FAULTS: tuple[type[Fault], ...] = (
    RedisRestarted,
    SubscriptionsCut,
    RedisPaused,
    RedisFrozen,
)
