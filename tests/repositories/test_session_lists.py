from __future__ import annotations

import pytest
from msgspec.structs import replace

from monitor.domain.session import RosterEntry, Session, SessionStatus
from monitor.domain.user import Role
from monitor.repositories.database import Database
from monitor.repositories.session_lists import SessionFilter
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import (
    at,
    make_attempt,
    make_class,
    make_session,
    make_user,
    new_id,
)

S = SessionStatus


async def _add(database: Database, *sessions: Session) -> None:
    def work(uow: UnitOfWork) -> None:
        for session in sessions:
            uow.sessions.add(session)

    await database.write(work)


async def test_active_sessions_come_in_the_order_of_their_dates(database: Database) -> None:
    waiting = make_session(status=S.WAITING_FOR_STUDENTS, scheduled_at=at(2), session_version=4)
    running = make_session(status=S.IN_PROGRESS, scheduled_at=at(1))
    undated = make_session(status=S.IN_PROGRESS)
    others = [make_session(status=one) for one in (S.SCHEDULED, S.COMPLETED, S.CANCELLED)]
    await _add(database, undated, waiting, running, *others)

    assert await database.read(lambda uow: uow.sessions.active()) == [running, waiting, undated]
    assert await database.read(lambda uow: uow.sessions.active_versions()) == {
        waiting.id: 4,
        running.id: 0,
        undated.id: 0,
    }


async def test_a_teachers_sessions_that_are_not_completed_are_found(database: Database) -> None:
    teacher = new_id()
    later = make_session(created_by=teacher, scheduled_at=at(9))
    sooner = make_session(created_by=teacher, scheduled_at=at(1), status=S.CANCELLED)
    await _add(
        database,
        later,
        sooner,
        make_session(created_by=teacher, status=S.COMPLETED),
        make_session(),
    )

    found = await database.read(lambda uow: uow.sessions.not_completed_of(teacher))

    assert found == [sooner, later]


async def test_the_sessions_of_a_class_that_are_not_over_are_found(database: Database) -> None:
    class_id = new_id()
    kept = [
        make_session(class_id=class_id, status=one)
        for one in (S.SCHEDULED, S.WAITING_FOR_STUDENTS, S.IN_PROGRESS)
    ]
    over = [make_session(class_id=class_id, status=one) for one in (S.COMPLETED, S.CANCELLED)]
    await _add(database, *kept, *over, make_session())

    found = await database.read(lambda uow: uow.sessions.not_over_of_class(class_id))

    assert {session.id for session in found} == {session.id for session in kept}


async def test_staff_see_what_they_created_teach_or_invigilate(database: Database) -> None:
    teacher = make_user(role=Role.TEACHER)
    school_class = make_class(teacher_id=teacher.id)

    def add(uow: UnitOfWork) -> None:
        uow.users.add(teacher)
        uow.classes.add(school_class)

    await database.write(add)
    created = make_session(created_by=teacher.id, scheduled_at=at(1))
    taught = make_session(class_id=school_class.id, scheduled_at=at(2))
    invigilated = make_session(invigilator_ids=(new_id(), teacher.id), scheduled_at=at(3))
    observed = make_session(observer_ids=(teacher.id,), scheduled_at=at(3.5))
    undated = make_session(created_by=teacher.id, invigilator_ids=(teacher.id,))
    strange = make_session(invigilator_ids=(new_id(),), scheduled_at=at(4))
    await _add(database, created, strange, taught, undated, invigilated, observed)

    mine = await database.read(lambda uow: uow.sessions.for_staff(teacher.id))
    everyones = await database.read(lambda uow: uow.sessions.for_staff(None))

    assert mine == [undated, observed, invigilated, taught, created]
    assert everyones == [undated, strange, observed, invigilated, taught, created]
    assert await database.read(lambda uow: uow.sessions.for_staff(new_id())) == []


async def test_a_list_of_sessions_goes_on_after_the_last_one(database: Database) -> None:
    teacher = new_id()
    dates = [None, None, at(3), at(3), at(2), at(1)]
    sessions = [make_session(created_by=teacher, scheduled_at=date) for date in dates]
    await _add(database, *sessions)
    expected = await database.read(lambda uow: uow.sessions.for_staff(teacher))
    assert [session.scheduled_at for session in expected] == dates

    async def page(after: str | None) -> list[Session]:
        return await database.read(
            lambda uow: uow.sessions.for_staff(teacher, after=after, limit=1)
        )

    seen = await page(None)
    while more := await page(seen[-1].id):
        seen += more

    assert seen == expected


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (SessionFilter(), ["done", "other", "plain"]),
        (SessionFilter(statuses=[S.COMPLETED]), ["done"]),
        (SessionFilter(statuses=[]), []),
        (SessionFilter(not_completed=True), ["other", "plain"]),
        (SessionFilter(class_id="c1"), ["other"]),
        (SessionFilter(test_id="t1"), ["done", "other"]),
        (SessionFilter(test_id="t1", not_completed=True), ["other"]),
    ],
)
async def test_a_list_of_sessions_is_narrowed(
    database: Database, only: SessionFilter, expected: list[str]
) -> None:
    teacher = new_id()
    mine = make_session(created_by=teacher, title="plain")
    await _add(
        database,
        mine,
        replace(mine, id=new_id(), title="done", test_id="t1", status=S.COMPLETED),
        replace(mine, id=new_id(), title="other", test_id="t1", class_id="c1"),
        make_session(test_id="t1", class_id="c1"),
    )

    found = await database.read(lambda uow: uow.sessions.for_staff(teacher, only))

    assert sorted(session.title for session in found) == expected


async def test_a_student_sees_where_there_is_an_attempt_or_an_invitation(
    database: Database,
) -> None:
    student = new_id()
    listed = (RosterEntry(new_id(), "Al"), RosterEntry(student, "Bo"))
    invited = make_session(roster=listed, scheduled_at=at(4))
    running = make_session(roster=listed, status=S.IN_PROGRESS, scheduled_at=at(3))
    missed = make_session(roster=listed, status=S.COMPLETED, scheduled_at=at(2))
    taken = make_session(roster=listed, status=S.COMPLETED, scheduled_at=at(1))
    strange = make_session(roster=listed[:1], scheduled_at=at(5))
    await _add(database, invited, running, missed, taken, strange)

    def attempt(uow: UnitOfWork) -> None:
        uow.attempts.add(make_attempt(session_id=taken.id, student_id=student))
        uow.attempts.add(make_attempt(student_id=student))

    await database.write(attempt)

    async def found(only: SessionFilter | None = None) -> list[Session]:
        return await database.read(lambda uow: uow.sessions.for_student(student, only))

    assert await found() == [invited, running, taken]
    assert await found(SessionFilter(statuses=[S.COMPLETED])) == [taken]
    page = await database.read(
        lambda uow: uow.sessions.for_student(student, after=invited.id, limit=1)
    )
    assert page == [running]
