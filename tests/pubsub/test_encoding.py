"""The form of a publication in Redis."""

from __future__ import annotations

import msgspec
import pytest

from monitor.protocol.items import EventItem
from monitor.protocol.publication import Changes, Publication
from monitor.pubsub.encoding import ORIGIN_BYTES, decode, encode, origin_of
from tests.pubsub.recording import publication

ORIGIN = b"o" * ORIGIN_BYTES


@pytest.mark.parametrize(
    "original",
    [
        publication(),
        Publication(session_id="one", version=2**53 - 1),
        Publication(
            session_id="one",
            version=3,
            changes=Changes(
                events=[
                    EventItem(
                        id="e",
                        version=3,
                        at="2026-11-22T10:00:00.000Z",
                        type="late_answer",
                        student_id=None,
                        actor_id=None,
                        data={"value": ["ä", 1.5, None, {"deep": True}]},
                    )
                ],
                events_truncated=True,
            ),
        ),
    ],
)
def test_what_is_decoded_equals_what_was_encoded(original: Publication) -> None:
    data = encode(original, ORIGIN)

    assert decode(data) == original
    assert origin_of(data) == ORIGIN


@pytest.mark.parametrize("data", [b"", b"short", ORIGIN, ORIGIN + b"\xff", ORIGIN + b"\x81\xa1a"])
def test_foreign_data_are_a_decode_error(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(data)
