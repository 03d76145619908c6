from __future__ import annotations

import pytest
from msgspec.structs import replace

from monitor.domain.user import Role, User
from monitor.errors import Conflict, InUse, NotFound
from monitor.repositories.database import Database
from monitor.repositories.tables import USERS
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import (
    HARD_TEXT,
    make_attempt,
    make_class,
    make_session,
    make_test,
    make_user,
    new_id,
)


async def _add(database: Database, *users: User) -> None:
    def work(uow: UnitOfWork) -> None:
        for user in users:
            uow.users.add(user)

    await database.write(work)


async def test_a_user_is_read_as_it_was_written(database: Database) -> None:
    user = make_user(email="bo@school.org", name=HARD_TEXT, role=Role.TEACHER, token_epoch=3)

    await _add(database, user)

    assert await database.read(lambda uow: uow.users.get(user.id)) == user
    assert await database.read(lambda uow: uow.users.get(new_id())) is None


async def test_several_users_are_read_at_once(database: Database) -> None:
    one, two = make_user(), make_user()
    await _add(database, one, two)

    found = await database.write(
        lambda uow: uow.users.get_many([one.id, two.id, one.id, new_id()], keep=True)
    )

    assert found == {one.id: one, two.id: two}


async def test_an_email_address_is_found_in_any_case(database: Database) -> None:
    user = make_user(email="Bo.Derek@School.org")
    await database.write(lambda uow: uow.users.add(user, "hash"))

    found = await database.read(lambda uow: uow.users.credentials(" bo.DEREK@school.ORG "))

    assert found == (replace(user, email="bo.derek@school.org"), "hash")
    assert await database.read(lambda uow: uow.users.credentials("bo@school.org")) is None


async def test_an_email_address_that_another_program_wrote_in_capitals_is_found(
    database: Database,
) -> None:
    user = make_user(email="BO@school.org")

    def write(uow: UnitOfWork) -> None:
        uow.users._connection.execute(
            USERS.insert().values(id=user.id, email=user.email, name="Bo", role="STUDENT")
        )

    await database.write(write)

    assert await database.read(lambda uow: uow.users.credentials("bo@school.org")) == (user, None)
    with pytest.raises(Conflict):
        await _add(database, make_user(email="bo@school.org"))


async def test_an_email_address_is_taken_once(database: Database) -> None:
    await _add(database, make_user(email="bo@school.org"))

    with pytest.raises(Conflict):
        await _add(database, make_user(email="BO@school.org"))


async def test_students_need_no_email_address(database: Database) -> None:
    await _add(database, make_user(), make_user())

    assert len(await database.read(lambda uow: uow.users.page())) == 2


async def test_a_changed_user_keeps_password_and_token_epoch(database: Database) -> None:
    user = make_user(email="bo@school.org", token_epoch=2)
    await database.write(lambda uow: uow.users.add(user, "hash"))
    changed = replace(user, name="Bob", email="bob@school.org", role=Role.ADMIN, token_epoch=0)

    await database.write(lambda uow: uow.users.save(changed))

    found = await database.read(lambda uow: uow.users.credentials("bob@school.org"))
    assert found == (replace(changed, token_epoch=2), "hash")


async def test_a_user_keeps_the_own_email_address_but_gets_nobody_elses(
    database: Database,
) -> None:
    user = make_user(email="bo@school.org")
    await _add(database, user, make_user(email="cy@school.org"))

    await database.write(lambda uow: uow.users.save(replace(user, name="Bob")))
    with pytest.raises(Conflict):
        await database.write(lambda uow: uow.users.save(replace(user, email="CY@school.org")))


async def test_a_new_password_voids_earlier_tokens(database: Database) -> None:
    user = make_user(email="bo@school.org")
    await database.write(lambda uow: uow.users.add(user, "old"))

    await database.write(lambda uow: uow.users.set_password(user.id, "new"))

    found = await database.read(lambda uow: uow.users.credentials("bo@school.org"))
    assert found == (replace(user, token_epoch=1), "new")
    assert await database.read(lambda uow: uow.users.password_hash(user.id)) == "new"


async def test_signing_out_everywhere_voids_earlier_tokens(database: Database) -> None:
    user = make_user(token_epoch=4)
    await _add(database, user)

    await database.write(lambda uow: uow.users.raise_token_epoch(user.id))

    found = await database.read(lambda uow: uow.users.get(user.id))
    assert found == replace(user, token_epoch=5)


async def test_what_is_not_there_cannot_be_changed(database: Database) -> None:
    for work in (
        lambda uow: uow.users.save(make_user()),
        lambda uow: uow.users.set_password(new_id(), "hash"),
        lambda uow: uow.users.raise_token_epoch(new_id()),
        lambda uow: uow.users.remove(new_id()),
    ):
        with pytest.raises(NotFound):
            await database.write(work)


async def test_a_list_of_users_goes_on_after_the_last_one(database: Database) -> None:
    users = [make_user(name=name) for name in ("Al", "Bo", "Bo", "Cy", "Di")]
    await _add(database, *users)
    expected = sorted(users, key=lambda user: (user.name, user.id))

    first = await database.read(lambda uow: uow.users.page(limit=2))
    second = await database.read(lambda uow: uow.users.page(first[-1].id, 2))
    third = await database.read(lambda uow: uow.users.page(second[-1].id, 2))

    assert [*first, *second, *third] == expected
    assert await database.read(lambda uow: uow.users.page(third[-1].id, 2)) == []


async def test_users_are_searched_by_role_name_and_email_address(database: Database) -> None:
    teacher = make_user(name="Ann 100%", email="ann@school.org", role=Role.TEACHER)
    student = make_user(name="Annabel")
    await _add(database, teacher, student)

    async def found(**filters: object) -> list[User]:
        return await database.read(lambda uow: uow.users.page(**filters))  # type: ignore[arg-type]

    assert await found(search="aNN") == [teacher, student]
    assert await found(search="aNN", role=Role.STUDENT) == [student]
    assert await found(search="@SCHOOL") == [teacher]
    assert await found(search="0%") == [teacher]
    assert await found(search="%0") == []


async def test_a_user_whom_nothing_refers_to_is_removed(database: Database) -> None:
    user = make_user()
    await _add(database, user)

    await database.write(lambda uow: uow.users.remove(user.id))

    assert await database.read(lambda uow: uow.users.get(user.id)) is None


@pytest.mark.parametrize(
    "refer",
    [
        lambda uow, id_: uow.classes.add(make_class(teacher_id=id_)),
        lambda uow, id_: uow.tests.add(make_test(created_by=id_)),
        lambda uow, id_: uow.sessions.add(make_session(created_by=id_)),
        lambda uow, id_: uow.sessions.add(make_session(invigilator_ids=(new_id(), id_))),
        lambda uow, id_: uow.sessions.add(make_session(observer_ids=(new_id(), id_))),
        lambda uow, id_: uow.attempts.add(make_attempt(student_id=id_)),
    ],
    ids=["class", "test", "session", "invigilator", "observer", "attempt"],
)
async def test_a_user_whom_something_refers_to_stays(database: Database, refer: object) -> None:
    user = make_user(role=Role.TEACHER)
    await _add(database, user)
    await database.write(lambda uow: refer(uow, user.id))  # type: ignore[operator]

    with pytest.raises(InUse):
        await database.write(lambda uow: uow.users.remove(user.id))

    assert await database.read(lambda uow: uow.users.get(user.id)) == user


async def test_a_student_in_a_class_or_on_a_list_stays(database: Database) -> None:
    teacher, student = make_user(role=Role.TEACHER), make_user()
    await _add(database, teacher, student)
    school_class = make_class(teacher_id=teacher.id, student_ids=(new_id(), student.id))
    await database.write(lambda uow: uow.classes.add(school_class))

    with pytest.raises(InUse):
        await database.write(lambda uow: uow.users.remove(student.id))
