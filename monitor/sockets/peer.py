"""The other side of a connection that lives, as callbacks: thousands cost neither tasks nor queues.

A `Peer` is what a server gives us to write to; an `Owner` is told what comes from there. Our own
protocol class for uvicorn is a `Peer` itself. Behind any other ASGI server a `TaskPeer` makes one
of `receive` and `send`.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Protocol

from monitor.errors import InvalidMessage
from monitor.sockets.closing import Closing, Gone, TooSlow
from monitor.sockets.connection import Connection
from monitor.sockets.frames import Frame


class Owner(Protocol):
    """Who is told what happens; called on the event loop, must not raise."""

    def begin(self, peer: Peer) -> None:
        """This is the peer, and it calls from now on."""

    def frame(self, data: bytes) -> None:
        """A text message has come, as UTF-8."""

    def binary(self) -> None:
        """A binary message has come."""

    def writable(self) -> None:
        """The peer has taken what made it `full`."""

    def lost(self) -> None:
        """There is no peer any more; called once, also after an end of our own."""

    def end(self, closing: Closing) -> None:
        """The server below found a reason to end the connection."""


class Peer(Protocol):
    """Whom we write to. Nothing here waits or raises; after the end nothing happens."""

    @property
    def full(self) -> bool:
        """Whether the buffers hold more than the peer has taken lately: write no more."""

    def put(self, text: bytes) -> None:
        """Put a text frame into the buffer."""

    def put_frame(self, frame: Frame) -> None:
        """Put a frame that others are sent too into the buffer."""

    def hold(self) -> None:
        """Let nothing more come until `go_on`; TCP holds the sender back."""

    def go_on(self) -> None:
        """Let what waits come."""

    def finish(self, closing: Closing) -> None:
        """Say bye where that is announced, and close, behind what was put before."""


class TaskPeer:
    """A `Peer` of two tasks, for servers that offer nothing but ASGI."""

    def __init__(self, connection: Connection, owner: Owner, *, most_bytes: int) -> None:
        """Speak over `connection`, whose frames hold at most `most_bytes`."""
        self._connection = connection
        self._owner = owner
        self._most_bytes = most_bytes
        self._frames: list[bytes] = []
        self._closing: Closing | None = None
        self._something = asyncio.Event()
        self._flowing = asyncio.Event()
        self._flowing.set()

    @property
    def full(self) -> bool:
        """Whether a frame waits to be taken."""
        return bool(self._frames)

    def put(self, text: bytes) -> None:
        """Put a text frame into the buffer."""
        self._frames.append(text)
        self._something.set()

    def put_frame(self, frame: Frame) -> None:
        """The same; the head is the server's business."""
        self.put(frame.text)

    def hold(self) -> None:
        """Read no more."""
        self._flowing.clear()

    def go_on(self) -> None:
        """Read on."""
        self._flowing.set()

    def finish(self, closing: Closing) -> None:
        """Close behind what was put before."""
        self._closing = closing
        self._something.set()

    async def run(self) -> None:
        """Read and write until the end of either side."""
        reading = asyncio.create_task(self._read(), name="read")
        writing = asyncio.create_task(self._write(), name="write")
        try:
            await asyncio.wait((reading, writing), return_when=asyncio.FIRST_COMPLETED)
            if self._closing is not None:
                await writing  # the peer may have gone while its bye was on the way
        finally:
            for task in (reading, writing):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            self._owner.lost()

    async def _read(self) -> None:
        while True:
            await self._flowing.wait()
            try:
                self._owner.frame(await self._connection.receive(self._most_bytes))
            except InvalidMessage:
                self._owner.binary()
            except Closing as closing:
                self._owner.end(closing)
            except Gone:
                return

    async def _write(self) -> None:
        try:
            while not (self._closing is not None and not self._frames):
                await self._something.wait()
                self._something.clear()
                for frame in self._frames:
                    await self._connection.send(frame)
                self._frames.clear()
                self._owner.writable()
            await self._connection.end(self._closing)
        except (Gone, TooSlow):
            return


async def hand_over(connection: Connection, owner: Owner, *, most_bytes: int) -> None:
    """Let `owner` have the connection; returns at once where the server offers a peer."""
    if connection.peer is not None:
        owner.begin(connection.peer)
        connection.peer.take_over(owner)
    else:
        peer = TaskPeer(connection, owner, most_bytes=most_bytes)
        owner.begin(peer)
        await peer.run()
