from __future__ import annotations

import pytest
from msgspec.structs import replace

from monitor.domain.session import SessionStatus
from monitor.domain.test import Test
from monitor.errors import InUse, NotFound
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import at, make_attempt, make_session, make_test, new_id


async def _add(database: Database, *tests: Test) -> None:
    def work(uow: UnitOfWork) -> None:
        for test in tests:
            uow.tests.add(test)

    await database.write(work)


async def test_a_test_is_read_as_it_was_written(database: Database) -> None:
    test = make_test()

    await _add(database, test)

    assert await database.read(lambda uow: uow.tests.get(test.id)) == test
    assert await database.write(lambda uow: uow.tests.get(test.id, for_share=True)) == test
    assert await database.read(lambda uow: uow.tests.get(new_id())) is None


async def test_a_test_that_nobody_has_begun_is_changed(database: Database) -> None:
    test = make_test()
    await _add(database, test)
    await database.write(lambda uow: uow.sessions.add(make_session(test_id=test.id)))
    changed = replace(test, title="Better", questions=test.questions[:1])

    await database.write(lambda uow: uow.tests.save(changed))

    assert await database.read(lambda uow: uow.tests.get(test.id)) == changed
    assert not await database.read(lambda uow: uow.tests.in_use(test.id))


async def test_a_test_that_a_session_has_begun_is_not_changed(database: Database) -> None:
    test = make_test()
    await _add(database, test)
    session = make_session(
        test_id=test.id, status=SessionStatus.COMPLETED, started_at=at(0), completed_at=at(1)
    )
    await database.write(lambda uow: uow.sessions.add(session))

    for work in (
        lambda uow: uow.tests.save(replace(test, title="Other")),
        lambda uow: uow.tests.remove(test.id),
    ):
        with pytest.raises(InUse):
            await database.write(work)

    assert await database.read(lambda uow: uow.tests.get(test.id)) == test
    assert await database.read(lambda uow: uow.tests.in_use(test.id))


async def test_a_test_that_someone_has_an_attempt_at_is_not_changed(database: Database) -> None:
    test = make_test()
    await _add(database, test)
    await database.write(lambda uow: uow.attempts.add(make_attempt(test_id=test.id)))

    with pytest.raises(InUse):
        await database.write(lambda uow: uow.tests.save(replace(test, title="Other")))


async def test_a_planned_test_is_not_removed(database: Database) -> None:
    planned, unused = make_test(), make_test()
    await _add(database, planned, unused)
    await database.write(lambda uow: uow.sessions.add(make_session(test_id=planned.id)))

    await database.write(lambda uow: uow.tests.remove(unused.id))
    with pytest.raises(InUse):
        await database.write(lambda uow: uow.tests.remove(planned.id))

    assert await database.read(lambda uow: uow.tests.page()) == [planned]


async def test_what_is_not_there_cannot_be_changed(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda uow: uow.tests.save(make_test()))
    with pytest.raises(NotFound):
        await database.write(lambda uow: uow.tests.remove(new_id()))


async def test_tests_are_listed_by_title_and_nobodys_are_everybodys(database: Database) -> None:
    teacher = new_id()
    own = make_test(title="b", created_by=teacher)
    nobodys = make_test(title="a", created_by=None)
    theirs = make_test(title="c")
    await _add(database, own, nobodys, theirs)

    assert await database.read(lambda uow: uow.tests.page()) == [nobodys, own, theirs]
    assert await database.read(lambda uow: uow.tests.page(teacher)) == [nobodys, own]
    assert await database.read(lambda uow: uow.tests.page(teacher, nobodys.id, 5)) == [own]
