from __future__ import annotations

import pytest
from msgspec.structs import replace

from monitor.errors import Conflict
from monitor.repositories.database import Database
from tests.repositories.builders import at, make_link, new_id


async def test_a_link_is_found_by_the_hash_of_its_token_or_its_code(database: Database) -> None:
    link = make_link()
    await database.write(lambda uow: uow.links.add_many([link, make_link()]))

    assert await database.read(lambda uow: uow.links.by_hash(link.token_hash)) == link
    assert await database.read(lambda uow: uow.links.by_hash(link.code_hash)) == link
    assert await database.read(lambda uow: uow.links.by_hash(new_id())) is None
    assert await database.read(lambda uow: uow.links.get(link.id)) == link
    assert await database.read(lambda uow: uow.links.get(new_id())) is None


async def test_a_revoked_link_is_no_longer_the_sessions_but_still_known(
    database: Database,
) -> None:
    kept = make_link()
    revoked = make_link(session_id=kept.session_id)
    await database.write(lambda uow: uow.links.add_many([kept, revoked]))

    assert await database.write(lambda uow: uow.links.revoke([revoked.id, new_id()], at(5))) == 1
    assert await database.write(lambda uow: uow.links.revoke([revoked.id], at(9))) == 0

    assert await database.read(lambda uow: uow.links.of_session(kept.session_id)) == [kept]
    found = await database.read(lambda uow: uow.links.by_hash(revoked.code_hash))
    assert found == replace(revoked, revoked_at=at(5))


@pytest.mark.parametrize("same", ["id", "token_hash", "code_hash"])
async def test_of_links_that_exist_already_none_is_stored(database: Database, same: str) -> None:
    link = make_link()
    await database.write(lambda uow: uow.links.add_many([link]))
    new = make_link(session_id=link.session_id)
    double = make_link(session_id=link.session_id, **{same: getattr(link, same)})

    with pytest.raises(Conflict):
        await database.write(lambda uow: uow.links.add_many([new, double]))

    assert await database.read(lambda uow: uow.links.of_session(link.session_id)) == [link]


async def test_no_links_are_no_statement(database: Database) -> None:
    await database.write(lambda uow: uow.links.add_many([]))
