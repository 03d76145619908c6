"""What a dashboard's connection is sent: answers, everything newer of what it watches, pulses."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from monitor.clock import Clock
from monitor.config import Settings
from monitor.errors import Forbidden
from monitor.live.rooms import Rooms
from monitor.protocol.close_codes import CloseCode
from monitor.protocol.messages import DashboardPulse
from monitor.protocol.timestamps import rfc3339
from monitor.sockets.closing import Closing, Gone, TooSlow
from monitor.sockets.connection import Connection
from monitor.sockets.ledger import error_message
from monitor.sockets.line import AwaitedLine
from monitor.sockets.watches import Watches


class DashboardWriter:
    """The one task that writes to a dashboard's connection.

    A cursor is asked for what is newer only when the frame before was taken, and at most so many
    times a second; so what a slow dashboard costs is its cursor and one frame.
    """

    def __init__(
        self,
        connection: Connection,
        line: AwaitedLine,
        watches: Watches,
        replies: deque[object],
        *,
        rooms: Rooms,
        clock: Clock,
        settings: Settings,
    ) -> None:
        """Send what `replies` and the cursors of `watches` hold whenever the line is woken."""
        self._connection = connection
        self._line = line
        self._watches = watches
        self._replies = replies
        self._rooms = rooms
        self._clock = clock
        self._round_seconds = 1 / settings.dashboard_sends_per_second
        self._pulse_seconds = settings.dashboard_pulse_seconds
        self._pulse_due = False
        self._loop = asyncio.get_running_loop()
        line.after("pulse", self._pulse_seconds, self._pulse)

    async def run(self, answered: Callable[[], None]) -> None:
        """Write until the line is over, then close; `answered` is called when replies have left."""
        try:
            next_round = self._loop.time()
            while not self._line.over:
                await self._answer(answered)
                if await self._tell_newer():
                    next_round = self._loop.time() + self._round_seconds
                await self._send_pulse()
                if not self._line.over:
                    await self._line.woken()
                    await asyncio.sleep(max(0.0, next_round - self._loop.time()))
            await self._answer(answered)
            if self._line.ending is not None and not self._line.gone:
                await self._connection.end(self._line.ending)
        except Gone:
            self._line.lose()
        except TooSlow:
            slow = Closing(CloseCode.TOO_SLOW)
            self._line.end(slow)
            self._connection.cut(slow)

    async def _answer(self, answered: Callable[[], None]) -> None:
        while self._replies and not self._line.gone:
            await self._connection.send_message(self._replies.popleft())
            answered()

    async def _tell_newer(self) -> bool:
        """Send each cursor's next message; whether there was any."""
        told = False
        for watch in self._watches:
            if self._line.over:
                break
            if watch not in self._watches:
                continue
            if watch.room.gone:
                self._watches.unwatch(watch.room.session_id)
                self._replies.append(error_message(Forbidden(), session_id=watch.room.session_id))
                self._line.wake()
                continue
            data = watch.cursor.next()
            if data is not None:
                told = True
                await self._connection.send(data)
        return told

    async def _send_pulse(self) -> None:
        if self._pulse_due and not self._line.over:
            self._pulse_due = False
            pulse = DashboardPulse(
                server_time=rfc3339(self._clock.now()),
                epoch=self._rooms.epoch,
                sessions=[watch.room.pulse() for watch in self._watches],
            )
            await self._connection.send_message(pulse)

    def _pulse(self) -> None:
        self._pulse_due = True
        self._line.after("pulse", self._pulse_seconds, self._pulse)
        self._line.wake()
