from __future__ import annotations

from monitor.repositories.database import Database
from monitor.repositories.tables import EPOCH
from tests.repositories.recording import opened


async def test_the_epoch_stays_over_a_restart(database: Database) -> None:
    epoch = await database.read(lambda uow: uow.epoch.get())

    async with opened(database.url) as again:
        assert await again.read(lambda uow: uow.epoch.get()) == epoch


async def test_another_epoch_begins(database: Database) -> None:
    before = await database.read(lambda uow: uow.epoch.get())

    after = await database.write(lambda uow: uow.epoch.change())

    assert after != before
    assert await database.read(lambda uow: uow.epoch.get()) == after


async def test_several_that_see_a_version_fall_begin_one_other_epoch(database: Database) -> None:
    known = await database.read(lambda uow: uow.epoch.get())

    first = await database.write(lambda uow: uow.epoch.change(known))
    second = await database.write(lambda uow: uow.epoch.change(known))

    assert first == second != known


async def test_an_epoch_that_is_missing_is_made_at_the_start(database: Database) -> None:
    await database.write(lambda uow: uow.epoch._connection.execute(EPOCH.delete()))

    async with opened(database.url) as again:
        assert await again.read(lambda uow: uow.epoch.find()) is not None
