from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.domain.attempt import Answer
from monitor.domain.rules import Rules
from monitor.domain.test import QuestionType as T
from monitor.domain.values import answers_bytes, check_value, count_answered, is_given
from monitor.errors import InvalidValue
from tests.domain.desk import NOON, TEST

RULES = Rules(text_characters=20)
QUESTIONS = {question.type: question for question in TEST.questions}

FITS: list[tuple[T, Any]] = [
    (T.SINGLE_CHOICE, "a"),
    (T.SINGLE_CHOICE, None),
    (T.MULTIPLE_CHOICE, []),
    (T.MULTIPLE_CHOICE, ["b"]),
    (T.MULTIPLE_CHOICE, ["b", "a"]),
    (T.MULTIPLE_CHOICE, None),
    (T.TEXT, ""),
    (T.TEXT, "ä" * 20),
    (T.TEXT, None),
    (T.NUMBER, 0),
    (T.NUMBER, -1.5),
    (T.NUMBER, 2**53 - 1),
    (T.NUMBER, 1e308),
    (T.NUMBER, None),
]
FITS_NOT: list[tuple[T, Any]] = [
    (T.SINGLE_CHOICE, "d"),
    (T.SINGLE_CHOICE, ""),
    (T.SINGLE_CHOICE, ["a"]),
    (T.SINGLE_CHOICE, 1),
    (T.MULTIPLE_CHOICE, "a"),
    (T.MULTIPLE_CHOICE, ["a", "a"]),
    (T.MULTIPLE_CHOICE, ["d"]),
    (T.MULTIPLE_CHOICE, [["a"]]),
    (T.MULTIPLE_CHOICE, [None]),
    (T.MULTIPLE_CHOICE, {"a": True}),
    (T.TEXT, "x" * 21),
    (T.TEXT, 5),
    (T.TEXT, ["a"]),
    (T.NUMBER, True),
    (T.NUMBER, "1"),
    (T.NUMBER, float("nan")),
    (T.NUMBER, float("inf")),
    (T.NUMBER, 2**53),
    (T.NUMBER, -(2**53)),
    (T.NUMBER, [1]),
]


@pytest.mark.parametrize(("type_", "value"), FITS)
def test_what_fits_a_question_is_taken_as_it_is(type_: T, value: Any) -> None:
    assert check_value(QUESTIONS[type_], value, RULES) is value


@pytest.mark.parametrize(("type_", "value"), FITS_NOT)
def test_what_does_not_fit_a_question_is_refused(type_: T, value: Any) -> None:
    with pytest.raises(InvalidValue):
        check_value(QUESTIONS[type_], value, RULES)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(type_=st.sampled_from(T), value=JSON)
def test_anything_that_json_can_say_either_fits_or_is_an_invalid_value(
    type_: T, value: Any
) -> None:
    try:
        check_value(QUESTIONS[type_], value, RULES)
    except InvalidValue:
        assert value is not None, "null clears any of them"
    else:
        assert value is None or isinstance(value, str | int | float | list)


@pytest.mark.parametrize(
    ("value", "counts"),
    [(None, False), ("", False), ([], False), (0, True), (" ", True), (["a"], True), ("a", True)],
)
def test_null_and_empty_values_do_not_count_as_answered(value: Any, counts: bool) -> None:
    assert is_given(value) is counts
    assert count_answered({"q1": Answer(value, NOON), "q2": Answer("b", NOON)}) == 1 + counts


def test_answers_are_measured_in_bytes_not_characters() -> None:
    answers = {"q1": Answer("äb", NOON), "q2": Answer(["a", "ü"], NOON), "q3": Answer(7, NOON)}
    assert answers_bytes(answers) == 3 * 2 + 3 + 3 + 8
