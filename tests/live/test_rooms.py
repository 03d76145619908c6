"""Rooms are opened once for all who come, and kept a moment after the last has left."""

from __future__ import annotations

import asyncio

import pytest

from monitor.errors import NotFound, Unavailable
from monitor.protocol.publication import Publication
from monitor.pubsub.broker import Subscriber
from tests.live.model import random_commits
from tests.live.reading import reading, shown
from tests.live.virtual_time import in_virtual_time, pass_seconds, settle


@in_virtual_time
async def test_all_who_come_at_once_get_the_same_room_from_one_read() -> None:
    async with reading() as it:
        rooms = await asyncio.gather(*(it.open() for _ in range(50)))

        assert len(set(rooms)) == 1
        assert it.source.reads == [("sitting", 0)]
        assert it.broker.subscribed == ["sitting"]


@in_virtual_time
async def test_a_check_at_the_very_moment_an_opening_fails_sees_no_such_room() -> None:
    async with reading() as it:
        del it.source.sessions["sitting"]
        opening = asyncio.create_task(it.rooms.open("sitting"))
        while not opening.done():
            await asyncio.sleep(0)
            await it.rooms.truth_check.check()
        with pytest.raises(NotFound):
            opening.result()


@in_virtual_time
async def test_the_snapshot_is_read_only_after_the_subscription_stands() -> None:
    async with reading() as it:
        subscribe = it.broker.subscribe
        reads_before_confirmation: list[int] = []

        async def slow(
            session_id: str, subscriber: Subscriber, *, timeout_seconds: float = 2.0
        ) -> None:
            await subscribe(session_id, subscriber)
            await asyncio.sleep(1)
            reads_before_confirmation.append(len(it.source.reads))

        it.broker.subscribe = slow  # type: ignore[method-assign]
        await it.open()

        assert reads_before_confirmation == [0]


@in_virtual_time
async def test_what_is_published_while_the_snapshot_is_read_is_applied_to_it() -> None:
    async with reading() as it:
        random_commits(it.model, 2)
        it.source.hold()
        opening = asyncio.create_task(it.open())
        await settle()
        for publication in random_commits(it.model, 3, seed=1):
            it.broker.publish(publication)
        await settle()
        it.source.free()
        room = await opening

        assert room.version == 5
        assert shown(room.view) == it.model.state()
        assert it.source.reads == [("sitting", 0)]


@in_virtual_time
async def test_what_was_lost_while_the_snapshot_was_read_is_loaded_after_it() -> None:
    async with reading(publication_wait_count=2) as it:
        it.source.hold()
        opening = asyncio.create_task(it.open())
        await settle()
        for publication in random_commits(it.model, 5):
            it.broker.publish(publication)
        await settle()
        it.source.free()
        room = await opening
        await settle()

        assert room.version == 5
        assert it.source.reads == [("sitting", 0), ("sitting", 2)]


@in_virtual_time
async def test_a_gap_or_a_bare_version_while_the_snapshot_is_read_is_loaded_after_it() -> None:
    async with reading() as it:
        it.source.hold()
        opening = asyncio.create_task(it.open())
        await settle()
        it.model.commit("join")
        it.broker.publish(Publication(session_id="sitting", version=1))
        await settle()
        it.source.free()
        room = await opening
        await settle()

        assert room.version == 1


@in_virtual_time
async def test_one_who_gives_up_waiting_spoils_it_for_nobody() -> None:
    async with reading() as it:
        it.source.hold()
        impatient, patient = asyncio.create_task(it.open()), asyncio.create_task(it.open())
        await settle()
        impatient.cancel()
        await settle()
        it.source.free()

        assert (await patient).version == 0
        assert impatient.cancelled()
        assert len(it.source.reads) == 1


@in_virtual_time
async def test_a_session_that_does_not_exist_is_not_found_and_leaves_nothing() -> None:
    async with reading() as it:
        with pytest.raises(NotFound):
            await it.rooms.open("nobody's")
        await settle()

        assert len(it.rooms) == 0
        assert it.broker.unsubscribed == ["nobody's"]


@in_virtual_time
async def test_while_the_database_is_away_opening_fails_for_all_and_works_afterwards() -> None:
    async with reading() as it:
        it.source.away = True
        failed = await asyncio.gather(*(it.open() for _ in range(3)), return_exceptions=True)
        assert [type(error) for error in failed] == [Unavailable] * 3

        it.source.away = False
        assert (await it.open()).version == 0


@in_virtual_time
async def test_an_empty_room_lingers_and_then_closes() -> None:
    async with reading(room_linger_seconds=10) as it:
        first, second = await it.open(), await it.open()
        it.rooms.leave(first)
        await pass_seconds(60)
        assert len(it.rooms) == 1

        it.rooms.leave(second)
        await pass_seconds(9.9)
        assert len(it.rooms) == 1
        it.commit("join")
        await settle()
        assert first.version == 1

        await pass_seconds(0.2)
        assert len(it.rooms) == 0
        assert it.broker.unsubscribed == ["sitting"]


@in_virtual_time
async def test_who_comes_back_while_it_lingers_finds_the_room_open() -> None:
    async with reading(room_linger_seconds=10) as it:
        async with it.rooms.enter("sitting") as before:
            pass
        await pass_seconds(9)
        async with it.rooms.enter("sitting") as after:
            assert after is before
            await pass_seconds(60)
            assert len(it.rooms) == 1
        await pass_seconds(11)
        assert len(it.rooms) == 0


@in_virtual_time
async def test_who_comes_after_it_closed_gets_another_room_with_the_present_state() -> None:
    async with reading(room_linger_seconds=10) as it:
        async with it.rooms.enter("sitting") as before:
            pass
        await pass_seconds(11)
        random_commits(it.model, 3)
        async with it.rooms.enter("sitting") as after:
            assert after is not before
            assert after.version == 3


@in_virtual_time
async def test_leaving_a_room_that_closed_does_not_close_its_successor() -> None:
    async with reading(room_linger_seconds=0) as it:
        old = await it.open()
        it.rooms.leave(old)
        await pass_seconds(0.1)
        new = await it.open()

        it.rooms.leave(old)
        await pass_seconds(1)

        assert len(it.rooms) == 1
        it.rooms.leave(new)


@in_virtual_time
async def test_closing_ends_rooms_that_are_just_opening_and_loads_that_never_pass() -> None:
    async with reading() as it:
        room = await it.open()
        it.source.away = True
        room.gap()
        await settle()
        it.source.away = False
        it.source.hold()
        opening = asyncio.create_task(it.rooms.open("another"))
        await settle()

        await it.rooms.close()
        with pytest.raises(asyncio.CancelledError):
            await opening

        assert len(it.rooms) == 0
