"""A simulated student: one live connection, an outbox, and what the server has said so far.

    async with StudentClient(url, token, session_id) as student:
        await student.until(lambda: student.test)
        student.answer("q1", "a")
        await student.all_settled()

Nothing given is lost: what the server has not acked goes again over the next connection.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from monitor.load.frames import decode_to_student, encode
from monitor.load.live_connection import LiveConnection
from monitor.load.outbox import Entry, Outbox
from monitor.protocol import messages as wire
from monitor.protocol.items import StudentMessageItem

if TYPE_CHECKING:
    import msgspec
    from websockets.asyncio.client import ClientConnection

    from monitor.protocol.items import StudentAttemptItem, StudentSessionItem

# The server reads a connection no further than 64 waiting commands; more only fills its buffers.
UNDER_WAY = 50
# Heartbeats without any answer after which the connection is given up as dead.
SILENT_HEARTBEATS = 3


def local_time() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


class StudentClient(LiveConnection):
    """One student of one sitting.

    Args:
        url: The server, such as http://127.0.0.1:8000.
        token: The student's access token.
        session_id: The sitting.
        clock: The student's own clock, which may be wrong; the server corrects it.
        new_token: Gives a new token when the old has expired.
        on_settled: Called with each entry that the server has kept or refused.
        dice: Spreads heartbeats and reconnects.

    Attributes:
        session: The sitting, as this student sees it.
        attempt: The student's work, as the server has it.
        test: The test, once the sitting has started.
        messages: The teacher's messages by id.
        outbox: What is not settled yet.
        kept: How many operations the server has kept.
        heartbeats_acked: How many heartbeats the server has acked.
    """

    def __init__(
        self,
        url: str,
        token: str,
        session_id: str,
        *,
        clock: Callable[[], datetime] = local_time,
        new_token: Callable[[], Awaitable[str]] | None = None,
        on_settled: Callable[[Entry], None] | None = None,
        dice: random.Random | None = None,
    ) -> None:
        super().__init__(url, "/ws/student", token, new_token=new_token, dice=dice)
        self.session_id = session_id
        self.connection_id: str | None = None
        self.session: StudentSessionItem | None = None
        self.attempt: StudentAttemptItem | None = None
        self.test: wire.TestItem | None = None
        self.messages: dict[str, StudentMessageItem] = {}
        self.question_id: str | None = None
        self.visible = True
        self.outbox = Outbox()
        self.kept = 0
        self.heartbeats_acked = 0
        self.epoch: str | None = None
        self._clock = clock
        self._on_settled = on_settled
        self._heartbeat_seconds = 5.0
        self._beats: list[int] = []
        self._wake = asyncio.Event()

    @property
    def heartbeats_waiting(self) -> int:
        """How many heartbeats of this connection have not been acked yet."""
        return len(self._beats)

    # -- what a student does

    def answer(self, question_id: str, value: Any) -> Entry:
        """Answer a question, as a browser does while the student types or clicks."""
        self.question_id = question_id
        return self._put(wire.Answer(0, question_id, value, self._clock()))

    def highlight(self, highlight: wire.HighlightInput) -> Entry:
        """Highlight a piece of a passage."""
        return self._put(wire.SaveHighlight(0, highlight))

    def remove_highlight(self, highlight_id: str) -> Entry:
        """Remove a highlight."""
        return self._put(wire.RemoveHighlight(0, highlight_id))

    def show(self, *, visible: bool) -> Entry:
        """Look away from the test's page, or back."""
        self.visible = visible
        return self._put(wire.Visibility(0, visible))

    def raise_hand(self, text: str | None = None) -> Entry:
        """Ask for the teacher."""
        return self._put(wire.RaiseHand(0, text, str(uuid4())))

    def lower_hand(self) -> Entry:
        """Ask no longer."""
        return self._put(wire.LowerHand(0, id=str(uuid4())))

    def read(self, message_id: str) -> Entry:
        """Read a message of the teacher's."""
        return self._put(wire.Read(0, message_id))

    def submit(self) -> Entry:
        """Hand in."""
        return self._put(wire.Submit(0, self._clock()))

    def reload(self) -> None:
        """Reload the page: the connection goes, and the new one knows the former's id."""
        self.cut()

    def take_over(self) -> None:
        """Go on in another window: the new connection does not know the former one."""
        self.connection_id = None
        self.cut()

    async def leave(self) -> None:
        """Leave on purpose, without the grace that a lost connection has; then stop."""
        if self._socket is not None and self.is_connected:
            await self._flush(self._socket)
            self._stopping = True
            await self._socket.send(encode(wire.Leave()))
        await self.stop()

    async def all_settled(self, timeout: float = 30.0) -> None:
        """Wait until the server has kept or refused everything given.

        Raises:
            TimeoutError: It has not in time.
        """
        await self.until(lambda: not self.outbox, timeout)

    # -- the connection

    def _first_message(self) -> msgspec.Struct:
        return wire.Join(self.token, self.session_id, self.connection_id, self._clock())

    def _put(self, operation: wire.Operation) -> Entry:
        entry = self.outbox.put(operation, asyncio.get_running_loop().time())
        self._wake.set()
        return entry

    def _frame(self, data: str | bytes) -> None:
        match message := decode_to_student(data):
            case wire.Ack():
                self._acked(message.seq)
            case wire.Joined():
                self._joined(message)
            case wire.SessionChanged():
                self.session = message.session
            case wire.AttemptChanged():
                self.attempt = message.attempt
            case wire.TestMessage():
                self.test = message.test
            case wire.MessageSent():
                self._put(wire.Received(0, message.id))
                self.messages[message.id] = StudentMessageItem(
                    id=message.id, text=message.text, sent_at=message.sent_at
                )
            case wire.Error():
                self.errors[message.code] += 1
                self.outbox.refuse(message)
            case wire.Bye():
                self._bye = message
            case wire.Pulse():
                self.epoch = message.epoch

    def _joined(self, message: wire.Joined) -> None:
        self._let_in()
        self.connection_id = message.connection_id
        self.session = message.session
        self.attempt = message.attempt
        self.test = message.test or self.test
        self.messages = {item.id: item for item in message.messages}
        self.epoch = message.epoch
        self._heartbeat_seconds = message.heartbeat_seconds
        self.outbox.start_again()
        self._beats.clear()
        self._wake.set()

    def _acked(self, seq: int) -> None:
        loop = asyncio.get_running_loop()
        for entry in self.outbox.ack(seq, loop.time()):
            if entry.is_kept:
                self.kept += 1
            if self._on_settled is not None:
                self._on_settled(entry)
        before = len(self._beats)
        self._beats = [beat for beat in self._beats if beat > seq]
        self.heartbeats_acked += before - len(self._beats)
        self._wake.set()

    async def _write(self, socket: ClientConnection) -> None:
        """Send operations at once and heartbeats in their time; give up a connection that is dead.

        The first heartbeat falls anywhere in its interval, so that a class does not beat as one.
        """
        loop = asyncio.get_running_loop()
        while not self.is_connected:
            self._wake.clear()
            await self._wake.wait()
        next_beat = loop.time() + self._dice.uniform(0, self._heartbeat_seconds)
        while True:
            self._wake.clear()
            if self._network.is_set():
                await self._flush(socket)
            try:
                async with asyncio.timeout_at(next_beat):
                    await self._wake.wait()
            except TimeoutError:
                next_beat = max(next_beat + self._heartbeat_seconds, loop.time())
                if loop.time() - self._heard_at > SILENT_HEARTBEATS * self._heartbeat_seconds:
                    self.cut()
                    return
                self.outbox.retry()
                if self._network.is_set():
                    await self._beat(socket)

    async def _flush(self, socket: ClientConnection) -> None:
        room = UNDER_WAY - self.outbox.under_way
        for operation in self.outbox.take(room):
            await socket.send(encode(operation))

    async def _beat(self, socket: ClientConnection) -> None:
        seq = self.outbox.next_seq()
        self._beats.append(seq)
        await socket.send(encode(wire.Heartbeat(seq, self.question_id, self.visible)))
