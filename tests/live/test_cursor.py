"""A dashboard is a cursor: one message takes it from where it is to the present."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from monitor.errors import Unavailable
from monitor.live import frames
from monitor.live.cursor import DashboardCursor
from monitor.live.encodings import Encodings
from monitor.live.view import View
from monitor.protocol.codec import encode
from monitor.protocol.timestamps import rfc3339
from tests.live.model import ModelSession, random_commits
from tests.live.reading import reading
from tests.live.reducer import Reducer
from tests.live.virtual_time import BEGIN, in_virtual_time, pass_seconds, settle


def taken(cursor: DashboardCursor, reducer: Reducer) -> Reducer:
    """The dashboard's memory after one message."""
    message = cursor.next()
    assert message is not None
    reducer.take(message)
    return reducer


@in_virtual_time
async def test_a_watch_without_a_version_is_answered_by_a_snapshot() -> None:
    async with reading() as it:
        random_commits(it.model, 5)
        room = await it.open()
        cursor = DashboardCursor(room)
        pending_before = cursor.pending
        dashboard = taken(cursor, Reducer())

        assert (dashboard.snapshots, dashboard.version, dashboard.epoch) == (1, 5, "epoch 1")
        assert dashboard.state == it.model.state()
        assert (pending_before, cursor.pending) == (True, False)
        assert cursor.next() is None


@in_virtual_time
async def test_what_is_newer_follows_as_changes() -> None:
    async with reading() as it:
        cursor, dashboard = DashboardCursor(await it.open()), Reducer()
        taken(cursor, dashboard)
        for publication in random_commits(it.model, 10):
            it.broker.publish(publication)
            await settle()
            assert cursor.pending
            taken(cursor, dashboard)
            assert dashboard.version == publication.version
            assert dashboard.state == it.model.history["epoch 1", publication.version]

        assert (dashboard.snapshots, dashboard.changes) == (1, 10)


@in_virtual_time
async def test_a_watch_from_the_present_version_is_answered_by_an_empty_change() -> None:
    async with reading() as it:
        random_commits(it.model, 5)
        room = await it.open()
        cursor = await DashboardCursor.open(room, 5, "epoch 1")
        message = cursor.next()
        assert message is not None

        assert json.loads(message) == {
            "type": "change",
            "session_id": "sitting",
            "from_version": 5,
            "version": 5,
            "server_time": "2026-11-22T10:00:00.000Z",
        }
        assert cursor.next() is None


@pytest.mark.parametrize("version", range(6))
@pytest.mark.parametrize("epoch", ["epoch 1", None])
def test_a_watch_from_any_version_is_answered_by_one_change(
    version: int, epoch: str | None
) -> None:
    @in_virtual_time
    async def check() -> None:
        async with reading() as it:
            random_commits(it.model, 5)
            room = await it.open()
            dashboard = Reducer()
            dashboard.has(version, "epoch 1", it.model.history["epoch 1", version])
            taken(await DashboardCursor.open(room, version, epoch), dashboard)

            assert (dashboard.changes, dashboard.version) == (1, 5)
            assert dashboard.state == it.model.state()

    check()


@in_virtual_time
async def test_a_watch_from_another_epoch_is_answered_by_a_snapshot() -> None:
    async with reading() as it:
        random_commits(it.model, 5)
        room = await it.open()
        dashboard = taken(await DashboardCursor.open(room, 3, "an earlier epoch"), Reducer())

        assert dashboard.snapshots == 1


@in_virtual_time
async def test_a_room_behind_the_watch_catches_up_first() -> None:
    async with reading() as it:
        room = await it.open()
        random_commits(it.model, 5)
        dashboard = Reducer()
        dashboard.has(4, "epoch 1", it.model.history["epoch 1", 4])
        taken(await DashboardCursor.open(room, 4, "epoch 1"), dashboard)

        assert (dashboard.changes, dashboard.version) == (1, 5)
        assert dashboard.state == it.model.state()


@in_virtual_time
async def test_a_watch_from_a_version_that_is_nowhere_is_answered_by_a_snapshot() -> None:
    async with reading() as it:
        room = await it.open()
        random_commits(it.model, 5)
        dashboard = taken(await DashboardCursor.open(room, 99, "epoch 1"), Reducer())

        assert (dashboard.snapshots, dashboard.version) == (1, 5)


@in_virtual_time
async def test_a_room_that_cannot_catch_up_says_so_rather_than_go_back() -> None:
    async with reading() as it:
        room = await it.open()
        random_commits(it.model, 5)
        it.source.away = True

        with pytest.raises(Unavailable):
            await DashboardCursor.open(room, 4, "epoch 1")


@in_virtual_time
async def test_a_hundred_dashboards_at_one_cursor_cost_one_encoding() -> None:
    async with reading() as it:
        room = await it.open()
        cursors = [DashboardCursor(room) for _ in range(100)]
        messages = {cursor.next() for cursor in cursors}
        assert len(messages) == 1
        assert room.encodings.made == 1

        for publication in random_commits(it.model, 3):
            it.broker.publish(publication)
        await settle()
        first = cursors[0].next()
        await pass_seconds(0.01)
        messages = {cursor.next() for cursor in cursors[1:]}

        assert messages == {first}
        assert room.encodings.made == 2


@in_virtual_time
async def test_in_a_quiet_room_who_comes_later_is_told_the_time_it_is_then() -> None:
    async with reading() as it:
        room = await it.open()
        for version in (None, 0):
            DashboardCursor(room, version).next()
            await pass_seconds(60)
            message = DashboardCursor(room, version).next()

            assert message is not None
            assert json.loads(message)["server_time"] == rfc3339(it.clock.now())


@in_virtual_time
async def test_dashboards_at_different_cursors_get_each_their_own_change() -> None:
    async with reading() as it:
        room = await it.open()
        fast, slow = DashboardCursor(room), DashboardCursor(room)
        dashboards = [taken(fast, Reducer()), taken(slow, Reducer())]
        it.commit("join")
        await settle()
        taken(fast, dashboards[0])
        it.commit("message")
        await settle()
        taken(fast, dashboards[0])
        taken(slow, dashboards[1])

        assert [one.changes for one in dashboards] == [2, 1]
        assert dashboards[0].state == dashboards[1].state == it.model.state()


def test_only_so_many_encodings_are_kept() -> None:
    model = ModelSession()
    random_commits(model, 10)
    view, encodings = View(model.state_since(0)), Encodings(kept=2)
    for from_version in (1, 2, 3, 3, 1):
        encodings.change(view, from_version, BEGIN)

    assert encodings.made == 4


@in_virtual_time
async def test_a_dashboard_that_stops_reading_holds_bounded_memory_and_jumps_to_the_present() -> (
    None
):
    async with reading() as it:
        room = await it.open()
        cursor, dashboard = DashboardCursor(room), Reducer()
        taken(cursor, dashboard)
        wakes = 0

        def wake() -> None:
            nonlocal wakes
            wakes += 1

        room.listen(wake)
        # The model remembers every state there was; the room alone must not.
        it.model.history.clear()
        remember, it.model._remember = it.model._remember, lambda: None  # type: ignore[method-assign]
        tracemalloc.start()
        try:
            sizes = []
            for _ in range(3):
                for _ in range(2_000):
                    it.commit("beat", "answer", "event", student=it.model.version % 3)
                    del it.model.events[:-200]
                    await settle()
                sizes.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
        assert wakes == 6_000
        assert sizes[2] - sizes[0] < 100_000, sizes

        remember()
        taken(cursor, dashboard)
        assert (dashboard.changes, dashboard.version) == (1, 6_000)
        assert dashboard.state == it.model.state()
        assert len(dashboard.events) == 200
        assert dashboard.events_truncated


@in_virtual_time
async def test_more_events_than_a_change_may_carry_are_said_to_be_truncated() -> None:
    async with reading(events_per_change=4) as it:
        it.model.events_limit = 4
        cursor, dashboard = DashboardCursor(await it.open()), Reducer()
        taken(cursor, dashboard)
        it.commit("events")
        await settle()
        taken(cursor, dashboard)
        assert (len(dashboard.events), dashboard.events_truncated) == (3, False)

        it.commit("events")
        it.commit("events")
        await settle()
        taken(cursor, dashboard)
        assert [event["id"] for event in dashboard.events] == [
            "event 2.2",
            "event 3.0",
            "event 3.1",
            "event 3.2",
        ]
        assert dashboard.events_truncated


@in_virtual_time
async def test_nothing_is_sent_of_a_session_that_is_gone() -> None:
    async with reading() as it:
        room = await it.open()
        cursor = DashboardCursor(room)
        room.end()

        assert not cursor.pending
        assert cursor.next() is None


def test_a_snapshot_depends_on_nothing_but_its_version() -> None:
    followed, model = None, ModelSession(students=5)
    followed = View(model.state_since(0))
    for publication in random_commits(model, 40):
        followed.apply(publication)
    read = View(model.state_since(0))

    assert encode(frames.snapshot(followed, BEGIN)) == encode(frames.snapshot(read, BEGIN))
