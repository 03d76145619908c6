"""Students and dashboards that speak what the peers speak."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from tests.benchmarks.talkers import Talker

_json = msgspec.json.Encoder()


class Seat(Struct):
    """What a dashboard is told of a student; `n` where it was a hand."""

    student_id: str
    n: int = 0


class SocketIoTalker(Talker):
    """Socket.IO protocol 5 over Engine.IO 4, WebSocket only: python-socketio and Node's."""

    path = "/socket.io/?EIO=4&transport=websocket"
    _acks = 0

    def opened(self) -> None:
        """The server speaks first."""

    def beat(self) -> None:
        """A heartbeat."""
        self.sent += 1
        self.say(b'42%d["heartbeat",{"n":%d}]' % (self.sent, self.sent))

    def event(self) -> None:
        """The hand goes up or down."""
        self.sent += 1
        up = b"true" if self.sent % 2 else b"false"
        self.say(b'42%d["hand",{"n":%d,"up":%s}]' % (self.sent, self.sent, up))

    def heard(self, data: bytes) -> None:
        """Packets of both layers."""
        if data.startswith(b"43") and self.ears is not None:
            # Handlers run side by side, so acks may overtake; the number acked is its id.
            self.ears.acked(self, int(data[2 : data.index(b"[")]))
        elif data.startswith(b'42["seat",'):
            seat = _seat_event.decode(data[2:])[1]
            if seat.n and self.ears is not None:
                self.ears.saw(self, seat.student_id, seat.n)
        elif data == b"2":
            self.say(b"3")
        elif data.startswith(b"0"):
            self.say(b"40" + _json.encode({"token": self.token}))
        elif data.startswith(b"44"):
            raise RuntimeError(f"socket.io refused: {data.decode()}")
        elif data.startswith(b'42["seats",' if not self.student_id else b"40"):
            self.let_in()


_seat_event = msgspec.json.Decoder(tuple[str, Seat])


class _ChannelsHeard(Struct):
    type: str
    n: int = 0
    seat: Seat | None = None


_channels = msgspec.json.Decoder(_ChannelsHeard)


class ChannelsTalker(Talker):
    """The JSON of our consumer."""

    def __init__(self, number: int, session_id: str, student_id: str, token: str) -> None:
        super().__init__(number, session_id, student_id, token)
        self.path = f"/{'student' if student_id else 'dashboard'}?token={token}"

    def opened(self) -> None:
        """The token was in the address."""

    def beat(self) -> None:
        """A heartbeat."""
        self.sent += 1
        self.say(b'{"type":"heartbeat","n":%d}' % self.sent)

    def event(self) -> None:
        """The hand goes up or down."""
        self.sent += 1
        up = b"true" if self.sent % 2 else b"false"
        self.say(b'{"type":"hand","n":%d,"up":%s}' % (self.sent, up))

    def heard(self, data: bytes) -> None:
        """Acks, seats, and the way in."""
        said = _channels.decode(data)
        if said.type == "ack" and self.ears is not None:
            self.ears.acked(self, said.n)
        elif said.type == "seat" and said.seat is not None:
            if said.seat.n and self.ears is not None:
                self.ears.saw(self, said.seat.student_id, said.seat.n)
        elif said.type in {"joined", "seats"}:
            self.let_in()
