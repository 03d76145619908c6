"""One process that serves: Monitor in uvicorn, from ready to the last goodbye.

uvicorn's own signal handling would close all sockets at once. Here SIGTERM (or Ctrl-C) first lets
Monitor drain: not ready, no new sockets, what waits is committed, everyone is told when to come
back. Until that has ended the listener stays open, so that a proxy can read that we are not ready.
A second signal ends the process at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import structlog
import uvicorn

from monitor.app import create_app
from monitor.cli.listening import BACKLOG
from monitor.cli.pauses import tame_collector
from monitor.cli.stopping import LAST_REQUESTS_SECONDS
from monitor.sockets.protocol import LiveWebSocketProtocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Generator

    from starlette.applications import Starlette

    from monitor.cli.stopping import Stop
    from monitor.config import Settings

log = structlog.get_logger(__name__)

# Above the idle time of common proxies, so that never we close a connection just when it is used.
KEEP_ALIVE_SECONDS = 75


class _Server(uvicorn.Server):
    """uvicorn without its signal handling, which tells when it accepts connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.accepting = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the signals to us."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start accepting, and tell."""
        await super().startup(sockets)
        self.accepting.set()


async def run(
    settings: Settings, listener: socket.socket, *, stop: Stop, ready: Callable[[], None]
) -> None:
    """Serve on the listener until asked to stop, then drain and close.

    Args:
        settings: With a secret key; the database is there and up to date.
        listener: Closed in the end.
        stop: Tells when to end.
        ready: Called once, when the first request can be answered.
    """
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        server = _Server(_config(app, settings))
        serving = asyncio.create_task(server.serve([listener]), name="uvicorn")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            await _either(serving, server.accepting.wait())
            tame_collector()
            ready()
            await _either(serving, stopping)
            await _drain(app, settings)
        finally:
            stopping.cancel()
            server.should_exit = True
            await serving


async def _drain(app: Starlette, settings: Settings) -> None:
    log.info("draining")
    try:
        async with asyncio.timeout(settings.drain_seconds):
            await app.state.monitor.drain()
    except TimeoutError:
        log.warning("draining took too long and was cut short", seconds=settings.drain_seconds)


def _config(app: Starlette, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ws=LiveWebSocketProtocol,
        ws_max_size=settings.frame_bytes,
        # Liveness is the lease; a paused reader would be cut by its own ping.
        ws_ping_interval=None,
        ws_ping_timeout=None,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=LAST_REQUESTS_SECONDS,
    )


async def _either(serving: asyncio.Task[None], other: Awaitable[object]) -> None:
    """Wait for the other; if the server ends before, that is its failure."""
    waiting = asyncio.ensure_future(other)
    try:
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    if serving.done():
        serving.result()
        raise RuntimeError("the server ended by itself")
