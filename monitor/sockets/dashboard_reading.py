"""What a dashboard's connection sends: what to watch, and newer tokens."""

from __future__ import annotations

from collections import deque

from monitor.clock import Clock
from monitor.config import Settings
from monitor.errors import InvalidMessage, MonitorError, Unavailable
from monitor.protocol import messages
from monitor.protocol.close_codes import CloseCode
from monitor.protocol.codec import decode_dashboard_message
from monitor.sockets.closing import closing_of
from monitor.sockets.connection import Connection
from monitor.sockets.ledger import error_message
from monitor.sockets.line import Line
from monitor.sockets.login import Login
from monitor.sockets.reading import Reader
from monitor.sockets.watches import Watches

MOST_REPLIES = 64  # that wait to be taken; then nothing more is asked


class DashboardReader(Reader):
    """Reads one dashboard's connection after its authentication."""

    kind = "dashboard"

    def __init__(
        self,
        connection: Connection,
        line: Line,
        login: Login,
        watches: Watches,
        replies: deque[object],
        *,
        clock: Clock,
        settings: Settings,
    ) -> None:
        """Change `watches` and `login` as asked, and leave answers in `replies`."""
        super().__init__(connection, line, settings)
        self._clock = clock
        self._login = login
        self._watches = watches
        self._replies = replies

    @property
    def full(self) -> bool:
        """Whether as many answers wait to be taken as may."""
        return len(self._replies) >= MOST_REPLIES

    async def take(self, data: bytes) -> None:
        """Take one message of the wire."""
        message = decode_dashboard_message(data)
        match message:
            case messages.Watch():
                await self._watch(message)
            case messages.Unwatch(session_id=session_id):
                self._watches.unwatch(session_id)
            case messages.Refresh(token=token):
                await self._refresh(token)
            case messages.Authenticate():
                raise InvalidMessage("This connection is authenticated; a newer token: refresh.")

    def refused(self, error: InvalidMessage, data: bytes) -> None:
        """Answer an invalid message."""
        self._reply(error_message(error))

    async def _watch(self, message: messages.Watch) -> None:
        try:
            await self._watches.watch(self._login.user, message)
        except MonitorError as error:
            self._reply(error_message(error, session_id=message.session_id))

    async def _refresh(self, token: str) -> None:
        try:
            answer = await self._login.refresh(token)
        except Unavailable as error:
            self._reply(error_message(error))
            return
        except MonitorError as error:
            raise closing_of(error, now=self._clock.now()) from None
        self._reply(answer)
        self._line.end_at(
            "token", self._login.expires_at, self._clock.now(), CloseCode.TOKEN_EXPIRED
        )

    def _reply(self, message: object) -> None:
        self._replies.append(message)
        self._line.wake()
