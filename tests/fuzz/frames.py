"""Frames that nobody should send: anything at all, and valid messages with something wrong.

Strategies of hypothesis; a frame is drawn as `Frame`, the bytes of a message and how they travel.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

MOMENT = "2026-11-22T10:45:00.000Z"
SEQ = "$seq"  # stands for the next seq of the connection

STUDENT_MESSAGES: dict[str, dict[str, Any]] = {
    "heartbeat": {"seq": SEQ, "question_id": "q1", "visible": True},
    "answer": {"seq": SEQ, "question_id": "q3", "value": "because", "answered_at": MOMENT},
    "highlight": {
        "seq": SEQ,
        "highlight": {
            "id": "h1",
            "timestamp": MOMENT,
            "text": "highlighted",
            "passage_id": "p1",
            "position_start": 4,
            "position_end": 15,
            "color_code": "yellow",
            "comment": None,
        },
    },
    "remove_highlight": {"seq": SEQ, "id": "h1"},
    "visibility": {"seq": SEQ, "visible": False},
    "raise_hand": {"seq": SEQ, "text": "Help"},
    "lower_hand": {"seq": SEQ},
    "received": {"seq": SEQ, "message_id": "m"},
    "read": {"seq": SEQ, "message_id": "m"},
    "submit": {"seq": SEQ, "given_at": MOMENT},
    "leave": {},
    "join": {"token": "t", "session_id": "s", "connection_id": None, "client_time": MOMENT},
}
DASHBOARD_MESSAGES: dict[str, dict[str, Any]] = {
    "authenticate": {"token": "t"},
    "watch": {"session_id": "s", "version": 1, "epoch": "e"},
    "unwatch": {"session_id": "s"},
    "refresh": {"token": "t"},
}

# What a student may do without handing in or leaving: what comes before the hostile frames.
PEACEFUL = ("heartbeat", "answer", "highlight", "visibility", "raise_hand", "lower_hand")

_TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            *("", "q1", "q99", "\x00", "a\x00b", "\ud83d", "\ude00\ud83d", "é" * 300, "x" * 20_001),
            *(MOMENT, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-02-30"),
            *("' OR 1=1 --", "../../etc/passwd", "<script>", "%00", "${7*7}"),
        ]
    ),
)
_NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([2**53 - 1, 2**53, 2**63, 2**64, -1, 10**400, 1e308, -0.0]),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(_TEXTS, inner, max_size=4)
    ),
    max_leaves=8,
)


@dataclass(frozen=True, repr=False)
class Frame:
    """One message as it travels: text or binary, whole or in pieces."""

    data: bytes
    binary: bool = False
    pieces: int = 1

    def __repr__(self) -> str:
        """The beginning is enough to know it by; hypothesis prints how to make it again."""
        kind = "binary" if self.binary else "text"
        return f"<{kind}, {len(self.data)} bytes in {self.pieces}: {self.data[:200]!r}>"


def _message(messages: dict[str, dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(sorted(messages)).map(lambda name: {"type": name, **messages[name]})


@st.composite
def _mutated(draw: st.DrawFn, messages: dict[str, dict[str, Any]]) -> bytes:
    """A valid message with one thing wrong, or more."""
    message = json.loads(json.dumps(draw(_message(messages))))
    for _ in range(draw(st.integers(1, 2))):
        target = message
        if isinstance(message.get("highlight"), dict) and draw(st.booleans()):
            target = message["highlight"]
        name = draw(st.sampled_from([*sorted(target), "extra"]))
        match draw(st.integers(0, 2)):
            case 0:
                target.pop(name, None)
            case 1:
                target[name] = draw(VALUES)
            case _:
                target[name] = [target.get(name)]
    return json.dumps(message).encode()


@st.composite
def _broken(draw: st.DrawFn, messages: dict[str, dict[str, Any]]) -> bytes:
    """The text of a valid message, cut or with something in it."""
    text = json.dumps(draw(_message(messages))).encode()
    at = draw(st.integers(0, len(text)))
    return draw(st.sampled_from([text[:at], text[:at] + draw(st.binary(max_size=4)) + text[at:]]))


@st.composite
def _deep(draw: st.DrawFn) -> bytes:
    """JSON that goes down far."""
    depth = draw(st.sampled_from([31, 32, 33, 1_000, 20_000]))
    opening, closing = draw(st.sampled_from([(b"[", b"]"), (b'{"a":', b"}")]))
    inner = opening * depth + b"1" + closing * depth
    message = b'{"type":"answer","seq":"$seq","question_id":"q3","value":%b,"answered_at":"x"}'
    return draw(st.sampled_from([inner, opening * depth, message % inner]))


def hostile_frames(messages: dict[str, dict[str, Any]]) -> st.SearchStrategy[Frame]:
    """Anything; most of it nearly right, since that goes furthest."""
    data = st.one_of(
        _mutated(messages),
        _mutated(messages),
        _broken(messages),
        _deep(),
        VALUES.map(lambda value: json.dumps(value).encode()),
        st.binary(max_size=200),
        st.sampled_from([b"x" * 65_536, b"x" * 65_537, b"", b"null", b"\xff\xfe", b'{"type":1}']),
    )
    return st.builds(
        Frame, data, binary=st.integers(0, 9).map(lambda n: n == 0), pieces=st.integers(1, 3)
    )


def raw_bytes() -> st.SearchStrategy[bytes]:
    """What is not even a frame, or one that RFC 6455 forbids."""
    forbidden = st.sampled_from(
        [
            b"\x81\x05hello",  # not masked
            b"\xf1\x80\x00\x00\x00\x00",  # reserved bits
            b"\x83\x80\x00\x00\x00\x00",  # a kind that is not defined
            b"\x09\x80\x00\x00\x00\x00",  # a ping in pieces
            b"\x80\x80\x00\x00\x00\x00",  # a continuation of nothing
            b"\x88\x81\x00\x00\x00\x00x",  # a close with half a code
            b"\x88\x82\x00\x00\x00\x00\x00\x01",  # a close with a code that is none
            b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00",  # 2^64 - 1 bytes
        ]
    )
    return st.one_of(forbidden, st.binary(min_size=1, max_size=64))
