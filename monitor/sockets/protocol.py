"""uvicorn's WebSocket protocol with a certain end.

Two things that an ASGI application cannot do are done here. A peer that takes no frames is told why
it is closed behind what it has not read yet, without waiting for it; and no transport outlives its
application by more than `LINGER_SECONDS`, whatever the peer does. Under any other server Monitor
works too, and then simply ends such a connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from asyncio.transports import BaseTransport
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

CLOSE_NOW = "monitor.close_now"  # the ASGI extension under which an application finds it
LINGER_SECONDS = 10.0  # to read the last frames: longer than any round trip
UNACKNOWLEDGED_MS = 20_000  # TCP gives a peer up that acknowledges nothing for so long


class LiveWebSocketProtocol(WebSocketsSansIOProtocol):
    """One connection; `uvicorn.Config(ws=LiveWebSocketProtocol)`."""

    _abort_timer: asyncio.TimerHandle | None = None
    _ended = False

    def connection_made(self, transport: BaseTransport) -> None:
        """Let the kernel find out when the other machine is gone (a closed laptop says nothing)."""
        super().connection_made(transport)
        raw = transport.get_extra_info("socket")
        option = getattr(socket, "TCP_USER_TIMEOUT", None)
        if raw is not None and option is not None and raw.family != socket.AF_UNIX:
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.IPPROTO_TCP, option, UNACKNOWLEDGED_MS)

    def handle_connect(self, event: Request) -> None:
        """Offer `close_now` to the application."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.scope["extensions"][CLOSE_NOW] = {"close": self.close_now}

    def close_now(self, last_words: str, code: int, reason: str) -> None:
        """Put a last text and the close frame behind what waits to be read, and return at once."""
        if self.disconnected or self.close_sent or self.transport.is_closing():
            return
        self.conn.send_text(last_words.encode())
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Give the peer a last while to read, then end the transport."""
        super().on_task_complete(task)
        self._ended = True
        if self.disconnected:
            self._break_cycles()
        else:
            self._abort_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer; the transport is gone."""
        if self._abort_timer is not None:
            self._abort_timer.cancel()
            self._abort_timer = None
        super().connection_lost(exc)
        if self._ended or not self.handshake_initiated:
            self._break_cycles()

    def _break_cycles(self) -> None:
        """Let a closed connection be freed at once, not by the next full collection."""
        scope: Any = self.__dict__.get("scope")
        if scope is not None:
            scope["extensions"].pop(CLOSE_NOW, None)
        self.conn.parser.close()
