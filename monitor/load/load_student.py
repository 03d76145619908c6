"""A simulated student at the least cost: no task and no timer of its own.

It does what it is told when it is told (`join`, `beat`, `act`, `drop`), keeps what is not acked in
an outbox, and comes back by itself as a browser does. Ten thousand of them fit into one process.
"""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from monitor.load.acts import KEPT, GivenAct, Work
from monitor.load.backoff import backoff_seconds
from monitor.load.frame_socket import FrameSocket
from monitor.load.frames import decode_to_student
from monitor.load.live_connection import CONNECT_SECONDS, Ended, why_ended
from monitor.load.outbox import Entry, Outbox
from monitor.load.student import UNDER_WAY
from monitor.protocol import messages as wire
from monitor.protocol.close_codes import CloseCode

if TYPE_CHECKING:
    import random
    import ssl

    from monitor.load.frame_socket import Address
    from monitor.load.meters import Meters
    from monitor.load.server_clock import ServerClock
    from monitor.load.student_record import SentBeat, StudentRecord

_encoder = msgspec.json.Encoder()


class Surroundings(msgspec.Struct, frozen=True):
    """What all students of a run share."""

    address: Address
    tls: ssl.SSLContext | None
    meters: Meters
    clock: ServerClock
    dice: random.Random


class LoadStudent:
    """One student; `record` is its side of the story.

    Args:
        record: Where it writes what it does.
        token: Its access token.
        shared: What it has in common with the others.

    Attributes:
        clock_ahead: How wrong its own clock goes; to be changed only while it is not connected.
    """

    def __init__(self, record: StudentRecord, token: str, shared: Surroundings) -> None:
        self.record = record
        self.outbox = Outbox()
        self.heartbeat_seconds: float | None = None
        self.ended: Ended | None = None
        self.clock_ahead = timedelta()
        self._token = token
        self._shared = shared
        self._loop = asyncio.get_running_loop()
        self._work = Work(record.number)
        self._given: dict[int, GivenAct] = {}  # by id() of the outbox's entry
        self._beats: deque[SentBeat] = deque()
        self._socket: FrameSocket | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._bye: wire.Bye | None = None
        self._tries = 0
        self._stopping = False
        self._cut_by_us = False

    @property
    def is_settled(self) -> bool:
        """Whether it is in (or away for good) and the server has answered all it did."""
        return self.ended is not None or (self.record.is_connected and not self.outbox)

    # -- what it does

    def join(self, intended_at: float, *, measured: bool = True) -> None:
        """Go for the door."""
        if self._stopping:
            return
        self.record.try_join(intended_at, measured=measured)
        self._bye = None
        self._connecting = self._loop.create_task(self._connect(), name="join")

    def beat(self, intended_at: float, *, measured: bool) -> None:
        """Send a heartbeat, unless there is no connection to send it over."""
        self.outbox.retry()
        if not self.record.is_connected or self._socket is None or self._socket.is_full:
            if self.record.joins and not self._cut_by_us:
                self._shared.meters.errors["heartbeat without a connection"] += 1
            return
        self._flush()
        seq = self.outbox.next_seq()
        now = monotonic()
        self._beats.append(self.record.beat(seq, intended_at, now, measured=measured))
        self._socket.send(_encoder.encode(wire.Heartbeat(seq)))

    def act(self, kind: str, intended_at: float, *, measured: bool) -> None:
        """Do something to the work; without a connection it waits in the outbox."""
        operation, marks = self._work.next(kind, self._time())
        # What a student gives in the time we cut it off ourselves says nothing about the server.
        given = GivenAct(operation, intended_at, marks, measured and not self._cut_by_us)
        self.record.acts.append(given)
        entry = self.outbox.put(operation, intended_at)
        self._given[id(entry)] = given
        self._shared.meters.counts["acts given"] += 1
        self._flush()

    def drop(self) -> None:
        """Lose the connection without a word, as a laptop that is shut; comes back by itself."""
        if self._socket is not None and self.record.is_connected:
            self._cut_by_us = True
            for given in self._given.values():
                given.measured = False
            self._shared.meters.counts["connections cut"] += 1
            self._socket.abort()

    def leave(self) -> None:
        """Leave on purpose and for good."""
        self._stopping = True
        if self._socket is not None and self.record.is_connected:
            self._socket.send(_encoder.encode(wire.Leave()))
        else:
            self.stop()

    def stop(self) -> None:
        """End without a word, for good."""
        self._stopping = True
        if self._timer is not None:
            self._timer.cancel()
        if self._connecting is not None:
            self._connecting.cancel()
        if self._socket is not None:
            self._socket.abort()

    def _time(self) -> datetime:
        return datetime.now(UTC) + self.clock_ahead

    # -- the connection

    async def _connect(self) -> None:
        address = self._shared.address
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._loop.create_connection(
                    self._new_socket, address.host, address.port, ssl=self._shared.tls
                )
        except (OSError, TimeoutError) as error:
            self._over(Ended(1006, str(error) or type(error).__name__, reconnect=True))
            return
        # From here the socket tells; a server that never answers is given up.
        self._timer = self._loop.call_later(CONNECT_SECONDS, self._give_up)

    def _new_socket(self) -> FrameSocket:
        self._socket = FrameSocket(self._shared.address, self, self._shared.dice)
        return self._socket

    def _give_up(self) -> None:
        if self._socket is not None and not self.record.is_connected:
            self._socket.abort("no answer to the join")

    def opened(self) -> None:
        """Say who we are."""
        join = wire.Join(
            self._token, self.record.session_id, self.record.connection_id, self._time()
        )
        if self._socket is not None:
            self._socket.send(_encoder.encode(join))

    def text(self, data: bytes) -> None:
        """Take a frame."""
        try:
            message = decode_to_student(data)
        except msgspec.DecodeError as error:
            self.record.faults.append(f"{error}: {data[:200]!r}")
            return
        match message:
            case wire.Ack():
                self._acked(message)
            case wire.Joined():
                self._joined(message)
            case wire.Error():
                self._shared.meters.errors[f"refused: {message.code}"] += 1
                self.outbox.refuse(message)
            case wire.Bye():
                self._bye = message
            case _:
                pass

    def closed(self, code: int, reason: str) -> None:
        """Come back, if that is what the end asks for."""
        self._socket = None
        if self._timer is not None:
            self._timer.cancel()
        self._over(why_ended(self._bye, code, reason))

    def _over(self, ended: Ended) -> None:
        self.record.lost()
        lost = len(self._beats)
        self._beats.clear()
        self._socket = None
        if self._stopping:
            self.ended = ended
            return
        if not self._cut_by_us:
            self._shared.meters.errors[f"closed: {ended.code} {ended.reason}".strip()] += 1
            if lost:
                self._shared.meters.errors["heartbeats lost with a connection"] += lost
        if not ended.reconnect:
            self.ended = ended
            return
        self._tries += 1
        if ended.code == CloseCode.TOO_BUSY:
            self._shared.meters.counts["sent away"] += 1
        wait = ended.after_seconds
        if wait is None:
            wait = backoff_seconds(self._tries, self._shared.dice)
        self._timer = self._loop.call_later(wait, self.join, monotonic() + wait)

    def _joined(self, message: wire.Joined) -> None:
        meters, now = self._shared.meters, monotonic()
        if self._timer is not None:
            self._timer.cancel()
        joining = self.record.joining
        if joining is not None and joining.measured:
            meters.join_acks.record(now - joining.intended_at)
        if self.record.joins:
            meters.counts["reconnects"] += 1
        else:
            meters.counts["joins"] += 1
            meters.last_join_at = now
        self._shared.clock.observe(message.server_time, now)
        self.record.joined(message.attempt.id, message.connection_id)
        self.heartbeat_seconds = message.heartbeat_seconds
        self._tries = 0
        self._cut_by_us = False
        self.outbox.start_again()
        self._flush()

    def _flush(self) -> None:
        if self._socket is None or not self.record.is_connected or not self.outbox:
            return
        for operation in self.outbox.take(UNDER_WAY - self.outbox.under_way):
            self._socket.send(_encoder.encode(operation))

    def _acked(self, ack: wire.Ack) -> None:
        meters, now = self._shared.meters, monotonic()
        for entry in self.outbox.ack(ack.seq, now):
            self._settled(entry, now)
        sent_at = None
        while self._beats and self._beats[0].seq <= ack.seq:
            beat = self._beats.popleft()
            sent_at = beat.sent_at
            meters.counts["heartbeats acked"] += 1
            if beat.measured:
                meters.beat_acks.record(now - beat.intended_at)
        if sent_at is not None:
            self.record.acked_beat_sent_at = sent_at
            self._shared.clock.observe(ack.server_time, now)
        self._flush()

    def _settled(self, entry: Entry, now: float) -> None:
        given = self._given.pop(id(entry))
        if entry.error is not None:
            given.outcome = entry.error.code
            self.record.is_followed = False
            return
        given.outcome = KEPT
        self._shared.meters.counts["acts kept"] += 1
        if given.measured:
            self._shared.meters.act_acks.record(now - given.intended_at)
