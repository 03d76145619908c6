"""What a student's connection is sent: acks and errors, news of the sitting, pulses, the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from monitor.clock import Clock
from monitor.config import Settings
from monitor.errors import Unavailable
from monitor.live.joining import read_attempt
from monitor.live.room import Room
from monitor.live.student_cursor import (
    LoadAttempt,
    Rejoin,
    Replaced,
    SendTest,
    SittingOver,
    StudentCursor,
    StudentNews,
)
from monitor.protocol.close_codes import CloseCode
from monitor.protocol.forms import student_attempt_item, test_item
from monitor.protocol.messages import AttemptChanged, Pulse, TestMessage
from monitor.protocol.timestamps import rfc3339
from monitor.repositories.database import Database
from monitor.sockets.closing import Closing, Gone, TooSlow
from monitor.sockets.connection import Connection
from monitor.sockets.ledger import Ledger
from monitor.sockets.line import Line

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 1.0  # between tries to read what has to be sent
_RESTORED = "the server's data was restored, join again"


class StudentWriter:
    """The one task that writes to a student's connection."""

    def __init__(
        self,
        connection: Connection,
        line: Line,
        ledger: Ledger,
        cursor: StudentCursor,
        room: Room,
        *,
        attempt_id: str,
        database: Database,
        clock: Clock,
        settings: Settings,
    ) -> None:
        """Send what the ledger and the cursor hold whenever the line is woken."""
        self._connection = connection
        self._line = line
        self._ledger = ledger
        self._cursor = cursor
        self._room = room
        self._attempt_id = attempt_id
        self._database = database
        self._clock = clock
        self._pulse_seconds = settings.student_pulse_seconds
        self._finish_seconds = settings.slow_frame_seconds
        self._read_seconds = settings.slow_frame_seconds
        self._pulse_due = False
        self._unread: list[SendTest | LoadAttempt] = []
        line.after("pulse", self._pulse_seconds, self._pulse)

    async def run(self, answered: Callable[[], None]) -> None:
        """Write until the line is over, then close; `answered` is called when acks have left."""
        try:
            while not self._line.over:
                await self._answer(answered)
                await self._tell_news()
                await self._send_pulse()
                if not self._line.over:
                    await self._line.woken()
            if self._line.ending is not None:
                await self._finish(self._line.ending, answered)
        except Gone:
            self._line.lose()
        except TooSlow:
            slow = Closing(CloseCode.TOO_SLOW)
            self._line.end(slow)
            self._connection.cut(slow)

    async def _answer(self, answered: Callable[[], None]) -> None:
        if not self._ledger.due:
            return
        messages, winner = self._ledger.take(rfc3339(self._clock.now()))
        for message in messages:
            await self._connection.send_message(message)
        answered()
        if winner is not None:
            await self._connection.send_message(AttemptChanged(student_attempt_item(winner)))

    async def _tell_news(self) -> None:
        news: list[StudentNews] = [*self._unread, *self._cursor.next()]
        self._unread = []
        for one in news:
            if isinstance(one, Replaced):
                self._line.end(Closing(CloseCode.REPLACED))
            elif isinstance(one, SittingOver):
                self._line.end(Closing(CloseCode.SESSION_OVER))
            elif isinstance(one, Rejoin):
                self._line.end(Closing(CloseCode.LEASE_LOST, _RESTORED))
            elif isinstance(one, SendTest | LoadAttempt):
                await self._read_and_send(one)
            else:
                await self._connection.send_message(one)

    async def _read_and_send(self, one: SendTest | LoadAttempt) -> None:
        message: TestMessage | AttemptChanged | None
        try:
            async with asyncio.timeout(self._read_seconds):
                if isinstance(one, SendTest):
                    message = TestMessage(test_item(await self._room.test()))
                else:
                    attempt = await read_attempt(self._database, self._attempt_id)
                    message = None if attempt is None else AttemptChanged(attempt)
        except (Unavailable, TimeoutError):
            self._unread.append(one)
            self._line.after("unread", AGAIN_SECONDS, self._line.wake)
            return
        if message is not None:
            await self._connection.send_message(message)

    async def _send_pulse(self) -> None:
        if self._pulse_due:
            self._pulse_due = False
            pulse = Pulse(rfc3339(self._clock.now()), self._room.epoch)
            await self._connection.send_message(pulse)

    def _pulse(self) -> None:
        self._pulse_due = True
        self._line.after("pulse", self._pulse_seconds, self._pulse)
        self._line.wake()

    async def _finish(self, closing: Closing, answered: Callable[[], None]) -> None:
        """Answer what was taken before the end, if its commit comes in time; then say bye."""
        try:
            async with asyncio.timeout(self._finish_seconds):
                while not (self._ledger.empty or self._line.gone):
                    await self._answer(answered)
                    if not self._ledger.empty:
                        await self._line.woken()
        except TimeoutError:
            log.info("a connection ends before all it sent was committed", code=closing.code)
        if not self._line.gone:
            await self._connection.end(closing)
