"""How values are kept in JSON columns: one codec for the engine, typed ones for the hot columns.

Inside JSON a time is RFC 3339 with milliseconds and `Z`, as on the wire.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct, json

from monitor.domain.attempt import Answer, Highlight, Value
from monitor.domain.moments import Interval, rfc3339
from monitor.domain.participant import Participant
from monitor.domain.session import RosterEntry
from monitor.domain.test import Passage, Question
from monitor.protocol.forms import answer_item, highlight_item
from monitor.protocol.items import ParticipantItem

T = TypeVar("T")


class _OnlyValue(Struct):
    """An answer without its time, which costs more to read than the value."""

    value: Value


_ENCODER = json.Encoder()
_ANY = json.Decoder()
_PARTICIPANTS = json.Decoder(list[ParticipantItem])
_PLACES = json.Decoder(list[Participant])
_ANSWERS = json.Decoder(dict[str, Answer])
_VALUES = json.Decoder(dict[str, _OnlyValue])
_HIGHLIGHTS = json.Decoder(tuple[Highlight, ...])
_TEXTS = json.Decoder(tuple[str, ...])
_TEXT_MAP = json.Decoder(dict[str, str])
_NUMBER_MAP = json.Decoder(dict[str, int])
_MOMENT_MAP = json.Decoder(dict[str, datetime])
_INTERVALS = json.Decoder(tuple[Interval, ...])
_ROSTER = json.Decoder(tuple[RosterEntry, ...])
_PASSAGES = json.Decoder(tuple[Passage, ...])
_QUESTIONS = json.Decoder(tuple[Question, ...])


def encode(value: Any) -> str:
    """The JSON text of a value that holds no times of its own; the engine's serializer."""
    return _ENCODER.encode(value).decode()


def decode(text: str | bytes) -> Any:
    """The plain value of a JSON text; the engine's deserializer."""
    return _ANY.decode(text)


def encode_participant(item: ParticipantItem) -> str:
    """One item of the `participants` array."""
    return _ENCODER.encode(item).decode()


def participants_array(items: Iterable[str]) -> str:
    """The `participants` array of encoded items."""
    return f"[{','.join(items)}]"


def decode_participants(text: str | None) -> list[ParticipantItem]:
    """The items of a `participants` array; keys that we do not know are passed over."""
    return _read(_PARTICIPANTS, text, [])


def decode_places(text: str | None) -> list[Participant]:
    """The same as the domain's participants, in one step."""
    return _read(_PLACES, text, [])


def encode_answers(answers: Mapping[str, Answer]) -> str:
    """The `answers` map."""
    return encode({question_id: answer_item(answer) for question_id, answer in answers.items()})


def decode_answers(text: str | None) -> dict[str, Answer]:
    """The answers of an attempt."""
    return _read(_ANSWERS, text, {})


def decode_values(text: str | None) -> dict[str, Value]:
    """The values of an attempt's answers."""
    return {id_: answer.value for id_, answer in _read(_VALUES, text, {}).items()}


def encode_highlights(highlights: Iterable[Highlight]) -> str:
    """The `highlighted_text` array."""
    return encode([highlight_item(highlight) for highlight in highlights])


def decode_highlights(text: str | None) -> tuple[Highlight, ...]:
    """The highlights of an attempt."""
    return _read(_HIGHLIGHTS, text, ())


def encode_intervals(intervals: Iterable[Interval]) -> str:
    """An array of closed intervals: pauses of a session, lost time of an attempt."""
    return encode([{"from": rfc3339(one.from_), "to": rfc3339(one.to)} for one in intervals])


def decode_intervals(text: str | None) -> tuple[Interval, ...]:
    """An array of closed intervals: pauses of a session, lost time of an attempt."""
    return _read(_INTERVALS, text, ())


def encode_moments(moments: Mapping[str, datetime]) -> str:
    """A map of times, such as a message's receipts."""
    return encode({key: rfc3339(moment) for key, moment in moments.items()})


def decode_moments(text: str | None) -> dict[str, datetime]:
    """A map of times."""
    return _read(_MOMENT_MAP, text, {})


def decode_texts(text: str | None) -> tuple[str, ...]:
    """An array of strings."""
    return _read(_TEXTS, text, ())


def decode_text_map(text: str | None) -> dict[str, str]:
    """A map of strings."""
    return _read(_TEXT_MAP, text, {})


def decode_number_map(text: str | None) -> dict[str, int]:
    """A map of whole numbers."""
    return _read(_NUMBER_MAP, text, {})


def decode_roster(text: str | None) -> tuple[RosterEntry, ...]:
    """A session's list of students."""
    return _read(_ROSTER, text, ())


def decode_passages(text: str | None) -> tuple[Passage, ...]:
    """The passages of a test."""
    return _read(_PASSAGES, text, ())


def decode_questions(text: str | None) -> tuple[Question, ...]:
    """The questions of a test."""
    return _read(_QUESTIONS, text, ())


def _read(decoder: json.Decoder[T], text: str | None, empty: T) -> T:
    # Rows written before a column existed hold NULL, and SQLAlchemy writes None as JSON null.
    return empty if text is None or text == "null" else decoder.decode(text)
