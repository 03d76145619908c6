"""A dashboard's socket: authenticate, then live until there is a reason to end."""

from __future__ import annotations

from monitor.errors import InvalidMessage
from monitor.protocol.close_codes import CloseCode
from monitor.protocol.codec import decode_dashboard_message
from monitor.protocol.messages import Authenticate
from monitor.sockets.closing import Closing
from monitor.sockets.connection import Connection
from monitor.sockets.dashboard_live import LiveDashboard
from monitor.sockets.login import Login
from monitor.sockets.peer import hand_over
from monitor.sockets.sockets import Sockets


async def converse(connection: Connection, sockets: Sockets) -> None:
    """Everything between the accept and the end of a dashboard's connection, or its handing over.

    Raises:
        Closing: It ends before it lives, with this code.
        Gone: The other side went before it was answered.
        MonitorError: The token was refused.
    """
    services, settings = sockets.services, sockets.settings
    login = Login(services.authenticator, services.clock, settings)
    with sockets.handshakes.begin():
        first = decode_dashboard_message(await sockets.handshakes.first_message(connection))
        if not isinstance(first, Authenticate):
            raise InvalidMessage("The first message of a dashboard must be authenticate.")
        answer = await login.begin(first.token)
    if sockets.registry.of_user(LiveDashboard.kind, login.user.id) >= settings.dashboards_per_user:
        raise Closing(CloseCode.CONNECTION_LIMIT)
    dashboard = LiveDashboard(sockets, login, answer)
    await hand_over(connection, dashboard, most_bytes=settings.frame_bytes)
