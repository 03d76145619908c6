"""A WebSocket that comes back by itself: what students and dashboards have in common.

Why a connection ended decides what follows: `bye` and the close code say whether to come back and
when; without either the network is to blame, and the client backs off with full jitter.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from abc import ABC, abstractmethod
from collections import Counter
from typing import TYPE_CHECKING, Self

import msgspec
from msgspec import Struct
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidURI

from monitor.load.backoff import backoff_seconds
from monitor.load.frames import encode
from monitor.protocol.close_codes import CloseCode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from websockets.asyncio.client import ClientConnection

    from monitor.protocol.messages import Bye

# A snapshot of 1,000 students with messages is below 1 MiB.
LARGEST_FRAME_BYTES = 16 * 1024 * 1024
CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 1.0
ENDS_KEPT = 10
NO_CLOSE_CODE = 1006  # the connection was lost without a word
# Of RFC 6455: what was sent is at fault, and sending it again would end the same way.
_OURS = frozenset({1002, 1003, 1007, 1009})


class Ended(Struct, frozen=True):
    """Why a connection ended, and whether and when to come back."""

    code: int
    reason: str
    reconnect: bool
    after_seconds: float | None = None


def why_ended(bye: Bye | None, code: int | None, reason: str | None) -> Ended:
    """What `bye` said, else what the close code says, else that the network is to blame."""
    if bye is not None:
        after = None if bye.after_ms is None else bye.after_ms / 1000
        return Ended(bye.code, bye.reason, bye.reconnect, after)
    code = NO_CLOSE_CODE if code is None else code
    goes = 4500 <= code <= 4999 or code in _OURS
    return Ended(code, reason or "", reconnect=not goes)


class LiveConnection(ABC):
    """One client; `run` it, or use it as an `async with` block, which stops it at its end.

    Args:
        url: The server, such as http://127.0.0.1:8000.
        path: `/ws/student` or `/ws/dashboard`.
        token: Access token.
        new_token: Gives a new one when the old has expired; without it the client ends then.
        dice: Decides when to come back.

    Attributes:
        connections: How often the server has let the client in.
        closes: How often connections ended, by close code.
        errors: How often the server refused something, by error code.
        faults: What the server did that the wire does not allow; always empty.
        ends: How the last connections ended, the latest last.
        ended: Why the client ended for good; None while it goes on.
    """

    def __init__(
        self,
        url: str,
        path: str,
        token: str,
        *,
        new_token: Callable[[], Awaitable[str]] | None = None,
        dice: random.Random | None = None,
    ) -> None:
        self.url = url.rstrip("/").replace("http", "ws", 1) + path
        self.token = token
        self.connections = 0
        self.closes: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()
        self.faults: list[str] = []
        self.ends: list[Ended] = []
        self.ended: Ended | None = None
        self._new_token = new_token
        self._dice = dice or random.Random()
        self._tries = 0
        self._socket: ClientConnection | None = None
        self._bye: Bye | None = None
        self._is_in = False
        self._stopping = False
        self._network = asyncio.Event()  # cleared while it is lost
        self._network.set()
        self._heard_at = 0.0
        self._task: asyncio.Task[None] | None = None
        self._pause = asyncio.Event()
        self._waiters: list[tuple[Callable[[], object], asyncio.Future[None]]] = []

    async def __aenter__(self) -> Self:
        """Start it; it connects by itself."""
        self.start()
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Stop it and wait for its end."""
        await self.stop()

    @property
    def is_connected(self) -> bool:
        """Whether the server has let it in and the connection still stands."""
        return self._is_in

    @property
    def local_port(self) -> int | None:
        """The port its connection comes from, while there is one."""
        if self._socket is None:
            return None
        port: int = self._socket.local_address[1]
        return port

    def start(self) -> None:
        """Run in a task that `stop` awaits."""
        self._task = asyncio.create_task(self.run(), name=type(self).__name__)

    async def stop(self) -> None:
        """Close the connection for good and wait for the end; an error of the client comes out."""
        self._stopping = True
        self._pause.set()
        self._network.set()
        if self._socket is not None:
            await self._socket.close(1001)
        if self._task is not None:
            task, self._task = self._task, None
            await task

    async def run(self) -> None:
        """Stay connected until stopped, or sent away for good."""
        while True:
            ended = await self._live_once()
            self.closes[ended.code] += 1
            self.ends = [*self.ends, ended][-ENDS_KEPT:]
            if self._stopping or not ended.reconnect:
                self.ended = ended
                break
            if ended.code == CloseCode.TOKEN_EXPIRED:
                if self._new_token is None:
                    self.ended = ended
                    break
                self.token = await self._new_token()
            self._tries += 1
            await self._wait(ended)
            await self._network.wait()
        self._wake_waiters()

    async def until(self, check: Callable[[], object], timeout: float = 10.0) -> None:
        """Wait until the check holds; it is looked at after every frame.

        Raises:
            TimeoutError: It did not in time.
        """
        if check():
            return
        waiter = (check, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter[1]
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def cut(self) -> None:
        """Lose the connection without a word; the client comes back by itself."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def lose_network(self, seconds: float) -> None:
        """Send and hear nothing for a while, as under a bad roof, then come back."""
        self._network.clear()
        try:
            if self._socket is not None:
                self._socket.transport.pause_reading()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._pause.wait()
        finally:
            self._network.set()
            self.cut()

    # -- for the two kinds of client

    @abstractmethod
    def _first_message(self) -> msgspec.Struct:
        """What the client says first on each connection."""

    @abstractmethod
    def _frame(self, data: str | bytes) -> None:
        """Take one frame of the server."""

    @abstractmethod
    async def _write(self, socket: ClientConnection) -> None:
        """Send what there is to send, for as long as the connection stands."""

    def _let_in(self) -> None:
        """The server has accepted the first message."""
        self.connections += 1
        self._tries = 0
        self._is_in = True

    # -- one connection

    async def _live_once(self) -> Ended:
        self._bye = None
        try:
            async with connect(
                self.url,
                compression=None,
                user_agent_header="monitor-load",
                proxy=None,
                open_timeout=CONNECT_SECONDS,
                ping_interval=None,
                close_timeout=CLOSE_SECONDS,
                max_size=LARGEST_FRAME_BYTES,
            ) as socket:
                if self._stopping:
                    return Ended(1001, "stopped", reconnect=False)
                self._socket = socket
                # Who is sent away before that finds the reason among what is still to be read.
                with contextlib.suppress(ConnectionClosed):
                    await socket.send(encode(self._first_message()))
                await self._read_and_write(socket)
                return self._why(socket.close_code, socket.close_reason)
        except ConnectionClosed as error:
            close = error.sent if error.rcvd is None else error.rcvd
            return self._why(close.code if close else None, close.reason if close else None)
        except (OSError, TimeoutError, InvalidHandshake, InvalidMessage, EOFError) as error:
            return Ended(NO_CLOSE_CODE, str(error) or type(error).__name__, reconnect=True)
        except InvalidURI as error:
            return Ended(NO_CLOSE_CODE, str(error), reconnect=False)
        finally:
            self._socket = None
            self._is_in = False

    async def _read_and_write(self, socket: ClientConnection) -> None:
        writing = asyncio.create_task(self._write(socket))
        try:
            self._heard_at = asyncio.get_running_loop().time()
            async for data in socket:
                if self._network.is_set():
                    self._heard_at = asyncio.get_running_loop().time()
                    self._take(data)
        finally:
            writing.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionClosed):
                await writing

    def _take(self, data: str | bytes) -> None:
        try:
            self._frame(data)
        except msgspec.DecodeError as error:
            self.faults.append(f"{error}: {data[:200]!r}")
        self._wake_waiters()

    def _why(self, code: int | None, reason: str | None) -> Ended:
        return why_ended(self._bye, code, reason)

    async def _wait(self, ended: Ended) -> None:
        seconds = ended.after_seconds
        if seconds is None:
            seconds = backoff_seconds(self._tries, self._dice)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._pause.wait()

    def _wake_waiters(self) -> None:
        if not self._waiters:
            return
        for waiter in [one for one in self._waiters if one[0]()]:
            self._waiters.remove(waiter)
            if not waiter[1].done():
                waiter[1].set_result(None)
