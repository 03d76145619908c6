"""Whether every promise of the design holds after a fault has healed; what does not, by name."""

from __future__ import annotations

import asyncio
import contextlib
import copy
from time import monotonic
from typing import TYPE_CHECKING

import httpx

from monitor.load import verify
from monitor.load.looking_up import Looked, LookUp
from monitor.load.rest import RefusedError
from tests.chaos import household
from tests.chaos.gauges import Gauges, read_gauges
from tests.chaos.household import Wanted
from tests.chaos.watch import Watch
from tests.support import eventually

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.load.load_dashboard import LoadDashboard
    from monitor.protocol.messages import Snapshot
    from tests.chaos.fault import Fault
    from tests.chaos.stage import Stage

# The promise: every dashboard equals the database within so long.
DASHBOARD_SECONDS = 3.0
# The longest backoff, twice, and a join.
BACK_SECONDS = 60.0
SETTLED_SECONDS = 60.0
# Beyond the lease: a sweep, a retry after an outage, a commit, on a busy machine.
SWEPT_SECONDS = 6.0
# Rooms linger, sockets are closed by the other side, garbage is collected.
HOUSEHOLD_SECONDS = 20.0
POLL_SECONDS = 0.05
TRIES = 3


class Judge:
    """Holds the server to its promises; `begin` while everything is well, then `after` each fault.

    Attributes:
        acts: How many acked acts have been looked up.
    """

    def __init__(self, stage: Stage) -> None:
        self.acts = 0
        self.watch = Watch(stage)
        self._stage = stage
        self._crowd = stage.crowd
        self._base: Gauges | None = None
        self._log_read = 0

    async def before(self) -> list[str]:
        """Wait until the truants are back too."""
        return await self._everyone_is_in(monotonic(), truants=True)

    async def begin(self) -> list[str]:
        """Wait until everyone is there, learn what that takes, and have them work."""
        found = await self._everyone_is_in(monotonic(), truants=True)
        await asyncio.sleep(self._stage.size.heartbeat_seconds)
        self._base = await read_gauges(self._stage)
        self._crowd.acting = True
        return found

    async def after(self, faults: Sequence[Fault], healed_at: float) -> list[str]:
        """Everything that is not as promised, a sentence each; the crowd rests afterwards."""
        crowd = self._crowd
        found = await self._dashboards_follow(healed_at)
        found += await self._everyone_is_in(healed_at)
        crowd.acting = False
        found += await self._everything_is_settled()
        found += await self._truants_are_found_out(healed_at)
        if found:
            # What follows would only say the same again, later.
            return found
        found += await self._look_up()
        for sitting in crowd.sittings:
            found += await self._acked(sitting)
        for fault in faults:
            found += await fault.differences()
        found += await self._household()
        found += household.peak(self._known_base, self.watch.most_memory)
        found += self.watch.take()
        found += self._log()
        self.watch.most_memory = 0
        return found

    async def at_the_end(self) -> list[str]:
        """The same when all have left: half of them on purpose, the others without a word."""
        crowd = self._crowd
        await self._everyone_is_in(monotonic(), truants=True)
        for number, student in enumerate(crowd.everyone):
            (student.leave if number % 2 else student.stop)()
        look_up = self._new_look_up(crowd.sittings)
        await look_up.after_all_left()
        found = look_up.verified.differences
        self.acts = look_up.verified.acts
        await self.watch.close()
        await crowd.go()
        return [*found, *await self._household(), *self._log()]

    @property
    def _known_base(self) -> Gauges:
        assert self._base is not None, "begin comes first"
        return self._base

    async def _dashboards_follow(self, healed_at: float) -> list[str]:
        """Whether each has reached, in time, what the database held when the fault was over."""
        snapshots = {
            place.session_id: await self._snapshot(place.session_id) for place in self._crowd.places
        }
        read_at = monotonic()
        checks = [
            self._follows(dashboard, snapshots[dashboard.session_id].version, read_at, healed_at)
            for dashboard in self._crowd.dashboards
        ]
        return [found for found in await asyncio.gather(*checks) if found is not None]

    async def _follows(
        self, dashboard: LoadDashboard, version: int, read_at: float, healed_at: float
    ) -> str | None:
        came_at: float | None = None
        where = "through the links" if dashboard in self._crowd.linked else "directly"
        name = f"a dashboard of sitting {dashboard.session_id} that comes {where}"
        while True:
            now = monotonic()
            if not dashboard.client.is_connected:
                came_at = None
                if dashboard.client.ended is not None:
                    return f"{name} was sent away for good: {dashboard.client.ended}"
                if now > healed_at + BACK_SECONDS:
                    return f"{name} has not come back: {dashboard.client.ends[-1:]}"
            else:
                came_at = came_at or now
                shown = -1 if dashboard.view is None else dashboard.view.version
                if shown >= version:
                    return None
                if now > max(read_at, came_at) + DASHBOARD_SECONDS:
                    return (
                        f"{name} is at version {shown} {DASHBOARD_SECONDS:g} s after the fault, "
                        f"the database was at {version}"
                    )
            await asyncio.sleep(POLL_SECONDS)

    async def _everyone_is_in(self, since: float, *, truants: bool = False) -> list[str]:
        students = self._crowd.everyone if truants else self._crowd.students

        def away() -> list[str]:
            return [
                f"student {student.record.student_id} is not back"
                + (f": sent away for good, {student.ended}" if student.ended else "")
                for student in students
                if not student.record.is_connected
            ]

        with contextlib.suppress(AssertionError):
            await eventually(lambda: not away(), since + BACK_SECONDS - monotonic(), POLL_SECONDS)
        return away()

    async def _everything_is_settled(self) -> list[str]:
        crowd = self._crowd
        deadline = monotonic() + SETTLED_SECONDS
        while monotonic() < deadline:
            if crowd.steering.idle and all(student.is_settled for student in crowd.students):
                break
            await asyncio.sleep(POLL_SECONDS)
        found = [
            f"{len(student.outbox)} acts of student {student.record.student_id} are not answered"
            for student in crowd.students
            if not student.is_settled
        ]
        if not crowd.steering.idle:
            found.append("a command of the teacher's is not answered")
        return found + [reason for reason in (crowd.steering.failed,) if reason is not None]

    async def _truants_are_found_out(self, healed_at: float) -> list[str]:
        """Whether who has been away since the fault began is shown as gone, in time."""
        away = {truant.record.student_id for truant in self._crowd.truants}
        # The flood is over too.
        away |= {place.reserve[0] for place in self._crowd.places}
        deadline = healed_at + self._stage.size.lease_seconds + SWEPT_SECONDS
        found: list[str] = []
        for sitting in self._crowd.sittings:
            while True:
                snapshot = await self._snapshot(sitting.session_id)
                ghosts = away.intersection(verify.ghosts(snapshot.participants, set()))
                if not ghosts or monotonic() > deadline:
                    break
                await asyncio.sleep(POLL_SECONDS * 4)
            found += [
                f"student {student_id} of sitting {sitting.session_id} is a ghost: CONNECTED "
                f"{monotonic() - healed_at:.1f} s after the fault, and not there"
                for student_id in sorted(ghosts)
            ]
        return found

    async def _look_up(self) -> list[str]:
        """Compare dashboards and who is shown with the database and who is there."""
        look_up = self._new_look_up(self._crowd.present)
        await look_up.while_connected()
        found = list(look_up.verified.differences)
        compared, wanted = look_up.verified.comparisons, len(self._crowd.dashboards)
        if not found and compared < wanted:
            found.append(f"only {compared} of {wanted} dashboards could be compared")
        for dashboard in self._crowd.dashboards:
            found += dashboard.faults
        return found

    async def _acked(self, sitting: Looked) -> list[str]:
        """Hold what was acked against what is stored; heartbeats go on meanwhile."""
        found: list[str] = []
        for _ in range(TRIES):
            records = [copy.copy(record) for record in sitting.records]
            stored = await self._crowd.stored(sitting.session_id)
            found = verify.check_sitting(records, stored, self._crowd.clock)
            found += self._crowd.steering.differences(await self._snapshot(sitting.session_id))
            if not found:
                break
            # Who came back between the two readings is in one and not in the other.
            await asyncio.sleep(1)
        return found

    async def _household(self) -> list[str]:
        crowd = self._crowd
        found: list[str] = []

        async def as_before() -> bool:
            now = await read_gauges(self._stage)
            wanted = Wanted(
                sum(student.record.is_connected for student in crowd.students),
                sum(dashboard.client.is_connected for dashboard in crowd.dashboards),
                frozenset(place.session_id for place in crowd.places),
                self._stage.workers,
            )
            found[:] = household.differences(self._known_base, now, wanted)
            return not found

        try:
            await eventually(as_before, HOUSEHOLD_SECONDS, 0.5)
        except AssertionError as error:
            return found or [f"what the server holds cannot be read: {error}"]
        return []

    def _log(self) -> list[str]:
        """Errors nobody expected, with where in the log they begin."""
        text = self._stage.server.logs()
        new, self._log_read = text[self._log_read :], len(text)
        at = new.find("Traceback (most recent call last)")
        if at < 0:
            return []
        line = text[: len(text) - len(new) + at].count("\n") + 1
        return [
            f"a traceback in the server's log, line {line}: …{new[max(0, at - 300) : at + 3000]}"
        ]

    async def _snapshot(self, session_id: str) -> Snapshot:
        """The sitting as the database has it, from whoever answers first."""
        deadline = monotonic() + BACK_SECONDS
        while True:
            try:
                return await self._crowd.teacher.client.snapshot(session_id)
            except (httpx.HTTPError, RefusedError):
                if monotonic() > deadline:
                    raise
                await asyncio.sleep(POLL_SECONDS)

    def _new_look_up(self, sittings: Sequence[Looked]) -> LookUp:
        return LookUp(
            self._crowd.teacher.client,
            sittings,
            self._crowd.clock,
            lease_seconds=self._stage.size.lease_seconds,
        )
