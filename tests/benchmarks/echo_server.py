"""A WebSocket echo of Starlette and uvicorn and nothing else: the floor that Monitor stands on.

    python -m tests.benchmarks.echo_server PORT

uvloop, no deflate, no pings, and the collector tamed as in Monitor: only the work differs.
"""

from __future__ import annotations

import sys

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from monitor.cli.pauses import tame_collector


async def echo(websocket: WebSocket) -> None:
    """Send back what comes."""
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        pass


async def main(port: int) -> None:
    """Serve until killed."""
    app = Starlette(routes=[WebSocketRoute("/", echo)])
    config = uvicorn.Config(
        app,
        port=port,
        lifespan="off",
        log_level="warning",
        access_log=False,
        ws_ping_interval=None,
        ws_ping_timeout=None,
        ws_per_message_deflate=False,
        backlog=4096,
    )
    tame_collector()
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
