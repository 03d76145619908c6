"""The drain: how a process goes without anyone losing anything or being shown as lost.

In this order: say that it is not ready; commit what waits; send every connection away with a moment
to come back at, within half a lease; commit what came meanwhile. Nobody is marked DISCONNECTED: the
leases hold until they are back.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from monitor.config import Settings
from monitor.live.recorder import Recorder

log = structlog.get_logger(__name__)

FIRST_COMMIT_SHARE = 0.4  # of the time; a database that hangs leaves enough of it for goodbyes


class Connections(Protocol):
    """The live connections of a process."""

    def drain(self) -> None:
        """Take no more, and end every connection; what it has waiting is acknowledged first."""

    async def emptied(self) -> None:
        """Return when the last one has ended."""


class Drain:
    """Runs once; `draining` is what readiness asks."""

    def __init__(self, recorder: Recorder, settings: Settings) -> None:
        """Drain `recorder` within `drain_seconds`."""
        self.draining = False
        self._recorder = recorder
        self._seconds = settings.drain_seconds
        self._connections: list[Connections] = []

    def add(self, connections: Connections) -> None:
        """These connections are sent away by the drain."""
        self._connections.append(connections)

    async def run(self) -> None:
        """Drain; returns when everything is committed and everyone gone, or the time is up."""
        if self.draining:
            return
        self.draining = True
        try:
            async with asyncio.timeout(self._seconds):
                await self._recorder.drain(self._seconds * FIRST_COMMIT_SHARE)
                for connections in self._connections:
                    connections.drain()
                for connections in self._connections:
                    await connections.emptied()
                await self._recorder.drain(self._seconds)
        except TimeoutError:
            log.warning("the drain ran out of time", seconds=self._seconds)
