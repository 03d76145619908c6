"""Bytes to messages and back: strict at the door, `type` first on the way out.

Both sockets and REST decode here and nowhere else, so that no text can be stored that another
reader would refuse. Unknown fields are ignored, of doubled fields the last counts.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from monitor.errors import InvalidMessage, InvalidRequest, TooLarge
from monitor.protocol.messages import DashboardMessage, Seq, StudentMessage
from monitor.protocol.scanning import fault_of, without_lone_surrogates

T = TypeVar("T")

NESTING = 32  # levels; no message of ours needs more than five

_student: msgspec.json.Decoder[StudentMessage] = msgspec.json.Decoder(StudentMessage)
_dashboard: msgspec.json.Decoder[DashboardMessage] = msgspec.json.Decoder(DashboardMessage)
_encoder = msgspec.json.Encoder(decimal_format="number")
_decoders: dict[object, msgspec.json.Decoder[Any]] = {}  # by the types that REST's routes take

_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>key in )?\$?(?P<field>[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<field>[^`]*)`$")
_UNKNOWN = re.compile(r"^Invalid value '(?P<value>.*)'$", re.DOTALL)


class _Numbered(Struct):
    """The one field that is looked for in a message that could not be decoded."""

    seq: Seq


_numbered = msgspec.json.Decoder(_Numbered)


class _Unfit(Exception):
    """Why `data` is not what was expected; `field` as a path, where one is to blame."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


def decode_student_message(data: bytes, *, nesting: int = NESTING) -> StudentMessage:
    """What a student's socket sent; InvalidMessage names what is wrong with it."""
    return _message(data, _student, nesting)


def decode_dashboard_message(data: bytes, *, nesting: int = NESTING) -> DashboardMessage:
    """What a dashboard's socket sent; InvalidMessage names what is wrong with it."""
    return _message(data, _dashboard, nesting)


def seq_of(data: bytes) -> int | None:
    """The `seq` of a message that was refused, where one can be read; for the error that answers.

    Broken JSON gives None.
    """
    try:
        return _numbered.decode(without_lone_surrogates(data)).seq
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def decode_json(
    data: bytes, type_: type[T], *, limit: int | None = None, nesting: int = NESTING
) -> T:
    """A request's body as `type_`, as strict as the wire.

    Args:
        data: The body.
        type_: What it must fit; any type msgspec knows.
        limit: Bytes allowed, where the body was read whole before.
        nesting: Levels of lists and objects allowed.

    Raises:
        TooLarge: More bytes than `limit`.
        InvalidRequest: Not JSON, or not of that type; `field` is the path of the first misfit.
    """
    if limit is not None and len(data) > limit:
        raise TooLarge(f"The request's body is larger than {limit} bytes.")
    try:
        return _decoded(data, _decoder_for(type_), nesting)
    except _Unfit as unfit:
        raise InvalidRequest(unfit.sentence, unfit.field) from None


def encode(message: object) -> bytes:
    """A message as JSON bytes; its `type` comes first."""
    return _encoder.encode(message)


def encode_text(message: object) -> str:
    """The same as text, which is what a text frame takes."""
    return _encoder.encode(message).decode()


def _decoder_for(type_: type[T]) -> msgspec.json.Decoder[T]:
    decoder = _decoders.get(type_)
    if decoder is None:
        decoder = _decoders[type_] = msgspec.json.Decoder(type_)
    return decoder


def _message(data: bytes, decoder: msgspec.json.Decoder[T], nesting: int) -> T:
    try:
        return _decoded(data, decoder, nesting)
    except _Unfit as unfit:
        raise InvalidMessage(unfit.sentence) from None


def _decoded(data: bytes, decoder: msgspec.json.Decoder[T], nesting: int) -> T:
    fault = fault_of(data, nesting=nesting)
    if fault is not None:
        raise _Unfit(fault)
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        raise _explained(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _Unfit("This is not valid JSON.") from None


def _explained(error: str) -> _Unfit:
    """The decoder's own words as a sentence, with the field's path apart."""
    parts = _WHERE.match(error)
    what, field = (parts["what"], parts["field"]) if parts else (error, None)
    field = (field or "").lstrip(".") or None
    if missing := _MISSING.match(what):
        field = missing["field"] if field is None else f"{field}.{missing['field']}"
        return _Unfit(f"The field {field} is missing.", field)
    if unknown := _UNKNOWN.match(what):
        return _Unfit(
            f"{field or 'This'} does not know the value {_short(unknown['value'])}.", field
        )
    sentence = what[:1].lower() + what[1:]
    return _Unfit(f"{field or 'The message'}: {sentence.replace('`', '')}.", field)


def _short(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:40] + "…")
