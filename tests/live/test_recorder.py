"""The recorder: what is settled is committed, in order, once, with one version a commit."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from monitor.domain import decide
from monitor.domain.commands import (
    Extend,
    MarkRead,
    ResumeSession,
    SendMessage,
    SetNote,
    StartSession,
    SyncRoster,
)
from monitor.domain.decide import Outcome
from monitor.domain.session import RosterEntry, SessionStatus
from monitor.errors import InvalidTransition, MonitorError, NotFound, Unavailable
from monitor.live.backlog import Entry, Settled, Waiting
from tests.live.recording import recording
from tests.support import eventually
from tests.support.sittings import Seeded, seed, settings_for

PATIENCE_SECONDS = 10.0


def extend(seeded: Seeded, now: Any, minutes: int = 5, key: str | None = None) -> Extend:
    return Extend(
        id=key or str(uuid4()),
        session_id=seeded.session_id,
        received_at=now,
        actor_id=seeded.teacher_id,
        minutes=minutes,
    )


async def test_whatever_is_settled_can_be_read_at_that_moment(database_url: str) -> None:
    async with recording(settings_for(database_url)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=3)
        joined = await asyncio.gather(
            *(parts.recorder.run(seeded.join(n, now, f"c{n}.0")) for n in range(3))
        )
        assert {settled.version for settled in joined} == {2}, "one commit for all three"
        settled = await parts.recorder.run(seeded.answer(1, now, "c1.0", "because"))
        state = await parts.state(seeded.session_id)
        assert state.version == settled.version == 3
        assert [item.student_id for item in state.changes.participants] == list(seeded.student_ids)
        assert [item.version for item in state.changes.participants] == [2, 2, 2]
        [answered] = [one.item for one in state.changes.attempts if one.item.answered]
        assert (answered.student_id, answered.version) == (seeded.student_ids[1], 3)


async def test_publications_give_what_the_database_gives_at_every_version(
    database_url: str,
) -> None:
    async with recording(settings_for(database_url)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=2)
        for n in range(2):
            await parts.recorder.run(seeded.join(n, now, f"c{n}.0"))
        await parts.recorder.run(seeded.answer(0, now, "c0.0", "because"))
        await parts.recorder.run(extend(seeded, now))
        published = parts.broker.published
        assert [one.version for one in published] == [2, 3, 4, 5]
        state = await parts.state(seeded.session_id)
        participants = {i.student_id: i for p in published for i in p.changes.participants}  # type: ignore[union-attr]
        attempts = {i.item.id: i for p in published for i in p.changes.attempts}  # type: ignore[union-attr]
        assert list(participants.values()) == state.changes.participants
        assert {one.item.id: one for one in state.changes.attempts} == attempts
        assert published[-1].changes is not None
        assert published[-1].changes.session == state.changes.session
        events = [event for p in published for event in p.changes.events]  # type: ignore[union-attr]
        assert events == state.changes.events


async def test_what_changes_nothing_makes_no_version_and_no_publication(database_url: str) -> None:
    async with recording(settings_for(database_url)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=1)
        start = StartSession(
            id=str(uuid4()),
            session_id=seeded.session_id,
            received_at=now,
            actor_id=seeded.teacher_id,
        )
        settled = await parts.recorder.run(start)
        roster = SyncRoster(
            id=str(uuid4()),
            session_id=seeded.session_id,
            received_at=now,
            actor_id=seeded.teacher_id,
            roster=(RosterEntry(seeded.student_ids[0], "Student 00"),),
        )
        await parts.recorder.run(roster)
        assert settled.version == 1
        assert (await parts.state(seeded.session_id)).version == 1
        assert parts.broker.published == []


async def test_a_refused_command_raises_its_error_and_the_others_of_its_batch_commit(
    database_url: str,
) -> None:
    async with recording(
        settings_for(database_url, visible_window_ms=50, commit_rest=1e9)
    ) as parts:
        now = parts.clock.now()
        seeded = await seed(
            parts.database, now, students=2, status=SessionStatus.WAITING_FOR_STUDENTS
        )
        resume = ResumeSession(
            id=str(uuid4()),
            session_id=seeded.session_id,
            received_at=now,
            actor_id=seeded.teacher_id,
        )
        first, refused, second = await asyncio.gather(
            parts.recorder.run(seeded.join(0, now)),
            parts.recorder.run(resume),
            parts.recorder.run(seeded.join(1, now)),
            return_exceptions=True,
        )
        assert isinstance(refused, InvalidTransition)
        assert isinstance(first, Settled)
        assert isinstance(second, Settled)
        assert first.version == second.version == 2


async def test_a_session_that_is_not_there_is_not_found(database_url: str) -> None:
    async with recording(settings_for(database_url, lock_timeout_ms=50)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=1)
        nowhere = Seeded("nowhere", "", "", seeded.teacher_id, seeded.student_ids)
        with pytest.raises(NotFound):
            await parts.recorder.run(nowhere.join(0, now))


async def test_a_repeated_key_gets_the_first_answer_and_changes_nothing(database_url: str) -> None:
    async with recording(settings_for(database_url)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=1)
        key = str(uuid4())
        first = await parts.recorder.run(extend(seeded, now, key=key))
        second, third = await asyncio.gather(
            parts.recorder.run(extend(seeded, now, key=key)),
            parts.recorder.run(extend(seeded, now, key=key)),
        )
        state = await parts.state(seeded.session_id)
        assert state.version == first.version == second.version == third.version
        assert state.changes.session is not None
        assert state.changes.session.extended_seconds == 300
        assert second.outcome.error is None


async def test_a_key_given_twice_in_one_batch_acts_once(database_url: str) -> None:
    async with recording(
        settings_for(database_url, visible_window_ms=50, commit_rest=1e9)
    ) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=1)
        key = str(uuid4())
        await asyncio.gather(*(parts.recorder.run(extend(seeded, now, key=key)) for _ in range(3)))
        state = await parts.state(seeded.session_id)
        assert state.changes.session is not None
        assert state.changes.session.extended_seconds == 300


async def test_a_poison_command_fails_alone(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers: dict[Any, Any] = decide.HANDLERS
    good_note = handlers[SetNote]

    def poisoned(sitting: Any, command: SetNote, rules: Any) -> Outcome:
        if command.note == "poison":
            raise ZeroDivisionError
        outcome: Outcome = good_note(sitting, command, rules)
        return outcome

    monkeypatch.setitem(handlers, SetNote, poisoned)
    async with recording(
        settings_for(database_url, visible_window_ms=50, commit_rest=1e9)
    ) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=3)
        other = await seed(parts.database, now, students=1)
        await parts.recorder.run(seeded.join(0, now, "c0.0"))
        poison = SetNote(
            id=str(uuid4()),
            session_id=seeded.session_id,
            received_at=now,
            actor_id=seeded.teacher_id,
            student_id=seeded.student_ids[0],
            note="poison",
        )
        results = await asyncio.gather(
            parts.recorder.run(seeded.answer(0, now, "c0.0", "one")),
            parts.recorder.run(poison),
            parts.recorder.run(seeded.answer(0, now, "c0.0", 7, "q4")),
            parts.recorder.run(other.join(0, now)),
            return_exceptions=True,
        )
        assert isinstance(results[1], MonitorError)
        assert results[1].code == "internal"
        assert all(isinstance(results[place], Settled) for place in (0, 2, 3))
        state = await parts.state(seeded.session_id)
        assert [one.item.answered for one in state.changes.attempts] == [2]
        assert [
            one.version for one in parts.broker.published if one.session_id == seeded.session_id
        ] == list(range(2, state.version + 1))


async def test_a_commit_that_may_have_passed_unheard_is_remembered_when_its_session_waits_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with recording(settings_for(sqlite_url)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=2)

        async def unheard_then_locked(batch: list[Waiting]) -> list[Waiting]:
            batch[0].repeated = True
            return batch

        monkeypatch.setattr(parts.recorder, "_commit", unheard_then_locked)
        entries = [Entry(seeded.join(student, now), []) for student in range(2)]
        waiting = Waiting(seeded.session_id, 0.0, entries)
        [again] = await parts.recorder._commit_apart(waiting, ZeroDivisionError())
        assert again is waiting
        assert again.repeated
        assert again.entries == entries


async def test_who_fails_when_told_harms_nobody(database_url: str) -> None:
    async with recording(settings_for(database_url)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=2)

        def failing(_settled: Settled) -> None:
            raise RuntimeError("a socket went away")

        parts.recorder.hand(seeded.join(0, now), failing)
        settled = await parts.recorder.run(seeded.join(1, now))
        assert settled.version == 2
        await parts.recorder.run(seeded.beat(1, now + timedelta(seconds=1), "x.0"))


async def test_above_the_process_limit_a_command_is_refused_with_unavailable(
    sqlite_url: str,
) -> None:
    settings = settings_for(
        sqlite_url, visible_window_ms=10_000, commit_rest=1e9, waiting_commands_per_process=2
    )
    async with recording(settings) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=3)
        told: list[Settled] = []
        parts.recorder.hand(seeded.join(0, now), told.append)
        parts.recorder.hand(seeded.join(1, now), told.append)
        with pytest.raises(Unavailable):
            parts.recorder.hand(seeded.join(2, now), told.append)
        assert await parts.recorder.drain(5.0)
        assert len(told) == 2


async def test_who_waits_alone_does_not_wait_for_the_window(sqlite_url: str) -> None:
    async with recording(settings_for(sqlite_url, visible_window_ms=3_600_000)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=2)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await parts.recorder.run(seeded.join(0, now))
            await parts.recorder.run(seeded.join(1, now))


async def test_who_comes_while_the_recorder_rests_is_committed_with_the_others(
    sqlite_url: str,
) -> None:
    settings = settings_for(sqlite_url, visible_window_ms=500, commit_rest=1e9)
    async with recording(settings) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=3)
        await parts.recorder.run(seeded.join(0, now))
        second = asyncio.create_task(parts.recorder.run(seeded.join(1, now)))
        await parts.state(seeded.session_id)  # time enough for a commit
        third = await parts.recorder.run(seeded.join(2, now))
        assert (await second).version == third.version


async def test_a_heartbeat_waits_for_its_window_however_rested_the_recorder_is(
    sqlite_url: str,
) -> None:
    settings = settings_for(
        sqlite_url, visible_window_ms=3_600_000, heartbeat_window_ms=3_600_000, commit_rest=0.0
    )
    async with recording(settings) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=2)
        told: list[Settled] = []
        await parts.recorder.run(seeded.join(0, now, "c.0"))
        parts.recorder.hand(seeded.beat(0, now + timedelta(seconds=1), "c.0"), told.append)
        other = await seed(parts.database, now, students=1)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await parts.recorder.run(other.join(0, now))
        assert told == []


async def test_a_drain_commits_what_waits_without_its_window(database_url: str) -> None:
    settings = settings_for(database_url, visible_window_ms=60_000, commit_rest=1e9)
    async with recording(settings) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=2)
        told: list[Settled] = []
        parts.recorder.hand(seeded.join(0, now), told.append)
        assert await parts.recorder.drain(5.0)
        parts.recorder.hand(seeded.join(1, now), told.append)
        assert await parts.recorder.drain(5.0)
        assert [settled.version for settled in told] == [2, 3]


async def test_the_recorder_comes_back_when_its_task_dies_and_loses_nothing(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with recording(settings_for(sqlite_url)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=2)
        settle = parts.recorder._settle
        died: list[Any] = []

        def dying(written: Any) -> None:
            if not died:
                died.append(written)
                raise RuntimeError("a bug in the loop itself")
            settle(written)

        monkeypatch.setattr(parts.recorder, "_settle", dying)
        settled = await parts.recorder.run(seeded.join(0, now, "c0.0"))
        assert died
        assert settled.outcome.error is None
        state = await parts.state(seeded.session_id)
        assert len(state.changes.participants) == 1
        assert len(state.changes.events) == 1, "what had been committed is not done twice"


async def test_no_lease_may_expire_within_one_lease_of_the_start(sqlite_url: str) -> None:
    async with recording(settings_for(sqlite_url, heartbeat_seconds=2.0)) as parts:
        now = parts.clock.now()
        assert not parts.recorder.leases_may_expire(now)
        assert not parts.recorder.leases_may_expire(now + timedelta(seconds=5.5))
        assert parts.recorder.leases_may_expire(now + timedelta(seconds=6.5))
        parts.recorder.note_outage()
        assert not parts.recorder.leases_may_expire(now + timedelta(seconds=60)), (
            "not before a commit"
        )
        seeded = await seed(parts.database, now, students=1)
        await parts.recorder.run(seeded.join(0, now))
        await eventually(lambda: parts.recorder.leases_may_expire(now + timedelta(seconds=7.5)))


async def test_a_message_is_stored_with_its_receipts_and_not_another_sittings(
    database_url: str,
) -> None:
    async with recording(settings_for(database_url)) as parts:
        now = parts.clock.now()
        here = await seed(parts.database, now, students=1)
        there = await seed(parts.database, now, students=1)
        for seeded in (here, there):
            await parts.recorder.run(seeded.join(0, now, "c.0"))
        message = SendMessage(
            id=str(uuid4()),
            session_id=here.session_id,
            received_at=now,
            actor_id=here.teacher_id,
            text="Ten minutes left.",
        )
        await parts.recorder.run(message)
        read = MarkRead(
            id=str(uuid4()),
            session_id=there.session_id,
            received_at=now,
            student_id=there.student_ids[0],
            connection_id="c.0",
            message_id=message.id,
        )
        with pytest.raises(MonitorError) as refused:
            await parts.recorder.run(read)
        assert refused.value.code == "unknown_message"
        own = MarkRead(
            id=str(uuid4()),
            session_id=here.session_id,
            received_at=now,
            student_id=here.student_ids[0],
            connection_id="c.0",
            message_id=message.id,
        )
        await parts.recorder.run(own)
        [stored] = (await parts.state(here.session_id)).changes.messages
        assert list(stored.read) == [here.student_ids[0]]
