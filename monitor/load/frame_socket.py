"""A WebSocket at the least cost: callbacks instead of tasks, for thousands of them in one process.

Of RFC 6455 what a client needs: the handshake, text in and out, fragments, ping and close. No
extensions, no subprotocols; for a client in a test of your own, StudentClient is the better one.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from msgspec import Struct

if TYPE_CHECKING:
    import random

_ACCEPT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PONG = 0x1, 0x8, 0xA
_FINAL, _RESERVED, _MASKED = 0x80, 0x70, 0x80
# A snapshot of 1,000 students is below 1 MiB; a student gets a tenth of that.
LARGEST_FRAME_BYTES = 1024 * 1024
LARGEST_ANSWER_BYTES = 16 * 1024
LOST, BROKEN, TOO_LARGE = 1006, 1002, 1009


class Address(Struct, frozen=True):
    """Where a server's WebSocket is."""

    host: str
    port: int
    secure: bool
    path: str
    authority: str

    @classmethod
    def of(cls, url: str, path: str) -> Address:
        """The WebSocket at `path` below the server's URL, such as http://127.0.0.1:8000."""
        parts = urlsplit(url)
        secure = parts.scheme in {"https", "wss"}
        port = parts.port or (443 if secure else 80)
        return cls(parts.hostname or "", port, secure, parts.path.rstrip("/") + path, parts.netloc)


class Owner(Protocol):
    """Who a socket tells what happens; called on the event loop, must not raise."""

    def opened(self) -> None:
        """The handshake is done."""

    def text(self, data: bytes) -> None:
        """A message has come, as UTF-8."""

    def closed(self, code: int, reason: str) -> None:
        """It is over; called once, 1006 for an end without a close frame."""


class FrameSocket(asyncio.Protocol):
    """One connection, from its handshake to its end."""

    def __init__(self, address: Address, owner: Owner, dice: random.Random) -> None:
        self._address = address
        self._owner = owner
        self._dice = dice
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._parts: list[bytes] = []
        self._parts_bytes = 0
        self._key = base64.b64encode(os.urandom(16))
        self._is_open = False
        self._code = LOST
        self._reason = ""
        self.is_full = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = transport  # type: ignore[assignment]
        self._raw(
            f"GET {self._address.path} HTTP/1.1\r\nHost: {self._address.authority}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"User-Agent: monitor-load\r\nSec-WebSocket-Key: {self._key.decode()}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Take the handshake's answer first, then frames."""
        if self._rest:
            data = self._rest + data
        if not self._is_open:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._rest = head
                if len(head) > LARGEST_ANSWER_BYTES:
                    self.abort("the answer to the handshake does not end")
                return
            self._rest = b""
            if not self._is_accepted(head):
                return
            self._is_open = True
            self._owner.opened()
        self._rest = data[self._take(data) :] if data else b""

    def pause_writing(self) -> None:
        """The server does not take what we send."""
        self.is_full = True

    def resume_writing(self) -> None:
        """It does again."""
        self.is_full = False

    def connection_lost(self, error: Exception | None) -> None:
        """Tell how it ended."""
        self._transport = None
        reason = self._reason or (str(error) if error else "")
        self._owner.closed(self._code, reason)

    def send(self, text: bytes) -> None:
        """Send a text message; nothing happens after the end."""
        self._frame(_TEXT, text)

    def abort(self, reason: str = "", code: int = LOST) -> None:
        """End it at once, without a word."""
        self._code, self._reason = code, reason
        if self._transport is not None:
            self._transport.abort()

    def _is_accepted(self, head: bytes) -> bool:
        lines = head.split(b"\r\n")
        if lines[0].split(b" ")[1:2] != [b"101"]:
            self.abort(f"the handshake was answered by {lines[0][:100].decode('latin-1')}")
            return False
        # SHA-1 is what the protocol prescribes here; nothing is protected by it.
        wanted = base64.b64encode(hashlib.sha1(self._key + _ACCEPT, usedforsecurity=False).digest())
        fields = (line.partition(b":") for line in lines[1:])
        if not any(
            name.lower() == b"sec-websocket-accept" and value.strip() == wanted
            for name, _, value in fields
        ):
            self.abort("the handshake was answered by something that is no WebSocket")
            return False
        return True

    def _take(self, data: bytes) -> int:
        """Take every whole frame; returns how many bytes those were."""
        at, end = 0, len(data)
        while end - at >= 2 and self._transport is not None:
            first, length, start = data[at], data[at + 1], at + 2
            if length >= 126:
                start += 2 if length == 126 else 8
                if end < start:
                    break
                length = int.from_bytes(data[at + 2 : start], "big") if length < _MASKED else -1
            if length < 0 or first & _RESERVED:
                self.abort("a frame that the protocol does not allow", BROKEN)
                return end
            if length + self._parts_bytes > LARGEST_FRAME_BYTES:
                self.abort("a message that is too large", TOO_LARGE)
                return end
            if end < start + length:
                break
            at = start + length
            self._took(first, data[start:at])
        return at

    def _took(self, first: int, payload: bytes) -> None:
        match first & 0x0F:
            case 0x1 if first & _FINAL and not self._parts:
                self._owner.text(payload)
            case 0x0 | 0x1 | 0x2:
                self._parts.append(payload)
                self._parts_bytes += len(payload)
                if first & _FINAL:
                    whole, self._parts, self._parts_bytes = b"".join(self._parts), [], 0
                    self._owner.text(whole)
            case 0x8:
                self._code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
                self._reason = payload[2:].decode(errors="replace")
                self._frame(_CLOSE, payload[:2])
                if self._transport is not None:
                    self._transport.close()
            case 0x9:
                self._frame(_PONG, payload)
            case 0xA:
                pass
            case _:
                self.abort("a frame of an unknown kind", BROKEN)

    def _frame(self, opcode: int, payload: bytes) -> None:
        if self._transport is None:
            return
        length = len(payload)
        if length < 126:
            head = bytes((_FINAL | opcode, _MASKED | length))
        elif length < 65536:
            head = bytes((_FINAL | opcode, _MASKED | 126)) + length.to_bytes(2, "big")
        else:
            head = bytes((_FINAL | opcode, _MASKED | 127)) + length.to_bytes(8, "big")
        key = self._dice.getrandbits(32).to_bytes(4, "big")
        mask = int.from_bytes((key * (length // 4 + 1))[:length], "big")
        masked = (int.from_bytes(payload, "big") ^ mask).to_bytes(length, "big")
        self._raw(head + key + masked)

    def _raw(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)
