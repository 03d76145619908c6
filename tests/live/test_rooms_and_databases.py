"""Rooms over real databases: what they show was so, and is what the recorder wrote."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from monitor.domain import commands
from monitor.domain.session import RosterEntry
from monitor.errors import MonitorError
from monitor.live.cursor import DashboardCursor
from monitor.live.room import Room
from monitor.repositories.unit_of_work import UnitOfWork
from tests.live.reading_processes import Process, process
from tests.live.reducer import Reducer
from tests.repositories.builders import (
    make_attempt,
    make_message,
    make_participant,
    make_session,
    new_id,
)
from tests.repositories.recording import record
from tests.support import PostgresServer, eventually
from tests.support.sittings import Seeded

STATES_SEEN = 50  # so often a room is opened at another version


def versions_of(room: Room) -> set[int]:
    """The commit that each part of what the room shows says it is of."""
    view = room.view
    return {
        view.version,
        view.session.extended_seconds,
        *(int(item.last_activity) for item in view.participants.values()),
        *(one.item.answered for one in view.attempts.values()),
        *(int(one.text) for one in view.messages.values()),
    }


async def test_a_room_opened_while_somebody_writes_is_never_a_mixture_of_two_commits(
    database_url: str,
) -> None:
    roster = tuple(RosterEntry(new_id(), f"Student {n}") for n in range(5))
    session = make_session(roster=roster)
    items = [make_participant(student_id=entry.id) for entry in roster]
    attempts = [make_attempt(session_id=session.id, student_id=one.id, total=0) for one in roster]
    message = make_message(session.id)

    def commit(uow: UnitOfWork, version: int) -> None:
        now = {"version": version}
        uow.sessions.rewrite(
            replace(session, extended_seconds=version, session_version=version, **now),
            [replace(item, last_activity=str(version), **now) for item in items],
        )
        uow.attempts.save_many(replace(one, answered=version, **now) for one in attempts)
        uow.messages.save_many([replace(message, text=str(version), **now)])

    async def write(writer: Process) -> None:
        for version in itertools.count(2):
            await record(writer.database, lambda uow, version=version: commit(uow, version))  # type: ignore[misc]

    async with (
        process(database_url) as writer,
        process(database_url, room_linger_seconds=0) as reader,
    ):
        await record(writer.database, lambda uow: uow.sessions.add(session))
        await record(writer.database, lambda uow: commit(uow, 1))
        seen: set[int] = set()
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(write(writer))
            while len(seen) < STATES_SEEN:
                async with reader.rooms.enter(session.id) as room:
                    assert versions_of(room) == {room.version}
                    seen.add(room.version)
                    room.gap()
                    await room.catch_up()
                    assert versions_of(room) == {room.version}
                await eventually(lambda: len(reader.rooms) == 0, interval=0)
            writing.cancel()


async def do_anything(
    it: Process, seeded: Seeded, dice: random.Random, joined: dict[int, str]
) -> None:
    """Hand in one command of any kind; a refusal is as good as anything."""
    now, student = it.clock.now(), dice.randrange(len(seeded.student_ids))
    who = seeded.student_ids[student]
    staff: dict[str, Any] = {
        "id": str(uuid4()),
        "session_id": seeded.session_id,
        "received_at": now,
        "actor_id": seeded.teacher_id,
    }
    some = dice.choice([None, (who,)])
    joined.setdefault(student, f"{uuid4()}.0")
    mine: dict[str, Any] = {
        "id": str(uuid4()),
        "session_id": seeded.session_id,
        "received_at": now,
        "student_id": who,
        "connection_id": joined[student],
    }
    doings: list[commands.Command] = [
        seeded.join(student, now, joined[student]),
        seeded.beat(student, now, joined[student]),
        seeded.answer(student, now, joined[student], dice.choice(["a", "b", None, ""])),
        commands.SetVisibility(**mine, is_visible=dice.random() < 0.5),
        commands.RaiseHand(**mine, text="Help"),
        commands.Submit(**mine, given_at=now),
        commands.Leave(**mine),
        commands.Extend(**staff, minutes=dice.randint(1, 5), student_ids=some),
        commands.PauseSession(**staff),
        commands.ResumeSession(**staff),
        commands.SendMessage(**staff, text="Hello", student_ids=some),
        commands.Reopen(**staff, student_ids=some),
        commands.ForceSubmit(**staff, student_ids=(who,)),
        commands.LowerHands(**staff),
        commands.SetNote(**staff, student_id=who, note=str(dice.random())),
        commands.EditSession(**staff, changes={"title": f"Title {dice.random()}"}),
        commands.AddParticipant(**staff, student=RosterEntry(new_id(), "New", added=True)),
        commands.Sweep(id=str(uuid4()), session_id=seeded.session_id, received_at=now),
    ]
    with contextlib.suppress(MonitorError):
        await it.recorder.run(dice.choice(doings))


@pytest.mark.parametrize("seed_", range(3))
async def test_a_dashboard_that_follows_the_recorder_has_at_the_end_what_a_snapshot_gives(
    database_url: str, redis_url: str, seed_: int
) -> None:
    dice = random.Random(seed_)
    async with (
        process(database_url, redis_url) as here,
        process(database_url, redis_url) as there,
    ):
        seeded = await here.sitting(students=6)
        async with here.rooms.enter(seeded.session_id), there.rooms.enter(seeded.session_id):
            dashboards = []
            for it in (here, there):
                room = await it.rooms.open(seeded.session_id)
                dashboards.append((room, DashboardCursor(room), Reducer()))
            joined: dict[int, str] = {}
            for _ in range(60):
                await asyncio.gather(
                    *(do_anything(dice.choice([here, there]), seeded, dice, joined) for _ in "abc")
                )
                for _, cursor, reducer in dashboards:
                    if message := cursor.next():
                        reducer.take(message)
            expected = await here.snapshot(seeded.session_id)
            assert expected.version is not None
            assert expected.version > 40
            for room, cursor, reducer in dashboards:
                assert await room.reached(expected.version)
                while message := cursor.next():
                    reducer.take(message)
                assert reducer.changes > 10
                assert reducer.state == expected.state


@pytest.mark.parametrize("from_version", [0, 1, 7, 20])
async def test_a_resume_from_any_version_gives_what_a_snapshot_gives(
    database_url: str, from_version: int
) -> None:
    dice = random.Random(7)
    async with process(database_url) as it:
        seeded = await it.sitting(students=4)
        joined: dict[int, str] = {}
        before: Reducer | None = None
        for _ in range(60):
            await do_anything(it, seeded, dice, joined)
            now = await it.snapshot(seeded.session_id)
            if before is None and now.version is not None and now.version >= from_version:
                before = now
        assert before is not None
        async with it.rooms.enter(seeded.session_id) as room:
            cursor = await DashboardCursor.open(room, before.version, before.epoch)
            message = cursor.next()
            assert message is not None
            before.take(message)

        assert before.changes == 1
        assert before.state == (await it.snapshot(seeded.session_id)).state


async def test_a_version_set_back_in_the_database_changes_the_epoch_once_for_all_processes(
    database_url: str,
) -> None:
    async with process(database_url) as one, process(database_url) as two:
        seeded = await one.sitting()
        async with (
            one.rooms.enter(seeded.session_id) as first,
            two.rooms.enter(seeded.session_id) as second,
        ):
            cursor = DashboardCursor(second)
            for student in range(3):
                await one.recorder.run(seeded.join(student, one.clock.now()))
            await eventually(lambda: first.version == second.version == 4)
            cursor.next()
            epoch = first.epoch

            engine = sa.create_engine(database_url)
            with engine.begin() as connection:
                connection.execute(sa.text("UPDATE sessions SET version = 2"))
            engine.dispose()

            await eventually(lambda: first.version == second.version == 2)
            assert first.epoch == second.epoch == one.rooms.epoch == two.rooms.epoch != epoch
            message = cursor.next()
            assert message is not None
            assert message.startswith(b'{"type":"snapshot"')


async def test_while_the_database_is_away_rooms_say_since_when_and_afterwards_follow_again(
    own_postgres: PostgresServer,
) -> None:
    url = own_postgres.create_database()
    async with process(url) as it:
        seeded = await it.sitting()
        async with it.rooms.enter(seeded.session_id) as room:
            await eventually(lambda: it.rooms.epoch)
            own_postgres.kill()
            stands = await eventually(lambda: _stands_still(it, room))
            own_postgres.start()
            await eventually(lambda: room.verified_at is not None and room.verified_at > stands)
            await it.recorder.run(seeded.join(0, it.clock.now()))
            await eventually(lambda: room.version == 2)


def _stands_still(it: Process, room: Room) -> Any:
    """When the room was verified last, if that is too long ago to call it live."""
    assert room.verified_at is not None
    late = (it.clock.now() - room.verified_at).total_seconds()
    return room.verified_at if late > 3 else None
