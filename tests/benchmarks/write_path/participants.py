"""The array of a bare store: items as Monitor's, and a count of the heartbeats they took."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from monitor.protocol.timestamps import parse_rfc3339, rfc3339
from tests.benchmarks.write_path.shape import Kept, Shape

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class Item(Struct):
    """A participant of Monitor's with a count, so that lost heartbeats can be told."""

    student_id: str
    attempt_id: str
    joined_at: str
    connection_status: str
    last_activity: str
    connection_id: str
    disconnected_at: str | None
    version: int
    beats: int

    def beat(self, at: datetime) -> None:
        """Take a heartbeat."""
        self.last_activity = rfc3339(at)
        self.connection_status = "CONNECTED"
        self.version += 1
        self.beats += 1


def items_of(shape: Shape, session: int) -> list[Item]:
    """Everyone of the n-th session, joined and without a heartbeat."""
    return [
        Item(
            student_id=shape.student_ids[student],
            attempt_id=shape.student_ids[student],
            joined_at=rfc3339(BEGAN),
            connection_status="CONNECTED",
            last_activity=rfc3339(BEGAN),
            connection_id=f"{shape.student_ids[student]}.0",
            disconnected_at=None,
            version=0,
            beats=0,
        )
        for student in range(session, shape.students, shape.sessions)
    ]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[Item])


def encode(items: list[Item]) -> str:
    """The array as the column holds it."""
    return _encoder.encode(items).decode()


def decode(text: str) -> list[Item]:
    """The array of a column."""
    return _decoder.decode(text)


def kept(arrays: Iterable[str], rows: Iterable[tuple[str, str, int]]) -> Kept:
    """What arrays and rows (student, last activity, beats) hold together; one of them is unused."""
    last: dict[str, datetime] = {}
    beats = 0
    for array in arrays:
        for item in decode(array):
            beats += item.beats
            last[item.student_id] = parse_rfc3339(item.last_activity)
    for student_id, at, count in rows:
        beats += count
        last[student_id] = max(parse_rfc3339(at), last[student_id])
    return Kept(beats, last)


class Arrays:
    """The arrays that the one writer remembers, so that it need not read them."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._items: dict[int, list[Item]] = {}

    def take(self, beats: Iterable[tuple[int, datetime]]) -> list[tuple[str, str]]:
        """Each session that changed (its id) and its whole array, encoded."""
        changed: dict[int, list[Item]] = {}
        for student, at in beats:
            place, session = divmod(student, self._shape.sessions)
            items = changed.get(session) or self._items.get(session)
            if items is None:
                items = self._items[session] = items_of(self._shape, session)
            changed[session] = items
            items[place].beat(at)
        return [
            (self._shape.session_ids[session], encode(items)) for session, items in changed.items()
        ]
