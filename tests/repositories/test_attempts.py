from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from monitor.domain.attempt import Answer, Attempt, AttemptStatus
from monitor.repositories.attempt_rows import WORK_COLUMNS, same_work
from monitor.repositories.database import Database
from monitor.repositories.tables import ATTEMPTS
from monitor.repositories.unit_of_work import UnitOfWork
from tests.repositories.builders import at, full_attempt, make_attempt, make_session, new_id
from tests.repositories.recording import record


async def _session_id(database: Database) -> str:
    session = make_session()
    await database.write(lambda uow: uow.sessions.add(session))
    return session.id


async def _save(database: Database, *attempts: Attempt) -> None:
    await record(database, lambda uow: uow.attempts.save_many(attempts))


async def test_an_attempt_is_read_as_it_was_written(database: Database) -> None:
    full = full_attempt(session_id=await _session_id(database))
    bare = make_attempt()

    await database.write(lambda uow: uow.attempts.add(full))
    await _save(database, bare)

    assert await database.read(lambda uow: uow.attempts.get(full.id)) == full
    assert await database.write(lambda uow: uow.attempts.lock(full.id)) == full
    assert await database.read(lambda uow: uow.attempts.get(bare.id)) == bare
    assert await database.read(lambda uow: uow.attempts.get(new_id())) is None


async def test_the_builder_fills_every_field() -> None:
    full, bare = full_attempt(), make_attempt()

    same = [
        name for name in Attempt.__struct_fields__ if getattr(full, name) == getattr(bare, name)
    ]

    assert same == ["session_id"]


async def test_answers_and_highlights_are_stored_as_the_design_says(database: Database) -> None:
    attempt = full_attempt()
    await _save(database, attempt)

    row = await database.read(
        lambda uow: uow.attempts._connection.execute(
            select(ATTEMPTS.c.answers, ATTEMPTS.c.highlighted_text)
        ).one()
    )

    assert row.answers["q2"] == {"value": -1.5, "answered_at": "2026-11-22T12:00:02.123Z"}
    assert list(row.highlighted_text[0]) == [
        "id",
        "timestamp",
        "text",
        "passage_id",
        "position_start",
        "position_end",
        "color_code",
        "comment",
    ]


async def test_saving_adds_what_is_new_and_changes_what_is_not(database: Database) -> None:
    session_id = await _session_id(database)
    old, new = make_attempt(session_id=session_id), make_attempt(session_id=session_id)
    await _save(database, old)
    changed = full_attempt(
        id=old.id, test_id=old.test_id, student_id=old.student_id, session_id=session_id
    )

    await _save(database, changed, new)

    found = await database.read(lambda uow: uow.attempts.of_session(session_id))
    assert {attempt.id: attempt for attempt in found} == {old.id: changed, new.id: new}


CHANGES: list[dict[str, Any]] = [
    {"question_id": "q2", "hidden_count": 9, "lost_seconds": 4.5},
    {"status": AttemptStatus.NOT_STARTED, "note": "came without a pen"},
    {"answers": {}, "answered": 0},
    {"status": AttemptStatus.NOT_STARTED, "highlighted_text": (), "lost": ()},
]


@pytest.mark.parametrize("fields", CHANGES)
async def test_a_change_is_stored_whatever_of_the_attempt_it_is(
    database: Database, fields: dict[str, Any]
) -> None:
    before = full_attempt(session_id=await _session_id(database))
    other = full_attempt(session_id=before.session_id)
    await _save(database, before, other)
    now = replace(before, version=before.version + 1, **fields)
    assert all(getattr(now, name) != getattr(before, name) for name in fields)

    await record(database, lambda uow: uow.attempts.change_many([(before, now)]))

    assert await database.read(lambda uow: uow.attempts.get(before.id)) == now
    assert await database.read(lambda uow: uow.attempts.get(other.id)) == other


async def test_what_did_not_change_of_the_work_is_not_written(database: Database) -> None:
    stored = full_attempt(session_id=await _session_id(database))
    await _save(database, stored)
    before = replace(stored, answers={})
    now = replace(before, question_id="q2")

    await record(database, lambda uow: uow.attempts.change_many([(before, now)]))

    found = await database.read(lambda uow: uow.attempts.get(stored.id))
    assert found == replace(stored, question_id="q2")


async def test_many_changes_of_all_kinds_are_stored_together(database: Database) -> None:
    session_id = await _session_id(database)
    before = [full_attempt(session_id=session_id) for _ in CHANGES]
    await _save(database, *before)
    now = [replace(one, **fields) for one, fields in zip(before, CHANGES, strict=True)]

    await record(
        database, lambda uow: uow.attempts.change_many(list(zip(before, now, strict=True)))
    )

    found = await database.read(lambda uow: uow.attempts.of_session(session_id))
    assert sorted(found, key=lambda one: one.id) == sorted(now, key=lambda one: one.id)


async def test_changing_one_that_was_never_stored_is_refused(database: Database) -> None:
    old, new = make_attempt(), make_attempt()
    await _save(database, old)

    with pytest.raises(LookupError):
        await record(
            database,
            lambda uow: uow.attempts.change_many(
                [(one, replace(one, question_id="q2")) for one in (old, new)]
            ),
        )
    assert await database.read(lambda uow: uow.attempts.get(old.id)) == old


async def test_attempts_are_found_by_session_and_student(database: Database) -> None:
    first, second = await _session_id(database), await _session_id(database)
    al, bo = new_id(), new_id()
    wanted = full_attempt(session_id=first, student_id=al)
    also = full_attempt(session_id=second, student_id=bo)
    crossed = make_attempt(session_id=first, student_id=bo)
    await _save(database, wanted, also, crossed)

    found = await database.read(
        lambda uow: uow.attempts.of_students([(first, al), (second, bo), (second, al)])
    )

    assert found == {(first, al): wanted, (second, bo): also}
    assert await database.read(lambda uow: uow.attempts.of_students([])) == {}


async def test_the_attempts_of_a_session_in_progress_are_found(database: Database) -> None:
    session_id = await _session_id(database)
    running = full_attempt(session_id=session_id, status=AttemptStatus.IN_PROGRESS)
    others = [
        make_attempt(session_id=session_id, status=AttemptStatus.SUBMITTED),
        make_attempt(session_id=session_id, status=AttemptStatus.NOT_STARTED),
        make_attempt(),
    ]
    await _save(database, running, *others)

    assert await database.read(lambda uow: uow.attempts.in_progress(session_id)) == [running]


async def test_how_attempts_stand_is_read_without_their_work(database: Database) -> None:
    session_id = await _session_id(database)
    old = full_attempt(session_id=session_id, version=3)
    new = full_attempt(session_id=session_id, version=4)
    await _save(database, old, new)

    def standing(uow: UnitOfWork) -> tuple[list[Attempt], list[Attempt]]:
        every = uow.attempts.standing_of_session(session_id)
        return every, uow.attempts.standing_of_session(session_id, newer_than=3)

    every, newer = await database.read(standing)

    assert {attempt.id for attempt in every} == {old.id, new.id}
    bare = make_attempt()
    emptied = {name: getattr(bare, name) for name in (*WORK_COLUMNS, "lost")}
    assert newer == [replace(new, **emptied)]


async def test_attempts_are_listed_and_narrowed(database: Database) -> None:
    session_id = await _session_id(database)
    al, bo = sorted((new_id(), new_id()))
    one = make_attempt(session_id=session_id, student_id=al, test_id="t1")
    two = make_attempt(session_id=session_id, student_id=bo, status=AttemptStatus.SUBMITTED)
    alone = make_attempt(student_id=bo, test_id="t1")
    await _save(database, two, alone, one)

    async def found(**filters: object) -> set[str]:
        attempts = await database.read(
            lambda uow: uow.attempts.page(**filters)  # type: ignore[arg-type]
        )
        return {attempt.id for attempt in attempts}

    assert await found() == {one.id, two.id, alone.id}
    assert await found(session_id=session_id) == {one.id, two.id}
    assert await found(session_ids=[session_id]) == {one.id, two.id, alone.id}
    assert await found(session_ids=[]) == {alone.id}
    assert await found(student_id=bo) == {two.id, alone.id}
    assert await found(test_id="t1", student_id=bo) == {alone.id}
    assert await found(status=AttemptStatus.SUBMITTED) == {two.id}
    assert await found(session_id=session_id, after=one.id) == {two.id}
    assert await found(limit=1) == {one.id}


def test_the_same_work_is_known_as_such() -> None:
    attempt = full_attempt()
    moved = replace(attempt, question_id="q1", version=99)
    equal = replace(attempt, answers=dict(attempt.answers))
    answered = replace(attempt, answers=attempt.answers | {"q9": Answer(1, at(9))})

    assert same_work(attempt, moved)
    assert same_work(attempt, equal)
    assert not same_work(attempt, answered)
