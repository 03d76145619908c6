"""The plain way: one loop that awaits `send` for each socket, Redis in between.

    python -m tests.benchmarks.fanout.plain_server REDIS_URL PORT

Starlette on uvicorn with what Monitor runs on: uvloop, no deflate, no pings, a tamed collector.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

import uvicorn
import uvloop
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from monitor.cli.pauses import tame_collector

CHANNEL = "bench:fanout"
watching: set[WebSocket] = set()


async def watch(websocket: WebSocket) -> None:
    """Let it watch until it goes."""
    await websocket.accept()
    watching.add(websocket)
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        pass
    finally:
        watching.discard(websocket)


async def fan_out(redis: Redis) -> None:
    """Send what is published to everyone, one after the other."""
    async with redis.pubsub() as channel:
        await channel.subscribe(CHANNEL)
        async for message in channel.listen():
            if message["type"] == "message":
                text = message["data"].decode()
                for websocket in list(watching):
                    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                        await websocket.send_text(text)


@contextlib.asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    """Fan out while the server runs."""
    redis: Redis = Redis.from_url(sys.argv[1], protocol=2)
    task = asyncio.create_task(fan_out(redis))
    yield
    task.cancel()
    await redis.aclose()


async def main(port: int) -> None:
    """Serve until killed."""
    app = Starlette(routes=[WebSocketRoute("/", watch)], lifespan=lifespan)
    config = uvicorn.Config(
        app,
        port=port,
        log_level="warning",
        access_log=False,
        ws_ping_interval=None,
        ws_ping_timeout=None,
        ws_per_message_deflate=False,
    )
    tame_collector()
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[2])))
