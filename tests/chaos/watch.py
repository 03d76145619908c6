"""What is watched all the time: what dashboards claim while a fault lasts, and memory.

A dashboard may be behind, but then it must not say that it is live: whatever it shows as live is no
older than the few seconds that are promised.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING

import httpx

from monitor.load.dashboard import STALE_SECONDS
from monitor.load.rest import RefusedError, RestClient
from tests.chaos.gauges import memory_now

if TYPE_CHECKING:
    from monitor.load.load_dashboard import LoadDashboard
    from tests.chaos.stage import Stage

EVERY_SECONDS = 0.5
ASKED_SECONDS = 1.0
# A busy machine looks at a frame that has come a little later.
SLACK_SECONDS = 1.0
REMEMBERED = 60


class Watch:
    """Looks at everything twice a second, until closed.

    Attributes:
        most_memory: Of the largest process, in bytes, since it was last set to 0.
        looks: How often a claim could be held against the database.
    """

    def __init__(self, stage: Stage) -> None:
        self.most_memory = 0
        self.looks = 0
        self._stage = stage
        self._found: list[str] = []
        self._known: dict[str, deque[tuple[float, int]]] = {
            place.session_id: deque(maxlen=REMEMBERED) for place in stage.crowd.places
        }
        self._task = asyncio.create_task(self._work(), name="watch")

    def take(self) -> list[str]:
        """What was found since the last call."""
        found, self._found = self._found, []
        return found

    async def close(self) -> None:
        """End it."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _work(self) -> None:
        while True:
            self.most_memory = max(self.most_memory, memory_now(self._stage))
            for session_id in self._known:
                await self._ask(session_id)
            for dashboard in self._stage.crowd.direct:
                self._hold_against(dashboard)
            await asyncio.sleep(EVERY_SECONDS)

    async def _ask(self, session_id: str) -> None:
        """Learn a version that the database has had from now on."""
        token = self._stage.crowd.teacher.token
        with contextlib.suppress(httpx.HTTPError, RefusedError, TimeoutError):
            async with (
                RestClient(self._stage.server.url, token) as staff,
                asyncio.timeout(ASKED_SECONDS),
            ):
                version = (await staff.snapshot(session_id)).version
                self._known[session_id].append((monotonic(), version))

    def _hold_against(self, dashboard: LoadDashboard) -> None:
        view, session_id = dashboard.view, dashboard.session_id
        if view is None or not dashboard.client.is_live(session_id):
            return
        long_ago = monotonic() - STALE_SECONDS - SLACK_SECONDS
        versions = [version for at, version in self._known[session_id] if at < long_ago]
        if not versions:
            return
        self.looks += 1
        if view.version < versions[-1]:
            self._found.append(
                f"a dashboard of sitting {session_id} says that it is live and shows version "
                f"{view.version}, {STALE_SECONDS + SLACK_SECONDS:g} s after the database had "
                f"{versions[-1]}"
            )
