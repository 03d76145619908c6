"""What fits a question, and when a question counts as answered.

| type | value |
|---|---|
| single_choice | the id of one of its choices |
| multiple_choice | a list of ids of its choices, none twice; may be empty |
| text | a string of at most `text_characters` |
| number | a JSON number: no boolean, finite, an integer only within 53 bits |

null clears any of them. Everything else is `invalid_value`.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from monitor.domain.attempt import Answer, Value
from monitor.domain.rules import Rules
from monitor.domain.test import Question, QuestionType
from monitor.errors import InvalidValue

_LARGEST_INTEGER = 2**53 - 1


def check_value(question: Question, value: Any, rules: Rules) -> Value:
    """The value, if it fits the question; raises InvalidValue."""
    if value is None or _fits(question, value, rules):
        checked: Value = value
        return checked
    raise InvalidValue(f"The value does not fit a {question.type} question.")


def _fits(question: Question, value: Any, rules: Rules) -> bool:
    match question.type:
        case QuestionType.SINGLE_CHOICE:
            return isinstance(value, str) and any(value == choice.id for choice in question.choices)
        case QuestionType.MULTIPLE_CHOICE:
            if not isinstance(value, list) or not all(isinstance(id_, str) for id_ in value):
                return False
            chosen = set(value)
            return len(chosen) == len(value) and chosen <= {c.id for c in question.choices}
        case QuestionType.TEXT:
            return isinstance(value, str) and len(value) <= rules.text_characters
        case QuestionType.NUMBER:
            if isinstance(value, bool):
                return False
            if isinstance(value, int):
                return abs(value) <= _LARGEST_INTEGER
            return isinstance(value, float) and isfinite(value)


def is_given(value: Value) -> bool:
    """Whether a question with this value counts as answered."""
    return value is not None and value not in ("", [])


def count_answered(answers: dict[str, Answer]) -> int:
    """How many questions are answered."""
    return sum(is_given(answer.value) for answer in answers.values())


def answers_bytes(answers: dict[str, Answer]) -> int:
    """About how much room the answers take: question ids and values in UTF-8."""
    return sum(_bytes(id_) + _bytes(answer.value) for id_, answer in answers.items())


def _bytes(value: Value) -> int:
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    if isinstance(value, list):
        return sum(_bytes(item) for item in value)
    return 8
