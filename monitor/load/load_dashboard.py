"""A dashboard of a run: a `DashboardClient` whose every frame is checked and measured."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from monitor.load.dashboard import DashboardClient
from monitor.load.sights import Sights
from monitor.load.steps import Steps

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from monitor.load.meters import Meters
    from monitor.load.server_clock import ServerClock
    from monitor.load.sitting_view import SittingView
    from monitor.load.student_record import StudentRecord
    from monitor.protocol.messages import Change, Snapshot


class LoadDashboard:
    """One dashboard that watches one sitting.

    Args:
        url: The server.
        token: Of somebody who may watch.
        session_id: The sitting.
        records: Its students by id.
        meters: Where latencies go.
        clock: The server's.
        dice: Spreads reconnects.
    """

    def __init__(
        self,
        url: str,
        token: str,
        session_id: str,
        records: Mapping[str, StudentRecord],
        *,
        meters: Meters,
        clock: ServerClock,
        dice: random.Random,
    ) -> None:
        self.session_id = session_id
        self.sights = Sights(records, meters, clock)
        self.steps = Steps(session_id)
        self.client = DashboardClient(url, token, on_frame=self._frame, dice=dice)
        self.client.watch(session_id)

    @property
    def view(self) -> SittingView | None:
        """What it shows of the sitting."""
        return self.client.sittings.get(self.session_id)

    @property
    def faults(self) -> list[str]:
        """What the server did that it must not."""
        return [*self.client.faults, *self.steps.faults]

    def _frame(self, message: Snapshot | Change) -> None:
        now = monotonic()
        self.steps.check(message)
        self.sights.look(message.participants or (), message.attempts or (), now)
