"""A dashboard's socket: authenticate, then read and write side by side, then a reasoned end."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import ExitStack
from typing import NoReturn

from monitor.errors import Forbidden, InvalidMessage, MonitorError, Unavailable
from monitor.protocol.close_codes import CloseCode
from monitor.protocol.codec import decode_dashboard_message
from monitor.protocol.messages import Authenticate
from monitor.sockets.closing import Closing, closing_of
from monitor.sockets.connection import Connection
from monitor.sockets.dashboard_reading import DashboardReader
from monitor.sockets.dashboard_writing import DashboardWriter
from monitor.sockets.ledger import error_message
from monitor.sockets.line import AwaitedLine
from monitor.sockets.login import Login
from monitor.sockets.sockets import Sockets
from monitor.sockets.watches import Watches

KIND = "dashboard"


async def converse(connection: Connection, sockets: Sockets) -> int:
    """Everything between the accept and the end of a dashboard's connection; returns its code.

    Raises:
        Closing: It ends before it lives, with this code.
        Gone: The other side went before it was answered.
        MonitorError: The token was refused.
    """
    services, settings = sockets.services, sockets.settings
    login = Login(services.authenticator, services.clock, settings)
    line = AwaitedLine()
    with ExitStack() as stack:
        stack.callback(line.close)
        with sockets.handshakes.begin():
            first = decode_dashboard_message(await sockets.handshakes.first_message(connection))
            if not isinstance(first, Authenticate):
                raise InvalidMessage("The first message of a dashboard must be authenticate.")
            answer = await login.begin(first.token)
            if sockets.registry.of_user(KIND, login.user.id) >= settings.dashboards_per_user:
                raise Closing(CloseCode.CONNECTION_LIMIT)
            stack.enter_context(sockets.registry.live(line, KIND, login.user.id))
            await connection.send_message(answer)
        line.end_at("token", login.expires_at, services.clock.now(), CloseCode.TOKEN_EXPIRED)
        watches = Watches(
            services.rooms,
            services.database,
            most=settings.watches_per_connection,
            moved=line.wake,
        )
        stack.callback(watches.close)
        await _live(connection, line, login, watches, sockets)
    return line.ending.code if line.ending is not None else 0


async def _live(
    connection: Connection, line: AwaitedLine, login: Login, watches: Watches, sockets: Sockets
) -> None:
    """Read, write and check until one of them ends it, or the line is ended from outside."""
    services, settings = sockets.services, sockets.settings
    replies: deque[object] = deque()
    reader = DashboardReader(
        connection, line, login, watches, replies, clock=services.clock, settings=settings
    )
    writer = DashboardWriter(
        connection,
        line,
        watches,
        replies,
        rooms=services.rooms,
        clock=services.clock,
        settings=settings,
    )
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(reader.run())
        checking = group.create_task(_check(line, login, watches, replies, sockets))
        try:
            await writer.run(reader.go_on)
        finally:
            reading.cancel()
            checking.cancel()


async def _check(
    line: AwaitedLine, login: Login, watches: Watches, replies: deque[object], sockets: Sockets
) -> NoReturn:
    """Ask the database once a minute whether the token, the role and the sittings still hold."""
    while True:
        await asyncio.sleep(sockets.settings.token_check_seconds)
        try:
            await login.check()
            for session_id in await watches.forbidden_now(login.user):
                replies.append(error_message(Forbidden(), session_id=session_id))
        except Unavailable:
            continue  # known again at the next check
        except MonitorError as error:
            line.end(closing_of(error, now=sockets.services.clock.now()))
        line.wake()
