"""What all sockets of a process share, and how each begins and ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from starlette.websockets import WebSocket

from monitor import metrics
from monitor.errors import MonitorError
from monitor.protocol.close_codes import CloseCode
from monitor.protocol.codec import encode
from monitor.protocol.messages import Pulse
from monitor.services import Services
from monitor.sockets.closing import Closing, Gone, TooSlow, closing_of
from monitor.sockets.connection import Connection
from monitor.sockets.farewells import Farewells
from monitor.sockets.feeds import Feeds
from monitor.sockets.frames import Frame
from monitor.sockets.handshakes import Handshakes
from monitor.sockets.origin import origin_allowed
from monitor.sockets.pace import Allowance
from monitor.sockets.pulses import DASHBOARD_STEPS, STUDENT_STEPS, Pulses
from monitor.sockets.registry import Registry
from monitor.sockets.turns import Turns

log = structlog.get_logger(__name__)

SPREAD_OF_LEASE = 0.5  # of a lease: whoever comes back by then was never away for long

_NOT_LISTED = "this page's address is not among MONITOR_ALLOWED_ORIGINS"


class Sockets:
    """The limits and the registry that the connections of one process share."""

    def __init__(self, services: Services) -> None:
        """Let connections use `services`."""
        settings = services.settings
        self.services = services
        self.settings = settings
        self.handshakes = Handshakes(
            settings.handshakes_per_process,
            most_lag_seconds=settings.busy_lag_ms / 1000,
            first_message_seconds=settings.first_message_seconds,
            first_frame_bytes=settings.first_frame_bytes,
        )
        self.registry = Registry(settings.lease_seconds * SPREAD_OF_LEASE)
        self.joins = Allowance(settings.joins_per_minute)
        self.farewells = Farewells(
            services.recorder, services.clock, settings.disconnect_grace_seconds
        )
        clock = services.clock
        self.pulses = Pulses(settings.student_pulse_seconds, STUDENT_STEPS, clock)
        self.dashboard_pulses = Pulses(settings.dashboard_pulse_seconds, DASHBOARD_STEPS, clock)
        self.feeds = Feeds(services.rooms, settings.dashboard_sends_per_second)
        self.heard_students = metrics.Tally(metrics.MESSAGES_RECEIVED.labels("student"))
        self.heard_dashboards = metrics.Tally(metrics.MESSAGES_RECEIVED.labels("dashboard"))
        self.turns = Turns()
        self._student_pulse: tuple[str, str, Frame] | None = None
        services.drainer.add(self)
        self._origins = [*settings.allowed_origins]
        if settings.public_url is not None:
            self._origins.append(settings.public_url.rstrip("/"))

    async def serve(
        self,
        kind: str,
        websocket: WebSocket,
        converse: Callable[[Connection, Sockets], Awaitable[None]],
    ) -> None:
        """Accept a connection, let `converse` have it, and see that it ends with a reason.

        Args:
            kind: `student` or `dashboard`.
            websocket: The connection as the server hands it over.
            converse: Speaks with the other side until someone lives who tells the end.
        """
        connection = Connection(websocket, slow_frame_seconds=self.settings.slow_frame_seconds)
        code: int | None = 0
        try:
            await connection.accept()
            self._admit(websocket)
            await converse(connection, self)
            code = None
        except Gone:
            pass
        except TooSlow:
            code = CloseCode.TOO_SLOW
            connection.cut(Closing(code))
        except Exception as error:  # noqa: BLE001 - whatever it is, the other side is told an end
            closing = self._end_of(error, kind)
            code = closing.code
            await connection.end(closing)
        finally:
            if code is not None:
                ended(kind, code)

    def student_pulse(self, server_time: str, epoch: str) -> Frame:
        """The pulse of a moment, made once for all students who are told."""
        last = self._student_pulse
        if last is None or (server_time, epoch) != last[:2]:
            frame = Frame(encode(Pulse(server_time, epoch)))
            self._student_pulse = last = (server_time, epoch, frame)
        return last[2]

    def drain(self) -> None:
        """End every connection with `bye` 4001, after the acks of what it sent before.

        Each is told another moment to come back, within half a lease; nobody is marked
        disconnected, and whoever comes from now on is sent away.
        """
        self.farewells.close()
        self.handshakes.interrupt(self.registry.farewell())
        self.registry.drain()

    async def emptied(self) -> None:
        """Return when the last connection has ended."""
        await self.registry.emptied()

    def _admit(self, websocket: WebSocket) -> None:
        headers = websocket.headers
        if not origin_allowed(headers.getlist("origin"), headers.get("host"), self._origins):
            raise Closing(CloseCode.FORBIDDEN, _NOT_LISTED)
        if self.registry.draining or self.services.draining:
            raise self.registry.farewell()

    def _end_of(self, error: Exception, kind: str) -> Closing:
        if isinstance(error, Closing):
            return error
        if isinstance(error, MonitorError):
            return closing_of(error, now=self.services.clock.now())
        log.error("a connection failed", kind=kind, exc_info=error)
        return Closing(CloseCode.TOO_BUSY)


def ended(kind: str, code: int) -> None:
    """Count a connection that has ended."""
    metrics.SOCKETS_ENDED.labels(kind, str(int(code))).inc()
