"""What rooms read from the database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from monitor.domain.test import Test
from monitor.protocol.publication import StateSince
from monitor.repositories.database import Database

READS_AT_ONCE = 4  # after a gap every room reads; others need the reader connections too


@dataclass(frozen=True, slots=True)
class Truth:
    """The database's epoch and, for the sessions asked for that exist, their versions."""

    epoch: str
    versions: dict[str, int]


class Source(Protocol):
    """Where truth is; each call is one transaction and raises Unavailable if it may pass later."""

    async def state_since(self, session_id: str, version: int) -> StateSince | None:
        """What is newer than `version` (0: everything); None if there is no such session."""

    async def truth(self, session_ids: Iterable[str]) -> Truth:
        """The versions the sessions have now."""

    async def test(self, test_id: str) -> Test | None:
        """A test whole."""

    async def change_epoch(self, known: str) -> str:
        """Change the epoch if it is still `known`; returns the one that holds then."""


class DatabaseSource:
    """The `Source` that reads the database, a few transactions at a time."""

    def __init__(self, database: Database, events_limit: int) -> None:
        """Read from there, with each state at most so many of the newest events."""
        self._database = database
        self._events_limit = events_limit
        self._reads = asyncio.Semaphore(READS_AT_ONCE)

    async def state_since(self, session_id: str, version: int) -> StateSince | None:
        """What is newer than `version`."""
        async with self._reads:
            return await self._database.read(
                lambda uow: uow.sessions.state_since(
                    session_id, version, events_limit=self._events_limit
                )
            )

    async def truth(self, session_ids: Iterable[str]) -> Truth:
        """The versions the sessions have now; never waits for the other reads of rooms."""
        ids = list(session_ids)
        return await self._database.read(
            lambda uow: Truth(epoch=uow.epoch.find() or "", versions=uow.sessions.versions(ids))
        )

    async def test(self, test_id: str) -> Test | None:
        """A test whole."""
        async with self._reads:
            return await self._database.read(lambda uow: uow.tests.get(test_id))

    async def change_epoch(self, known: str) -> str:
        """Change the epoch if it is still `known`."""
        return await self._database.write(lambda uow: uow.epoch.change(known))
