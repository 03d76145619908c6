"""Connections that nobody knows yet: bounded, and sent away when the process drains.

They are sent away for a moment, too, while the process is so late that they would give up before
they are answered: those who are in already come first. Whoever is sent away is given an
appointment; thousands who come at once and are nearly all refused would otherwise come again and
again, and a refusal costs half of a join.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from monitor import metrics
from monitor.protocol.close_codes import CloseCode
from monitor.sockets.appointments import Appointments
from monitor.sockets.closing import Closing
from monitor.sockets.connection import Connection
from monitor.sockets.lag import Lag


class Handshakes:
    """Counts connections between their accept and their answer; `len()` is how many there are."""

    def __init__(
        self,
        most: int,
        *,
        most_lag_seconds: float,
        first_message_seconds: float,
        first_frame_bytes: int,
    ) -> None:
        """Allow `most` at a time, each with so many seconds and bytes for its first message.

        None at all while the event loop is later than `most_lag_seconds`.
        """
        self._most = most
        self._most_lag_seconds = most_lag_seconds
        self._lag = Lag()
        self._appointments = Appointments()
        self._first_message_seconds = first_message_seconds
        self._first_frame_bytes = first_frame_bytes
        self._count = 0
        self._silent: set[asyncio.Timeout] = set()
        self._interrupted: Closing | None = None

    def __len__(self) -> int:
        """How many are unfinished."""
        return self._count

    @contextmanager
    def begin(self) -> Iterator[None]:
        """Hold one of the places while a connection is unknown.

        Raises:
            Closing: There is none left.
        """
        if self._count >= self._most or self._lag.seconds > self._most_lag_seconds:
            raise Closing(CloseCode.TOO_BUSY, after_ms=self._appointments.next_ms(monotonic()))
        self._count += 1
        metrics.HANDSHAKES_OPEN.inc()
        try:
            yield
        finally:
            self._count -= 1
            metrics.HANDSHAKES_OPEN.dec()

    async def first_message(self, connection: Connection) -> bytes:
        """The first frame, which has to come in time and to be a small text.

        Raises:
            Closing: It did not come, or was interrupted.
            InvalidMessage: It is binary.
            Gone: The peer closed instead.
        """
        timeout: asyncio.Timeout | None = None
        try:
            async with asyncio.timeout(self._first_message_seconds) as timeout:
                self._silent.add(timeout)
                return await connection.receive(self._first_frame_bytes)
        except TimeoutError:
            raise self._interrupted or Closing(CloseCode.NO_FIRST_MESSAGE) from None
        finally:
            if timeout is not None:
                self._silent.discard(timeout)

    def interrupt(self, closing: Closing) -> None:
        """Send away everyone who has said nothing yet."""
        self._interrupted = closing
        now = asyncio.get_running_loop().time()
        for timeout in tuple(self._silent):
            timeout.reschedule(now)
