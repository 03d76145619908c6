"""Clients that behave badly: none of them may hurt the others, or the server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
from datetime import UTC, datetime, timedelta
from socket import SO_LINGER, SOL_SOCKET
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.chaos.fault import Fault
from tests.support import eventually
from tests.support.wire import Wire, narrow_socket, wire

if TYPE_CHECKING:
    from monitor.load.load_student import LoadStudent

SETTLED_SECONDS = 60.0
# Longer than what fits into one frame's first bytes, shorter than the longest answer.
FLOOD_CHARACTERS = 5_000
# How many students' clocks go wrong.
WRONG_CLOCKS = 4


class DashboardStopsReading(Fault):
    """A dashboard of every sitting whose machine takes nothing any more."""

    name = "dashboard_stops_reading"
    part = "clients"
    hold = (5.0, 15.0)

    async def strike(self) -> str:
        """Let it watch and read nothing."""
        self._stack = contextlib.AsyncExitStack()
        url = f"{self.stage.server.ws_url}/ws/dashboard"
        socket = narrow_socket(url)
        self._stack.callback(socket.close)
        try:
            dashboard = await self._stack.enter_async_context(
                wire(url, sock=socket, max_queue=1, close_timeout=0.1)
            )
            token = self.stage.crowd.teacher.token
            await dashboard.send({"type": "authenticate", "token": token})
            for place in self.stage.crowd.places:
                await dashboard.send({"type": "watch", "session_id": place.session_id})
        except (OSError, ConnectionClosed, InvalidHandshake, TimeoutError) as error:
            return f"a dashboard that would have stopped reading came not in: {error}"
        return "a dashboard stops reading"

    async def heal(self) -> None:
        """Take it away."""
        await self._stack.aclose()


class StudentFloods(Fault):
    """A student who sends answers as fast as the machine can, and reads late."""

    name = "student_floods"
    part = "clients"
    hold = (3.0, 10.0)

    async def strike(self) -> str:
        """Begin."""
        self._acked = 0
        self._flooding = asyncio.create_task(self._flood())
        return "a student floods"

    async def heal(self) -> None:
        """Take the student away."""
        self._flooding.cancel()
        with contextlib.suppress(
            asyncio.CancelledError, ConnectionClosed, InvalidHandshake, OSError, TimeoutError
        ):
            await self._flooding

    async def differences(self) -> list[str]:
        """Whether what the flood was acked is there; each answer carries its seq."""
        place = self.stage.crowd.places[0]
        stored = await self.stage.crowd.stored(place.session_id)
        answers = stored.by_student()[place.reserve[0]].answers
        kept = int(str(answers["q3"].value).split()[0]) if "q3" in answers else 0
        if kept < self._acked:
            return [f"the flood was acked up to {self._acked}, the answer stored is {kept}"]
        return []

    async def _flood(self) -> None:
        place = self.stage.crowd.places[0]
        url = f"{self.stage.server.ws_url}/ws/student"
        async with wire(url, max_queue=16, close_timeout=0.1) as socket:
            join = {"type": "join", "token": place.reserve[1], "session_id": place.session_id}
            await socket.send(join)
            await socket.receive("joined")
            reading = asyncio.create_task(self._read_late(socket))
            try:
                for seq in range(self.stage.flood_from, self.stage.flood_from + 10**9):
                    self.stage.flood_from = seq + 1
                    await socket.send(
                        {
                            "type": "answer",
                            "seq": seq,
                            "question_id": "q3",
                            "value": f"{seq} " + "x" * FLOOD_CHARACTERS,
                            "answered_at": datetime.now(UTC).isoformat(),
                        }
                    )
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
                _reset(socket)

    async def _read_late(self, socket: Wire) -> None:
        while True:
            message: dict[str, Any] = json.loads(await socket.socket.recv())
            if message["type"] == "ack":
                self._acked = max(self._acked, message["seq"])
            await asyncio.sleep(0.05)


def _reset(socket: Wire) -> None:
    """End it with a reset: nobody waits until what it has sent was read."""
    transport = socket.socket.transport
    raw = transport.get_extra_info("socket")
    raw.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class ClocksHoursOff(Fault):
    """Some students come back with a clock that is hours ahead or behind, and go on working."""

    name = "clock_hours_off"
    part = "clients"
    hold = (3.0, 8.0)

    async def strike(self) -> str:
        """Change clocks while nothing is on its way, as between two visits."""
        crowd = self.stage.crowd
        ready = [one for one in crowd.students if one.is_settled and one.record.is_connected]
        self._wrong = self.dice.sample(ready, min(WRONG_CLOCKS, len(ready)))
        hours = [self.dice.uniform(-12, 12) for _ in self._wrong]
        for student, ahead in zip(self._wrong, hours, strict=True):
            self._set(student, timedelta(hours=ahead))
        return "clocks are off by " + ", ".join(f"{one:.1f} h" for one in hours)

    async def heal(self) -> None:
        """Put them right, again while nothing is on its way."""
        crowd = self.stage.crowd
        crowd.acting = False
        await eventually(lambda: all(one.is_settled for one in self._wrong), SETTLED_SECONDS)
        for student in self._wrong:
            self._set(student, timedelta())

    def _set(self, student: LoadStudent, ahead: timedelta) -> None:
        student.drop()
        student.clock_ahead = ahead


CLIENT_FAULTS: tuple[type[Fault], ...] = (DashboardStopsReading, StudentFloods, ClocksHoursOff)
