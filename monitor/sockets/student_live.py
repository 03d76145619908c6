"""A student's connection from its `joined` to its end: what it holds, and that it lets go of it."""

from __future__ import annotations

from datetime import datetime

from monitor.live.door import Place
from monitor.live.room import Room
from monitor.live.student_cursor import StudentCursor
from monitor.protocol.close_codes import CloseCode
from monitor.sockets.peer import Peer
from monitor.sockets.sockets import Sockets, ended
from monitor.sockets.student_reading import StudentReading

# Ends after which the student is not to be marked disconnected: here in another connection, asked
# to come back in a moment, or through with it all.
_NO_FAREWELL = frozenset({CloseCode.REPLACED, CloseCode.DRAINING, CloseCode.SESSION_OVER})


class LiveStudent(StudentReading):
    """The owner of one peer; it leaves `room`, which was opened for it."""

    __slots__ = ()

    def __init__(
        self,
        sockets: Sockets,
        place: Place,
        room: Room,
        cursor: StudentCursor,
        *,
        attempt_id: str,
        expires_at: datetime,
    ) -> None:
        """Live from here on.

        Raises:
            Closing: The process drains and takes no more.
        """
        super().__init__(sockets, place, room, cursor, attempt_id=attempt_id, expires_at=expires_at)
        sockets.registry.add(self, self.kind, place.student_id)
        room.listen_student(place.student_id, self.wake)
        sockets.pulses.add(self)

    def begin(self, peer: Peer) -> None:
        """Write to this peer, which calls us from now on."""
        self.peer = peer
        self.watch_over()
        self.take_turn()  # something may have come between the cursor's making and its listening

    def close(self) -> None:
        """Let go of everything; the recorder is told after the grace if the student is away."""
        super().close()
        sockets, place = self._sockets, self.place
        sockets.pulses.remove(self)
        self.room.unlisten_student(place.student_id, self.wake)
        sockets.services.rooms.leave(self.room)
        sockets.registry.remove(self, self.kind, place.student_id)
        code = 0 if self.ending is None else self.ending.code
        if not self.left and code not in _NO_FAREWELL:
            sockets.farewells.socket_closed(place)
        ended(self.kind, code)
