"""What a student's connection is sent: acks and errors, news of the sitting, pulses, the end."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from functools import partial

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
from monitor.protocol.messages import AttemptChanged, Pulse, TestMessage
from monitor.protocol.timestamps import rfc3339
from monitor.sockets.closing import Closing
from monitor.sockets.ledger import Ledger
from monitor.sockets.line import Line
from monitor.sockets.peer import Peer
from monitor.sockets.sockets import Sockets

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 1.0  # between tries to read what has to be sent
_RESTORED = "the server's data was restored, join again"


class StudentWriting(Line):
    """The half of a student's connection that writes, a turn whenever the line was woken.

    A turn writes what there is and never waits. While the peer takes less than it is sent there are
    no turns: acks stay in the ledger, and the cursor stays where it is.
    """

    __slots__ = (
        "_attempt_id",
        "_awake",
        "_cursor",
        "_done",
        "_has_news",
        "_reading",
        "_sockets",
        "_unread",
        "ledger",
        "peer",
        "place",
        "room",
    )

    peer: Peer

    def __init__(
        self, sockets: Sockets, place: Place, room: Room, cursor: StudentCursor, attempt_id: str
    ) -> None:
        """Send what the ledger and the cursor hold; `peer` is set before the first turn."""
        super().__init__()
        settings = sockets.settings
        self.place = place
        self.room = room
        self._attempt_id = attempt_id
        self.ledger = Ledger(
            settings.waiting_commands_per_connection, settings.waiting_bytes_per_connection
        )
        self._sockets = sockets
        self._cursor = cursor
        self._unread: Sequence[SendTest | LoadAttempt] = ()
        self._reading: asyncio.Task[None] | None = None
        self._awake = False
        self._has_news = True  # there may be some
        self._done = False

    @abstractmethod
    def answered(self) -> None:
        """Acks have left, so there may be space for more to be read."""

    def wake(self) -> None:
        """Look for news, in the loop's next turn."""
        self._has_news = True
        self.take_turn()

    def take_turn(self) -> None:
        """Write what can be written, in the loop's next turn."""
        if not self._awake and not self._done:
            self._awake = True
            self._loop.call_soon(self._turn)

    def writable(self) -> None:
        """The peer has caught up."""
        self.cancel("slow")
        self.take_turn()

    def pulse(self, server_time: str) -> None:
        """Tell that the server is there; who does not read has no need to know."""
        if not self.over and not self.peer.full:
            self.peer.put(encode(Pulse(server_time, self.room.epoch)))

    def _turn(self) -> None:
        self._awake = False
        if self._done:
            return
        try:
            if self.gone:
                self._finish()
            elif self.ending is not None or not self.peer.full:
                self._write()
                self._see_whether_slow()
        except Exception as error:  # noqa: BLE001 - one connection's fault must not be another's
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """End the connection for a fault of ours."""
        log.error("a connection failed", kind="student", exc_info=error)
        if self.ending is None:
            self.ending = Closing(CloseCode.TOO_BUSY)
        self._finish()

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

    def _see_whether_slow(self) -> None:
        if not self._done and self.peer.full and "slow" not in self._timers:
            seconds = self._sockets.settings.slow_frame_seconds
            self.after("slow", seconds, partial(self._end_now, CloseCode.TOO_SLOW))

    def _cut_short(self) -> None:
        code = None if self.ending is None else self.ending.code
        log.info("a connection ends before all it sent was committed", code=code)
        self._finish()

    def _end_now(self, code: CloseCode) -> None:
        if self.ending is None:
            self.ending = Closing(code)
        self._finish()

    def _finish(self) -> None:
        """Say bye to who is still there, and let go."""
        if self._done:
            return
        self._done = True
        if self.ending is not None and not self.gone:
            self.peer.finish(self.ending)
        if self._reading is not None:
            self._reading.cancel()
        self.close()
