from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, strategies as st

from monitor.domain.attempt import Value
from monitor.domain.tally import BINS, ChoiceCount, NumberBin, QuestionTally, tally
from tests.domain.desk import TEST


def counted(question_id: str, *values: Value) -> QuestionTally:
    found = tally(TEST, [{question_id: value} for value in values])
    assert found.students == len(values)
    return next(one for one in found.questions if one.question_id == question_id)


def test_each_question_is_counted_over_all_students_in_the_tests_order() -> None:
    found = tally(TEST, [{"q1": "a", "q3": "x"}, {"q1": "a", "q3": ""}, {}])
    assert found.students == 3
    assert [(one.question_id, one.answered) for one in found.questions] == [
        ("q1", 2),
        ("q2", 0),
        ("q3", 1),
        ("q4", 0),
    ]


def test_choices_are_counted_in_their_order_and_nobodys_too() -> None:
    single = counted("q1", "c", "a", "c", None)
    assert single.choices == (ChoiceCount("a", 1), ChoiceCount("b", 0), ChoiceCount("c", 2))
    assert single.answered == 3
    multiple = counted("q2", ["a", "b"], ["b"], [])
    assert multiple.choices == (ChoiceCount("a", 1), ChoiceCount("b", 2))
    assert multiple.answered == 2


def test_few_different_numbers_are_counted_each() -> None:
    found = counted("q4", 2, 2.5, 2, 0)
    assert found.bins == (NumberBin(0, 0, 1), NumberBin(2, 2, 2), NumberBin(2.5, 2.5, 1))
    assert found.median == 2
    assert counted("q4", 0).answered == 1, "nought is an answer"


def test_many_different_numbers_are_put_in_bins_with_round_borders() -> None:
    found = counted("q4", *(number / 10 for number in range(1, 32)))
    assert found.bins[0] == NumberBin(0, 0.5, 4)
    assert found.bins[1] == NumberBin(0.5, 1, 5)
    assert found.bins[-1] == NumberBin(3, 3.5, 2)
    assert found.median == 1.6


def test_an_empty_bin_between_others_is_told() -> None:
    found = counted("q4", *range(11), 100)
    assert found.bins[0] == NumberBin(0, 10, 10)
    assert found.bins[2] == NumberBin(20, 30, 0)
    assert found.bins[-1] == NumberBin(100, 110, 1)


def test_questions_that_the_test_does_not_have_are_passed_over() -> None:
    assert sum(one.answered for one in tally(TEST, [{"gone": "a"}]).questions) == 0


@pytest.mark.parametrize(
    "wide", [[-1e308, 1e308], [0, 1.79e308], [1e308, 1.1e308], [5e-324, 1e-323]]
)
def test_numbers_at_the_edges_of_floats_are_counted(wide: list[float]) -> None:
    found = counted("q4", *wide, *range(BINS))
    assert sum(bin_.count for bin_ in found.bins) == BINS + 2
    assert all(-inf < bin_.from_ <= bin_.to < inf for bin_ in found.bins)


@given(st.lists(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-99, 99))))
def test_every_number_is_in_one_bin_and_there_are_few(numbers: list[float]) -> None:
    found = counted("q4", *numbers)
    assert sum(bin_.count for bin_ in found.bins) == len(numbers) == found.answered
    assert len(found.bins) <= BINS + 2
    assert all(-inf < bin_.from_ <= bin_.to < inf for bin_ in found.bins)
    assert found.median is None or min(numbers) <= found.median <= max(numbers)
