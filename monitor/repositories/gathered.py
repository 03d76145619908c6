"""What many ask of the database at the same time, read together in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST_AT_ONCE = 200  # keys of one read: a few milliseconds, so that the first are not kept waiting


class Gathered(Generic[K, V]):
    """Reads values by key. While a read is under way those who come wait, and share the next one.

    Whoever asks alone is read for at once; in a storm of thousands a read is for hundreds.
    """

    def __init__(
        self,
        database: Database,
        read_many: Callable[[UnitOfWork, Collection[K]], Mapping[K, V]],
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        """`read_many` gives the values there are; keys it leaves out have none."""
        self._database = database
        self._read_many = read_many
        self._most = most_at_once
        self._waiting: list[tuple[K, asyncio.Future[V | None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: K) -> V | None:
        """The value as the database has it after this call, None where there is none.

        Raises:
            Unavailable: The database cannot be read.
        """
        future: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, future))
        if self._task is None:
            self._task = asyncio.create_task(self._read_all(), name="gathered")
        return await future

    async def _read_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                # Whoever has gone meanwhile needs no answer.
                await self._read([one for one in batch if not one[1].done()])
        finally:
            self._task = None
            for _, future in self._waiting:
                future.cancel()

    async def _read(self, batch: list[tuple[K, asyncio.Future[V | None]]]) -> None:
        if not batch:
            return
        keys = {key for key, _ in batch}
        try:
            found = await self._database.read(lambda uow: self._read_many(uow, keys))
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
        else:
            for key, future in batch:
                if not future.done():
                    future.set_result(found.get(key))
