from __future__ import annotations

import pytest

from monitor.domain import standalone
from monitor.domain.attempt import Attempt
from monitor.domain.rules import Rules
from monitor.errors import (
    AttemptClosed,
    InvalidTransition,
    InvalidValue,
    MonitorError,
    NotStarted,
    UnknownPassage,
    UnknownQuestion,
)
from tests.domain.desk import TEST, later
from tests.domain.test_highlighting import a_highlight

RULES = Rules()


@pytest.fixture
def attempt() -> Attempt:
    """An attempt outside any sitting, begun."""
    return standalone.start(standalone.new_attempt("attempt", TEST, "ada"), later(0))


def answered(attempt: Attempt, value: object, at: float, question_id: str = "q3") -> Attempt:
    moment = later(at)
    return standalone.answer(attempt, TEST, question_id, value, moment, later(60), RULES)


def test_an_attempt_begins_is_worked_on_and_handed_in(attempt: Attempt) -> None:
    assert (attempt.session_id, attempt.total, attempt.started_at) == (None, 4, later(0))
    attempt = answered(attempt, "words", 5)
    attempt = standalone.save_highlight(attempt, TEST, a_highlight(), later(70), RULES)
    assert (attempt.answered, attempt.highlights, attempt.last_saved_at) == (1, 1, later(70))
    attempt = standalone.remove_highlight(attempt, "h1", later(71))
    assert attempt.highlights == 0
    attempt = standalone.submit(attempt, later(80))
    assert (attempt.submitted_by, attempt.submitted_at) == ("student", later(80))
    assert standalone.submit(attempt, later(90)) is attempt


def test_the_later_answer_stands_and_none_is_younger_than_its_arrival(attempt: Attempt) -> None:
    attempt = answered(attempt, "new", 20)
    assert answered(attempt, "old", 10) is attempt
    attempt = answered(attempt, "newest", 9999)
    assert attempt.answers["q3"].answered_at == later(60)


def test_what_changes_nothing_gives_the_very_same_attempt_back(attempt: Attempt) -> None:
    attempt = answered(attempt, "words", 5)
    assert answered(attempt, "words", 5) is attempt
    assert standalone.remove_highlight(attempt, "h9", later(9)) is attempt
    assert standalone.start(attempt, later(9)) is attempt


def test_what_does_not_fit_is_refused(attempt: Attempt) -> None:
    with pytest.raises(UnknownQuestion):
        answered(attempt, "a", 5, "q9")
    with pytest.raises(InvalidValue):
        answered(attempt, True, 5, "q4")
    with pytest.raises(UnknownPassage):
        standalone.save_highlight(attempt, TEST, a_highlight(passage_id="p9"), later(5), RULES)


@pytest.mark.parametrize("handed_in", [False, True])
def test_before_the_begin_and_after_the_hand_in_nothing_is_taken(
    attempt: Attempt, handed_in: bool
) -> None:
    error: type[MonitorError] = AttemptClosed if handed_in else NotStarted
    closed = standalone.new_attempt("attempt", TEST, "ada")
    if handed_in:
        closed = standalone.submit(attempt, later(5))
        with pytest.raises(InvalidTransition):
            standalone.start(closed, later(6))
    else:
        with pytest.raises(NotStarted):
            standalone.submit(closed, later(6))
    with pytest.raises(error):
        answered(closed, "words", 6)
    with pytest.raises(error):
        standalone.save_highlight(closed, TEST, a_highlight(), later(6), RULES)
    with pytest.raises(error):
        standalone.remove_highlight(closed, "h1", later(6))
