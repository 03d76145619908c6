"""A room's dashboards are told together: how often, with what bytes, and what one costs another."""

from __future__ import annotations

import json
from typing import Any

from monitor.live.cursor import DashboardCursor
from monitor.sockets.closing import Closing
from monitor.sockets.feeds import Feeds, Watch
from monitor.sockets.frames import Frame
from monitor.sockets.peer import Peer
from tests.live.reading import Reading, reading
from tests.live.virtual_time import in_virtual_time, pass_seconds, settle

PER_SECOND = 20
ROUND_SECONDS = 1 / PER_SECOND


class Dashboard:
    """A follower, and the peer it writes to."""

    def __init__(self) -> None:
        self.peer: Peer = self
        self.full = False
        self.over = False
        self.broken = False
        self.frames: list[Frame] = []
        self.seen_slow = 0
        self.lost: list[str] = []
        self.failed: list[BaseException] = []

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What it was sent after its snapshot."""
        return [json.loads(frame.text) for frame in self.frames[1:]]

    def put_frame(self, frame: Frame) -> None:
        """Take it."""
        if self.broken:
            raise RuntimeError("a bug")
        self.frames.append(frame)

    def put(self, text: bytes) -> None:
        """Take one that is nobody else's."""
        self.frames.append(Frame(text))

    def hold(self) -> None:
        """Nothing comes."""

    def go_on(self) -> None:
        """Nothing comes."""

    def finish(self, closing: Closing) -> None:
        """Be over."""
        self.over = True

    def see_whether_slow(self) -> None:
        """Count it."""
        self.seen_slow += 1

    def lost_sitting(self, session_id: str) -> None:
        """Remember it."""
        self.lost.append(session_id)

    def fail(self, error: BaseException) -> None:
        """Remember it."""
        self.failed.append(error)


async def followed(it: Reading, count: int) -> tuple[Feeds, list[Dashboard], list[Watch]]:
    """So many dashboards that have their snapshot, some time ago."""
    room = await it.open()
    feeds = Feeds(it.rooms, PER_SECOND)
    dashboards = [Dashboard() for _ in range(count)]
    watches = [feeds.follow(room, DashboardCursor(room), one) for one in dashboards]
    await pass_seconds(1)
    return feeds, dashboards, watches


@in_virtual_time
async def test_all_who_stand_at_one_version_are_sent_the_very_same_bytes() -> None:
    async with reading() as it:
        _, dashboards, _ = await followed(it, 50)
        it.commit("join")
        await settle()

        for number in range(2):
            assert len({id(one.frames[number].whole) for one in dashboards}) == 1
        assert {len(one.frames) for one in dashboards} == {2}


@in_virtual_time
async def test_after_a_quiet_moment_two_acts_are_both_told_at_once() -> None:
    async with reading() as it:
        _, (one,), _ = await followed(it, 1)
        for told in (1, 2):
            it.commit("message")
            await settle()
            assert len(one.changes) == told


@in_virtual_time
async def test_while_much_goes_on_it_is_told_together_so_many_times_in_any_second() -> None:
    async with reading() as it:
        _, (one,), _ = await followed(it, 1)
        counts = [0]
        for _ in range(300):
            it.commit("message")
            await pass_seconds(ROUND_SECONDS / 5)
            counts.append(len(one.changes))
        await pass_seconds(2 * ROUND_SECONDS)

        # A second without its end: what is sent just then belongs to the next.
        in_a_second = [after - before for before, after in zip(counts, counts[99:], strict=False)]
        assert max(in_a_second) == PER_SECOND
        assert min(in_a_second) >= PER_SECOND - 4
        versions = [(change["from_version"], change["version"]) for change in one.changes]
        assert versions[-1][1] == it.model.version
        ends = [end for _, end in versions]
        assert [start for start, _ in versions[1:]] == ends[:-1]


@in_virtual_time
async def test_who_is_full_is_passed_over_and_brought_to_the_present_later() -> None:
    async with reading() as it:
        _, (fast, slow), watches = await followed(it, 2)
        slow.full = True
        for _ in range(5):
            it.commit("message")
            await pass_seconds(ROUND_SECONDS * 2)
        assert (len(fast.changes), len(slow.changes)) == (5, 0)
        assert (fast.seen_slow, slow.seen_slow) == (0, 5)

        slow.full = False
        watches[1].feed.due()
        await settle()

        (change,) = slow.changes
        assert change["version"] == fast.changes[-1]["version"] == it.model.version
        assert len(change["messages"]) == 5
        assert len(fast.changes) == 5


@in_virtual_time
async def test_one_s_fault_is_nobody_else_s() -> None:
    async with reading() as it:
        _, (first, broken, last), _ = await followed(it, 3)
        broken.broken = True
        it.commit("join")
        await settle()

        assert [str(error) for error in broken.failed] == ["a bug"]
        assert (len(first.changes), len(last.changes)) == (1, 1)


@in_virtual_time
async def test_who_has_left_or_is_over_is_told_nothing() -> None:
    async with reading() as it:
        feeds, (left, over, stays), watches = await followed(it, 3)
        feeds.leave(watches[0])
        over.over = True
        it.commit("join")
        await settle()
        assert [len(one.changes) for one in (left, over, stays)] == [0, 0, 1]

        it.commit("message")
        for watch in watches[1:]:
            feeds.leave(watch)
        await pass_seconds(ROUND_SECONDS * 2)
        assert len(stays.changes) == 1  # its room's timer went with the last


@in_virtual_time
async def test_a_sitting_that_is_gone_is_told_to_everyone() -> None:
    async with reading() as it:
        room = await it.open()
        _, dashboards, _ = await followed(it, 2)
        room.end()
        await settle()

        assert [one.lost for one in dashboards] == [[room.session_id]] * 2
        assert [one.changes for one in dashboards] == [[], []]


@in_virtual_time
async def test_a_pulse_is_made_once_for_all_who_watch_the_same() -> None:
    async with reading() as it:
        feeds, _, watches = await followed(it, 2)
        pulses = [feeds.pulse([watch], "10:00") for watch in watches]
        later, nothing = feeds.pulse(watches[:1], "10:01"), feeds.pulse([], "10:01")

        assert pulses[0] is pulses[1]
        assert json.loads(later.text)["server_time"] == "10:01"
        assert [len(json.loads(one.text)["sessions"]) for one in (later, nothing)] == [1, 0]
