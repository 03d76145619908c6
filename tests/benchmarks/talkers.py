"""Students and dashboards of a load at the least cost: sockets that know one protocol each.

A `Talker` owns one WebSocket and tells its `Ears` what it hears. Messages are numbered from 1; the
same number comes back with the ack, so that latencies count from the intended moment.
"""

from __future__ import annotations

from typing import Protocol

from monitor.load.frame_socket import FrameSocket


class Ears(Protocol):
    """Who is told what talkers hear; called on the event loop."""

    def ready(self, talker: Talker) -> None:
        """It is let in."""

    def acked(self, talker: Talker, number: int) -> None:
        """Its message with this number is settled, and so are all before it."""

    def saw(self, talker: Talker, student_id: str, number: int) -> None:
        """A dashboard was shown an event of a student: its number, 0 where only that it changed."""

    def lost(self, talker: Talker, why: str) -> None:
        """Its connection ended."""


class Talker:
    """One connection; a subclass knows what is said and what an answer means.

    Attributes:
        number: Its place in the crowd.
        student_id: Who it is; empty for a dashboard.
        session_id: Where it sits, or what it watches.
        sent: The number of its latest message.
    """

    path = "/"

    def __init__(self, number: int, session_id: str, student_id: str, token: str) -> None:
        self.number = number
        self.session_id = session_id
        self.student_id = student_id
        self.token = token
        self.sent = 0
        self.is_ready = False
        self.socket: FrameSocket | None = None
        self.ears: Ears | None = None

    # -- what a subclass says

    def opened(self) -> None:
        """The handshake is done; say who we are."""
        raise NotImplementedError

    def heard(self, data: bytes) -> None:
        """A message has come."""
        raise NotImplementedError

    def beat(self) -> None:
        """Send a heartbeat, numbered."""
        raise NotImplementedError

    def event(self) -> None:
        """Do something that the dashboard is to show at once, numbered."""
        raise NotImplementedError

    # -- of the socket

    def text(self, data: bytes) -> None:
        """A message has come."""
        self.heard(data)

    def closed(self, code: int, reason: str) -> None:
        """The connection is over."""
        self.socket = None
        self.is_ready = False
        if self.ears is not None:
            self.ears.lost(self, f"{code} {reason}".strip())

    def say(self, data: bytes) -> None:
        """Send a message."""
        if self.socket is not None:
            self.socket.send(data)

    def let_in(self) -> None:
        """The server has let it in."""
        self.is_ready = True
        if self.ears is not None:
            self.ears.ready(self)

    def end(self) -> None:
        """End without a word."""
        if self.socket is not None:
            self.ears = None
            self.socket.abort()
