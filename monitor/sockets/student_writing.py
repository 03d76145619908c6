"""What a student's connection is sent: acks and errors, news of the sitting, pulses, the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from monitor.errors import Unavailable
from monitor.live.door import Place
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
from monitor.protocol.codec import encode
from monitor.protocol.forms import student_attempt_item
from monitor.protocol.messages import AttemptChanged, TestMessage
from monitor.protocol.timestamps import rfc3339
from monitor.sockets.closing import Closing
from monitor.sockets.ledger import Ledger
from monitor.sockets.live_line import LiveLine
from monitor.sockets.sockets import Sockets

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 1.0  # between tries to read what has to be sent
_RESTORED = "the server's data was restored, join again"


class StudentWriting(LiveLine):
    """The half of a student's connection that writes.

    While there are no turns acks stay in the ledger, and the cursor stays where it is.
    """

    __slots__ = (
        "_attempt_id",
        "_cursor",
        "_has_news",
        "_reading",
        "_unread",
        "ledger",
        "place",
        "room",
    )

    kind = "student"

    def __init__(
        self, sockets: Sockets, place: Place, room: Room, cursor: StudentCursor, attempt_id: str
    ) -> None:
        """Send what the ledger and the cursor hold."""
        super().__init__(sockets, sockets.heard_students)
        settings = sockets.settings
        self.place = place
        self.room = room
        self._attempt_id = attempt_id
        self.ledger = Ledger(
            settings.waiting_commands_per_connection, settings.waiting_bytes_per_connection
        )
        self._cursor = cursor
        self._unread: Sequence[SendTest | LoadAttempt] = ()
        self._reading: asyncio.Task[None] | None = None
        self._has_news = True  # there may be some

    def wake(self) -> None:
        """Look for news, in the loop's next turn."""
        self._has_news = True
        self.take_turn()

    def pulse(self, server_time: str) -> None:
        """Tell that the server is there; who does not read has no need to know."""
        if not self.over and not self.peer.full:
            self.peer.put_frame(self._sockets.student_pulse(server_time, self.room.epoch))

    def _write(self) -> None:
        if self.ledger.due:
            self._answer()
        if self._has_news and self.ending is None:
            self._tell_news()
        if self.ending is not None:
            # What was taken before the end is answered, if its commit comes in time.
            if self.ledger.empty:
                self._finish()
            elif "finish" not in self._timers:
                self.after("finish", self._sockets.settings.slow_frame_seconds, self._cut_short)

    def _answer(self) -> None:
        messages, winner = self.ledger.take(rfc3339(self._sockets.services.clock.now()))
        for message in messages:
            self.peer.put(encode(message))
        if winner is not None:
            self.peer.put(encode(AttemptChanged(student_attempt_item(winner))))
        self.answered()

    def _tell_news(self) -> None:
        if self._reading is None:
            self._has_news = False
            self._tell([*self._unread, *self._cursor.next()])

    def _tell(self, news: Sequence[StudentNews]) -> None:
        """Send these in their order; from the first that has to be read on, in a task."""
        self._unread = ()
        for place, one in enumerate(news):
            if isinstance(one, SendTest | LoadAttempt):
                self._reading = self._loop.create_task(self._read(news[place:]), name="news")
                self._reading.add_done_callback(self._read_ended)
                return
            self._tell_one(one)

    def _tell_one(self, one: StudentNews) -> None:
        if isinstance(one, Replaced):
            self.end(Closing(CloseCode.REPLACED))
        elif isinstance(one, SittingOver):
            self.end(Closing(CloseCode.SESSION_OVER))
        elif isinstance(one, Rejoin):
            self.end(Closing(CloseCode.LEASE_LOST, _RESTORED))
        else:
            self.peer.put(encode(one))

    async def _read(self, news: Sequence[StudentNews]) -> None:
        unread: list[SendTest | LoadAttempt] = []
        for one in news:
            if isinstance(one, SendTest | LoadAttempt):
                try:
                    message = await self._message_of(one)
                except (Unavailable, TimeoutError):
                    unread.append(one)
                    continue
                if message is not None:
                    self.peer.put(encode(message))
            else:
                self._tell_one(one)
        self._unread = unread

    def _read_ended(self, task: asyncio.Task[None]) -> None:
        self._reading = None
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, Exception):
            self.fail(error)
        elif self._unread:
            self.after("unread", AGAIN_SECONDS, self.wake)
        else:
            self.wake()  # something newer may have come meanwhile

    async def _message_of(self, one: SendTest | LoadAttempt) -> TestMessage | AttemptChanged | None:
        async with asyncio.timeout(self._sockets.settings.slow_frame_seconds):
            if isinstance(one, SendTest):
                return TestMessage(await self.room.test_item())
            attempt = await read_attempt(self._sockets.services.database, self._attempt_id)
            return None if attempt is None else AttemptChanged(attempt)

    def _cut_short(self) -> None:
        code = None if self.ending is None else self.ending.code
        log.info("a connection ends before all it sent was committed", code=code)
        self._finish()

    def close(self) -> None:
        """Read nothing more either."""
        super().close()
        if self._reading is not None:
            self._reading.cancel()
