"""The recorder when the database fails: what waits, waits in order; nothing is lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import sqlalchemy
from sqlalchemy import create_engine, text

from monitor.domain.commands import SendMessage, StartSession
from monitor.domain.session import SessionStatus
from monitor.live.backlog import Settled
from tests.live.recording import recording
from tests.live.test_recorder import extend
from tests.support import PostgresServer, TcpProxy, eventually
from tests.support.sittings import seed, settings_for


@contextmanager
def row_locked(url: str, row_id: str, table: str = "sessions") -> Iterator[sqlalchemy.Connection]:
    """Somebody else holds the row, of a session unless another table is named."""
    engine = create_engine(url)
    with engine.connect() as connection, connection.begin():
        connection.execute(
            text(f"SELECT id FROM {table} WHERE id = :id FOR UPDATE"), {"id": row_id}
        )
        yield connection
    engine.dispose()


async def test_a_locked_row_keeps_only_its_own_session_waiting(postgres_url: str) -> None:
    async with recording(settings_for(postgres_url, lock_timeout_ms=40)) as parts:
        now = parts.clock.now()
        locked = await seed(parts.database, now, students=2)
        free = await seed(parts.database, now, students=8)
        told: list[Settled] = []
        with row_locked(postgres_url, locked.session_id):
            parts.recorder.hand(locked.join(0, now), told.append)
            for student in range(8):
                await parts.recorder.run(free.join(student, now))
            parts.recorder.hand(locked.join(1, now), told.append)
            await parts.recorder.run(free.beat(0, now, "c.0"))
            assert told == []
        await eventually(lambda: len(told) == 2)
        state = await parts.state(locked.session_id)
        assert [item.student_id for item in state.changes.participants] == list(locked.student_ids)


async def test_a_locked_test_keeps_only_the_session_waiting_that_starts(postgres_url: str) -> None:
    settings = settings_for(postgres_url, lock_timeout_ms=40, visible_window_ms=30)
    async with recording(settings) as parts:
        now = parts.clock.now()
        status = SessionStatus.WAITING_FOR_STUDENTS
        waiting = await seed(parts.database, now, students=1, status=status)
        free = await seed(parts.database, now, students=2)
        start = StartSession(
            id=str(uuid4()),
            session_id=waiting.session_id,
            received_at=now,
            actor_id=waiting.teacher_id,
        )
        told: list[Settled] = []
        with row_locked(postgres_url, waiting.test_id, "tests"):
            parts.recorder.hand(start, told.append)
            async with asyncio.timeout(5):
                for student in range(2):  # the first goes into the same batch
                    await parts.recorder.run(free.join(student, now))
            assert told == []
            assert parts.recorder.leases_may_expire(now + timedelta(days=1)), "this is no outage"
        await eventually(lambda: len(told) == 1)
        assert told[0].outcome.error is None


async def test_when_the_server_is_killed_commands_wait_in_order_and_pass_when_it_is_back(
    own_postgres: PostgresServer,
) -> None:
    url = own_postgres.create_database()
    async with recording(settings_for(url)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=5)
        await parts.recorder.run(seeded.join(0, now, "c0.0"))
        own_postgres.kill()
        told: list[Settled] = []
        for place in range(20):
            answer = seeded.answer(0, now, "c0.0", f"answer {place}")
            parts.recorder.hand(answer, told.append)
        assert not await parts.recorder.drain(0.3)
        assert told == []
        assert not parts.recorder.leases_may_expire(now)
        own_postgres.start()
        await eventually(lambda: len(told) == 20, timeout=20)
        attempt = await parts.database.read(
            lambda uow: uow.attempts.of_session(seeded.session_id)[0]
        )
        assert attempt.answers["q3"].value == "answer 19"


async def test_a_hung_database_holds_up_what_waits_and_memory_stays_bounded(
    own_postgres: PostgresServer,
) -> None:
    url = own_postgres.create_database()
    settings = settings_for(url, waiting_commands_per_process=50, heartbeat_seconds=0.5)
    async with recording(settings) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=3)
        for student in range(3):
            await parts.recorder.run(seeded.join(student, now, f"c{student}.0"))
        told: list[Settled] = []
        own_postgres.pause()
        try:
            parts.recorder.hand(seeded.beat(0, now, "c0.0"), told.append)
            # The batch is in flight and hangs; a thousand beats behind it are three commands.
            await eventually(lambda: parts.recorder._backlog.count == 0)
            for _ in range(1_000):
                for student in range(3):
                    parts.recorder.hand(
                        seeded.beat(student, parts.clock.now(), f"c{student}.0"), told.append
                    )
            assert parts.recorder._backlog.count == 3
            assert not await parts.recorder.drain(0.6)
            assert told == []
        finally:
            own_postgres.resume()
        await eventually(lambda: len(told) == 3_001)
        # It hung longer than a third of a lease: leases start anew.
        assert not parts.recorder.leases_may_expire(parts.clock.now())


async def test_a_connection_cut_between_commit_and_its_answer_does_nothing_twice(
    own_postgres: PostgresServer,
) -> None:
    url = own_postgres.create_database()
    async with (
        TcpProxy(own_postgres.host, own_postgres.port) as proxy,
        recording(settings_for(proxy.url_for(url), visible_window_ms=30)) as parts,
    ):
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=2)
        await parts.recorder.run(seeded.join(0, now, "c0.0"))
        before = (await parts.state(seeded.session_id)).version
        message = SendMessage(
            id=str(uuid4()),
            session_id=seeded.session_id,
            received_at=now,
            actor_id=seeded.teacher_id,
            text="Ten minutes left.",
        )
        proxy.cut_answer(after=lambda seen: b"COMMIT" in seen)
        extended, sent, joined, raised = await asyncio.gather(
            parts.recorder.run(extend(seeded, now)),
            parts.recorder.run(message),
            parts.recorder.run(seeded.join(1, now, "c1.0")),
            parts.recorder.run(seeded.answer(0, now, "c0.0", "because")),
        )
        assert proxy.cut_done.is_set()
        state = await parts.state(seeded.session_id)
        assert state.version == before + 1, "the COMMIT had passed; nothing was left to do"
        assert state.changes.session is not None
        assert state.changes.session.extended_seconds == 300
        assert [one.id for one in state.changes.messages] == [message.id]
        assert len(state.changes.participants) == 2
        types = [event.type for event in state.changes.events]
        assert types.count("extended") == types.count("message") == 1
        assert types.count("joined") == 2
        assert joined.outcome.reply.attempt.student_id == seeded.student_ids[1]
        assert extended.version == sent.version == raised.version == state.version


async def test_a_full_disk_holds_commands_up_and_they_pass_when_there_is_room(
    sqlite_url: str,
) -> None:
    async with recording(settings_for(sqlite_url)) as parts:
        now = parts.clock.now()
        seeded = await seed(parts.database, now, students=2)
        await parts.recorder.run(seeded.join(0, now, "c0.0"))

        def limit_pages(pages: int) -> None:
            parts.database.recorder_transaction(
                lambda uow: uow._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            )

        await parts.database.run_recorder(lambda: limit_pages(1))  # no more than it has now
        told: list[Settled] = []
        for place in range(40):
            answer = seeded.answer(0, now, "c0.0", "x" * 15_000 + str(place))
            parts.recorder.hand(answer, told.append)
        assert not await parts.recorder.drain(0.3)
        assert told == []
        await parts.database.run_recorder(lambda: limit_pages(1_000_000))
        await eventually(lambda: len(told) == 40)
        assert all(settled.outcome.error is None for settled in told)
