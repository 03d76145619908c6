"""Frames of RFC 6455 as a server sees them: where one ends, and how one begins. Pure."""

from __future__ import annotations

try:
    from websockets.speedups import apply_mask
except ImportError:  # where there is no wheel
    from websockets.utils import apply_mask

WHOLE_TEXT = 0x81  # a text message in one frame
_MASKED = 0x80
_NO_MASK = 2  # bytes of a head without length and mask
_MASK = 4
_SHORT_HEAD = _NO_MASK + _MASK
_LONGEST_SHORT = 125  # bytes of payload whose number needs no further field


def split_frame(data: bytes, at: int, most_bytes: int) -> tuple[int, int] | None:
    """Where the payload of a client's frame at `at` starts and ends; None while it is not whole.

    The end lies behind the data where the payload is larger than `most_bytes`, or the frame has no
    mask, which no client's may lack: then its head is whole, and nothing more need be waited for.
    """
    rest = len(data) - at
    if rest < _NO_MASK:
        return None
    length = data[at + 1]
    start = at + _NO_MASK + _MASK
    beyond = len(data) + 1
    if length < _MASKED:
        return start, beyond
    length -= _MASKED
    if length == 126:
        start += 2
        if rest < start - at:
            return None
        length = data[at + 2] << 8 | data[at + 3]
    elif length == 127:
        start += 8
        if rest < start - at:
            return None
        length = int.from_bytes(data[at + 2 : at + 10], "big")
    end = start + length
    if length > most_bytes:
        return start, beyond
    return (start, end) if end <= len(data) else None


def short_text(data: bytes) -> bytes | None:
    """The payload, where this is one client's frame with a short ASCII text, whole; else None."""
    length = len(data) - _SHORT_HEAD
    if not 0 <= length <= _LONGEST_SHORT or data[0] != WHOLE_TEXT or data[1] != _MASKED | length:
        return None
    text = apply_mask(data[_SHORT_HEAD:], data[_NO_MASK:_SHORT_HEAD])
    return text if text.isascii() else None


def unmasked(data: bytes, start: int, end: int) -> bytes:
    """The payload from start to end; its mask lies just before."""
    return apply_mask(data[start:end], data[start - _MASK : start])


class Frame:
    """A server's whole text, made once for all who are sent it."""

    __slots__ = ("text", "whole")

    def __init__(self, text: bytes) -> None:
        """Put its head before the text."""
        self.text = text
        self.whole = head_of(text) + text


def head_of(payload: bytes) -> bytes:
    """What goes before a server's whole text."""
    length = len(payload)
    if length < 126:
        return bytes((WHOLE_TEXT, length))
    if length < 65_536:
        return bytes((WHOLE_TEXT, 126, length >> 8, length & 0xFF))
    return bytes((WHOLE_TEXT, 127)) + length.to_bytes(8, "big")
