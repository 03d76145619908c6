"""A student's socket: join, then live until there is a reason to end."""

from __future__ import annotations

from contextlib import ExitStack

from monitor.live.joining import joined_message
from monitor.live.room import Room
from monitor.live.student_cursor import StudentCursor
from monitor.sockets.closing import Gone
from monitor.sockets.connection import Connection
from monitor.sockets.peer import hand_over
from monitor.sockets.sockets import Sockets
from monitor.sockets.student_joining import Seat, take_seat, understand
from monitor.sockets.student_live import LiveStudent


async def converse(connection: Connection, sockets: Sockets) -> None:
    """Everything between the accept and the end of a student's connection, or its handing over.

    Raises:
        Closing: It ends before it lives, with this code.
        Gone: The other side went before it was answered.
        MonitorError: The join was refused.
    """
    rooms = sockets.services.rooms
    with ExitStack() as undo:
        with sockets.handshakes.begin():
            request = await understand(await sockets.handshakes.first_message(connection), sockets)
            if connection.gone:
                raise Gone  # nobody waits for this join any more
            # Open before the join is handed over: nothing newer than the join can be missed.
            room = await rooms.open(request.join.session_id)
            undo.callback(rooms.leave, room)
            seat = await take_seat(request, sockets)
            undo.callback(sockets.farewells.socket_closed, seat.place)
            cursor = await _answer(connection, room, seat, sockets)
        student = LiveStudent(
            sockets,
            seat.place,
            room,
            cursor,
            attempt_id=seat.attempt.id,
            expires_at=request.expires_at,
        )
        undo.pop_all()  # from here on the student lets go of what it holds
    await hand_over(connection, student, most_bytes=sockets.settings.frame_bytes)


async def _answer(
    connection: Connection, room: Room, seat: Seat, sockets: Sockets
) -> StudentCursor:
    """Send `joined` and return the cursor from which follows what is newer."""
    services = sockets.services
    # A room that cannot be brought up in time is told from where it is, and follows later.
    await room.reached(seat.version)
    cursor = StudentCursor(
        room,
        student_id=seat.place.student_id,
        attempt_id=seat.attempt.id,
        connection_id=seat.connection_id,
        joined_version=seat.version,
    )
    joined = await joined_message(
        room,
        cursor,
        seat.attempt,
        connection_id=seat.connection_id,
        server_time=services.clock.now(),
        heartbeat_seconds=services.settings.heartbeat_seconds,
    )
    await connection.send_message(joined)
    return cursor
