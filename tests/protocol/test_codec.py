from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, strategies as st
from msgspec import Struct

from monitor.errors import InvalidMessage, InvalidRequest, TooLarge
from monitor.protocol import messages
from monitor.protocol.codec import (
    decode_dashboard_message,
    decode_json,
    decode_student_message,
    encode,
    encode_text,
    seq_of,
)

MOMENT = "2026-11-22T10:45:00.000Z"
ANSWER = '{"type":"answer","seq":7,"question_id":"q1","value":%s,"answered_at":"' + MOMENT + '"}'


def answer_with(value: str) -> bytes:
    """An answer whose value is this JSON text."""
    return (ANSWER % value).encode()


def refusal(data: bytes) -> str:
    """The sentence with which a student's message is refused."""
    with pytest.raises(InvalidMessage) as caught:
        decode_student_message(data)
    return caught.value.message


def test_an_answer_is_decoded_once_into_a_typed_value() -> None:
    message = decode_student_message(answer_with('["a","b"]'))

    assert message == messages.Answer(
        seq=7,
        question_id="q1",
        value=["a", "b"],
        answered_at=datetime(2026, 11, 22, 10, 45, tzinfo=UTC),
    )


def test_unknown_fields_are_ignored_and_of_doubled_ones_the_last_counts() -> None:
    data = b'{"type":"visibility","new":{"x":[1]},"seq":1,"seq":2,"visible":true}'

    assert decode_student_message(data) == messages.Visibility(seq=2, visible=True)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b'{"type":"leave"} {}', "not valid JSON"),
        (b"[]", "expected object, got array"),
        (b"{}", "The field type is missing"),
        (b'{"type":"dance"}', "type does not know the value 'dance'"),
        (b'{"type":7}', "type: expected str"),
        (b'{"type":"visibility","visible":true}', "The field seq is missing"),
        (b'{"type":"visibility","seq":"1","visible":true}', "seq: expected int, got str"),
        (b'{"type":"visibility","seq":1.5,"visible":true}', "seq: expected int, got float"),
        (b'{"type":"visibility","seq":true,"visible":true}', "seq: expected int, got bool"),
        (b'{"type":"visibility","seq":-1,"visible":true}', "seq: expected int >= 0"),
        (b'{"type":"visibility","seq":1,"visible":1}', "visible: expected bool, got int"),
        (b'{"type":"heartbeat","seq":1,"question_id":""}', "question_id: expected str"),
        (b'{"type":"submit","seq":1,"given_at":"yesterday"}', "given_at: invalid RFC3339"),
        (b'{"type":"submit","seq":1,"given_at":"2026-11-22T10:45:00"}', "given_at: expected"),
        (b'{"type":"submit","seq":1,"given_at":17}', "given_at: expected datetime, got int"),
        (
            b'{"type":"highlight","seq":1,"highlight":{"id":"h"}}',
            "The field highlight.timestamp is missing",
        ),
        (answer_with("NaN"), "not valid JSON"),
        (answer_with("1e999"), "value: number out of range"),
        (b"\xef\xbb\xbf{}", "not valid JSON"),
        (b'{"type":"leave","x":"\xff"}', "not valid UTF-8"),
        (b'{"type":"leave","x":"\xed\xa0\x80"}', "not valid UTF-8"),
    ],
)
def test_what_is_no_message_is_refused_by_what_is_wrong_with_it(data: bytes, sentence: str) -> None:
    assert sentence in refusal(data)


def test_a_sentence_does_not_repeat_a_whole_hostile_value() -> None:
    assert len(refusal(b'{"type":"' + b"x" * 60_000 + b'"}')) < 120


@pytest.mark.parametrize(
    "value",
    [r'"\u0000"', r'"a\u0000b"', r'{"\u0000":1}', r'["\\\u0000"]', r'"\u0000'],
)
def test_text_with_nul_is_refused(value: str) -> None:
    assert "NUL" in refusal(answer_with(value))


def test_a_raw_nul_is_no_json() -> None:
    assert "not valid JSON" in refusal(answer_with('"\x00"'))


def test_an_escaped_backslash_before_u0000_is_plain_text() -> None:
    message = decode_student_message(answer_with(r'"C:\\u0000"'))

    assert isinstance(message, messages.Answer)
    assert message.value == r"C:\u0000"


@pytest.mark.parametrize(
    "value",
    [
        r'"\ud800"',
        r'"\uDFFF"',
        r'"\udc00\ud800"',
        r'"\ud83d\ud83d\ude00"',
        r'"\ud83d\u0041"',
        r'"\ud83dx"',
        r'{"\ud800":1}',
    ],
)
def test_half_a_surrogate_pair_is_refused(value: str) -> None:
    assert "surrogate" in refusal(answer_with(value))


def test_half_a_surrogate_pair_is_refused_in_a_field_nobody_knows() -> None:
    assert "surrogate" in refusal(rb'{"type":"leave","x":"\ud800 and more"}')


@pytest.mark.parametrize("value", [r'"\ud83d\ude00"', '"😀"', r'"\\ud800"', r'"\\\\ud800"'])
def test_whole_pairs_and_escaped_backslashes_are_text(value: str) -> None:
    message = decode_student_message(answer_with(value))

    assert isinstance(message, messages.Answer)
    assert message.value == json.loads(value)


@pytest.mark.parametrize("depth", [33, 500, 20_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_refused(depth: int, opening: str, closing: str) -> None:
    nested = opening * depth + "1" + closing * depth

    assert "deeper than 32" in refusal(answer_with(nested))


def test_deep_nesting_that_never_closes_is_refused() -> None:
    assert "deeper than 32" in refusal(b"[" * 60_000)


def test_nesting_to_the_limit_passes() -> None:
    nested = "[" * 31 + "]" * 31  # the message itself is the first level

    assert isinstance(decode_student_message(answer_with(nested)), messages.Answer)


def test_brackets_in_text_are_not_nesting() -> None:
    value = json.dumps("[{" * 500 + '\\"' + "[" * 500)

    message = decode_student_message(answer_with(value))

    assert isinstance(message, messages.Answer)
    assert message.value == json.loads(value)


def test_many_short_lists_are_not_nesting() -> None:
    assert isinstance(
        decode_student_message(answer_with("[" + ",".join(["[]"] * 500) + "]")), messages.Answer
    )


@pytest.mark.parametrize(
    "number", [str(2**53), str(-(2**53)), "9" * 30, "-" + "9" * 5_000, "10000000000000000000"]
)
@pytest.mark.parametrize("where", ["%s", '{"a":[%s]}'])
def test_an_integer_beyond_53_bits_is_refused_anywhere(number: str, where: str) -> None:
    assert "2^53" in refusal(answer_with(where % number))


def test_a_seq_beyond_53_bits_is_refused() -> None:
    assert "2^53" in refusal(b'{"type":"leave","seq":9007199254740992}')


@pytest.mark.parametrize(
    "value",
    [
        str(2**53 - 1),
        str(-(2**53) + 1),
        "0.12345678901234567890",
        "12345678901234567890.5",
        "12345678901234567890e3",
        "1e-12345678901234567890",
        '"12345678901234567890"',
        r'"a \" 12345678901234567890"',
    ],
)
def test_long_digits_that_are_no_large_integer_pass(value: str) -> None:
    message = decode_student_message(answer_with(value))

    assert isinstance(message, messages.Answer)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@given(value=values, ascii_only=st.booleans())
def test_every_value_that_may_travel_is_decoded_as_it_was(value: object, ascii_only: bool) -> None:
    data = answer_with(json.dumps(value, ensure_ascii=ascii_only))

    message = decode_student_message(data)

    assert isinstance(message, messages.Answer)
    assert message.value == value


@given(data=st.binary(max_size=200) | st.text(alphabet='{}[]",:\\u0dD8159eE.-+ ').map(str.encode))
def test_whatever_comes_is_decoded_or_refused_and_nothing_else(data: bytes) -> None:
    for decode in (decode_student_message, decode_dashboard_message):
        try:
            decode(data)
        except InvalidMessage as error:
            assert error.message.endswith(".")  # noqa: PT017 - either outcome is right
    seq_of(data)


bracketed = st.text(alphabet='[]{}",\\', max_size=20)
nested = st.recursive(
    bracketed | st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(bracketed, inner, max_size=4),
    max_leaves=30,
)


@given(value=nested, most=st.integers(0, 6))
def test_nesting_is_counted_as_it_is_and_text_does_not_count(value: object, most: int) -> None:
    data = json.dumps(value).encode()
    if depth_of(value) <= most:
        assert decode_json(data, object, nesting=most) == value
    else:
        with pytest.raises(InvalidRequest, match="deeper"):
            decode_json(data, object, nesting=most)


def depth_of(value: object) -> int:
    """How many lists and objects are around the innermost value."""
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


def test_what_is_encoded_has_its_type_first() -> None:
    ack = messages.Ack(seq=3, server_time=MOMENT)

    assert encode(ack).startswith(b'{"type":"ack","seq":3')
    assert encode_text(ack) == encode(ack).decode()


def test_an_error_names_seq_and_session_only_where_it_is_about_one() -> None:
    error = messages.Error("late", "Too late.", temporary=False)

    assert json.loads(encode(error)) == {
        "type": "error",
        "code": "late",
        "message": "Too late.",
        "temporary": False,
    }


def test_the_seq_of_a_refused_message_is_found_where_it_is_sound() -> None:
    assert seq_of(b'{"type":"answer","seq":9}') == 9
    assert seq_of(b'{"type":"answer","seq":"9"}') is None
    assert seq_of(b'{"type":"answer"}') is None
    assert seq_of(b'{"type":"answer","seq":9') is None
    assert seq_of(b"[" * 20_000) is None
    assert seq_of(rb'{"x":"\\ud800","y":"\ud800","z":"\ude00\ud83d","seq":9}') == 9
    assert seq_of(b"\xff") is None


class Thing(Struct):
    name: str
    size: int = 0
    parts: list[Thing] = []


def test_a_request_body_is_decoded_as_its_type() -> None:
    assert decode_json(b'{"name":"a","other":1}', Thing) == Thing("a")
    assert decode_json(b'["a"]', list[str]) == ["a"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"size":1}', "name"),
        (b'{"name":"a","size":"x"}', "size"),
        (b'{"name":"a","parts":[{"name":"b"},{"size":1}]}', "parts[1].name"),
        (b"[]", None),
        (b"nonsense", None),
    ],
)
def test_a_body_that_does_not_fit_names_the_field(body: bytes, field: str | None) -> None:
    with pytest.raises(InvalidRequest) as caught:
        decode_json(body, Thing)

    assert caught.value.field == field


def test_a_body_over_its_limit_is_too_large() -> None:
    assert decode_json(b'"1234"', str, limit=6) == "1234"
    with pytest.raises(TooLarge, match="6 bytes"):
        decode_json(b'"12345"', str, limit=6)


def test_a_number_that_is_not_finite_never_leaves_as_a_number() -> None:
    assert encode({"x": math.inf, "y": math.nan}) == b'{"x":null,"y":null}'


def test_dashboard_messages_are_their_own_union() -> None:
    assert decode_dashboard_message(b'{"type":"unwatch","session_id":"s"}') == messages.Unwatch("s")
    with pytest.raises(InvalidMessage, match="does not know"):
        decode_dashboard_message(b'{"type":"leave"}')


def test_the_decoder_alone_would_let_through_what_the_scan_stops() -> None:
    # The scan must stay as long as this is so.
    assert msgspec.json.decode(rb'"\u0000"') == "\x00"
    assert msgspec.json.decode(b"9007199254740993") == 2**53 + 1
    with pytest.raises(RecursionError):
        msgspec.json.decode(b"[" * 20_000)
