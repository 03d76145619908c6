"""A TCP proxy that breaks a connection in the ways networks do.

It runs in a thread of its own, so it forwards even while a test blocks its event loop, and every
method may be called from plain and from async code.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit, urlunsplit

from tests.support.tcp_link import Faults, Link

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType
    from typing import Self

T = TypeVar("T")


@dataclass(frozen=True)
class _Target:
    host: str
    port: int


class TcpProxy:
    """Stands in front of host:port on a port of its own, while its `with` block lasts.

    Attributes:
        host: Where it listens, always 127.0.0.1.
        port: The port it listens on, kept through `refuse` and `accept`.
        accepted: How many connections it has ever taken.
        cut_done: Set when `cut_answer` has struck.
    """

    host = "127.0.0.1"

    def __init__(self, host: str, port: int) -> None:
        self._target = _Target(host, port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="tcp-proxy", daemon=True)
        self._server: asyncio.Server | None = None
        self._links: dict[Link, asyncio.Task[None]] = {}
        self._faults = Faults()
        self.port = 0
        self.accepted = 0
        self.cut_done = self._faults.cut_done

    def __enter__(self) -> Self:
        self._thread.start()
        self.accept()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, trace)

    @property
    def connections(self) -> int:
        """How many connections are open now."""
        return len(self._links)

    def url_for(self, url: str) -> str:
        """The same URL, but through the proxy."""
        parts = urlsplit(url)
        user, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{user}{at}{self.host}:{self.port}"))

    def accept(self) -> None:
        """Take new connections (it does from the beginning)."""
        self._call(self._listen())

    def refuse(self) -> None:
        """Reset all connections and refuse new ones, as if nothing listened."""
        self._call(self._refuse())

    def cut(self) -> None:
        """Reset all connections now; new ones are taken."""
        self._call(self._cut())

    def stall(self, *, up: bool = True, down: bool = True) -> None:
        """Hold back what clients send (`up`) and what the server answers (`down`).

        Nothing is lost: `flow` lets it go on. New connections are held back too.
        """
        self._set(lambda: self._faults.stall(up=up, down=down))

    def delay(self, seconds: float) -> None:
        """Let everything wait this long, in each direction."""
        self._set(lambda: self._faults.delay(seconds))

    def drip(self, pieces_of: int, every_seconds: float) -> None:
        """Let everything through in small pieces, one after each pause, in each direction."""
        self._set(lambda: self._faults.drip(pieces_of, every_seconds))

    def half_close(self) -> None:
        """End every open connection for the server, and leave the client waiting on it.

        The server reads an end; what the client sends is lost, and it hears nothing of the end
        until `cut`. New connections are not touched.
        """
        self._set(self._half_close)

    def swallow_answers(
        self, *, after_bytes: int = 0, after: Callable[[bytes], bool] | None = None
    ) -> None:
        """Throw away what the server answers, and keep the connections open.

        Args:
            after_bytes: So much a connection still gets.
            after: Begin only when this is true of what the connection's client has sent since
                this call; it runs in the proxy's thread.
        """
        self._set(lambda: self._faults.swallow(after_bytes, after))

    def cut_answer(self, *, after: Callable[[bytes], bool]) -> None:
        """Once: let the server do what it is asked, and reset the connection instead of answering.

        `cut_done` is set then; the other connections are left alone.

        Args:
            after: Which one it is: true of what a connection's client has sent since this call;
                it runs in the proxy's thread.
        """
        self._set(lambda: self._faults.cut_one_answer(after))

    def flow(self) -> None:
        """Forward everything again: no stall, delay or drip, nothing swallowed or cut."""
        self._set(self._faults.clear)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _call(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    def _set(self, change: Callable[[], None]) -> None:
        async def work() -> None:
            change()

        self._call(work())

    def _half_close(self) -> None:
        for link in self._links:
            link.half_close()

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, self.host, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._cut()

    async def _cut(self) -> None:
        served = list(self._links.values())
        for link in list(self._links):
            link.reset()
        if served:
            # Whoever was told of the cut finds nothing open.
            await asyncio.wait(served)

    async def _close(self) -> None:
        self._faults.clear()
        await self._refuse()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        link = Link(reader, writer, self._faults)
        task = asyncio.current_task()
        assert task is not None
        self._links[link] = task
        try:
            # A reset cancels this task; streams of Python 3.11 print it where a task ends so.
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await link.run(self._target.host, self._target.port)
        finally:
            link.reset()
            del self._links[link]
