"""Closed sockets whose student may be back in a moment: a reload is no incident."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial

import structlog

from monitor.clock import Clock
from monitor.domain.commands import Disconnect
from monitor.errors import MonitorError
from monitor.live.command_ids import new_command_id
from monitor.live.door import Place
from monitor.live.recorder import Recorder

log = structlog.get_logger(__name__)


class Farewells:
    """Tells the recorder of a closed connection once its grace has passed.

    If that is lost (the process dies, the recorder is full), the lease runs out and any process's
    sweep says the same a little later.
    """

    def __init__(self, recorder: Recorder, clock: Clock, grace_seconds: float) -> None:
        """Wait `grace_seconds` after each close."""
        self._recorder = recorder
        self._clock = clock
        self._grace_seconds = grace_seconds
        # (session, student) -> connection -> its timer
        self._waiting: dict[tuple[str, str], dict[str | None, asyncio.TimerHandle]] = {}
        self._closed = False

    def __len__(self) -> int:
        """How many students are within their grace."""
        return len(self._waiting)

    def socket_closed(self, place: Place) -> None:
        """Note that a connection has closed now; after the grace its student is disconnected."""
        if self._closed:
            return
        timer = asyncio.get_running_loop().call_later(
            self._grace_seconds, partial(self._disconnect, place, self._clock.now())
        )
        self._waiting.setdefault(_key(place), {})[place.connection_id] = timer

    def returned(self, place: Place) -> None:
        """Forget the earlier connections of this student: another has taken their place."""
        for timer in self._waiting.pop(_key(place), {}).values():
            timer.cancel()

    def close(self) -> None:
        """Forget all: at a drain nobody is marked disconnected."""
        self._closed = True
        for timers in self._waiting.values():
            for timer in timers.values():
                timer.cancel()
        self._waiting.clear()

    def _disconnect(self, place: Place, closed_at: datetime) -> None:
        timers = self._waiting[_key(place)]
        del timers[place.connection_id]
        if not timers:
            del self._waiting[_key(place)]
        command = Disconnect(
            id=new_command_id(),
            session_id=place.session_id,
            received_at=closed_at,
            student_id=place.student_id,
            connection_id=place.connection_id,
        )
        try:
            self._recorder.hand(command, _nobody_waits)
        except MonitorError as error:
            log.warning("a disconnect is left to the sweep", reason=str(error), **_names(place))


def _key(place: Place) -> tuple[str, str]:
    return place.session_id, place.student_id


def _names(place: Place) -> dict[str, str]:
    return {"session_id": place.session_id, "student_id": place.student_id}


def _nobody_waits(settled: object) -> None:
    """Take what became of it: the connection is gone, and nobody is told."""
