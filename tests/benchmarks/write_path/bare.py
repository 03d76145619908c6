"""Heartbeats written by bare SQL, without any rules: the cost of a way of storing alone.

A store knows the statements of its database; the writers here know when they are run. All are given
what suits them: raw drivers, prepared statements, one writer on SQLite, ten on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Protocol

from tests.benchmarks.write_path.postgres_store import PostgresStore
from tests.benchmarks.write_path.shape import Account, Kept, OnAcked, Shape, Writer
from tests.benchmarks.write_path.sqlite_store import SqliteStore

WRITERS = 10
Beat = tuple[int, datetime]


class Store(Protocol):
    """Statements of one connection; each call is one transaction, committed when it returns."""

    def one_row(self, beat: Beat) -> None:
        """Update the row of a participant."""

    def rows(self, beats: Sequence[Beat]) -> None:
        """Update the rows of participants in one transaction."""

    def arrays(self, beats: Sequence[Beat]) -> None:
        """Rewrite the participants of each session once, from what this writer remembers."""

    def read_modify_write(self, beat: Beat) -> None:
        """Read the participants of a session, change one, write all back."""

    def kept(self) -> Kept:
        """What the database holds; called once, when nothing is written any more."""

    def close(self) -> None:
        """Close the connection."""


class _Pool:
    """Threads that each take what waits and keep it in a store of their own."""

    def __init__(
        self,
        stores: Sequence[Store],
        write: Callable[[Store, list[Beat]], None],
        *,
        at_once: int,
        window: float,
        acked: OnAcked,
        account: Account,
    ) -> None:
        self._waiting: queue.SimpleQueue[Beat | None] = queue.SimpleQueue()
        self._write = write
        self._at_once = at_once
        self._window = window
        self._acked = acked
        self._account = account
        self._lock = threading.Lock()
        self._loop = asyncio.get_running_loop()
        self._threads = [threading.Thread(target=self._work, args=(store,)) for store in stores]
        for thread in self._threads:
            thread.start()

    def hand(self, student: int, at: datetime) -> None:
        """Let it be written by whichever thread is free."""
        self._waiting.put((student, at))

    async def close(self) -> None:
        """Write what waits and end."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    def _work(self, store: Store) -> None:
        going = True
        while going:
            first = self._waiting.get()
            if first is None:
                return
            if self._window:
                time.sleep(self._window)
            beats = [first]
            while len(beats) < self._at_once and going:
                try:
                    beat = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if beat is None:
                    going = False
                else:
                    beats.append(beat)
            start = time.perf_counter()
            self._write(store, beats)
            with self._lock:
                self._account.commits += 1
                self._account.busy_seconds += time.perf_counter() - start
            self._loop.call_soon_threadsafe(self._tell, beats)

    def _tell(self, beats: list[Beat]) -> None:
        for student, _ in beats:
            self._acked(student)


Opening = Callable[
    [str, Shape, OnAcked, float], AbstractAsyncContextManager[tuple[Writer, Account]]
]


def _way(
    write: Callable[[Store, list[Beat]], None],
    *,
    writers: Callable[[str], int],
    at_once: int = 1,
    waits: bool = False,
) -> Opening:
    @asynccontextmanager
    async def opened(
        url: str, shape: Shape, acked: OnAcked, window: float
    ) -> AsyncIterator[tuple[Writer, Account]]:
        kind: type[SqliteStore | PostgresStore] = (
            SqliteStore if url.startswith("sqlite") else PostgresStore
        )
        kind.prepare(url, shape)
        stores: list[Store] = [kind(url, shape) for _ in range(writers(url))]
        account = Account()
        pool = _Pool(
            stores,
            write,
            at_once=at_once,
            window=window if waits else 0.0,
            acked=acked,
            account=account,
        )
        try:
            yield pool, account
        finally:
            await pool.close()
            account.kept = stores[0].kept()
            for store in stores:
                store.close()

    return opened


def _ten(_url: str) -> int:
    return WRITERS


def _one(_url: str) -> int:
    return 1


def _ten_where_they_help(url: str) -> int:
    # SQLite has one writer at a time; more would only wait for each other.
    return 1 if url.startswith("sqlite") else WRITERS


row_each = _way(lambda store, beats: store.one_row(beats[0]), writers=_ten_where_they_help)
rows_together = _way(
    lambda store, beats: store.rows(beats), writers=_one, at_once=1_000_000, waits=True
)
arrays = _way(lambda store, beats: store.arrays(beats), writers=_one, at_once=1_000_000, waits=True)
naive = _way(lambda store, beats: store.read_modify_write(beats[0]), writers=_ten)
