"""A server for one run: a process of its own on the loopback address, gone afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.cli.listening import address_of, listen
from monitor.cli.preflight import prepare_database
from monitor.cli.stopping import Stop
from monitor.cli.workers import Supervisor
from monitor.config import load_settings
from monitor.domain.user import Role
from monitor.logs import configure_logs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ADMIN = "load@monitor.invalid"


@contextlib.asynccontextmanager
async def private_server(heartbeat_seconds: float) -> AsyncIterator[tuple[str, str]]:
    """A running server on SQLite in a directory of its own; gives its address and a password.

    Other settings come from the environment, so that one's own can be tried. It ends with the
    block, and also when this process dies.

    Args:
        heartbeat_seconds: What its students are told.

    Raises:
        CommandFailed: It does not start.
    """
    from monitor.cli import accounts  # slow to import

    with tempfile.TemporaryDirectory(prefix="monitor-load-") as directory:
        settings = load_settings(
            host="127.0.0.1",
            port=0,
            workers=1,
            redis_url=None,
            database_url=f"sqlite:///{Path(directory) / 'monitor.db'}",
            heartbeat_seconds=heartbeat_seconds,
        )
        configure_logs("WARNING", settings.log_format)
        password = secrets.token_urlsafe(24)
        await asyncio.to_thread(prepare_database, settings)
        account = (ADMIN, "Load", Role.ADMIN, password)
        await asyncio.to_thread(accounts.ensure, settings, [account])
        listener = listen(settings.host, settings.port)
        url = address_of(listener)
        is_ready, stop = asyncio.Event(), Stop()
        environment = {
            "MONITOR_DATABASE_URL": settings.database_url,
            "MONITOR_REDIS_URL": "",
            "MONITOR_LOG_LEVEL": "WARNING",
            "MONITOR_HEARTBEAT_SECONDS": str(heartbeat_seconds),
        }
        supervisor = Supervisor(settings, listener, ready=is_ready.set, environment=environment)
        serving = asyncio.create_task(supervisor.run(stop), name="server")
        waiting = asyncio.create_task(is_ready.wait(), name="ready")
        try:
            await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                yield url, password
        finally:
            waiting.cancel()
            stop.ask_once()
            await serving
