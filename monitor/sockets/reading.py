"""Reading one connection: as fast as it may go, until it or Monitor ends it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable

from monitor import metrics
from monitor.config import Settings
from monitor.errors import InvalidMessage
from monitor.protocol.close_codes import CloseCode
from monitor.sockets.closing import Closing, Gone
from monitor.sockets.connection import Connection
from monitor.sockets.line import Line
from monitor.sockets.pace import Pace


class Reader(ABC):
    """Reads frames one by one and hands each on; while it waits, TCP holds the sender back.

    `heard_at` is the steady time of the last frame; `held` is true while the reader itself waits,
    so that silence is no fault of the client's.
    """

    kind: str

    def __init__(self, connection: Connection, line: Line, settings: Settings) -> None:
        """Read from `connection` until `line` is over."""
        self._connection = connection
        self._line = line
        self._most_bytes = settings.frame_bytes
        self._invalid_left = settings.invalid_messages
        self._pace = Pace(settings.messages_per_second, settings.messages_burst)
        self._space = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._received = metrics.MESSAGES_RECEIVED.labels(self.kind)
        self.heard_at = self._loop.time()
        self.held = False

    @property
    @abstractmethod
    def full(self) -> bool:
        """Whether what was read before has to be answered first."""

    @abstractmethod
    async def take(self, data: bytes) -> None:
        """Do what the frame asks for.

        Raises:
            InvalidMessage: It is no message; the reader counts and has it `refused`.
            Closing: The connection must end.
        """

    @abstractmethod
    def refused(self, error: InvalidMessage, data: bytes) -> None:
        """Have the sender told that the frame was invalid."""

    def go_on(self) -> None:
        """Say that something was answered, so that there may be space again."""
        if not self.full:
            self._space.set()

    async def run(self) -> None:
        """Read until the line is over; an end that the reading finds is told to the line."""
        try:
            while not self._line.over:
                await self._until_space()
                await self._read_one()
                delay = self._pace.take(self._loop.time())
                if delay:
                    metrics.READING_PAUSED.labels("pace").inc()
                    await self._hold(asyncio.sleep(delay))
        except Gone:
            self._line.lose()
        except Closing as closing:
            self._line.end(closing)

    async def _read_one(self) -> None:
        data = b""
        try:
            data = await self._connection.receive(self._most_bytes)
            self._heard()
            # What comes after the end was decided is not taken; its sender has to send it again.
            if not self._line.over:
                await self.take(data)
        except InvalidMessage as error:
            self._heard()
            self._invalid_left -= 1
            self.refused(error, data)
            self._line.wake()
            if self._invalid_left <= 0:
                raise Closing(CloseCode.PROTOCOL) from None

    async def _until_space(self) -> None:
        if not self.full:
            return
        metrics.READING_PAUSED.labels("waiting").inc()
        while self.full:
            self._space.clear()
            await self._hold(self._space.wait())

    async def _hold(self, until: Awaitable[object]) -> None:
        self.held = True
        try:
            await until
        finally:
            self.held = False
            self.heard_at = self._loop.time()

    def _heard(self) -> None:
        self.heard_at = self._loop.time()
        self._received.inc()
