"""A database in use: opened and closed, and written to as the recorder does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from monitor.clock import Clock
from monitor.config import Settings
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork

T = TypeVar("T")


@asynccontextmanager
async def opened(database_url: str, **settings: Any) -> AsyncIterator[Database]:
    """A started database, closed at the end."""
    database = Database(Settings(database_url=database_url, **settings), Clock())
    try:
        await database.start()
        yield database
    finally:
        await database.close()


async def record(database: Database, work: Callable[[UnitOfWork], T]) -> T:
    """One transaction of the recorder."""
    return await database.run_recorder(partial(database.recorder_transaction, work))
