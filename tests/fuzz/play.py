"""One example on the wire: frames sent one after the other, and what became of each."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConnectionClosed

from monitor.errors import MonitorError
from monitor.protocol.close_codes import CloseCode
from tests.support.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.fuzz.frames import Frame
    from tests.fuzz.fuzzed import Fuzzed

ANSWER_SECONDS = 5.0
# Of RFC 6455, below the protocol: 1000 answers `leave`; the others are for broken frames.
CLOSES = frozenset(CloseCode) | {1000, 1002, 1007, 1009}
# In seqs that are more than the connection's any more: not acked, though they are named.
UNACKED = "bad_sequence"
# Said of an answer that is kept for the teacher to accept: it was done, in its way.
LATE = "late"


def error_codes() -> set[str]:
    """Every error that has a name."""

    def codes(base: type[MonitorError]) -> Iterable[str]:
        yield base.code
        for child in base.__subclasses__():
            yield from codes(child)

    return {*codes(MonitorError), LATE}


class Play:
    """One connection of an example.

    Attributes:
        accepted: The frames that were done, not refused.
        closed: The close code, when it was closed.
        errors: The codes of the errors it was sent.
    """

    def __init__(self, fuzzed: Fuzzed, wire: Wire) -> None:
        self.accepted: list[bytes] = []
        self.closed: int | None = None
        self.errors: list[str] = []
        self._fuzzed = fuzzed
        self._wire = wire
        self._bye: dict[str, Any] | None = None

    async def send(self, frame: Frame) -> bytes:
        """Send a frame, with the next seq where it asks for one; returns what was sent."""
        data = frame.data
        while b'"$seq"' in data:
            data = data.replace(b'"$seq"', str(self._fuzzed.next_seq()).encode(), 1)
        with contextlib.suppress(ConnectionClosed):
            await self._wire.socket.send(_travelling(data, frame), text=not frame.binary)
        return data

    async def student_frame(self, frame: Frame) -> None:
        """Send a frame as a student, and wait for what becomes of it.

        Raises:
            AssertionError: Nothing became of it, or something that has no name.
        """
        data = await self.send(frame)
        answer = await self._next({"error", "ack"})
        if answer is None:
            if self.closed == 1000:
                self.accepted.append(data)
            return
        if answer["type"] == "ack" or answer["code"] == LATE:
            self.accepted.append(data)
        if answer["type"] == "error" and "seq" in answer and answer["code"] != UNACKED:
            # The ack that covers what was refused.
            await self._next({"ack"})

    async def dashboard_frame(self, frame: Frame) -> None:
        """Send a frame as a dashboard, then one whose answer shows that the first was read."""
        data = await self.send(frame)
        probe = f"probe {self._fuzzed.next_seq()}"
        with contextlib.suppress(ConnectionClosed):
            await self._wire.send({"type": "watch", "session_id": probe})
        refused = False
        while (answer := await self._next({"error"})) and answer.get("session_id") != probe:
            refused = True
        if not refused and self.closed is None:
            self.accepted.append(data)

    async def raw(self, data: bytes) -> None:
        """Send bytes that are no frame, and give the server a moment to close."""
        self._may_be_lost = True
        self._wire.socket.transport.write(data)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.1):
                await self._next(set())

    async def _next(self, types: set[str]) -> dict[str, Any] | None:
        """The next message of these types; None when the connection is closed instead."""
        while True:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    message: dict[str, Any] = json.loads(await self._wire.socket.recv())
            except ConnectionClosed:
                self._over()
                return None
            except TimeoutError:
                if not types:
                    raise
                raise AssertionError(f"nothing of {types} came") from None
            self._look_at(message)
            if message["type"] in types:
                return message

    def _look_at(self, message: dict[str, Any]) -> None:
        if message["type"] == "bye":
            self._bye = message
        if message["type"] == "error":
            self.errors.append(message["code"])
            assert message["code"] in error_codes() - {"internal"}, message
            assert message["message"].endswith((".", "!")), message

    def _over(self) -> None:
        self.closed = self._wire.socket.close_code
        assert self.closed in CLOSES, f"closed with {self.closed}"
        announced = self.closed >= 4000
        assert announced == (self._bye is not None), f"{self.closed}, {self._bye}"
        assert self._bye is None or self._bye["code"] == self.closed


def _travelling(data: bytes, frame: Frame) -> Any:
    """The data as `websockets` takes it: bytes, or pieces of them."""
    if frame.pieces == 1 or len(data) < frame.pieces:
        return data
    size = -(-len(data) // frame.pieces)
    return [data[at : at + size] for at in range(0, len(data), size)]
