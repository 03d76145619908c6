"""uvicorn's WebSocket protocol, made cheap for connections that live long, and with a certain end.

Handshake, control frames, fragments, limits and everything that is not allowed are uvicorn's and
websockets' business. Three things are done here:

- An application may take a connection over (`PEER`) and return: from then on it is called with each
  message and writes frames itself, without tasks, queues and events in between. The common frame,
  a whole text that came alone, is read here; any other is given to websockets, one at a time.
- A peer that takes no frames is told why it is closed behind what it has not read yet.
- No transport outlives its application by more than `LINGER_SECONDS`, whatever the peer does.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from asyncio.transports import BaseTransport
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame as ReceivedFrame
from websockets.http11 import Request

from monitor.protocol.codec import encode
from monitor.sockets.frames import (
    WHOLE_TEXT,
    Frame,
    head_of,
    short_text,
    split_frame,
    unmasked,
)

if TYPE_CHECKING:
    from monitor.sockets.closing import Closing
    from monitor.sockets.peer import Owner

PEER = "monitor.peer"  # the ASGI extension under which an application finds it
LINGER_SECONDS = 10.0  # to read the last frames: longer than any round trip
UNACKNOWLEDGED_MS = 20_000  # TCP gives a peer up that acknowledges nothing for so long


class _Nowhere:
    """Takes what uvicorn would queue for an application that has returned."""

    def put_nowait(self, _event: object) -> None:
        """Forget it."""


_NOWHERE: Any = _Nowhere()


class _Open:
    """Stands for the event of a connection that nobody waits to write to."""

    def set(self) -> None:
        """Nobody waits."""


_OPEN: Any = _Open()


class LiveWebSocketProtocol(WebSocketsSansIOProtocol):
    """One connection, and a `Peer`; `uvicorn.Config(ws=LiveWebSocketProtocol)`."""

    full = False  # whether the buffers hold more than the peer has taken lately
    _owner: Owner | None = None
    _held = False
    _rest = b""  # of a frame that is not whole yet, or of all while we are held
    _framed = True  # until a frame that breaks the rules: websockets has the rest
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
        """Offer ourselves to the application, where frames are sent as they are."""
        super().handle_connect(event)
        if self.response.status_code == 101 and not self.conn.extensions:
            self.scope["extensions"][PEER] = {"peer": self}

    # -- what comes

    def data_received(self, data: bytes) -> None:
        """Take the handshake's request, which comes alone, then frame by frame."""
        if self.conn.parser_exc is not None:
            return
        if not self.handshake_initiated or not self._framed:
            super().data_received(data)
        elif self._rest:
            rest, self._rest = self._rest, b""
            self._take(rest + data)
        elif (
            self._owner is not None
            and not self._held
            and self.conn.current_size is None
            and not self.close_sent
            and (text := short_text(data)) is not None
        ):
            self._owner.frame(text)  # nearly all that ever comes
        else:
            self._take(data)

    def _take(self, data: bytes) -> None:
        """Take every whole frame, and keep the rest."""
        at = 0
        while not self._held and self.conn.parser_exc is None:
            frame = split_frame(data, at, self.config.ws_max_size)
            if frame is None:
                break
            start, end = frame
            if end > len(data):  # too large: websockets sees that by the head alone
                self._framed = False
                end = len(data)
            if (
                self._owner is not None
                and data[at] == WHOLE_TEXT
                and self._framed
                and self.conn.current_size is None
                and not self.close_sent
                and _is_utf8(text := unmasked(data, start, end))
            ):
                self._owner.frame(text)
            else:
                super().data_received(data[at:end])
            at = end
        self._rest = data[at:] if at else data

    def send_receive_event_to_app(self) -> None:
        """Give a message of several frames, or of other letters than ASCII, to who is there."""
        if self._owner is None or self.close_sent:
            super().send_receive_event_to_app()
            return
        data = b"".join(self.frames)
        if self.curr_msg_data_type == "bytes":
            self.frames = []
            self._owner.binary()
        elif _is_utf8(data):
            self.frames = []
            self._owner.frame(data)
        else:
            super().send_receive_event_to_app()

    def handle_close(self, event: ReceivedFrame) -> None:
        """Answer the peer's close, or see that ours is answered."""
        super().handle_close(event)
        self._lost()

    def handle_parser_exception(self) -> None:
        """Close for what is not allowed; what still comes is read and forgotten.

        Closed with bytes unread, the kernel would send a reset, which overtakes the close frame.
        """
        sent = self.conn.close_sent
        code = sent.code if sent is not None else CloseCode.PROTOCOL_ERROR
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._read_to_the_end()
        self._lost()

    # -- taking over

    def take_over(self, owner: Owner) -> None:
        """Call `owner` from now on, first with what waits already; the application may return."""
        self._owner = owner
        queue, self.queue = self.queue, _NOWHERE
        del self.scope, self.request, self.response
        self.writable = _OPEN
        while not queue.empty():
            event: Any = queue.get_nowait()
            if event["type"] == "websocket.disconnect":
                self._lost()
            elif event.get("text") is not None:
                owner.frame(event["text"].encode())
            else:
                owner.binary()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    async def run_asgi(self) -> None:
        """Run the application; a connection that was taken over outlives it."""
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except BaseException:
            self.logger.exception("Exception in ASGI application\n")
            self.send_500_response()
        if self._owner is None and self.close_timer is None and not self._ended:
            self.transport.close()

    # -- a peer

    def put(self, text: bytes) -> None:
        """Put a text frame into the buffer."""
        transport = self.transport
        if not self.close_sent and not transport.is_closing():
            transport.write(head_of(text) + text)

    def put_frame(self, frame: Frame) -> None:
        """Put a frame that others are sent too into the buffer."""
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(frame.whole)

    def hold(self) -> None:
        """Let nothing more come."""
        if not self._held and not self.disconnected:
            self._held = True
            self.transport.pause_reading()

    def go_on(self) -> None:
        """Let what waits come, in a turn of its own."""
        if self._held and not self.disconnected:
            self._held = False
            self.transport.resume_reading()
            if self._rest:
                self.loop.call_soon(self._take_rest)

    def finish(self, closing: Closing) -> None:
        """Say bye and close, behind what the peer has not read yet, and return at once."""
        if self.disconnected or self.close_sent or self.transport.is_closing():
            return
        if closing.announced:
            self.put(encode(closing.bye))
        self.conn.send_close(closing.code, closing.short_reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": closing.code})
        self._read_to_the_end()

    def _read_to_the_end(self) -> None:
        """Read on, whatever kept us from it, for a while: the peer's own close is to come."""
        self.go_on()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        if self.close_timer is None:
            self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        """The peer takes less than it is sent."""
        self.full = True
        if self._owner is None:
            super().pause_writing()

    def resume_writing(self) -> None:
        """It has caught up."""
        self.full = False
        if self._owner is None:
            super().resume_writing()
        else:
            self._owner.writable()

    # -- the end

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Give the peer a last while to read, then end the transport."""
        super().on_task_complete(task)
        if self._owner is not None:
            return
        self._ended = True
        if self.disconnected:
            self._break_cycles()
        else:
            self._abort_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer and tell the owner; the transport is gone."""
        if self._abort_timer is not None:
            self._abort_timer.cancel()
            self._abort_timer = None
        taken_over = self._owner is not None
        super().connection_lost(exc)
        self._lost()
        self._owner = None
        if self._ended or taken_over or not self.handshake_initiated:
            self._break_cycles()

    def _take_rest(self) -> None:
        rest, self._rest = self._rest, b""
        self._take(rest)

    def _lost(self) -> None:
        if self._owner is not None:
            self._owner.lost()

    def _break_cycles(self) -> None:
        """Let a closed connection be freed at once, not by the next full collection."""
        scope: Any = self.__dict__.get("scope")
        if scope is not None:
            scope["extensions"].pop(PEER, None)
        self.conn.parser.close()


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
