"""What the server sends, decoded into the same structs that it encodes."""

from __future__ import annotations

import msgspec

from monitor.protocol.messages import (
    Ack,
    AttemptChanged,
    Authenticated,
    Bye,
    Change,
    DashboardPulse,
    Error,
    Joined,
    MessageSent,
    Pulse,
    SessionChanged,
    Snapshot,
    TestMessage,
)

ToStudent = (
    Joined | TestMessage | Ack | SessionChanged | AttemptChanged | MessageSent | Pulse | Error | Bye
)
ToDashboard = Authenticated | Snapshot | Change | DashboardPulse | Error | Bye

_to_student: msgspec.json.Decoder[ToStudent] = msgspec.json.Decoder(ToStudent)
_to_dashboard: msgspec.json.Decoder[ToDashboard] = msgspec.json.Decoder(ToDashboard)
_snapshot = msgspec.json.Decoder(Snapshot)
_encoder = msgspec.json.Encoder()


def decode_to_student(data: str | bytes) -> ToStudent:
    """A frame to a student; msgspec.DecodeError for what the wire does not define."""
    return _to_student.decode(data)


def decode_to_dashboard(data: str | bytes) -> ToDashboard:
    """A frame to a dashboard; msgspec.DecodeError for what the wire does not define."""
    return _to_dashboard.decode(data)


def decode_snapshot(data: str | bytes) -> Snapshot:
    """The answer of `GET /api/sessions/{id}/snapshot`."""
    return _snapshot.decode(data)


def encode(message: msgspec.Struct) -> str:
    """A client's message as the text of a frame."""
    return _encoder.encode(message).decode()
