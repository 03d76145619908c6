"""One transaction on the database that the settings name, for a command."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from monitor.cli import preflight
from monitor.clock import Clock
from monitor.errors import Unavailable
from monitor.repositories.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.config import Settings
    from monitor.repositories.unit_of_work import UnitOfWork

T = TypeVar("T")


def in_database(settings: Settings, work: Callable[[UnitOfWork], T], *, write: bool) -> T:
    """What the work returns, done in one transaction.

    Raises:
        CommandFailed: The database is away.
    """

    async def run() -> T:
        database = Database(settings, Clock())
        try:
            await database.start()
            return await (database.write(work) if write else database.read(work))
        except Unavailable as error:
            raise preflight.unreachable(settings.database_url, error) from error
        finally:
            await database.close()

    return asyncio.run(run())
