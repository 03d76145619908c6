"""The rooms of one process: opened once for all who come, kept a moment after the last has left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from monitor import metrics
from monitor.clock import Clock
from monitor.config import Settings
from monitor.errors import NotFound
from monitor.live.room import Room
from monitor.live.source import DatabaseSource, Source
from monitor.live.truth import TruthCheck
from monitor.pubsub.broker import Broker
from monitor.repositories.database import Database
from monitor.supervised import SupervisedTask

log = structlog.get_logger(__name__)

CONFIRMED_SECONDS = 2.0  # for the broker's confirmation; a gap is told of when it comes later
UNCONFIRMED_SECONDS = 0.1  # while the broker is known to be ill nobody is kept waiting for it


@dataclass(slots=True, eq=False)
class _Entry:
    room: Room
    opening: asyncio.Task[None]
    users: int = 0
    linger: asyncio.TimerHandle | None = None


class Rooms:
    """All rooms of this process; `start` before use and `close` after."""

    def __init__(
        self,
        database: Database | None,
        broker: Broker,
        clock: Clock,
        settings: Settings,
        *,
        source: Source | None = None,
        epoch_changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Read from `database`, or from `source` where that is given instead.

        `epoch_changed` is called when the database was restored: nothing remembered of it holds.
        """
        if source is None:
            if database is None:
                raise ValueError("rooms need a database or a source")
            source = DatabaseSource(database, settings.events_per_change)
        self._source = source
        self._broker = broker
        self._clock = clock
        self._settings = settings
        self._entries: dict[str, _Entry] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self.truth_check = TruthCheck(
            self._open_rooms, source, broker, clock, settings.truth_check_seconds, epoch_changed
        )
        self._task = SupervisedTask("truth-check", self.truth_check.run)

    @property
    def epoch(self) -> str:
        """The database's epoch as last seen; "" before it was seen first."""
        return self.truth_check.epoch

    def __len__(self) -> int:
        return len(self._entries)

    async def start(self) -> None:
        """Start the truth check."""
        self._task.start()

    async def close(self) -> None:
        """Close every room."""
        await self._task.close()
        for entry in list(self._entries.values()):
            self._drop(entry)
        while self._closing:
            await asyncio.gather(*self._closing, return_exceptions=True)

    @asynccontextmanager
    async def enter(self, session_id: str) -> AsyncIterator[Room]:
        """The session's room, kept open inside the block.

        Raises:
            NotFound: There is no such session.
            Unavailable: The database cannot be read.
        """
        room = await self.open(session_id)
        try:
            yield room
        finally:
            self.leave(room)

    async def open(self, session_id: str) -> Room:
        """The session's room; everyone who opens it calls `leave` once.

        Raises:
            NotFound: There is no such session.
            Unavailable: The database cannot be read.
        """
        entry = self._entries.get(session_id)
        if entry is not None and entry.room.gone:
            self._drop(entry)
            entry = None
        if entry is None:
            entry = self._new_entry(session_id)
        entry.users += 1
        if entry.linger is not None:
            entry.linger.cancel()
            entry.linger = None
        try:
            # Shielded: one who gives up does not spoil it for the others who wait.
            await asyncio.shield(entry.opening)
        except BaseException:
            self._left(entry)
            raise
        return entry.room

    def shown(self, session_id: str) -> Room | None:
        """The session's room if it is open here already; it may be a moment behind its row."""
        entry = self._entries.get(session_id)
        if entry is None or not entry.room.is_open or entry.room.gone:
            return None
        return entry.room

    def leave(self, room: Room) -> None:
        """One who opened the room needs it no more; the last one's leaving lets it linger."""
        entry = self._entries.get(room.session_id)
        if entry is not None and entry.room is room:
            self._left(entry)

    def _open_rooms(self) -> list[Room]:
        return [
            entry.room
            for entry in self._entries.values()
            if entry.room.is_open and not entry.room.gone
        ]

    def _new_entry(self, session_id: str) -> _Entry:
        room = Room(session_id, self._source, self._clock, self._settings)
        opening = asyncio.create_task(self._open(room), name="room-open")
        entry = self._entries[session_id] = _Entry(room, opening)
        opening.add_done_callback(lambda _: self._opened(entry))
        metrics.ROOMS_OPEN.set(len(self._entries))
        return entry

    async def _open(self, room: Room) -> None:
        patience = CONFIRMED_SECONDS if self._broker.healthy else UNCONFIRMED_SECONDS
        await self._broker.subscribe(room.session_id, room, timeout_seconds=patience)
        sent_at = self._clock.now()
        state = await self._source.state_since(room.session_id, 0)
        if state is None:
            raise NotFound
        room.begin(state, sent_at)

    def _opened(self, entry: _Entry) -> None:
        if entry.opening.cancelled() or entry.opening.exception() is not None:
            self._drop(entry)

    def _left(self, entry: _Entry) -> None:
        entry.users -= 1
        if entry.users == 0 and self._entries.get(entry.room.session_id) is entry:
            entry.linger = asyncio.get_running_loop().call_later(
                self._settings.room_linger_seconds, self._drop, entry
            )

    def _drop(self, entry: _Entry) -> None:
        """Let go of the room: whoever opens the session from now on gets another."""
        if entry.linger is not None:
            entry.linger.cancel()
        if self._entries.get(entry.room.session_id) is not entry:
            return
        del self._entries[entry.room.session_id]
        metrics.ROOMS_OPEN.set(len(self._entries))
        closing = asyncio.create_task(self._close(entry), name="room-close")
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def _close(self, entry: _Entry) -> None:
        try:
            entry.opening.cancel()
            await asyncio.gather(entry.opening, return_exceptions=True)
            await entry.room.close()
            await self._broker.unsubscribe(entry.room.session_id, entry.room)
        except Exception:
            log.exception("a room did not close well", session_id=entry.room.session_id)
