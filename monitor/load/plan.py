"""What a run of load does and when, decided beforehand: the same seed plans the same run. PURE.

Times are seconds since the run began. Students join one after the other during the ramp; from its
end on everything is measured. Heartbeats and acts are spread evenly: at any moment the server gets
as many as at any other, and no class beats as one.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of ten acts of a student eight are answers, one is a highlight and one a hand, up or down.
ANSWERS_OF_TEN = 8
# One student of so many hands in, in the last tenth of the time.
HANDING_IN = 10
LAST_PART = 0.1


class PlannedAct(Struct, frozen=True):
    """Something a student does at a time: `answer`, `highlight`, `hand` or `submit`."""

    at: float
    kind: str


class LoadPlan(Struct, frozen=True, kw_only=True):
    """How many do what, how often and how long.

    Attributes:
        students: How many there are.
        class_size: How many of them sit in one sitting; the last may be smaller.
        dashboards_per_session: How many watch each sitting.
        heartbeat_seconds: Between two heartbeats of a student.
        answers_per_minute: Of a student; highlights and hands come on top.
        duration_seconds: How long is measured, after the ramp.
        ramp_seconds: Within which all join.
        churn_per_minute: Share of the students whose connection is cut each minute, 0 to 1.
        seed: Decides everything that is left to chance.
    """

    students: int
    class_size: int = 30
    dashboards_per_session: int = 1
    heartbeat_seconds: float = 5.0
    answers_per_minute: float = 4.0
    duration_seconds: float = 60.0
    ramp_seconds: float = 10.0
    churn_per_minute: float = 0.0
    seed: int = 0

    @property
    def sittings(self) -> int:
        """How many sittings there are."""
        return -(-self.students // self.class_size)

    @property
    def dashboards(self) -> int:
        """How many dashboards there are in all."""
        return self.sittings * self.dashboards_per_session

    @property
    def end(self) -> float:
        """When nothing new is begun any more."""
        return self.ramp_seconds + self.duration_seconds

    def sitting_of(self, student: int) -> int:
        """In which sitting, from 0, this student, from 0, sits."""
        return student // self.class_size

    def joins(self) -> list[float]:
        """When each student joins: evenly over the ramp, the classes mixed."""
        return self._spread("joins", 0.0, self.ramp_seconds)

    def beats(self) -> list[float]:
        """The first time at which each student may beat; the next ones are a heartbeat apart."""
        return self._spread("beats", 0.0, self.heartbeat_seconds)

    def acts(self) -> list[Iterator[PlannedAct]]:
        """What each student does, in order; nothing after handing in."""
        if self.answers_per_minute <= 0:
            return [iter(()) for _ in range(self.students)]
        between = 60.0 / self.answers_per_minute * ANSWERS_OF_TEN / 10
        firsts = self._spread("acts", self.ramp_seconds, self.ramp_seconds + between)
        ends = self._handing_in()
        dice = random.Random(f"{self.seed} kinds")
        return [
            self._acts_of(first, between, ends.get(student), dice.randrange(10))
            for student, first in enumerate(firsts)
        ]

    def drops(self) -> Iterator[tuple[float, int]]:
        """When whose connection is cut: evenly, and nobody again before everybody's turn."""
        if self.churn_per_minute <= 0:
            return
        between = 60.0 / (self.churn_per_minute * self.students)
        dice = random.Random(f"{self.seed} drops")
        at, turns = self.ramp_seconds + between / 2, list[int]()
        while at < self.end:
            if not turns:
                turns = dice.sample(range(self.students), self.students)
            yield at, turns.pop()
            at += between

    def _acts_of(
        self, first: float, between: float, submit_at: float | None, offset: int
    ) -> Iterator[PlannedAct]:
        end = self.end if submit_at is None else submit_at
        number = 0
        while (at := first + number * between) < end:
            yield PlannedAct(at, _kind(number + offset))
            number += 1
        if submit_at is not None:
            yield PlannedAct(submit_at, "submit")

    def _handing_in(self) -> dict[int, float]:
        """Who hands in, and when."""
        dice = random.Random(f"{self.seed} submits")
        who = dice.sample(range(self.students), self.students // HANDING_IN)
        part = self.duration_seconds * LAST_PART
        return {
            student: self.end - part * (place + 0.5) / len(who) for place, student in enumerate(who)
        }

    def _spread(self, what: str, start: float, end: float) -> list[float]:
        """A time for each student, evenly between start and end, in an order left to chance."""
        places = list(range(self.students))
        random.Random(f"{self.seed} {what}").shuffle(places)
        return [start + (end - start) * (place + 0.5) / self.students for place in places]


def _kind(number: int) -> str:
    match number % 10:
        case 4:
            return "highlight"
        case 9:
            return "hand"
        case _:
            return "answer"
