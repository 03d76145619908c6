"""Frames as they come off the wire, in whatever pieces."""

from __future__ import annotations

import os

import pytest
from websockets.frames import Frame, Opcode

from monitor.sockets.frames import WHOLE_TEXT, head_of, short_text, split_frame, unmasked

SIZES = (0, 1, 125, 126, 127, 65_535, 65_536)
MOST = 65_536


def from_client(text: bytes, *, mask: bool = True) -> bytes:
    """A whole text as websockets' client sends it."""
    return Frame(Opcode.TEXT, text).serialize(mask=mask)


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_of_any_length_is_read_as_it_was_written(size: int) -> None:
    text = os.urandom(size)
    data = b"before" + from_client(text) + b"behind"

    found = split_frame(data, len(b"before"), MOST)

    assert found is not None
    assert data[len(b"before")] == WHOLE_TEXT
    assert unmasked(data, *found) == text
    assert data[found[1] :] == b"behind"


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_is_not_there_before_its_last_byte(size: int) -> None:
    data = from_client(bytes(size))

    cuts = {*range(min(len(data), 20)), len(data) - 1}

    assert [split_frame(data[:cut], 0, MOST) for cut in cuts] == [None] * len(cuts)


@pytest.mark.parametrize(
    ("data", "head"),
    [(from_client(bytes(MOST + 1)), 14), (from_client(b"bare", mask=False), 2)],
    ids=["too large", "without a mask"],
)
def test_what_no_client_may_send_ends_behind_the_data_as_soon_as_its_head_is_there(
    data: bytes, head: int
) -> None:
    for length in (head, len(data)):
        found = split_frame(data[:length], 0, MOST)
        assert found is not None
        assert found[1] > length
    assert split_frame(data[: head - 1], 0, MOST) is None


@pytest.mark.parametrize("size", SIZES)
def test_a_server_s_frame_begins_as_websockets_writes_it(size: int) -> None:
    text = bytes(size)

    assert head_of(text) + text == Frame(Opcode.TEXT, text).serialize(mask=False)


@pytest.mark.parametrize("size", [0, 1, 124, 125])
def test_a_short_ascii_text_that_came_alone_is_read_at_once(size: int) -> None:
    text = b"x" * size
    assert short_text(from_client(text)) == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        from_client(b"cut")[:-1],
        from_client(b"one") + from_client(b"two"),
        from_client(b"one") + b"\x81",
        from_client(b"x" * 126),
        from_client("ä".encode()),
        from_client(b"bare", mask=False),
        Frame(Opcode.BINARY, b"binary").serialize(mask=True),
        Frame(Opcode.PING, b"ping").serialize(mask=True),
        Frame(Opcode.TEXT, b"a piece", fin=False).serialize(mask=True),
        b"\xc1" + from_client(b"reserved")[1:],
    ],
    ids=[
        *("nothing", "cut", "two", "one and a head", "long", "not ASCII", "without a mask"),
        *("binary", "ping", "piece", "reserved bit"),
    ],
)
def test_anything_else_is_not_a_short_text(data: bytes) -> None:
    assert short_text(data) is None
