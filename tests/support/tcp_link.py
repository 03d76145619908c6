"""One proxied connection, and the faults that all connections of a proxy share."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 64 * 1024


class Faults:
    """What a proxy does to its connections at the moment; lives in the proxy's event loop."""

    def __init__(self) -> None:
        self.cut_done = threading.Event()
        self.up = asyncio.Event()
        self.down = asyncio.Event()
        self.clear()

    def clear(self) -> None:
        """Do no harm from now on."""
        self.up.set()
        self.down.set()
        self.seconds = 0.0
        self.drip_bytes = 0
        self.drip_seconds = 0.0
        self.swallowing = False
        self.cutting = False
        self.after_bytes = 0
        self.after: Callable[[bytes], bool] | None = None
        self.generation = object()

    def stall(self, *, up: bool, down: bool) -> None:
        """Hold back the directions named."""
        if up:
            self.up.clear()
        if down:
            self.down.clear()

    def delay(self, seconds: float) -> None:
        """Let every piece of data wait."""
        self.seconds = seconds

    def drip(self, pieces_of: int, every_seconds: float) -> None:
        """Let data through in pieces of so many bytes, one after each pause."""
        self.drip_bytes, self.drip_seconds = pieces_of, every_seconds

    def swallow(self, after_bytes: int, after: Callable[[bytes], bool] | None) -> None:
        """Throw answers away, as `TcpProxy.swallow_answers` says."""
        self.generation = object()
        self.swallowing, self.cutting = True, False
        self.after_bytes, self.after = after_bytes, after

    def cut_one_answer(self, after: Callable[[bytes], bool]) -> None:
        """Cut one connection, as `TcpProxy.cut_answer` says."""
        self.generation = object()
        self.cut_done.clear()
        self.swallowing, self.cutting = False, True
        self.after_bytes, self.after = 0, after


class Link:
    """A client's connection to the proxy and the proxy's own to the server behind it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, faults: Faults
    ) -> None:
        self._reader, self._writer = reader, writer
        self._faults = faults
        self._server_writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self._generation: object = None
        self._asked = b""
        self._answered = 0
        self._struck = False
        self._chosen = False
        self._silent = False

    async def run(self, host: str, port: int) -> None:
        """Forward in both directions until either side ends or `reset` is called."""
        self._task = asyncio.current_task()
        await self._faults.up.wait()
        server_reader, self._server_writer = await asyncio.open_connection(host, port)
        pumps = [
            asyncio.create_task(self._pump_up(self._server_writer)),
            asyncio.create_task(self._pump_down(server_reader)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    def reset(self) -> None:
        """End both connections at once, with a reset where data is on its way."""
        for writer in (self._writer, self._server_writer):
            if writer is not None:
                _reset(writer)
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    def half_close(self) -> None:
        """Tell the server that the client has nothing more to say, and the client nothing.

        What the client sends from now on is lost; its connection stays open until `reset`, even
        when the server closes its own.
        """
        self._silent = True
        if self._server_writer is not None and self._server_writer.can_write_eof():
            with contextlib.suppress(OSError):
                self._server_writer.write_eof()

    async def _pump_up(self, writer: asyncio.StreamWriter) -> None:
        while data := await self._reader.read(_CHUNK):
            await self._hold(self._faults.up)
            self._watch(data)
            if not self._silent:
                await self._pass_on(writer, data)

    async def _pump_down(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(_CHUNK):
            await self._hold(self._faults.down)
            if self._chosen:
                self._faults.cut_done.set()
                self.reset()
                return
            await self._pass_on(self._writer, self._spare(data))
        if self._silent:
            await asyncio.Event().wait()

    async def _pass_on(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        size = self._faults.drip_bytes or len(data) or 1
        for at in range(0, len(data), size):
            if self._faults.drip_bytes:
                await asyncio.sleep(self._faults.drip_seconds)
            writer.write(data[at : at + size])
            await writer.drain()

    async def _hold(self, gate: asyncio.Event) -> None:
        if self._faults.seconds:
            await asyncio.sleep(self._faults.seconds)
        await gate.wait()

    def _watch(self, data: bytes) -> None:
        """See what a client asks; strike when it is what the faults wait for."""
        faults = self._faults
        self._renew()
        if faults.after is None or self._struck:
            return
        self._asked += data
        if not faults.after(self._asked):
            return
        self._struck = True
        if faults.cutting:
            # The first to ask is the one; the others are left alone.
            self._chosen = True
            faults.cutting, faults.after = False, None

    def _spare(self, data: bytes) -> bytes:
        """What of an answer may pass."""
        faults = self._faults
        self._renew()
        if not faults.swallowing or (faults.after is not None and not self._struck):
            return data
        room = max(faults.after_bytes - self._answered, 0)
        self._answered += len(data)
        return data[:room]

    def _renew(self) -> None:
        if self._generation is not self._faults.generation:
            self._generation = self._faults.generation
            self._asked, self._answered, self._struck = b"", 0, False


def _reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
