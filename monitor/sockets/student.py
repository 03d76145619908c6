"""A student's socket: join, then read and write side by side, then an end with a reason."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from monitor.live.joining import joined_message
from monitor.live.room import Room
from monitor.live.student_cursor import StudentCursor
from monitor.protocol.close_codes import CloseCode
from monitor.sockets.connection import Connection
from monitor.sockets.ledger import Ledger
from monitor.sockets.line import Line
from monitor.sockets.sockets import Sockets
from monitor.sockets.student_joining import Seat, take_seat, understand
from monitor.sockets.student_reading import StudentReader
from monitor.sockets.student_writing import StudentWriter

# Ends after which the student is not to be marked disconnected: here in another connection, asked
# to come back in a moment, or through with it all.
_NO_FAREWELL = frozenset({CloseCode.REPLACED, CloseCode.DRAINING, CloseCode.SESSION_OVER})


async def converse(connection: Connection, sockets: Sockets) -> int:
    """Everything between the accept and the end of a student's connection; returns its code.

    Raises:
        Closing: It ends before it lives, with this code.
        Gone: The other side went before it was answered.
        MonitorError: The join was refused.
    """
    rooms = sockets.services.rooms
    line = Line()
    with ExitStack() as stack:
        stack.callback(line.close)
        with sockets.handshakes.begin():
            request = await understand(await sockets.handshakes.first_message(connection), sockets)
            # Open before the join is handed over: nothing newer than the join can be missed.
            room = await rooms.open(request.join.session_id)
            stack.callback(rooms.leave, room)
            seat = await take_seat(request, sockets)
            stack.callback(_farewell, seat, line, sockets)
            cursor = await _answer(connection, room, seat, sockets)
        with sockets.registry.live(line, "student", seat.place.student_id):
            room.listen_student(seat.place.student_id, line.wake)
            stack.callback(room.unlisten_student, seat.place.student_id, line.wake)
            now = sockets.services.clock.now()
            line.end_at("token", request.expires_at, now, CloseCode.TOKEN_EXPIRED)
            await _live(connection, line, room, cursor, seat, sockets)
    return line.ending.code if line.ending is not None else 0


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


async def _live(
    connection: Connection,
    line: Line,
    room: Room,
    cursor: StudentCursor,
    seat: Seat,
    sockets: Sockets,
) -> None:
    """Read and write until one of them ends it, or the line is ended from outside."""
    services, settings = sockets.services, sockets.settings
    ledger = Ledger(settings.waiting_commands_per_connection, settings.waiting_bytes_per_connection)
    reader = StudentReader(
        connection,
        line,
        ledger,
        seat.place,
        recorder=services.recorder,
        clock=services.clock,
        settings=settings,
    )
    writer = StudentWriter(
        connection,
        line,
        ledger,
        cursor,
        room,
        attempt_id=seat.attempt.id,
        database=services.database,
        clock=services.clock,
        settings=settings,
    )
    line.wake()  # something may have come between the cursor's making and its listening
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(reader.run())
        try:
            await writer.run(reader.go_on)
        finally:
            reading.cancel()


def _farewell(seat: Seat, line: Line, sockets: Sockets) -> None:
    if not line.left and (line.ending is None or line.ending.code not in _NO_FAREWELL):
        sockets.farewells.socket_closed(seat.place)
