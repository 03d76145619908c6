"""A dashboard's connection from its `authenticated` to its end."""

from __future__ import annotations

import asyncio
from collections import deque

from monitor.errors import Forbidden, InvalidMessage, MonitorError, Unavailable
from monitor.protocol import messages
from monitor.protocol.close_codes import CloseCode
from monitor.protocol.codec import decode_dashboard_message, encode
from monitor.protocol.timestamps import rfc3339
from monitor.sockets.closing import closing_of
from monitor.sockets.feeds import Frames
from monitor.sockets.ledger import error_message
from monitor.sockets.live_line import LiveLine
from monitor.sockets.login import Login
from monitor.sockets.peer import Peer
from monitor.sockets.sockets import Sockets, ended
from monitor.sockets.watches import Watches

MOST_REPLIES = 64  # that wait to be taken; then nothing more is asked


class LiveDashboard(LiveLine):
    """The owner of one peer: it asks for sittings, whose feeds then write to the peer.

    Only what has to ask the database is a task, one after the other; meanwhile nothing is read.
    """

    __slots__ = ("_asked", "_asking", "_checking", "_login", "_pulse_due", "_replies", "_watches")

    kind = "dashboard"

    def __init__(self, sockets: Sockets, login: Login, answer: object) -> None:
        """Live from here on; the answer to `authenticate` is sent first.

        Raises:
            Closing: The process drains and takes no more.
        """
        super().__init__(sockets, sockets.heard_dashboards)
        services, settings = sockets.services, sockets.settings
        self._login = login
        self._watches = Watches(
            services.rooms, sockets.feeds, services.database, most=settings.watches_per_connection
        )
        self._replies: deque[object] = deque([answer])
        self._asked: deque[object] = deque()
        self._asking: asyncio.Task[None] | None = None
        self._checking: asyncio.Task[None] | None = None
        self._pulse_due = False
        sockets.registry.add(self, self.kind, login.user.id)
        sockets.dashboard_pulses.add(self)
        self._end_with_token()
        self.after("check", settings.token_check_seconds, self._check)

    def begin(self, peer: Peer) -> None:
        """Write to this peer, which calls us from now on."""
        self.peer = peer
        self.take_turn()

    def close(self) -> None:
        """Let go of everything."""
        super().close()
        for task in (self._asking, self._checking):
            if task is not None:
                task.cancel()
        self._watches.close()
        self._sockets.dashboard_pulses.remove(self)
        self._sockets.registry.remove(self, self.kind, self._login.user.id)
        ended(self.kind, 0 if self.ending is None else self.ending.code)

    # -- what it asks for

    @property
    def full(self) -> bool:
        """Whether something is asked already, or as many answers wait to be taken as may."""
        return self._asking is not None or len(self._replies) >= MOST_REPLIES

    def take(self, data: bytes) -> None:
        """Take one message of the wire; InvalidMessage if it is none."""
        message = decode_dashboard_message(data)
        if isinstance(message, messages.Authenticate):
            raise InvalidMessage("This connection is authenticated; a newer token: refresh.")
        self._asked.append(message)
        self._ask()

    def refuse(self, error: InvalidMessage, data: bytes) -> None:
        """Answer an invalid message."""
        self._reply(error_message(error))

    def _ask(self) -> None:
        while self._asked and self._asking is None and not self.over:
            message = self._asked.popleft()
            if isinstance(message, messages.Unwatch):
                self._watches.unwatch(message.session_id)
            else:
                self._asking = self._loop.create_task(self._answer(message), name="ask")
                self._asking.add_done_callback(self._asked_one)

    def _asked_one(self, task: asyncio.Task[None]) -> None:
        self._asking = None
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self.fail(error)
        self._ask()
        self.answered()

    async def _answer(self, message: object) -> None:
        if isinstance(message, messages.Watch):
            try:
                await self._watches.watch(self._login.user, message, self)
            except MonitorError as error:
                self._reply(error_message(error, session_id=message.session_id))
        elif isinstance(message, messages.Refresh):
            try:
                self._reply(await self._login.refresh(message.token))
            except Unavailable as error:
                self._reply(error_message(error))
            except MonitorError as error:
                self.end(closing_of(error, now=self._sockets.services.clock.now()))
            else:
                self._end_with_token()

    def _reply(self, message: object) -> None:
        self._replies.append(message)
        self.take_turn()

    # -- what it is sent

    def lost_sitting(self, session_id: str) -> None:
        """Say that a sitting is not there any more."""
        self._watches.unwatch(session_id)
        self._reply(error_message(Forbidden(), session_id=session_id))

    def pulse(self, server_time: str) -> None:
        """Tell how true it is what the dashboard shows, behind everything newer.

        Who does not read now is told when it has caught up.
        """
        if self.over:
            return
        self._pulse_due = self.peer.full
        try:
            if not self._pulse_due:
                self._tell_pulse(server_time)
            self.see_whether_slow()
        except Exception as error:  # noqa: BLE001 - one connection's fault must not be another's
            self.fail(error)

    def _tell_pulse(self, server_time: str) -> None:
        for watch in self._watches:
            if watch.cursor.pending:
                watch.tell(Frames(watch.room).__getitem__)
        self.peer.put_frame(self._sockets.feeds.pulse(self._watches, server_time))

    def _write(self) -> None:
        while self._replies and (self.ending is not None or not self.peer.full):
            self.peer.put(encode(self._replies.popleft()))
        if self.ending is not None:
            self._finish()
            return
        self.answered()
        if self._pulse_due:
            self.pulse(rfc3339(self._sockets.services.clock.now()))
        else:
            for watch in self._watches:
                if watch.cursor.pending:
                    watch.feed.due()

    # -- how long

    def _end_with_token(self) -> None:
        now = self._sockets.services.clock.now()
        self.end_at("token", self._login.expires_at, now, CloseCode.TOKEN_EXPIRED)

    def _check(self) -> None:
        self._checking = self._loop.create_task(self._look_again(), name="check")
        self._checking.add_done_callback(self._checked)

    async def _look_again(self) -> None:
        """Ask the database whether the token, the role and the sittings still hold."""
        try:
            await self._login.check()
            for session_id in await self._watches.forbidden_now(self._login.user):
                self._reply(error_message(Forbidden(), session_id=session_id))
        except Unavailable:
            pass  # known again at the next check
        except MonitorError as error:
            self.end(closing_of(error, now=self._sockets.services.clock.now()))

    def _checked(self, task: asyncio.Task[None]) -> None:
        self._checking = None
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self.fail(error)
        elif not self.over:
            self.after("check", self._sockets.settings.token_check_seconds, self._check)
