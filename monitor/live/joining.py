"""Joining: what a student is told who has taken a place, over a socket or by REST."""

from __future__ import annotations

from datetime import datetime

from monitor.domain.attempt import Attempt
from monitor.live.room import Room
from monitor.live.student_cursor import StudentCursor
from monitor.protocol.forms import student_attempt_item
from monitor.protocol.items import StudentAttemptItem
from monitor.protocol.messages import Joined
from monitor.protocol.timestamps import rfc3339
from monitor.repositories.database import Database


async def joined_message(
    room: Room,
    cursor: StudentCursor,
    attempt: Attempt,
    *,
    connection_id: str,
    server_time: datetime,
    heartbeat_seconds: float,
) -> Joined:
    """What `joined` carries: all of the moment at which the cursor was made.

    Args:
        room: An open room, which should have reached the version of the join (`room.reached`).
        cursor: Made just now; what is newer follows from it.
        attempt: As the join's commit left it.
        connection_id: The one that the join's reply names.
        server_time: Now.
        heartbeat_seconds: How often the client is to beat.

    Raises:
        Unavailable: The test cannot be read.
        NotFound: The test is gone.
    """
    return Joined(
        version=cursor.version,
        epoch=cursor.epoch,
        session=cursor.session,
        attempt=student_attempt_item(attempt),
        test=await room.test_item() if cursor.has_test else None,
        messages=cursor.messages,
        server_time=rfc3339(server_time),
        heartbeat_seconds=heartbeat_seconds,
        connection_id=connection_id,
    )


async def read_attempt(database: Database, attempt_id: str) -> StudentAttemptItem | None:
    """The attempt as its student sees it, as the database has it now; None if it is gone.

    Raises:
        Unavailable: The database cannot be read.
    """
    attempt = await database.read(lambda uow: uow.attempts.get(attempt_id))
    return None if attempt is None else student_attempt_item(attempt)
