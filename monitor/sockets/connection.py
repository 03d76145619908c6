"""One WebSocket: frames in with their limits, frames out with their deadline, and its close.

Where the server offers a `Peer`, frames go to it; else through ASGI.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from monitor.errors import InvalidMessage
from monitor.protocol.codec import encode
from monitor.sockets.closing import FRAME_TOO_LARGE, Closing, Gone, TooSlow
from monitor.sockets.protocol import PEER

if TYPE_CHECKING:
    from monitor.sockets.protocol import LiveWebSocketProtocol

# What Starlette and servers raise from `send` when the peer has gone: an OSError of the server, a
# RuntimeError once a close was sent by the server itself (too large a frame, a shutdown).
_GONE = (WebSocketDisconnect, OSError, RuntimeError)


class Connection:
    """Reads and writes whole frames; one reader and one writer at a time."""

    def __init__(self, websocket: WebSocket, *, slow_frame_seconds: float) -> None:
        """Give the peer `slow_frame_seconds` to take each frame."""
        self._websocket = websocket
        self._slow_frame_seconds = slow_frame_seconds
        offered: Any = websocket.scope.get("extensions", {}).get(PEER)
        self.peer: LiveWebSocketProtocol | None = offered and offered["peer"]

    @property
    def gone(self) -> bool:
        """Whether the other side is known to have gone."""
        return self.peer is not None and (
            self.peer.disconnected or self.peer.transport.is_closing()
        )

    async def accept(self) -> None:
        """Accept; only then can a close carry its code."""
        try:
            await self._websocket.accept()
        except _GONE:
            raise Gone from None

    async def receive(self, most_bytes: int) -> bytes:
        """The next text frame.

        Raises:
            Gone: The peer has closed, or is lost.
            InvalidMessage: A binary frame.
            Closing: A frame of more than `most_bytes`.
        """
        try:
            frame = await self._websocket.receive()
        except _GONE:
            raise Gone from None
        if frame["type"] == "websocket.disconnect":
            raise Gone
        text: str | None = frame.get("text")
        data = frame["bytes"] if text is None else text.encode()
        if len(data) > most_bytes:
            raise Closing(FRAME_TOO_LARGE, f"a frame holds at most {most_bytes} bytes")
        if text is None:
            raise InvalidMessage("Messages are text frames; this one is binary.")
        return bytes(data)

    async def send(self, text: bytes) -> None:
        """Hand a text frame to the peer's buffer.

        Raises:
            Gone: There is nobody to take it.
            TooSlow: It has not been taken in time.
        """
        peer = self.peer
        if peer is not None and not peer.full:
            if peer.disconnected or peer.close_sent:
                raise Gone
            peer.put(text)
            return
        try:
            async with asyncio.timeout(self._slow_frame_seconds):
                await self._websocket.send({"type": "websocket.send", "text": text.decode()})
        except TimeoutError:
            raise TooSlow from None
        except _GONE:
            raise Gone from None

    async def send_message(self, message: object) -> None:
        """The same for a message."""
        await self.send(encode(message))

    def cut(self, closing: Closing) -> None:
        """Put `bye` and the close behind what the peer has not taken, without waiting for it.

        A server without our extension just closes the transport when the application returns.
        """
        if self.peer is not None:
            self.peer.finish(closing)

    async def end(self, closing: Closing) -> None:
        """Say `bye` where Monitor has decided, and close. Never raises."""
        if self.peer is not None:
            self.peer.finish(closing)
            return
        try:
            if closing.announced:
                await self.send_message(closing.bye)
            async with asyncio.timeout(self._slow_frame_seconds):
                await self._websocket.close(closing.code, closing.short_reason)
        except (TooSlow, TimeoutError, Gone, *_GONE):
            return
