from __future__ import annotations

import pytest
from msgspec.structs import replace

from monitor.domain.school_class import ClassStatus, SchoolClass
from monitor.domain.user import Role, User
from monitor.errors import InUse, NotFound
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import HARD_TEXT, make_class, make_session, make_user, new_id


@pytest.fixture
async def teacher(database: Database) -> User:
    user = make_user(role=Role.TEACHER)
    await database.write(lambda uow: uow.users.add(user))
    return user


async def _add(database: Database, *classes: SchoolClass) -> None:
    def work(uow: UnitOfWork) -> None:
        for school_class in classes:
            uow.classes.add(school_class)

    await database.write(work)


async def test_a_class_is_read_as_it_was_written(database: Database, teacher: User) -> None:
    school_class = make_class(
        teacher_id=teacher.id, name=HARD_TEXT, student_ids=(new_id(), new_id())
    )

    await _add(database, school_class)

    assert await database.read(lambda uow: uow.classes.get(school_class.id)) == school_class
    assert await database.read(lambda uow: uow.classes.get(new_id())) is None


async def test_a_class_is_changed(database: Database, teacher: User) -> None:
    school_class = make_class(teacher_id=teacher.id)
    await _add(database, school_class)
    changed = replace(school_class, name="8b", student_ids=(new_id(),))

    def work(uow: UnitOfWork) -> None:
        assert uow.classes.get(school_class.id, lock=True) == school_class
        uow.classes.save(changed)

    await database.write(work)

    assert await database.read(lambda uow: uow.classes.get(school_class.id)) == changed


async def test_a_class_that_no_session_is_of_is_removed(database: Database, teacher: User) -> None:
    unused, used = make_class(teacher_id=teacher.id), make_class(teacher_id=teacher.id)
    await _add(database, unused, used)
    await database.write(lambda uow: uow.sessions.add(make_session(class_id=used.id)))

    await database.write(lambda uow: uow.classes.remove(unused.id))
    with pytest.raises(InUse):
        await database.write(lambda uow: uow.classes.remove(used.id))

    assert await database.read(lambda uow: uow.classes.page()) == [used]


async def test_what_is_not_there_cannot_be_changed(database: Database) -> None:
    for work in (
        lambda uow: uow.classes.save(make_class()),
        lambda uow: uow.classes.remove(new_id()),
    ):
        with pytest.raises(NotFound):
            await database.write(work)


async def test_classes_are_listed_by_name_of_a_teacher_and_with_a_status(
    database: Database, teacher: User
) -> None:
    other = make_user(role=Role.TEACHER)
    await database.write(lambda uow: uow.users.add(other))
    a, b, c = (make_class(teacher_id=teacher.id, name=name) for name in ("a", "b", "c"))
    archived = make_class(teacher_id=teacher.id, name="d", status=ClassStatus.ARCHIVED)
    theirs = make_class(teacher_id=other.id, name="e")
    await _add(database, c, a, b, archived, theirs)

    async def page(*arguments: object) -> list[SchoolClass]:
        return await database.read(lambda uow: uow.classes.page(*arguments))  # type: ignore[arg-type]

    assert await page() == [a, b, c, archived, theirs]
    assert await page(teacher.id) == [a, b, c, archived]
    assert await page(teacher.id, ClassStatus.ACTIVE) == [a, b, c]
    assert await page(teacher.id, None, b.id, 1) == [c]


async def test_the_classes_of_a_student_are_found(database: Database, teacher: User) -> None:
    student = new_id()
    one = make_class(teacher_id=teacher.id, name="a", student_ids=(new_id(), student))
    two = make_class(teacher_id=teacher.id, name="b", student_ids=(student,))
    await _add(database, two, one, make_class(teacher_id=teacher.id, student_ids=(new_id(),)))

    assert await database.read(lambda uow: uow.classes.of_student(student)) == [one, two]
