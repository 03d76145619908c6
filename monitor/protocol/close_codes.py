"""Why a socket ends: 4000-4499 come back, 4500-4999 do not."""

from __future__ import annotations

from enum import IntEnum


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
    def reason(self) -> str:
        """The sentence that goes with it, for `bye` and the close frame (at most 123 bytes)."""
        return _REASONS[self]


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
