"""The truth check: once a second, in all conditions, every room is held against its row.

One query reads the versions of all rooms' sessions. A room that is found behind and has not caught
up by the next check has missed something and loads it; while the broker is known to deliver nothing
it loads at once. A room found ahead of its row means that the database fell back, as after a
restore: then the epoch changes and everyone begins again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from enum import Enum, auto

import structlog

from monitor import metrics
from monitor.clock import Clock
from monitor.errors import Unavailable
from monitor.live.room import Room
from monitor.live.source import Source, Truth
from monitor.pubsub.broker import Broker

log = structlog.get_logger(__name__)


class Verdict(Enum):
    """How a room stands to its row."""

    EQUAL = auto()
    BEHIND = auto()  # a publication may be on its way
    LATE = auto()  # it was behind this already a check ago
    FELL = auto()  # the row's version is lower than one that was committed


class Standing:
    """What the last check found of one room. Pure."""

    def __init__(self) -> None:
        self._behind: int | None = None

    def judge(self, *, held: int, version: int, row: int) -> Verdict:
        """Compare a room with its row.

        Args:
            held: The room's version when the query was sent.
            version: The room's version now.
            row: The version the query found.
        """
        if row < held:
            return Verdict.FELL
        if version >= row:
            self._behind = None
            return Verdict.EQUAL
        late = self._behind is not None and version < self._behind
        self._behind = row
        return Verdict.LATE if late else Verdict.BEHIND


class TruthCheck:
    """Checks the rooms of one process; `epoch` is the last one seen, "" before the first."""

    def __init__(
        self,
        rooms: Callable[[], Collection[Room]],
        source: Source,
        broker: Broker,
        clock: Clock,
        every_seconds: float,
        epoch_changed: Callable[[], None],
    ) -> None:
        """Check what `rooms()` gives; call `epoch_changed` when the epoch is not the last one."""
        self.epoch = ""
        self._epoch_changed = epoch_changed
        self._rooms = rooms
        self._source = source
        self._broker = broker
        self._clock = clock
        self._every_seconds = every_seconds
        self._standings: dict[Room, Standing] = {}
        self._blind = False

    async def run(self) -> None:
        """Check for ever."""
        while True:
            try:
                await self.check()
            except Unavailable as error:
                metrics.TRUTH_CHECKS.labels("unavailable").inc()
                if not self._blind:
                    log.warning("the truth check cannot read the database", error=str(error))
                self._blind = True
            else:
                metrics.TRUTH_CHECKS.labels("read").inc()
                self._blind = False
            await asyncio.sleep(self._every_seconds)

    async def check(self) -> None:
        """One check.

        Raises:
            Unavailable: The database cannot be read; the rooms' `verified_at` stands still.
        """
        held = {room: room.version for room in self._rooms()}
        sent_at = self._clock.now()
        truth = await self._source.truth([room.session_id for room in held])
        self._standings = {room: self._standings.get(room, Standing()) for room in held}
        self._see_epoch(truth.epoch)
        verdicts = [self._compare(room, held[room], truth) for room in held]
        for room, verdict in zip(held, verdicts, strict=True):
            if verdict is Verdict.EQUAL:
                room.verified(sent_at)
            elif verdict in (Verdict.BEHIND, Verdict.LATE):
                room.expect(truth.versions[room.session_id], sent_at)
        if Verdict.FELL in verdicts:
            await self._change_epoch()

    def _compare(self, room: Room, held: int, truth: Truth) -> Verdict | None:
        """Have the room load if it must; None where its versions cannot be compared."""
        row = truth.versions.get(room.session_id)
        if row is None:
            room.end()
            return None
        if room.epoch != truth.epoch:
            room.load("epoch")
            return None
        verdict = self._standings[room].judge(held=held, version=room.version, row=row)
        if verdict is Verdict.LATE:
            room.load("behind")
        elif verdict is Verdict.BEHIND and not self._broker.healthy:
            room.load("unheard")
        return verdict

    async def _change_epoch(self) -> None:
        log.warning("a version fell: the database was restored, so the epoch changes")
        metrics.EPOCH_CHANGES.inc()
        self._see_epoch(await self._source.change_epoch(self.epoch))
        for room in self._rooms():
            room.load("epoch")

    def _see_epoch(self, epoch: str) -> None:
        before, self.epoch = self.epoch, epoch
        if before not in ("", epoch):
            self._epoch_changed()
