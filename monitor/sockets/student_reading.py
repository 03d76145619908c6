"""What a student's connection sends: each operation a command, each command an entry to answer."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from monitor.clock import Clock
from monitor.config import Settings
from monitor.domain.commands import Leave
from monitor.errors import AlreadyJoined, BadSequence, InvalidMessage, MonitorError
from monitor.live.backlog import Settled
from monitor.live.door import Place, command_of
from monitor.live.recorder import Recorder
from monitor.protocol import messages
from monitor.protocol.close_codes import CloseCode
from monitor.protocol.codec import decode_student_message, seq_of
from monitor.sockets.closing import NORMAL, Closing
from monitor.sockets.connection import Connection
from monitor.sockets.ledger import Entry, Ledger, error_message, late_message
from monitor.sockets.line import Line
from monitor.sockets.reading import Reader

LAST_CHANCE_SECONDS = 1.0  # to hear what came while this process could not listen


class StudentReader(Reader):
    """Reads one student's connection after its join."""

    kind = "student"

    def __init__(
        self,
        connection: Connection,
        line: Line,
        ledger: Ledger,
        place: Place,
        *,
        recorder: Recorder,
        clock: Clock,
        settings: Settings,
    ) -> None:
        """Hand what `place` sends to the recorder and enter it in the ledger."""
        super().__init__(connection, line, settings)
        self._ledger = ledger
        self._place = place
        self._recorder = recorder
        self._clock = clock
        self._lease_seconds = settings.lease_seconds
        line.after("lease", self._lease_seconds, self._look_at_lease)

    @property
    def full(self) -> bool:
        """Whether as much waits for its commit as may."""
        return self._ledger.full

    async def take(self, data: bytes) -> None:
        """Take one message of the wire."""
        message = decode_student_message(data)
        if isinstance(message, messages.Leave):
            self._leave(len(data))
        elif isinstance(message, messages.Join):
            self._ledger.refuse(error_message(AlreadyJoined()), len(data))
            self._line.wake()
        else:
            self._operate(message, len(data))

    def refused(self, error: InvalidMessage, data: bytes) -> None:
        """Answer an invalid message, under its seq where that can be read and rises."""
        seq = seq_of(data)
        if seq is not None and self._ledger.rises(seq):
            entry = self._ledger.enter(seq, len(data))
            self._ledger.settle(entry, error_message(error, seq=seq))
        else:
            self._ledger.refuse(error_message(error), len(data))

    def _operate(self, operation: messages.Operation, size: int) -> None:
        seq = operation.seq
        command = command_of(operation, self._place, received_at=self._clock.now())
        if not self._ledger.rises(seq):
            self._ledger.refuse(error_message(BadSequence(), seq=seq), size)
            self._line.wake()
            return
        entry = self._ledger.enter(seq, size)
        try:
            self._recorder.hand(command, partial(self._settled, entry))
        except MonitorError as error:
            self._ledger.settle(entry, error_message(error, seq=seq))
            self._line.wake()

    def _leave(self, size: int) -> None:
        entry = self._ledger.enter(None, size)
        command = Leave(
            id=str(uuid4()),
            session_id=self._place.session_id,
            received_at=self._clock.now(),
            student_id=self._place.student_id,
            connection_id=self._place.connection_id,
        )
        try:
            self._recorder.hand(command, partial(self._settled, entry))
            self._line.left = True
        except MonitorError:
            self._ledger.settle(entry)  # the closed socket will tell, after its grace
        self._line.end(Closing(NORMAL, "left"))

    def _settled(self, entry: Entry, settled: Settled) -> None:
        """Called after the commit: nothing here waits, and nothing here can fail."""
        outcome, error = settled.outcome, None
        if entry.seq is not None:
            if outcome.error is not None:
                error = error_message(outcome.error, seq=entry.seq)
            elif outcome.late:
                error = late_message(entry.seq)
        entry.winner = outcome.winner
        self._ledger.settle(entry, error)
        self._line.wake()

    def _look_at_lease(self) -> None:
        silent = self._silent_seconds()
        if silent >= self._lease_seconds:
            # After a pause of the whole process the frames of the meantime are still unread.
            self._line.after("lease", LAST_CHANCE_SECONDS, self._end_if_silent)
        else:
            self._line.after("lease", self._lease_seconds - silent, self._look_at_lease)

    def _end_if_silent(self) -> None:
        if self._silent_seconds() >= self._lease_seconds:
            self._line.end(Closing(CloseCode.LEASE_LOST))
        else:
            self._look_at_lease()

    def _silent_seconds(self) -> float:
        return 0.0 if self.held else self._loop.time() - self.heard_at
