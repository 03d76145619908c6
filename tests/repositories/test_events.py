from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from monitor.domain.event import Event, EventType
from monitor.repositories.database import Database, is_temporary
from tests.repositories.builders import HARD_TEXT, at, make_event, new_id
from tests.repositories.recording import record


async def _add(database: Database, *events: Event) -> None:
    await record(database, lambda uow: uow.events.add_many(events))


async def test_an_event_is_read_as_it_was_written(database: Database) -> None:
    event = make_event(
        new_id(),
        5,
        student_id=new_id(),
        actor_id=new_id(),
        data={"text": HARD_TEXT, "minutes": -5, "list": [1, 2.5, None, True]},
    )

    await _add(database, event)

    assert await database.read(lambda uow: uow.events.of_session(event.session_id)) == [event]
    found = await database.read(lambda uow: uow.events.get_many([event.id, new_id()]))
    assert found == {event.id: event}


@pytest.mark.parametrize(
    "reply",
    [
        {"done": [HARD_TEXT], "refused": []},
        [],
        "12",
        12,
        1.5,
        True,
        False,
        None,
    ],
)
async def test_a_command_that_was_done_is_known_with_its_reply(
    database: Database, reply: object
) -> None:
    event = make_event(new_id(), reply=reply)
    await _add(database, event)

    known = await database.read(lambda uow: uow.events.known([event.id, new_id()]))

    assert known == {event.id: reply}
    assert type(known[event.id]) is type(reply)


async def test_nothing_is_known_of_commands_that_were_not_done(database: Database) -> None:
    assert await database.read(lambda uow: uow.events.known([new_id()])) == {}
    assert await database.read(lambda uow: uow.events.known([])) == {}


async def test_a_command_is_never_recorded_twice(database: Database) -> None:
    event = make_event(new_id())
    await _add(database, event)

    with pytest.raises(IntegrityError) as raised:
        await _add(database, make_event(event.session_id), event)

    assert not is_temporary(raised.value)
    found = await database.read(lambda uow: uow.events.of_session(event.session_id))
    assert found == [event]


@pytest.mark.parametrize("kind", [EventType.LATE_ANSWER, EventType.ANSWER_SUPERSEDED])
async def test_an_answer_that_was_kept_is_kept_once(database: Database, kind: EventType) -> None:
    first = make_event(new_id(), 1, type=kind, student_id=new_id())
    await _add(database, first)
    other = make_event(first.session_id, 2, type=kind)

    await _add(database, replace(first, version=2), other)

    found = await database.read(lambda uow: uow.events.of_session(first.session_id))
    assert found == [first, other]


async def test_the_newest_events_are_read_in_ascending_order(database: Database) -> None:
    session_id = new_id()
    events = [make_event(session_id, version) for version in range(1, 6)]
    await _add(database, *reversed(events), make_event(new_id(), 9))

    newest = await database.read(lambda uow: uow.events.newest(session_id, 1, 3))

    assert newest == events[2:]
    assert await database.read(lambda uow: uow.events.newest(session_id, 4, 3)) == events[4:]


async def test_late_answers_are_found_by_student(database: Database) -> None:
    session_id, al, bo = new_id(), new_id(), new_id()
    of_al = make_event(session_id, 1, type=EventType.LATE_ANSWER, student_id=al)
    of_bo = make_event(session_id, 2, type=EventType.LATE_ANSWER, student_id=bo)
    await _add(database, of_bo, of_al, make_event(session_id, 3, student_id=al))

    assert await database.read(lambda uow: uow.events.late_answers(session_id)) == [of_al, of_bo]
    assert await database.read(lambda uow: uow.events.late_answers(session_id, [bo])) == [of_bo]
    assert await database.read(lambda uow: uow.events.late_answers(session_id, [])) == []


async def test_a_history_goes_on_after_the_last_event_and_is_narrowed(database: Database) -> None:
    session_id, student = new_id(), new_id()
    events = [
        make_event(session_id, 1),
        make_event(session_id, 2, type=EventType.JOINED, student_id=student),
        make_event(session_id, 2, at=at(2.5), student_id=student),
        make_event(session_id, 3),
    ]
    await _add(database, *reversed(events))

    async def page(**filters: object) -> list[Event]:
        return await database.read(
            lambda uow: uow.events.of_session(session_id, **filters)  # type: ignore[arg-type]
        )

    assert await page() == events
    assert await page(limit=2) == events[:2]
    assert await page(limit=2, after=events[1].id) == events[2:]
    assert await page(after_version=2) == events[3:]
    assert await page(types=[EventType.JOINED]) == events[1:2]


async def test_a_students_history_is_their_own_and_what_concerns_them(database: Database) -> None:
    session_id, student, other = new_id(), new_id(), new_id()
    none: dict[str, list[str]] = {"added": [], "removed": []}
    theirs = [
        make_event(session_id, 1, type=EventType.JOINED, student_id=student),
        make_event(session_id, 2, type=EventType.STARTED),
        make_event(session_id, 3, data={"text": "all", "student_ids": None}),
        make_event(session_id, 4, data={"text": "some", "student_ids": [other, student]}),
        make_event(session_id, 5, type=EventType.ROSTER, data=none | {"removed": [student]}),
    ]
    others = [
        make_event(session_id, 6, type=EventType.JOINED, student_id=other),
        make_event(session_id, 7, data={"text": student, "student_ids": [other]}),
        make_event(session_id, 8, data={"student_ids": []}),
        make_event(session_id, 9, type=EventType.ROSTER, data=none | {"added": [other]}),
        make_event(new_id(), 10, student_id=student),
    ]
    await _add(database, *theirs, *others)

    found = await database.read(lambda uow: uow.events.of_session(session_id, student_id=student))
    assert found == theirs
    strange = await database.read(lambda uow: uow.events.of_session(session_id, student_id="%"))
    assert strange == theirs[1:3]
