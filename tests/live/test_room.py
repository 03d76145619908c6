"""A room follows its session, whatever happens to publications."""

from __future__ import annotations

import asyncio
from functools import partial

from prometheus_client import REGISTRY

from monitor.live.room import Room
from monitor.protocol.publication import Publication
from tests.live.model import Json, random_commits
from tests.live.reading import Reading, reading, shown
from tests.live.virtual_time import in_virtual_time, pass_seconds, settle


def loads(reason: str) -> float:
    return REGISTRY.get_sample_value("monitor_room_loads_total", {"reason": reason}) or 0


def shows_the_truth(it: Reading, room: Room) -> bool:
    expected: Json = it.model.history[room.epoch, room.version]
    return shown(room.view) == expected


@in_virtual_time
async def test_a_publication_reaches_the_view_without_a_read() -> None:
    async with reading() as it:
        room = await it.open()
        it.commit("join")
        await settle()

        assert room.version == 1
        assert shows_the_truth(it, room)
        assert it.source.reads == [("sitting", 0)]


@in_virtual_time
async def test_publications_that_come_in_the_wrong_order_are_applied_in_the_right_one() -> None:
    async with reading() as it:
        room = await it.open()
        for publication in reversed(random_commits(it.model, 5)):
            it.broker.publish(publication)
        await settle()

        assert room.version == 5
        assert shows_the_truth(it, room)
        assert len(it.source.reads) == 1


@in_virtual_time
async def test_one_that_is_ahead_waits_for_its_predecessor_and_no_longer() -> None:
    async with reading(publication_wait_ms=250) as it:
        room = await it.open()
        before = loads("ahead")
        it.model.commit("join")
        it.commit("message")
        await pass_seconds(0.24)
        assert room.version == 0
        assert len(it.source.reads) == 1

        await pass_seconds(0.02)

        assert room.version == 2
        assert shows_the_truth(it, room)
        assert it.source.reads == [("sitting", 0), ("sitting", 0)]
        assert loads("ahead") == before + 1
        await pass_seconds(5)
        assert len(it.source.reads) == 2


@in_virtual_time
async def test_a_predecessor_that_comes_in_time_saves_the_read() -> None:
    async with reading(publication_wait_ms=250) as it:
        room = await it.open()
        late = it.model.commit("join")
        it.commit("message")
        await pass_seconds(0.2)
        it.broker.publish(late)
        await pass_seconds(5)

        assert room.version == 2
        assert len(it.source.reads) == 1


@in_virtual_time
async def test_only_so_many_wait_for_a_predecessor() -> None:
    async with reading(publication_wait_ms=10_000, publication_wait_count=3) as it:
        room = await it.open()
        it.model.commit("join")
        for _ in range(3):
            it.commit("beat")
        await pass_seconds(1)
        assert room.version == 0

        it.commit("beat")
        await settle()

        assert room.version == 5
        assert shows_the_truth(it, room)


@in_virtual_time
async def test_a_bare_version_is_loaded_at_once() -> None:
    async with reading() as it:
        room = await it.open()
        random_commits(it.model, 4)
        it.broker.publish(Publication(session_id="sitting", version=4))
        await settle()

        assert room.version == 4
        assert shows_the_truth(it, room)


@in_virtual_time
async def test_a_bare_version_that_is_known_is_not_loaded() -> None:
    async with reading() as it:
        await it.open()
        it.commit("join")
        it.broker.publish(Publication(session_id="sitting", version=1))
        await settle()

        assert len(it.source.reads) == 1


@in_virtual_time
async def test_a_gap_is_loaded_from_the_version_the_room_has() -> None:
    async with reading() as it:
        room = await it.open()
        it.commit("join")
        await settle()
        random_commits(it.model, 3)
        room.gap()
        await settle()

        assert room.version == 4
        assert it.source.reads == [("sitting", 0), ("sitting", 1)]


@in_virtual_time
async def test_wishes_made_during_a_load_are_met_by_one_more() -> None:
    async with reading() as it:
        room = await it.open()
        it.source.hold()
        room.gap()
        await settle()
        it.model.commit("join")
        for _ in range(10):
            room.gap()
        await settle()
        assert len(it.source.reads) == 2

        it.source.free()
        await settle()

        assert len(it.source.reads) == 3
        assert room.version == 1


@in_virtual_time
async def test_publications_are_applied_while_a_load_is_under_way() -> None:
    async with reading() as it:
        room = await it.open()
        it.source.hold()
        room.gap()
        await settle()
        it.commit("join")
        it.commit("message")
        await settle()
        assert room.version == 2

        it.source.free()
        await settle()

        assert room.version == 2
        assert shows_the_truth(it, room)


@in_virtual_time
async def test_a_load_that_fails_is_tried_again_ever_more_slowly_until_it_passes() -> None:
    async with reading(retry_max_seconds=2) as it:
        room = await it.open()
        it.source.away = True
        it.model.commit("join")
        room.gap()
        await pass_seconds(60)
        tries = len(it.source.reads)
        assert 30 <= tries <= 80
        assert room.version == 0

        it.source.away = False
        await pass_seconds(2)

        assert room.version == 1
        assert len(it.source.reads) == tries + 1


@in_virtual_time
async def test_publications_are_followed_while_the_database_is_away() -> None:
    async with reading() as it:
        room = await it.open()
        it.source.away = True
        room.gap()
        await settle()
        it.commit("join")
        await settle()

        assert room.version == 1


@in_virtual_time
async def test_heartbeats_of_the_last_ten_seconds_are_counted_from_publications_and_loads() -> None:
    async with reading() as it:
        room = await it.open()
        it.commit("beat", "beat")
        it.commit("answer")
        await settle()
        assert room.heartbeats_last_10_s == 2

        await pass_seconds(5)
        it.model.commit("beat", student=1)
        room.gap()
        await settle()
        assert room.heartbeats_last_10_s == 3

        await pass_seconds(6)
        assert room.heartbeats_last_10_s == 1
        await pass_seconds(5)
        assert room.heartbeats_last_10_s == 0


@in_virtual_time
async def test_a_repeated_publication_counts_its_heartbeats_once() -> None:
    async with reading() as it:
        room = await it.open()
        beat = it.commit("beat")
        it.broker.publish(beat)
        await settle()

        assert room.heartbeats_last_10_s == 1


@in_virtual_time
async def test_listeners_are_called_once_a_move_and_no_more_after_unlistening() -> None:
    async with reading() as it:
        room = await it.open()
        versions: list[int] = []

        def moved() -> None:
            versions.append(room.version)

        room.listen(moved)
        first, second, third = random_commits(it.model, 3)
        for publication in (first, third, second):
            it.broker.publish(publication)
        await settle()
        assert versions == [1, 3]

        room.unlisten(moved)
        it.commit("beat")
        await settle()
        assert versions == [1, 3]


@in_virtual_time
async def test_a_listener_that_raises_keeps_nobody_from_being_called() -> None:
    async with reading() as it:
        room = await it.open()
        called = []

        def broken() -> None:
            raise RuntimeError("broken")

        room.listen(broken)
        room.listen(lambda: called.append(1))
        it.commit("join")
        it.commit("beat")
        await settle()

        assert called == [1, 1]
        assert room.version == 2


@in_virtual_time
async def test_only_the_students_whom_a_commit_concerns_are_called() -> None:
    async with reading() as it:
        room = await it.open()
        for student in range(3):
            it.commit("join", student=student)
        await settle()
        called: list[str] = []
        for name in it.model.students:
            room.listen_student(name, partial(called.append, name))

        async def who_is_called_by(*doings: str, student: int = 0) -> list[str]:
            called.clear()
            it.commit(*doings, student=student)
            await settle()
            return sorted(called)

        everyone = sorted(it.model.students)
        assert await who_is_called_by("beat", "answer", "event", student=1) == []
        assert await who_is_called_by("reopen", student=1) == ["student 1"]
        assert await who_is_called_by("takeover", student=2) == ["student 2"]
        assert await who_is_called_by("start") == everyone
        to_all_or_one = [await who_is_called_by("message", student=1) for _ in range(2)]
        assert sorted(to_all_or_one, key=len) == [["student 1"], everyone]
        assert await who_is_called_by("receipt", student=1) == []
        assert await who_is_called_by("roster") == []
        assert await who_is_called_by("beat", "reopen", student=0) == ["student 0"]


@in_virtual_time
async def test_a_load_calls_the_students_whom_it_concerns() -> None:
    async with reading() as it:
        room = await it.open()
        for student in range(3):
            it.commit("join", student=student)
        await settle()
        called: list[str] = []
        for name in it.model.students:
            room.listen_student(name, partial(called.append, name))
        it.model.commit("beat", student=0)
        it.model.commit("reopen", student=1)
        room.gap()
        await settle()

        assert called == ["student 1"]


@in_virtual_time
async def test_waiting_for_a_version_ends_when_its_publication_comes() -> None:
    async with reading() as it:
        room = await it.open()
        assert await room.reached(0)
        it.commit("join")
        assert await room.reached(1)
        assert len(it.source.reads) == 1


@in_virtual_time
async def test_a_version_waited_for_is_loaded_when_its_publication_does_not_come() -> None:
    async with reading(publication_wait_ms=250) as it:
        room = await it.open()
        it.model.commit("join")

        assert await room.reached(1)

        assert it.clock.now().microsecond == 250_000
        assert len(it.source.reads) == 2


@in_virtual_time
async def test_waiting_for_a_version_ends_without_it_when_the_database_is_away() -> None:
    async with reading() as it:
        room = await it.open()
        it.source.away = True
        it.model.commit("join")

        assert not await room.reached(1, timeout_seconds=2)

        assert it.clock.now().second == 2


@in_virtual_time
async def test_the_test_is_read_once_for_all_who_ask_and_again_after_the_start() -> None:
    async with reading() as it:
        room = await it.open()
        assert (await room.test()).id == "test"
        await room.test()
        assert it.source.test_reads == 1

        it.commit("start")
        await settle()
        it.source.hold()
        asked = [asyncio.create_task(room.test()) for _ in range(30)]
        await settle()
        asked.pop().cancel()
        it.source.free()
        for one in asked:
            assert (await one).id == "test"
        assert it.source.test_reads == 2
