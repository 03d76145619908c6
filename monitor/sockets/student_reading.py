"""What a student's connection sends: operations, handed to the recorder as commands."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from monitor.domain.commands import Leave
from monitor.errors import AlreadyJoined, BadSequence, InvalidMessage, MonitorError
from monitor.live.backlog import Settled
from monitor.live.command_ids import new_command_id
from monitor.live.door import Place, command_of
from monitor.live.room import Room
from monitor.live.student_cursor import StudentCursor
from monitor.protocol import messages
from monitor.protocol.close_codes import CloseCode
from monitor.protocol.codec import decode_student_message, seq_of
from monitor.sockets.closing import NORMAL, Closing
from monitor.sockets.ledger import Entry, error_message, late_message
from monitor.sockets.sockets import Sockets
from monitor.sockets.student_writing import StudentWriting

LAST_CHANCE_SECONDS = 1.0  # to hear what came while this process could not listen


class StudentReading(StudentWriting):
    """The half that reads; while it holds the peer back, silence is no fault of the client's."""

    __slots__ = ("_expires_at",)

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
        """Read until the line is over, at the latest until the token has expired."""
        super().__init__(sockets, place, room, cursor, attempt_id)
        left = expires_at - sockets.services.clock.now()
        self._expires_at = self._loop.time() + left.total_seconds()

    @property
    def full(self) -> bool:
        """Whether as much waits for its commit as may."""
        return self.ledger.full

    # -- messages

    def take(self, data: bytes) -> None:
        """Take one message of the wire; InvalidMessage if it is none."""
        message = decode_student_message(data)
        if isinstance(message, messages.Heartbeat):  # nearly all of them
            self._operate(message, len(data))
        elif isinstance(message, messages.Leave):
            self._leave(len(data))
        elif isinstance(message, messages.Join):
            self.ledger.refuse(error_message(AlreadyJoined()), len(data))
            self.take_turn()
        else:
            self._operate(message, len(data))

    def _operate(self, operation: messages.Operation, size: int) -> None:
        seq = operation.seq
        services = self._sockets.services
        command = command_of(operation, self.place, received_at=services.clock.now())
        if not self.ledger.rises(seq):
            self.ledger.refuse(error_message(BadSequence(), seq=seq), size)
            self.take_turn()
            return
        entry = self.ledger.enter(seq, size)
        try:
            services.recorder.hand(command, partial(self._settled, entry))
        except MonitorError as error:
            self.ledger.settle(entry, error_message(error, seq=seq))
            self.take_turn()

    def _leave(self, size: int) -> None:
        entry = self.ledger.enter(None, size)
        command = Leave(
            id=new_command_id(),
            session_id=self.place.session_id,
            received_at=self._sockets.services.clock.now(),
            student_id=self.place.student_id,
            connection_id=self.place.connection_id,
        )
        try:
            self._sockets.services.recorder.hand(command, partial(self._settled, entry))
            self.left = True
        except MonitorError:
            self.ledger.settle(entry)  # the closed socket will tell, after its grace
        self.end(Closing(NORMAL, "left"))

    def _settled(self, entry: Entry, settled: Settled) -> None:
        """Called after the commit: nothing here waits, and nothing here can fail."""
        outcome, error = settled.outcome, None
        if entry.seq is not None:
            if outcome.error is not None:
                error = error_message(outcome.error, seq=entry.seq)
            elif outcome.late:
                error = late_message(entry.seq)
        entry.winner = outcome.winner
        self.ledger.settle(entry, error)
        self.take_turn()

    def refuse(self, error: InvalidMessage, data: bytes) -> None:
        """Answer an invalid message, under its seq where that can be read and rises."""
        seq = seq_of(data)
        if seq is not None and self.ledger.rises(seq):
            entry = self.ledger.enter(seq, len(data))
            self.ledger.settle(entry, error_message(error, seq=seq))
        else:
            self.ledger.refuse(error_message(error), len(data))

    # -- how long

    def pulse(self, server_time: str) -> None:
        """Tell that the server is there, and see whether the student is."""
        super().pulse(server_time)
        if not self.over:
            self.watch_over()

    def watch_over(self) -> None:
        """Set a timer if the lease or the token can end before the next pulse."""
        settings = self._sockets.settings
        left = settings.lease_seconds - self._silent_seconds()
        if left <= settings.student_pulse_seconds:
            self.after("lease", left, self._look_at_lease)
        left = self._expires_at - self._loop.time()
        if left <= settings.student_pulse_seconds:
            self.after("token", left, partial(self.end, Closing(CloseCode.TOKEN_EXPIRED)))

    def _look_at_lease(self) -> None:
        if self._silent_seconds() >= self._sockets.settings.lease_seconds:
            # After a pause of the whole process the frames of the meantime are still unread.
            self.after("lease", LAST_CHANCE_SECONDS, self._end_if_silent)
        else:
            self.watch_over()

    def _end_if_silent(self) -> None:
        if self._silent_seconds() >= self._sockets.settings.lease_seconds:
            self.end(Closing(CloseCode.LEASE_LOST))
        else:
            self.watch_over()

    def _silent_seconds(self) -> float:
        return 0.0 if self._pausing or self._waiting else self._loop.time() - self._heard_at
