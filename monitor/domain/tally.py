"""What a sitting's students have answered, counted by question.

A value is counted where the question is answered in the sense of `values`. Numbers are put in bins:
one for each value while there are few different ones, else bins of equal width with round borders,
of which `from` belongs to the bin and `to` does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import floor, inf, log10
from sys import float_info

from msgspec import Struct

from monitor.domain.attempt import Value
from monitor.domain.test import Question, QuestionType, Test
from monitor.domain.values import is_given

BINS = 10  # more are not told apart at a glance


class ChoiceCount(Struct, frozen=True):
    """How many chose this."""

    choice_id: str
    count: int


class NumberBin(Struct, frozen=True, rename={"from_": "from"}):
    """How many numbers lie between two borders."""

    from_: float
    to: float
    count: int


class QuestionTally(Struct, frozen=True, kw_only=True):
    """How many answered a question, and what; `choices` in the test's order."""

    question_id: str
    answered: int
    choices: tuple[ChoiceCount, ...] = ()
    bins: tuple[NumberBin, ...] = ()
    median: float | None = None


class Tally(Struct, frozen=True, kw_only=True):
    """The counts of all questions, over so many students' works."""

    students: int
    questions: tuple[QuestionTally, ...]


def tally(test: Test, works: Iterable[Mapping[str, Value]]) -> Tally:
    """Count what these works, values by question, hold; none of them is kept."""
    questions = {question.id: _Count(question) for question in test.questions}
    students = 0
    for work in works:
        students += 1
        for question_id, value in work.items():
            count = questions.get(question_id)
            if count is not None and is_given(value):
                count.add(value)
    return Tally(students=students, questions=tuple(one.tally() for one in questions.values()))


class _Count:
    """The values of one question so far."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._answered = 0
        self._chosen: Counter[str] = Counter()
        self._numbers: list[float] = []

    def add(self, value: Value) -> None:
        """Count one more, which answers the question."""
        self._answered += 1
        if isinstance(value, list):
            self._chosen.update(value)
        elif isinstance(value, int | float):
            self._numbers.append(value)
        elif self._question.type is QuestionType.SINGLE_CHOICE and value is not None:
            self._chosen[value] += 1

    def tally(self) -> QuestionTally:
        """What was counted."""
        numbers = sorted(self._numbers)
        return QuestionTally(
            question_id=self._question.id,
            answered=self._answered,
            choices=tuple(
                ChoiceCount(choice.id, self._chosen[choice.id]) for choice in self._question.choices
            ),
            bins=_bins(numbers),
            median=_median(numbers),
        )


def _median(numbers: list[float]) -> float | None:
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return numbers[middle - 1] / 2 + numbers[middle] / 2  # the sum might be too large


def _bins(numbers: list[float]) -> tuple[NumberBin, ...]:
    """The bins of sorted numbers, from the first to the last, with the empty ones between."""
    different = Counter(numbers)
    if len(different) <= BINS:
        return tuple(NumberBin(value, value, count) for value, count in different.items())
    least, most = numbers[0], numbers[-1]
    step = _round_step((most - least) / BINS)
    if not 0 < step < inf:  # beyond what floats can tell apart
        return (NumberBin(least, most, len(numbers)),)
    counts = Counter(floor(number / step) for number in numbers)
    return tuple(
        NumberBin(_border(at, step), _border(at + 1, step), counts[at])
        for at in range(min(counts), max(counts) + 1)
    )


def _round_step(least: float) -> float:
    """1, 2, 5 or 10 times a power of ten, not smaller than `least`; 0 or infinite beyond floats."""
    if not 0 < least < inf:
        return least
    power = 10.0 ** floor(log10(least))
    return next((times * power for times in (1, 2, 5) if times * power >= least), 10 * power)


def _border(at: int, step: float) -> float:
    border = float(f"{at * step:.15g}")  # 3 * 0.1 is 0.3 to people
    return min(max(border, -float_info.max), float_info.max)
