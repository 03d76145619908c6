"""A connection that lives on callbacks: what comes, how fast it is read, and when there is writing.

What a student's and a dashboard's connection have in common. Neither has a task of its own: the
peer calls with each frame, and whoever has something to send asks for a turn.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import ClassVar

import structlog

from monitor import metrics
from monitor.errors import InvalidMessage
from monitor.protocol.close_codes import CloseCode
from monitor.sockets.closing import FRAME_TOO_LARGE, Closing
from monitor.sockets.line import Line
from monitor.sockets.pace import Pace
from monitor.sockets.peer import Peer
from monitor.sockets.sockets import Sockets

log = structlog.get_logger(__name__)


class LiveLine(Line):
    """The owner of one peer; `peer` is set before the first turn.

    A turn writes what there is and never waits. While the peer takes less than it is sent there are
    no turns.
    """

    __slots__ = (
        "_awake",
        "_done",
        "_heard",
        "_heard_at",
        "_invalid_left",
        "_pace",
        "_pausing",
        "_sockets",
        "_waiting",
        "peer",
    )

    kind: ClassVar[str]
    peer: Peer

    def __init__(self, sockets: Sockets, heard: metrics.Tally) -> None:
        """Count what is read in `heard`."""
        super().__init__()
        settings = sockets.settings
        self._sockets = sockets
        self._heard = heard
        self._heard_at = self._loop.time()
        self._invalid_left = settings.invalid_messages
        self._pace = Pace(settings.messages_per_second, settings.messages_burst)
        self._pausing = False  # until the pace allows more
        self._waiting = False  # until what was read is answered
        self._awake = False
        self._done = False

    # -- what each kind does in its own way

    @property
    @abstractmethod
    def full(self) -> bool:
        """Whether what was read has to be answered before more is."""

    @abstractmethod
    def take(self, data: bytes) -> None:
        """Take one message of the wire; InvalidMessage if it is none."""

    @abstractmethod
    def refuse(self, error: InvalidMessage, data: bytes) -> None:
        """Answer what is no message."""

    @abstractmethod
    def _write(self) -> None:
        """Write what there is; after the end was decided only what has to come before it."""

    # -- what the peer tells

    def frame(self, data: bytes) -> None:
        """Take a message; what comes after the end was decided has to be sent again."""
        if self.gone or self.ending is not None:
            return
        self._heard_at = now = self._loop.time()
        self._heard.inc()
        try:
            if len(data) > self._sockets.settings.frame_bytes:
                self.end(Closing(FRAME_TOO_LARGE))
                return
            try:
                self.take(data)
            except InvalidMessage as error:
                self._refuse(error, data)
            delay = self._pace.take(now)
            if delay or self.full:
                self._hold_back(delay)
        except Exception as error:  # noqa: BLE001 - one connection's fault must not be another's
            self.fail(error)

    def binary(self) -> None:
        """Refuse what is not text."""
        if not self.over:
            self._heard_at = now = self._loop.time()
            self._refuse(InvalidMessage("Messages are text frames; this one is binary."), b"")
            self._hold_back(self._pace.take(now))

    def writable(self) -> None:
        """The peer has caught up."""
        self.cancel("slow")
        self.take_turn()

    def lost(self) -> None:
        """The peer is gone."""
        if not self.gone:
            self.gone = True
            self._finish()

    # -- how fast it is read

    def answered(self) -> None:
        """Read on if there is space again."""
        if self._waiting and not self.full:
            self._waiting = False
            self._go_on()

    def _refuse(self, error: InvalidMessage, data: bytes) -> None:
        self.refuse(error, data)
        self.take_turn()
        self._invalid_left -= 1
        if self._invalid_left <= 0:
            self.end(Closing(CloseCode.PROTOCOL))

    def _hold_back(self, delay: float) -> None:
        if delay:
            metrics.READING_PAUSED.labels("pace").inc()
            self._pausing = True
            self.after("pace", delay, self._paced)
            self.peer.hold()
        if self.full:
            metrics.READING_PAUSED.labels("waiting").inc()
            self._waiting = True
            self.peer.hold()

    def _paced(self) -> None:
        self._pausing = False
        self._go_on()

    def _go_on(self) -> None:
        if not self._pausing and not self._waiting and not self.over:
            self._heard_at = self._loop.time()
            self.peer.go_on()

    # -- turns

    def wake(self) -> None:
        """Look at what there is to send, in the loop's next turn."""
        self.take_turn()

    def take_turn(self) -> None:
        """Write what can be written, in the loop's next turn."""
        if not self._awake and not self._done:
            self._awake = True
            self._sockets.turns.ask(self)

    def turn(self) -> None:
        """Have a turn; only `Turns` calls this."""
        self._awake = False
        if self._done:
            return
        try:
            if self.gone:
                self._finish()
            elif self.ending is not None or not self.peer.full:
                self._write()
                if self.peer.full:
                    self.see_whether_slow()
        except Exception as error:  # noqa: BLE001 - one connection's fault must not be another's
            self.fail(error)

    def see_whether_slow(self) -> None:
        """Begin to count the time if the peer takes less than it is sent."""
        if not self._done and self.peer.full and "slow" not in self._timers:
            seconds = self._sockets.settings.slow_frame_seconds
            self.after("slow", seconds, partial(self._end_now, CloseCode.TOO_SLOW))

    # -- the end

    def fail(self, error: BaseException) -> None:
        """End the connection for a fault of ours."""
        log.error("a connection failed", kind=self.kind, exc_info=error)
        if self.ending is None:
            self.ending = Closing(CloseCode.TOO_BUSY)
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
        self.close()
