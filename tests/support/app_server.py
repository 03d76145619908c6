"""Monitor in this process: a real uvicorn on a free port, with its services at hand."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from monitor.app import create_app
from monitor.config import Settings
from monitor.services import Services
from monitor.sockets.protocol import LiveWebSocketProtocol
from monitor.sockets.sockets import Sockets


@dataclass(frozen=True)
class RunningApp:
    """An application that answers on `base_url`."""

    app: Starlette
    base_url: str
    services: Services
    server: uvicorn.Server

    @property
    def ws_url(self) -> str:
        """Its address for WebSockets, such as ws://127.0.0.1:43210."""
        return self.base_url.replace("http", "ws", 1)

    @property
    def sockets(self) -> Sockets:
        """What its connections share."""
        sockets: Sockets = self.app.state.sockets
        return sockets

    @property
    def websockets(self) -> list[LiveWebSocketProtocol]:
        """The open WebSockets, as the server has them."""
        found = self.server.server_state.connections
        return [one for one in found if isinstance(one, LiveWebSocketProtocol)]


@asynccontextmanager
async def running_app(settings: Settings, **serving_as: Any) -> AsyncIterator[RunningApp]:
    """Serve the whole application on the loopback address until the block ends.

    Args:
        settings: With a secret key and a migrated database (see `settings_for`).
        serving_as: `ws` and `buffer_bytes` of `serve`.
    """
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        serve(app, settings, **serving_as) as (base_url, server),
    ):
        yield RunningApp(app, base_url, app.state.monitor, server)


@asynccontextmanager
async def serving(app: ASGIApp, settings: Settings) -> AsyncIterator[str]:
    """Serve any ASGI application as `monitor serve` would; gives its address."""
    async with serve(app, settings) as (base_url, _):
        yield base_url


@asynccontextmanager
async def serve(
    app: ASGIApp,
    settings: Settings,
    *,
    ws: type[asyncio.Protocol] = LiveWebSocketProtocol,
    buffer_bytes: int | None = None,
) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """The same; gives the server too.

    Args:
        app: What to serve.
        settings: For its limits.
        ws: uvicorn's WebSocket protocol.
        buffer_bytes: Size of the kernel's buffers of each connection, its own choice if left out.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if buffer_bytes is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
    listener.bind(("127.0.0.1", 0))
    port: int = listener.getsockname()[1]
    server = _Server(
        uvicorn.Config(
            app,
            ws=ws,
            ws_max_size=settings.frame_bytes,
            ws_ping_interval=None,
            ws_ping_timeout=None,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
        )
    )
    task = asyncio.create_task(server.serve([listener]))
    accepting = asyncio.create_task(server.accepting.wait())
    try:
        await asyncio.wait({task, accepting}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield f"http://127.0.0.1:{port}", server
    finally:
        accepting.cancel()
        server.should_exit = True
        await task
        listener.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.accepting = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield  # signals are pytest's

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.accepting.set()
