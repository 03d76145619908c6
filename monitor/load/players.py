"""Everyone who takes part in a run, and what each does when: the plan laid on the timeline."""

from __future__ import annotations

import asyncio
import random
import ssl
from typing import TYPE_CHECKING

from monitor.load.frame_socket import Address
from monitor.load.load_dashboard import LoadDashboard
from monitor.load.load_student import LoadStudent, Surroundings
from monitor.load.looking_up import Looked
from monitor.load.student_record import StudentRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.load.load_school import LoadSitting
    from monitor.load.meters import Meters
    from monitor.load.plan import LoadPlan, PlannedAct
    from monitor.load.server_clock import ServerClock
    from monitor.load.timeline import Doing, Timeline

    Planned = tuple[float, Doing]

# A server that cannot show a sitting to a dashboard in this time will not hold a class either.
SHOWN_SECONDS = 30.0


class Players:
    """Students and dashboards of a run.

    Args:
        url: The server.
        plan: How many and when.
        sittings: Where they sit, and their tokens.
        meters: Where everything is counted.
        clock: The server's.

    Attributes:
        students: In the plan's order.
        dashboards: All of them.
        sittings: Everyone again, by sitting.
    """

    def __init__(
        self,
        url: str,
        plan: LoadPlan,
        sittings: Sequence[LoadSitting],
        meters: Meters,
        clock: ServerClock,
    ) -> None:
        self._plan = plan
        self._meters = meters
        dice = random.Random(f"{plan.seed} players")
        address = Address.of(url, "/ws/student")
        tls = ssl.create_default_context() if address.secure else None
        shared = Surroundings(address, tls, meters, clock, dice)
        self.students: list[LoadStudent] = []
        self.dashboards: list[LoadDashboard] = []
        self.sittings: list[Looked] = []
        for sitting in sittings:
            records = {}
            for student_id, token in sitting.students:
                record = StudentRecord(len(self.students), student_id, sitting.session_id)
                records[student_id] = record
                self.students.append(LoadStudent(record, token, shared))
            watching = [
                LoadDashboard(
                    *(url, token, sitting.session_id, records),
                    meters=meters,
                    clock=clock,
                    dice=dice,
                )
                for token in sitting.watchers
            ]
            self.dashboards += watching
            self.sittings.append(Looked(sitting.session_id, tuple(records.values()), watching))

    async def open_dashboards(self) -> None:
        """Start all dashboards and wait until each shows its sitting.

        Raises:
            TimeoutError: One does not in time.
        """
        for dashboard in self.dashboards:
            dashboard.client.start()
        async with asyncio.timeout(SHOWN_SECONDS):
            for dashboard in self.dashboards:
                await dashboard.client.until(
                    lambda one=dashboard: one.view,  # type: ignore[misc]
                    SHOWN_SECONDS,
                )

    def schedule(self, timeline: Timeline, start: float) -> None:
        """Put everything that the plan wants on the timeline; `start` is its second nought."""
        plan = self._plan
        joins, beats, acts = plan.joins(), plan.beats(), plan.acts()
        steady = start + plan.ramp_seconds
        for student in self.students:
            number = student.record.number
            timeline.put(start + joins[number], _joining(student))
            timeline.put(
                start + beats[number],
                _beating(student, plan.heartbeat_seconds, steady, start + plan.end),
            )
            if acting := _acting(student, acts[number], start):
                timeline.put(*acting)
        if dropping := _dropping(self.students, plan.drops(), start):
            timeline.put(*dropping)

    async def close_dashboards(self) -> None:
        """Stop all dashboards."""
        results = await asyncio.gather(
            *(dashboard.client.stop() for dashboard in self.dashboards), return_exceptions=True
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result

    def leave(self) -> None:
        """Let half of the students leave on purpose; the others are just gone."""
        for student in self.students:
            if student.record.number % 2:
                student.leave()
            else:
                student.stop()

    def stop(self) -> None:
        """End everything at once."""
        for student in self.students:
            student.stop()

    def count_the_rest(self) -> None:
        """Count what only shows at the end."""
        counts, errors = self._meters.counts, self._meters.errors
        for dashboard in self.dashboards:
            counts["dashboard reconnects"] += max(dashboard.client.connections - 1, 0)
            for code, number in dashboard.client.errors.items():
                errors[f"refused a dashboard: {code}"] += number
            if unseen := dashboard.sights.unseen():
                errors["act that a dashboard never showed"] += unseen
        if unsettled := sum(
            act.outcome is None for student in self.students for act in student.record.acts
        ):
            errors["act without an answer"] += unsettled


def _joining(student: LoadStudent) -> Doing:
    def join(at: float) -> None:
        student.join(at)

    return join


def _beating(student: LoadStudent, between: float, first: float, last: float) -> Doing:
    """Beats again and again; measured between first and last."""

    def beat(at: float) -> float:
        student.beat(at, measured=first <= at < last)
        return at + between

    return beat


def _acting(student: LoadStudent, acts: Iterator[PlannedAct], start: float) -> Planned | None:
    """Does one act after the other."""
    planned = next(acts, None)
    if planned is None:
        return None

    def act(at: float) -> float | None:
        nonlocal planned
        if planned is not None:
            student.act(planned.kind, at, measured=True)
        planned = next(acts, None)
        return None if planned is None else start + planned.at

    return start + planned.at, act


def _dropping(
    students: Sequence[LoadStudent], drops: Iterator[tuple[float, int]], start: float
) -> Planned | None:
    """Cuts the connection of one after the other."""
    planned = next(drops, None)
    if planned is None:
        return None

    def drop(_at: float) -> float | None:
        nonlocal planned
        if planned is not None:
            students[planned[1]].drop()
        planned = next(drops, None)
        return None if planned is None else start + planned[0]

    return start + planned[0], drop
