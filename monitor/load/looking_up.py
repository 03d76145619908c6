"""After a run: asks the server for everything again, and holds it against what was acked and shown.

First while all are still connected, then when all have left: a dashboard that shows somebody who is
gone, or does not show somebody who is there, is caught by one or the other.
"""

from __future__ import annotations

import asyncio
import itertools
from time import monotonic
from typing import TYPE_CHECKING

import httpx
import msgspec

from monitor.load import verify
from monitor.load.acts import KEPT
from monitor.load.rest import RefusedError
from monitor.load.school import AT_ONCE
from monitor.load.stored import decode_sitting
from monitor.load.verified import Verified

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from monitor.load.load_dashboard import LoadDashboard
    from monitor.load.rest import RestClient
    from monitor.load.server_clock import ServerClock
    from monitor.load.student_record import StudentRecord
    from monitor.protocol.messages import Snapshot

# DESIGN's promise: every dashboard equals the database within so long.
DASHBOARD_SECONDS = 3.0
# A sitting that goes on moves under the comparison; so often it is tried again.
TRIES = 20
# Beyond the lease: the grace, a sweep, a commit, and a slow machine.
SWEPT_SECONDS = 15.0
POLL_SECONDS = 0.1


class Looked(msgspec.Struct, frozen=True):
    """One sitting: its students' side and its dashboards."""

    session_id: str
    records: Sequence[StudentRecord]
    dashboards: Sequence[LoadDashboard]

    @property
    def connected(self) -> set[str]:
        """Who is there."""
        return {record.student_id for record in self.records if record.is_connected}


class LookUp:
    """Verifies the sittings of a run; `verified` collects what it finds.

    Args:
        staff: May read all of them.
        sittings: What to look at.
        clock: The server's.
        lease_seconds: After which a silent student is shown as gone.
    """

    def __init__(
        self,
        staff: RestClient,
        sittings: Sequence[Looked],
        clock: ServerClock,
        *,
        lease_seconds: float,
    ) -> None:
        self.verified = Verified()
        self._staff = staff
        self._sittings = sittings
        self._clock = clock
        self._lease_seconds = lease_seconds

    async def while_connected(self) -> None:
        """Compare dashboards with the database, and who is shown with who is there."""
        await self._each(self._present)

    async def after_all_left(self) -> None:
        """Wait until nobody is shown any more; then look up every act."""
        await self._each(self._gone)
        for sitting in self._sittings:
            for dashboard in sitting.dashboards:
                self.verified.steps += dashboard.steps.steps
                self.verified.differ(dashboard.faults)

    async def _present(self, sitting: Looked) -> None:
        snapshot = await self._compare(sitting)
        for student_id in verify.missing(snapshot.participants, sitting.connected):
            self.verified.differ(
                [f"student {student_id} of sitting {sitting.session_id} is there, not CONNECTED"]
            )
        self._ghosts(sitting, snapshot)

    async def _gone(self, sitting: Looked) -> None:
        deadline = monotonic() + self._lease_seconds + SWEPT_SECONDS
        while monotonic() < deadline:
            snapshot = await self._staff.snapshot(sitting.session_id)
            if not verify.ghosts(snapshot.participants, set()):
                break
            await asyncio.sleep(POLL_SECONDS * 5)
        self._ghosts(sitting, await self._compare(sitting))
        data = await self._staff.read(f"/api/sessions/{sitting.session_id}/export", format="json")
        self.verified.differ(
            verify.check_sitting(sitting.records, decode_sitting(data), self._clock)
        )
        self.verified.students += len(sitting.records)
        self.verified.acts += sum(
            act.outcome == KEPT for record in sitting.records for act in record.acts
        )

    async def _compare(self, sitting: Looked) -> Snapshot:
        """Compare each dashboard with a snapshot of its version; returns the last snapshot."""
        todo = list(sitting.dashboards)
        for tries in itertools.count(1):
            snapshot = await self._staff.snapshot(sitting.session_id)
            behind = await self._behind(todo, snapshot.version)
            self.verified.differ(
                [
                    f"a dashboard of sitting {sitting.session_id} is at version {_version(one)} "
                    f"after {DASHBOARD_SECONDS:g} s, the database at {snapshot.version}"
                    for one in behind
                ]
            )
            for dashboard in [one for one in todo if one not in behind]:
                view = dashboard.view
                if view is not None and view.version == snapshot.version:
                    self.verified.comparisons += 1
                    self.verified.differ(
                        [
                            f"a dashboard of sitting {sitting.session_id}: {difference}"
                            for difference in view.differences(snapshot)
                        ]
                    )
                    todo.remove(dashboard)
            if not todo or behind or tries == TRIES:
                return snapshot
        raise AssertionError

    async def _behind(
        self, dashboards: Sequence[LoadDashboard], version: int
    ) -> list[LoadDashboard]:
        """Who has not reached this version in time."""
        deadline = monotonic() + DASHBOARD_SECONDS
        while True:
            behind = [one for one in dashboards if _version(one) < version]
            if not behind or monotonic() > deadline:
                return behind
            await asyncio.sleep(POLL_SECONDS / 10)

    def _ghosts(self, sitting: Looked, snapshot: Snapshot) -> None:
        found = verify.ghosts(snapshot.participants, sitting.connected)
        self.verified.ghosts += len(found)
        self.verified.differ(
            [
                f"student {student_id} of sitting {sitting.session_id} is CONNECTED and not there"
                for student_id in found
            ]
        )

    async def _each(self, look: Callable[[Looked], Awaitable[None]]) -> None:
        """Look at all sittings, a few at once; what cannot be looked up is a difference."""
        left = iter(self._sittings)

        async def work() -> None:
            for sitting in left:
                try:
                    await look(sitting)
                except (RefusedError, httpx.HTTPError, msgspec.DecodeError) as error:
                    reason = str(error) or type(error).__name__
                    self.verified.differ(
                        [f"sitting {sitting.session_id} could not be looked up: {reason}"]
                    )

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())


def _version(dashboard: LoadDashboard) -> int:
    view = dashboard.view
    return -1 if view is None else view.version
