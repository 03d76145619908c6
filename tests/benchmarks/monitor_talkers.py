"""Students and dashboards that speak Monitor's wire."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from tests.benchmarks.talkers import Talker


class _Attempt(Struct):
    student_id: str
    hand_raised_at: str | None = None
    hand_text: str | None = None


class _Heard(Struct):
    type: str
    seq: int = 0
    attempts: list[_Attempt] = []
    code: str | int = ""
    message: str = ""


_decoder = msgspec.json.Decoder(_Heard)


class MonitorStudent(Talker):
    """Joins, beats, and raises and lowers the hand in turn."""

    path = "/ws/student"
    is_up = False

    def opened(self) -> None:
        """Join."""
        join = {"type": "join", "token": self.token, "session_id": self.session_id}
        self.say(msgspec.json.encode(join))

    def beat(self) -> None:
        """A heartbeat."""
        self.sent += 1
        self.say(b'{"type":"heartbeat","seq":%d}' % self.sent)

    def event(self) -> None:
        """The hand goes up, with its number as the text, or down."""
        self.sent += 1
        self.is_up = not self.is_up
        if self.is_up:
            self.say(b'{"type":"raise_hand","seq":%d,"text":"%d"}' % (self.sent, self.sent))
        else:
            self.say(b'{"type":"lower_hand","seq":%d}' % self.sent)

    def heard(self, data: bytes) -> None:
        """Acks, and what else a student is told."""
        if data.startswith(b'{"type":"ack"'):
            said = _decoder.decode(data)
            if self.ears is not None:
                self.ears.acked(self, said.seq)
        elif data.startswith(b'{"type":"joined"'):
            self.let_in()
        elif data.startswith(b'{"type":"error"'):
            raise RuntimeError(f"Monitor refused: {data.decode()}")


class MonitorDashboard(Talker):
    """Watches one session and tells whose hand it sees go up or down."""

    path = "/ws/dashboard"

    def __init__(self, number: int, session_id: str, token: str) -> None:
        super().__init__(number, session_id, "", token)
        self.changes = self.bytes = 0
        self._up: dict[str, bool] = {}

    def opened(self) -> None:
        """Authenticate; watching follows at once."""
        self.say(msgspec.json.encode({"type": "authenticate", "token": self.token}))
        self.say(msgspec.json.encode({"type": "watch", "session_id": self.session_id}))

    def heard(self, data: bytes) -> None:
        """The snapshot lets in; changes tell of hands."""
        if data.startswith(b'{"type":"snapshot"'):
            self._take(data, known=False)
            self.let_in()
        elif data.startswith(b'{"type":"change"'):
            self.changes += 1
            self.bytes += len(data)
            if b'"attempts"' in data:
                self._take(data, known=True)
        elif data.startswith(b'{"type":"error"'):
            raise RuntimeError(f"Monitor refused: {data.decode()}")

    def _take(self, data: bytes, *, known: bool) -> None:
        for attempt in _decoder.decode(data).attempts:
            is_up = attempt.hand_raised_at is not None
            changed = self._up.get(attempt.student_id, False) != is_up
            self._up[attempt.student_id] = is_up
            if known and changed and self.ears is not None:
                # A hand that goes up says which it is; one that goes down is the last so far.
                number = int(attempt.hand_text or 0) if is_up else 1 << 60
                self.ears.saw(self, attempt.student_id, number)
