"""A crowd of talkers: lets them in, lets them speak, measures what comes back."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Self

from monitor.load.frame_socket import Address, FrameSocket
from monitor.load.meters import Latency
from tests.benchmarks.talkers import Talker

# Handshakes under way at once: a server has a limit, and joins are not what is measured.
AT_ONCE = 100
JOIN_SECONDS = 30.0
# A server that sends a newcomer away for a moment is asked again.
BUSY = "4013"
TRIES = 60
AGAIN_SECONDS = 0.5
TICK_SECONDS = 0.002


@dataclass
class _Event:
    """Something a student did, and how many dashboards have not shown it yet."""

    number: int
    intended: float
    to_see: int


@dataclass
class Counts:
    """What a crowd has done since it was last asked."""

    acked: int = 0
    events: int = 0
    seen: int = 0
    ack: Latency = field(default_factory=Latency)
    sight: Latency = field(default_factory=Latency)


class Crowd:
    """Talkers that come to a server, or to several that work together; gone with its block.

    Attributes:
        counts: Filled while they speak.
        last_acked: When each student's last acked message was sent, by id.
        lost_connections: Why connections ended that nobody ended here.
    """

    def __init__(self) -> None:
        self.talkers: list[Talker] = []
        self.counts = Counts()
        self.lost_connections: list[str] = []
        self.last_acked: dict[str, datetime] = {}
        self._dice = random.Random(7)
        self._waiting: dict[Talker, asyncio.Future[None]] = {}
        self._sent: dict[Talker, list[tuple[int, float, datetime]]] = {}
        self._events: dict[str, list[_Event]] = {}
        self._watching: Counter[str] = Counter()
        self._again_until = 0.0
        self._flying = 0
        self._landed = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Nobody comes by itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End all connections."""
        for talker in self.talkers:
            talker.end()
        await asyncio.sleep(0)

    # -- coming

    async def come(self, talkers: Sequence[Talker], url: str) -> None:
        """Connect them, a few at a time; all are let in when this returns.

        Args:
            talkers: Who comes; students sit and dashboards watch where they say themselves.
            url: Where to, such as http://127.0.0.1:8000.

        Raises:
            TimeoutError: One was not let in.
            ConnectionError: One was sent away.
        """
        self.talkers += talkers
        queue = iter(talkers)

        async def work() -> None:
            for talker in queue:
                await self._join(talker, url)

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())

    async def _join(self, talker: Talker, url: str) -> None:
        for _ in range(TRIES):
            try:
                return await self._try_to_join(talker, url)
            except ConnectionError as error:
                if BUSY not in str(error):
                    raise
            await asyncio.sleep(AGAIN_SECONDS)
        raise TimeoutError(f"{url} stays too busy to let everyone in")

    async def _try_to_join(self, talker: Talker, url: str) -> None:
        loop = asyncio.get_running_loop()
        address = Address.of(url, talker.path)
        talker.ears = self
        waiting = self._waiting[talker] = loop.create_future()

        def made() -> FrameSocket:
            talker.socket = FrameSocket(address, talker, self._dice)
            return talker.socket

        async with asyncio.timeout(JOIN_SECONDS):
            try:
                await loop.create_connection(made, address.host, address.port)
                await waiting
            finally:
                del self._waiting[talker]

    # -- speaking

    async def as_fast_as_acked(self, students: Sequence[Talker], seconds: float) -> float:
        """Each sends the next heartbeat at the ack of the last one; the seconds it took."""
        start = perf_counter()
        self._again_until = start + seconds
        self._landed.clear()
        for student in students:
            self._beat(student, perf_counter())
        async with asyncio.timeout(seconds + JOIN_SECONDS):
            await self._landed.wait()
        self._again_until = 0.0
        return perf_counter() - start

    async def at_pace(
        self,
        students: Sequence[Talker],
        *,
        seconds: float,
        beat_every: float,
        event_every: float = 0.0,
    ) -> float:
        """Each beats once in `beat_every` seconds and does something once in `event_every`.

        Evenly spread, from intended moments that no slow server moves; the seconds it took until
        everything was acked and seen.
        """
        start = perf_counter()
        steps = sorted(
            [
                *_spread(len(students), beat_every, seconds, self._dice, is_event=False),
                *_spread(len(students), event_every, seconds, self._dice, is_event=True),
            ]
        )
        place = 0
        while place < len(steps):
            now = perf_counter() - start
            while place < len(steps) and steps[place][0] <= now:
                at, student, is_event = steps[place]
                place += 1
                (self._event if is_event else self._beat)(students[student], start + at)
            await asyncio.sleep(TICK_SECONDS)
        for _ in range(int(JOIN_SECONDS / TICK_SECONDS)):
            if not (self._flying or self._events) or not any(one.is_ready for one in students):
                break
            await asyncio.sleep(TICK_SECONDS)
        return perf_counter() - start

    @property
    def unanswered(self) -> int:
        """Messages that were sent and not acked."""
        return self._flying

    def _beat(self, student: Talker, intended: float) -> None:
        if student.is_ready:
            student.beat()
            self._note(student, intended)

    def _event(self, student: Talker, intended: float) -> None:
        if student.is_ready:
            student.event()
            self._note(student, intended)
            self.counts.events += 1
            dashboards = self._watching[student.session_id]
            if dashboards:
                event = _Event(student.sent, intended, dashboards)
                self._events.setdefault(student.student_id, []).append(event)

    def _note(self, student: Talker, intended: float) -> None:
        self._flying += 1
        self._sent.setdefault(student, []).append((student.sent, intended, datetime.now(UTC)))

    # -- hearing

    def ready(self, talker: Talker) -> None:
        """One was let in; a dashboard sees what its session does from here on."""
        if not talker.student_id:
            self._watching[talker.session_id] += 1
        waiting = self._waiting.get(talker)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def acked(self, talker: Talker, number: int) -> None:
        """Messages are settled."""
        sent, now = self._sent.get(talker, []), perf_counter()
        while sent and sent[0][0] <= number:
            _, intended, self.last_acked[talker.student_id] = sent.pop(0)
            self._flying -= 1
            self.counts.acked += 1
            self.counts.ack.record(now - intended)
        if self._again_until:
            if now < self._again_until:
                self._beat(talker, now)
            elif not self._flying:
                self._landed.set()

    def saw(self, talker: Talker, student_id: str, number: int) -> None:
        """A dashboard shows an event."""
        waiting, now = self._events.get(student_id, []), perf_counter()
        for event in [one for one in waiting if one.number <= number]:
            self.counts.seen += 1
            self.counts.sight.record(now - event.intended)
            event.to_see -= 1
            if not event.to_see:
                waiting.remove(event)
        if not waiting:
            self._events.pop(student_id, None)

    def lost(self, talker: Talker, why: str) -> None:
        """A connection ended."""
        waiting = self._waiting.get(talker)
        if waiting is None:
            self.lost_connections.append(why)
        elif not waiting.done():
            waiting.set_exception(ConnectionError(f"{talker.path}: {why}"))
        self._flying -= len(self._sent.pop(talker, []))


def _spread(
    students: int, every: float, seconds: float, dice: random.Random, *, is_event: bool
) -> list[tuple[float, int, bool]]:
    if not every:
        return []
    order = list(range(students))
    dice.shuffle(order)
    steps = int(students * seconds / every)
    return [(step * every / students, order[step % students], is_event) for step in range(steps)]
