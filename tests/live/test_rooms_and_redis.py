"""Redis only makes it quicker: whatever happens to it, rooms follow."""

from __future__ import annotations

import time

import pytest
from redis.asyncio import Redis

from monitor.live.room import Room
from tests.live.reading_processes import Process, process
from tests.support import RedisServer, eventually
from tests.support.sittings import Seeded

PROMISED_SECONDS = 3.0


async def commit_and_follow(here: Process, seeded: Seeded, room: Room, student: int) -> float:
    """A join in one process; seconds until the other process's room has it."""
    settled = await here.recorder.run(seeded.join(student, here.clock.now()))
    committed = time.monotonic()
    await eventually(lambda: room.version >= settled.version, timeout=10, interval=0.005)
    return time.monotonic() - committed


async def test_a_room_in_another_process_follows_at_once_through_redis(
    database_url: str, redis_url: str
) -> None:
    async with (
        process(database_url, redis_url) as here,
        process(database_url, redis_url, truth_check_seconds=60) as there,
    ):
        seeded = await here.sitting()
        async with there.rooms.enter(seeded.session_id) as room:
            for student in range(3):
                assert await commit_and_follow(here, seeded, room, student) < 0.5


@pytest.mark.parametrize("fault", ["killed", "paused", "never there"])
async def test_without_redis_rooms_in_other_processes_follow_within_three_seconds(
    database_url: str, own_redis: RedisServer, fault: str
) -> None:
    if fault == "never there":
        own_redis.kill()
    async with (
        process(database_url, own_redis.url) as here,
        process(database_url, own_redis.url) as there,
    ):
        seeded = await here.sitting()
        async with there.rooms.enter(seeded.session_id) as room:
            if fault == "killed":
                own_redis.kill()
            elif fault == "paused":
                own_redis.pause()
            try:
                for student in range(3):
                    seconds = await commit_and_follow(here, seeded, room, student)
                    assert seconds < PROMISED_SECONDS
            finally:
                own_redis.resume()


async def test_a_room_opens_at_once_while_redis_is_away(
    sqlite_url: str, own_redis: RedisServer
) -> None:
    own_redis.kill()
    async with process(sqlite_url, own_redis.url) as it:
        seeded = await it.sitting()
        began = time.monotonic()
        async with it.rooms.enter(seeded.session_id):
            assert time.monotonic() - began < 1


async def test_a_room_in_the_committing_process_follows_at_once_without_redis(
    database_url: str, own_redis: RedisServer
) -> None:
    async with process(database_url, own_redis.url, truth_check_seconds=60) as here:
        seeded = await here.sitting()
        async with here.rooms.enter(seeded.session_id) as room:
            own_redis.kill()
            for student in range(3):
                assert await commit_and_follow(here, seeded, room, student) < 0.5


async def test_a_link_that_was_silently_made_anew_loses_nothing_for_long(
    database_url: str, own_redis: RedisServer
) -> None:
    # No truth check comes to help.
    async with (
        process(database_url, own_redis.url) as here,
        process(database_url, own_redis.url, truth_check_seconds=60) as there,
    ):
        seeded = await here.sitting()
        async with (
            there.rooms.enter(seeded.session_id) as room,
            Redis.from_url(own_redis.url) as admin,
        ):
            for student in range(3):
                await admin.execute_command("CLIENT", "KILL", "TYPE", "pubsub")  # type: ignore[no-untyped-call]
                assert await commit_and_follow(here, seeded, room, student) < PROMISED_SECONDS


async def test_after_redis_was_restarted_rooms_follow_at_once_again(
    database_url: str, own_redis: RedisServer
) -> None:
    async with (
        process(database_url, own_redis.url) as here,
        process(database_url, own_redis.url, truth_check_seconds=60) as there,
    ):
        seeded = await here.sitting()
        async with there.rooms.enter(seeded.session_id) as room:
            own_redis.kill()
            settled = await here.recorder.run(seeded.join(0, here.clock.now()))
            assert room.version < settled.version

            own_redis.start()

            await eventually(lambda: room.version == settled.version, timeout=PROMISED_SECONDS)
            await eventually(lambda: here.broker.healthy and there.broker.healthy)
            assert await commit_and_follow(here, seeded, room, 1) < 0.5
