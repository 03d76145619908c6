"""Why a socket ends: 4000-4499 come back, 4500-4999 do not.

Every close that Monitor decides has one of these codes and is announced by a `bye`. The exceptions
are closes below the protocol: 1009 for a frame that is too large, 1007 for text that is not UTF-8,
and 1000, the answer to a student's `leave`.
"""

from __future__ import annotations

from enum import IntEnum

from monitor import errors


class CloseCode(IntEnum):
    """Every close that Monitor decides."""

    DRAINING = 4001
    NOT_OPEN_YET = 4003
    TOKEN_EXPIRED = 4005
    TOO_SLOW = 4008
    LEASE_LOST = 4012
    TOO_BUSY = 4013
    BAD_TOKEN = 4500
    PROTOCOL = 4501
    NO_FIRST_MESSAGE = 4502
    SESSION_OVER = 4503
    CONNECTION_LIMIT = 4504
    REPLACED = 4505
    FORBIDDEN = 4507

    @property
    def reconnect(self) -> bool:
        """Whether the client should come back."""
        return self < 4500

    @property
    def carries_after_ms(self) -> bool:
        """Whether the `bye` says when to come back."""
        return self in _WITH_AFTER_MS

    @property
    def reason(self) -> str:
        """The sentence that goes with it, for `bye` and the close frame (at most 123 bytes)."""
        return _REASONS[self]


_WITH_AFTER_MS = frozenset({CloseCode.DRAINING, CloseCode.NOT_OPEN_YET, CloseCode.TOO_BUSY})

_REASONS = {
    CloseCode.DRAINING: "the server is restarting, come back shortly",
    CloseCode.NOT_OPEN_YET: "the sitting is not open yet, come back shortly",
    CloseCode.TOKEN_EXPIRED: "the token has expired, get a new one and come back",
    CloseCode.TOO_SLOW: "the connection was too slow to take a frame",
    CloseCode.LEASE_LOST: "nothing was heard for the length of a lease",
    CloseCode.TOO_BUSY: "the server is too busy, come back shortly",
    CloseCode.BAD_TOKEN: "the token is not valid, sign in again",
    CloseCode.PROTOCOL: "the connection did not keep to the protocol",
    CloseCode.NO_FIRST_MESSAGE: "no first message came in time",
    CloseCode.SESSION_OVER: "the sitting is over",
    CloseCode.CONNECTION_LIMIT: "too many connections of this user",
    CloseCode.REPLACED: "continued in another window or on another device",
    CloseCode.FORBIDDEN: "there is nothing here, or it is not yours",
}

# What ends a socket when it happens to a first message; anything else is the server's trouble.
_CLOSES: dict[type[errors.MonitorError], CloseCode] = {
    errors.InvalidMessage: CloseCode.PROTOCOL,
    errors.NotOpen: CloseCode.NOT_OPEN_YET,
    errors.SessionOver: CloseCode.SESSION_OVER,
    errors.Replaced: CloseCode.REPLACED,
    errors.BadToken: CloseCode.BAD_TOKEN,
    errors.TokenExpired: CloseCode.TOKEN_EXPIRED,
    errors.Forbidden: CloseCode.FORBIDDEN,
    errors.NotFound: CloseCode.FORBIDDEN,
    errors.UnknownStudent: CloseCode.FORBIDDEN,
}


def close_code_of(error: errors.MonitorError) -> CloseCode:
    """The close that this error of a first message leads to; unknown ones mean "come back"."""
    return _CLOSES.get(type(error), CloseCode.TOO_BUSY)
