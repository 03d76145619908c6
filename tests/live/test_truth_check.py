"""The truth check finds what nobody told, and says how fresh the truth is."""

from __future__ import annotations

from datetime import timedelta

from prometheus_client import REGISTRY

from monitor.live.cursor import DashboardCursor
from monitor.live.truth import Standing, Verdict
from monitor.protocol.timestamps import rfc3339
from tests.live.model import random_commits
from tests.live.reading import reading, shown
from tests.live.virtual_time import BEGIN, in_virtual_time, pass_seconds


def found_behind() -> float:
    return REGISTRY.get_sample_value("monitor_room_loads_total", {"reason": "behind"}) or 0


def test_a_room_behind_at_one_check_may_have_a_publication_on_its_way() -> None:
    standing = Standing()
    assert standing.judge(held=4, version=4, row=4) is Verdict.EQUAL
    assert standing.judge(held=4, version=4, row=5) is Verdict.BEHIND
    assert standing.judge(held=5, version=5, row=5) is Verdict.EQUAL
    assert standing.judge(held=5, version=5, row=6) is Verdict.BEHIND
    assert standing.judge(held=5, version=5, row=6) is Verdict.LATE


def test_a_room_that_is_always_a_publication_behind_is_never_late() -> None:
    standing = Standing()
    for row in range(10, 100, 10):
        assert standing.judge(held=row - 1, version=row - 1, row=row) is Verdict.BEHIND


def test_a_room_that_moved_while_the_query_ran_has_not_fallen_and_is_not_behind() -> None:
    standing = Standing()
    assert standing.judge(held=5, version=7, row=6) is Verdict.EQUAL
    assert standing.judge(held=6, version=7, row=6) is Verdict.EQUAL


def test_a_row_below_what_the_room_held_has_fallen() -> None:
    assert Standing().judge(held=5, version=5, row=4) is Verdict.FELL


@in_virtual_time
async def test_a_lost_publication_is_found_within_two_checks_and_counted() -> None:
    async with reading(checks=True) as it:
        room = await it.open()
        await pass_seconds(3.5)
        before = found_behind()
        it.model.commit("join")

        await pass_seconds(1)
        assert room.version == 0
        await pass_seconds(1)

        assert room.version == 1
        assert found_behind() == before + 1


@in_virtual_time
async def test_without_any_publication_a_busy_session_is_followed_two_checks_late() -> None:
    async with reading(checks=True) as it:
        room = await it.open()
        versions = []
        for _ in range(200):
            it.model.commit("beat")
            versions.append(it.model.version)
            await pass_seconds(0.1)
            if len(versions) > 21:
                assert room.version >= versions[-22]


@in_virtual_time
async def test_while_the_broker_is_known_to_deliver_nothing_rooms_load_at_the_first_check() -> None:
    async with reading(checks=True) as it:
        room = await it.open()
        await pass_seconds(3.5)
        it.broker.ill = True
        it.model.commit("join")

        await pass_seconds(1)

        assert room.version == 1


@in_virtual_time
async def test_verified_at_goes_with_the_checks_and_stands_still_without_a_database() -> None:
    async with reading(checks=True) as it:
        room = await it.open()
        assert room.verified_at == BEGIN
        await pass_seconds(10.5)
        assert room.verified_at == BEGIN + timedelta(seconds=10)

        it.source.away = True
        await pass_seconds(10)
        assert room.verified_at == BEGIN + timedelta(seconds=10)
        assert room.pulse().verified_at == rfc3339(BEGIN + timedelta(seconds=10))

        it.source.away = False
        await pass_seconds(1)
        assert room.verified_at == BEGIN + timedelta(seconds=21)


@in_virtual_time
async def test_a_room_that_is_behind_is_not_verified_until_it_has_what_the_row_had() -> None:
    async with reading(checks=True) as it:
        room = await it.open()
        await pass_seconds(3.5)
        late = it.model.commit("join")
        await pass_seconds(1)
        assert room.verified_at == BEGIN + timedelta(seconds=3)

        it.broker.publish(late)
        await pass_seconds(0.1)

        assert room.verified_at == BEGIN + timedelta(seconds=4)


@in_virtual_time
async def test_a_room_in_which_something_always_happens_is_verified_all_the_same() -> None:
    async with reading(checks=True) as it:
        room = await it.open()
        on_their_way = []
        for tick in range(100):
            on_their_way.append(it.model.commit("beat"))
            if len(on_their_way) > 3:  # each arrives 150 ms after its commit
                it.broker.publish(on_their_way.pop(0))
            await pass_seconds(0.05)
            if tick > 30:
                assert room.verified_at is not None
                assert it.clock.now() - room.verified_at < timedelta(seconds=1.3)
        assert room.version < it.model.version


@in_virtual_time
async def test_a_version_that_falls_changes_the_epoch_and_every_room_begins_again() -> None:
    async with reading(checks=True) as it:
        room = await it.open()
        cursor = DashboardCursor(room)
        for publication in random_commits(it.model, 10):
            it.broker.publish(publication)
        await pass_seconds(1)
        cursor.next()
        assert (room.epoch, it.rooms.epoch) == ("epoch 1", "epoch 1")

        it.model.restore(7)
        await pass_seconds(1.5)

        assert (room.epoch, it.rooms.epoch, room.version) == ("epoch 2", "epoch 2", 7)
        assert shown(room.view) == it.model.state()
        message = cursor.next()
        assert message is not None
        assert message.startswith(b'{"type":"snapshot"')
        it.commit("answer")
        await pass_seconds(0.1)
        assert room.version == 8


@in_virtual_time
async def test_who_remembers_something_of_the_database_is_told_of_another_epoch_once() -> None:
    async with reading(checks=True) as it:
        room = await it.open()
        for publication in random_commits(it.model, 10):
            it.broker.publish(publication)
        await pass_seconds(3)
        assert it.epochs_changed == 0

        it.model.restore(7)
        await pass_seconds(3)

        assert room.epoch == "epoch 2"
        assert it.epochs_changed == 1


@in_virtual_time
async def test_an_epoch_that_another_process_changed_begins_again_too() -> None:
    async with reading(checks=True) as it:
        room = await it.open()
        random_commits(it.model, 3)
        it.model.change_epoch("epoch 1")
        await pass_seconds(1.5)

        assert (room.epoch, it.rooms.epoch, room.version) == ("epoch 2", "epoch 2", 3)


@in_virtual_time
async def test_a_fall_that_a_load_meets_first_moves_nothing_back() -> None:
    async with reading() as it:
        room = await it.open()
        for publication in random_commits(it.model, 10):
            it.broker.publish(publication)
        await pass_seconds(0.1)
        verified_at = room.verified_at
        it.model.restore(7)
        room.gap()
        await pass_seconds(0.1)

        assert (room.version, room.verified_at) == (10, verified_at)


@in_virtual_time
async def test_a_room_whose_session_is_deleted_is_gone_and_says_so_once() -> None:
    async with reading(checks=True) as it:
        room = await it.open()
        called: list[bool] = []
        room.listen(lambda: called.append(room.gone))
        del it.source.sessions["sitting"]
        await pass_seconds(3.5)

        assert called == [True]
        assert room.verified_at == BEGIN


@in_virtual_time
async def test_one_query_checks_all_rooms() -> None:
    async with reading(checks=True) as it:
        asked: list[list[str]] = []
        truth = it.source.truth

        async def watched(ids: list[str]) -> object:
            asked.append(ids)
            return await truth(ids)

        it.source.truth = watched  # type: ignore[method-assign,assignment]
        await it.open()
        await pass_seconds(2.5)

        assert asked[-2:] == [["sitting"], ["sitting"]]
