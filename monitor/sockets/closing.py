"""The ways a connection ends: Monitor closes it, or the peer is gone."""

from __future__ import annotations

import random
from datetime import datetime

from monitor.errors import MonitorError, NotOpen, TooManyRequests
from monitor.protocol.close_codes import CloseCode, close_code_of
from monitor.protocol.messages import Bye

COME_BACK_MS = (500, 5_000)  # wide enough to spread a class that was turned away together
NOT_OPEN_MS = (3_000, 30_000)  # soon enough not to miss the door, rarely enough for a whole school

NORMAL = 1000
FRAME_TOO_LARGE = 1009


class Gone(Exception):
    """The peer has closed the connection, or it broke."""


class TooSlow(Exception):
    """The peer has not taken a frame in time."""


class Closing(Exception):
    """Monitor ends a connection; raised while it is set up, handed over while it lives."""

    def __init__(
        self, code: int, reason: str | None = None, *, after_ms: int | None = None
    ) -> None:
        """Close with `code`, and say why in the code's own words or in better ones.

        A code that carries `after_ms` gets a random one where none is given.
        """
        self.code = code
        known = CloseCode(code) if code >= 4000 else None
        self.reason = reason or (known.reason if known is not None else "")
        self.announced = known is not None
        self.after_ms = after_ms
        if known is not None and known.carries_after_ms and after_ms is None:
            self.after_ms = random.randint(*COME_BACK_MS)  # noqa: S311 - spreads, hides nothing
        super().__init__(code, self.reason)

    @property
    def short_reason(self) -> str:
        """The reason, cut to what a close frame holds: 123 bytes."""
        return short(self.reason)

    @property
    def bye(self) -> Bye:
        """What is sent before the close frame."""
        return Bye(self.code, self.reason, CloseCode(self.code).reconnect, self.after_ms)


def closing_of(
    error: MonitorError, *, now: datetime, scheduled_at: datetime | None = None
) -> Closing:
    """The end that an error before the connection lives leads to.

    Args:
        error: What went wrong with the first message.
        now: Server time.
        scheduled_at: When the sitting is to begin, where its door is still closed.
    """
    code = close_code_of(error)
    if isinstance(error, NotOpen):
        return Closing(code, after_ms=_until_open_ms(now, scheduled_at))
    if isinstance(error, TooManyRequests):
        return Closing(code, after_ms=error.retry_after_seconds * 1000)
    if code is CloseCode.PROTOCOL:
        return Closing(code, short(error.message))
    return Closing(code)


def short(reason: str) -> str:
    """The reason, cut to what a close frame holds: 123 bytes."""
    return reason.encode()[:123].decode(errors="ignore")


def _until_open_ms(now: datetime, scheduled_at: datetime | None) -> int:
    least, most = NOT_OPEN_MS
    ahead = (scheduled_at - now).total_seconds() * 1000 / 2 if scheduled_at is not None else 0.0
    centre = min(max(ahead, least), most)
    return int(centre * random.uniform(0.75, 1.0))  # noqa: S311 - spreads, hides nothing
