"""Everyone who takes part: students who work without end, dashboards, a teacher who commands.

Students and half of the dashboards come through `links`, where the network can be broken; the
other dashboards come directly. Truants come through `detour`, which is blocked while a fault lasts
and until they have been found out: who is gone must be shown as gone, whether the server read an
end or heard nothing any more.
"""

from __future__ import annotations

import asyncio
import random
from time import monotonic
from typing import TYPE_CHECKING

from monitor.load.frame_socket import Address
from monitor.load.load_dashboard import LoadDashboard
from monitor.load.load_student import LoadStudent, Surroundings
from monitor.load.looking_up import Looked
from monitor.load.meters import Meters
from monitor.load.server_clock import ServerClock
from monitor.load.stored import StoredSitting, decode_sitting
from monitor.load.student_record import StudentRecord
from monitor.load.timeline import Timeline
from tests.chaos.steering import Steering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.load.timeline import Doing
    from tests.chaos.patient import Patient
    from tests.chaos.places import Place

# Of each sitting's students so many are truants.
TRUANTS = 1
# More than a student gives in the longest outage; beyond it they wait as a person would.
OUTBOX = 60
KINDS = ("answer",) * 8 + ("highlight", "hand")


class Crowd:
    """The load of a run.

    Args:
        places: Where everyone sits.
        teacher: Who commands and watches.
        urls: Of the server: directly, through the links, through the detour.
        heartbeat_seconds: Between two heartbeats.
        acts_per_second: Of a student.
        seed: Decides what they do.

    Attributes:
        acting: Whether students work and the teacher commands; heartbeats go on without.
        students: All but the truants.
        truants: Who is away while a fault lasts.
        direct: Dashboards that no broken link is in the way of.
        linked: The others.
        sittings: Everyone again, by sitting.
        present: The same without the truants.
    """

    def __init__(
        self,
        places: Sequence[Place],
        teacher: Patient,
        urls: tuple[str, str, str],
        *,
        heartbeat_seconds: float,
        acts_per_second: float,
        seed: int,
    ) -> None:
        direct, links, detour = urls
        self.places = places
        self.teacher = teacher
        self.clock = ServerClock()
        self.meters = Meters()
        self.students: list[LoadStudent] = []
        self.truants: list[LoadStudent] = []
        self.direct: list[LoadDashboard] = []
        self.linked: list[LoadDashboard] = []
        self.sittings: list[Looked] = []
        self.present: list[Looked] = []
        self.steering = Steering(teacher, [place.session_id for place in places], seed)
        self._heartbeat_seconds = heartbeat_seconds
        self._pause_seconds = 1 / acts_per_second
        self._dice = random.Random(f"{seed} crowd")
        self._timeline = Timeline(self.meters.lateness)
        self._running: asyncio.Task[None] | None = None
        for place in places:
            self._seat(place, direct, links, detour)

    @property
    def acting(self) -> bool:
        """Whether students work and the teacher commands."""
        return self.steering.active

    @acting.setter
    def acting(self, acting: bool) -> None:
        self.steering.active = acting

    @property
    def dashboards(self) -> list[LoadDashboard]:
        """All of them."""
        return [*self.direct, *self.linked]

    @property
    def everyone(self) -> list[LoadStudent]:
        """Students and truants."""
        return [*self.students, *self.truants]

    async def come(self) -> None:
        """Start everyone."""
        for dashboard in self.dashboards:
            dashboard.client.start()
        now = monotonic()
        for student in self.everyone:
            offset = self._dice.uniform(0, self._heartbeat_seconds)
            student.join(now, measured=False)
            self._timeline.put(now + offset, self._beating(student))
            self._timeline.put(now + offset, self._working(student))
        self._running = asyncio.create_task(self._timeline.run(now + 10**6), name="crowd")
        self.steering.start()

    async def go(self) -> None:
        """End everyone, without a word."""
        await self.steering.close()
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        for student in self.everyone:
            student.stop()
        await asyncio.gather(*(dashboard.client.stop() for dashboard in self.dashboards))

    async def stored(self, session_id: str) -> StoredSitting:
        """What the database holds of a sitting."""
        path = f"/api/sessions/{session_id}/export"
        return decode_sitting(await self.teacher.client.read(path, format="json"))

    def _seat(self, place: Place, direct: str, links: str, detour: str) -> None:
        records = {}
        for number, (student_id, token) in enumerate(place.students):
            record = StudentRecord(len(self.everyone), student_id, place.session_id)
            records[student_id] = record
            is_truant = number < TRUANTS
            address = Address.of(detour if is_truant else links, "/ws/student")
            shared = Surroundings(address, None, self.meters, self.clock, self._dice)
            student = LoadStudent(record, token, shared)
            (self.truants if is_truant else self.students).append(student)
        watching = [
            LoadDashboard(
                *(url, self.teacher.token, place.session_id, records),
                meters=self.meters,
                clock=self.clock,
                dice=self._dice,
            )
            for url in (direct, links)
        ]
        self.direct.append(watching[0])
        self.linked.append(watching[1])
        everyone = list(records.values())
        self.sittings.append(Looked(place.session_id, everyone, watching))
        self.present.append(Looked(place.session_id, everyone[TRUANTS:], watching))

    def _beating(self, student: LoadStudent) -> Doing:
        def beat(at: float) -> float:
            student.beat(at, measured=False)
            return at + self._heartbeat_seconds

        return beat

    def _working(self, student: LoadStudent) -> Doing:
        def work(at: float) -> float:
            if self.acting and student.record.joins and len(student.outbox) < OUTBOX:
                student.act(self._dice.choice(KINDS), at, measured=False)
            return at + self._dice.uniform(0.5, 1.5) * self._pause_seconds

        return work
