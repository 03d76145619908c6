"""A simulated dashboard: watches sittings, applies every change, resumes after a lost connection.

async with DashboardClient(url, token) as dashboard:
    dashboard.watch(session_id)
    await dashboard.until(lambda: session_id in dashboard.sittings)
    print(dashboard.sittings[session_id].attempts)
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.load.frames import decode_to_dashboard, encode
from monitor.load.live_connection import LiveConnection
from monitor.load.sitting_view import OutOfOrder, SittingView
from monitor.protocol import messages as wire

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable

    import msgspec
    from websockets.asyncio.client import ClientConnection

# A dashboard is live while what it shows was true so long ago, and it heard so long ago.
STALE_SECONDS = 3.0
# Without a pulse (one a second) for so long the connection is given up as dead.
SILENT_SECONDS = 10.0


class DashboardClient(LiveConnection):
    """One dashboard connection.

    Args:
        url: The server, such as http://127.0.0.1:8000.
        token: Access token of a teacher, an invigilator or an admin.
        new_token: Gives a new token when the old has expired.
        on_frame: Called with each snapshot and change after it was applied.
        dice: Spreads reconnects.

    Attributes:
        sittings: What is known of each watched sitting.
        refused: Why a sitting may not be watched, by its id.
        changes: How many changes were applied.
        snapshots: How many snapshots were taken over; one each sitting unless something was lost.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        new_token: Callable[[], Awaitable[str]] | None = None,
        on_frame: Callable[[wire.Snapshot | wire.Change], None] | None = None,
        dice: random.Random | None = None,
    ) -> None:
        super().__init__(url, "/ws/dashboard", token, new_token=new_token, dice=dice)
        self.sittings: dict[str, SittingView] = {}
        self.refused: dict[str, wire.Error] = {}
        self.changes = 0
        self.snapshots = 0
        self.authenticated: wire.Authenticated | None = None
        self._on_frame = on_frame
        self._watched: dict[str, None] = {}
        self._pulses: dict[str, wire.SessionPulse] = {}
        self._pulse_time: datetime | None = None
        self._to_send: list[msgspec.Struct] = []
        self._wake = asyncio.Event()

    def watch(self, session_id: str) -> None:
        """Follow a sitting, over all reconnects."""
        self._watched[session_id] = None
        if self.is_connected:
            self._send(self._watch_message(session_id))

    def unwatch(self, session_id: str) -> None:
        """Follow it no longer."""
        self._watched.pop(session_id, None)
        self.sittings.pop(session_id, None)
        if self.is_connected:
            self._send(wire.Unwatch(session_id))

    def is_live(self, session_id: str) -> bool:
        """Whether what is known of this sitting is the present truth, as far as one can know."""
        pulse = self._pulses.get(session_id)
        if not self.is_connected or pulse is None or self._pulse_time is None:
            return False
        if pulse.verified_at is None or session_id not in self.sittings:
            return False
        age = self._pulse_time - datetime.fromisoformat(pulse.verified_at)
        heard = asyncio.get_running_loop().time() - self._heard_at
        return age.total_seconds() <= STALE_SECONDS and heard <= STALE_SECONDS

    # -- the connection

    def _first_message(self) -> msgspec.Struct:
        return wire.Authenticate(self.token)

    def _watch_message(self, session_id: str) -> wire.Watch:
        known = self.sittings.get(session_id)
        if known is None:
            return wire.Watch(session_id)
        return wire.Watch(session_id, known.version, known.epoch)

    def _send(self, message: msgspec.Struct) -> None:
        self._to_send.append(message)
        self._wake.set()

    def _frame(self, data: str | bytes) -> None:
        match message := decode_to_dashboard(data):
            case wire.Change():
                self._change(message)
            case wire.DashboardPulse():
                self._pulse_time = datetime.fromisoformat(message.server_time)
                self._pulses = {pulse.session_id: pulse for pulse in message.sessions}
            case wire.Snapshot():
                self._snapshot(message)
            case wire.Authenticated():
                self._let_in()
                self.authenticated = message
                self._pulses.clear()
                self._to_send[:] = [self._watch_message(one) for one in self._watched]
                self._wake.set()
            case wire.Error():
                self.errors[message.code] += 1
                if message.session_id is not None:
                    self.refused[message.session_id] = message
                    self._watched.pop(message.session_id, None)
            case wire.Bye():
                self._bye = message

    def _snapshot(self, message: wire.Snapshot) -> None:
        known = self.sittings.get(message.session_id)
        if known is not None and known.epoch == message.epoch and message.version < known.version:
            self.faults.append(
                f"a snapshot of {message.session_id} led back from version {known.version} "
                f"to {message.version}"
            )
        self.sittings[message.session_id] = SittingView(message)
        self.snapshots += 1
        if self._on_frame is not None:
            self._on_frame(message)

    def _change(self, message: wire.Change) -> None:
        view = self.sittings.get(message.session_id)
        if view is None:
            # Sent before the server heard that we no longer watch.
            return
        try:
            view.apply(message)
        except OutOfOrder as error:
            self.faults.append(str(error))
            return
        self.changes += 1
        if self._on_frame is not None:
            self._on_frame(message)

    async def _write(self, socket: ClientConnection) -> None:
        """Send what there is to send; give up a connection that is dead."""
        loop = asyncio.get_running_loop()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SILENT_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            if loop.time() - self._heard_at > SILENT_SECONDS:
                self.cut()
                return
            messages, self._to_send = self._to_send, []
            for message in messages:
                await socket.send(encode(message))
