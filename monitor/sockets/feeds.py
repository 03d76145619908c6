"""What dashboards are sent of the sittings they watch: made once, put into the buffer of each.

One timer a room, set when its view has moved, walks those who watch it: at once after a quiet
moment, together with what else has moved while much goes on. All who stand at the same version are
sent the same bytes; who takes less than it is sent is passed over, and is taken from where it
stands to the present when it can take more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from monitor.live.cursor import DashboardCursor
from monitor.live.room import Room
from monitor.live.rooms import Rooms
from monitor.protocol.codec import encode
from monitor.protocol.messages import DashboardPulse
from monitor.sockets.frames import Frame
from monitor.sockets.pace import Pace
from monitor.sockets.peer import Peer

Make = Callable[[int | None], Frame]
AT_ONCE = 3  # rounds: two acts in a moment are both told at once, a hundred are told together


class Follower(Protocol):
    """Who watches sittings; called on the event loop, must not raise."""

    peer: Peer

    @property
    def over(self) -> bool:
        """Whether it is told nothing more."""

    def see_whether_slow(self) -> None:
        """Its peer may take less than it is sent."""

    def lost_sitting(self, session_id: str) -> None:
        """A sitting it watches is not there any more."""

    def fail(self, error: BaseException) -> None:
        """Telling it something has failed."""


class Watch:
    """One sitting that someone watches."""

    __slots__ = ("cursor", "feed", "follower", "room")

    def __init__(self, feed: Feed, room: Room, cursor: DashboardCursor, follower: Follower) -> None:
        """Begin at the cursor."""
        self.feed = feed
        self.room = room
        self.cursor = cursor
        self.follower = follower

    def tell(self, make: Make) -> bool:
        """Send what is newer as `make` makes it; whether there was something that could be sent."""
        follower = self.follower
        if follower.over:
            return False
        peer = follower.peer
        told = False
        if not peer.full:
            frame = self.cursor.advance(make)
            if frame is not None:
                peer.put_frame(frame)
                told = True
        if peer.full:
            follower.see_whether_slow()
        return told


class Frames(dict[int | None, Frame]):
    """A room's messages from each version at which someone stands; for one walk only."""

    def __init__(self, room: Room) -> None:
        """Make what is asked for of the room as it is."""
        super().__init__()
        self._room = room

    def __missing__(self, from_version: int | None) -> Frame:
        """Make it."""
        self[from_version] = frame = Frame(self._room.encoded(from_version))
        return frame


class Feed:
    """One room's dashboards, told of it no more often than the pace allows."""

    def __init__(self, room: Room, pace: Pace) -> None:
        """Listen to the room until `close`."""
        self.watches: dict[Watch, None] = {}
        self._room = room
        self._pace = pace
        self._loop = asyncio.get_running_loop()
        self._next_round = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        room.listen(self.due)

    def due(self) -> None:
        """There may be something to send: do that in the next round."""
        if self._timer is None:
            self._timer = self._loop.call_at(self._next_round, self._walk)

    def close(self) -> None:
        """Listen no more."""
        self._room.unlisten(self.due)
        if self._timer is not None:
            self._timer.cancel()

    def _walk(self) -> None:
        self._timer = None
        make = Frames(self._room).__getitem__
        told = False
        for watch in tuple(self.watches):
            try:
                if self._room.gone:
                    watch.follower.lost_sitting(self._room.session_id)
                elif watch.tell(make):
                    told = True
            except Exception as error:  # noqa: BLE001 - one's fault must not be another's
                watch.follower.fail(error)
        if told:
            now = self._loop.time()
            self._next_round = now + self._pace.take(now)


class Feeds:
    """The feeds of one process, each there while someone watches."""

    def __init__(self, rooms: Rooms, per_second: float) -> None:
        """Tell of each room at most `per_second` times in any second, a few of them at once."""
        self._rooms = rooms
        self._burst = max(1, min(AT_ONCE, int(per_second / 4)))
        self._per_second = per_second - self._burst + 1
        self._feeds: dict[Room, Feed] = {}
        self._pulses: dict[tuple[str, ...], Frame] = {}
        self._pulse_time = ""

    def follow(self, room: Room, cursor: DashboardCursor, follower: Follower) -> Watch:
        """Tell the follower everything from the cursor on, the first of it in the next round."""
        feed = self._feeds.get(room)
        if feed is None:
            self._feeds[room] = feed = Feed(room, Pace(self._per_second, self._burst))
        watch = Watch(feed, room, cursor, follower)
        feed.watches[watch] = None
        feed.due()
        return watch

    def leave(self, watch: Watch) -> None:
        """Tell no more."""
        feed = watch.feed
        feed.watches.pop(watch, None)
        if not feed.watches and self._feeds.pop(watch.room, None) is not None:
            feed.close()

    def pulse(self, watches: Iterable[Watch], server_time: str) -> Frame:
        """The pulse about these sittings; all who watch the same at that time share it."""
        if server_time != self._pulse_time:
            self._pulses.clear()
            self._pulse_time = server_time
        rooms = [watch.room for watch in watches]
        key = tuple([room.session_id for room in rooms])
        frame = self._pulses.get(key)
        if frame is None:
            message = DashboardPulse(
                server_time=server_time,
                epoch=self._rooms.epoch,
                sessions=[room.pulse() for room in rooms],
            )
            self._pulses[key] = frame = Frame(encode(message))
        return frame
