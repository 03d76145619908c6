"""Attempts outside any sitting: one student, one test, no clock but the student's own.

They have no deadline, no presence and no history. The same rules say what fits a question and which
answer stands; an attempt that is handed in takes no more changes. Functions return the attempt as
it is then: the very same object where nothing changed.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from monitor.domain.attempt import Attempt, AttemptStatus, Highlight, SubmittedBy
from monitor.domain.attempt_transitions import start as started, submit as submitted
from monitor.domain.highlighting import check_highlight, with_highlight, without_highlight
from monitor.domain.moments import to_milliseconds
from monitor.domain.placing import place
from monitor.domain.rules import Rules
from monitor.domain.test import Test
from monitor.domain.values import check_value
from monitor.errors import AttemptClosed, NotStarted, UnknownPassage, UnknownQuestion


def new_attempt(id_: str, test: Test, student_id: str) -> Attempt:
    """An attempt that has not started."""
    return Attempt(
        id=id_,
        test_id=test.id,
        student_id=student_id,
        status=AttemptStatus.NOT_STARTED,
        total=len(test.questions),
    )


def start(attempt: Attempt, at: datetime) -> Attempt:
    """Begin; raises InvalidTransition where it is handed in."""
    return started(attempt, at)


def answer(
    attempt: Attempt,
    test: Test,
    question_id: str,
    value: object,
    answered_at: datetime,
    received_at: datetime,
    rules: Rules,
) -> Attempt:
    """Answer a question; `answered_at` is server time, and the later answer stands."""
    _require_open(attempt)
    question = next((q for q in test.questions if q.id == question_id), None)
    if question is None:
        raise UnknownQuestion
    checked = check_value(question, value, rules)
    at = to_milliseconds(min(answered_at, received_at))
    placed, _stands = place(attempt, question_id, checked, at, None, rules)
    return _saved(attempt, placed, received_at)


def save_highlight(
    attempt: Attempt, test: Test, highlight: Highlight, received_at: datetime, rules: Rules
) -> Attempt:
    """Add or replace a highlight."""
    _require_open(attempt)
    passage = next((p for p in test.passages if p.id == highlight.passage_id), None)
    if passage is None:
        raise UnknownPassage
    check_highlight(highlight, passage, rules)
    return _saved(attempt, with_highlight(attempt, highlight, rules), received_at)


def remove_highlight(attempt: Attempt, highlight_id: str, received_at: datetime) -> Attempt:
    """Remove a highlight; one that is not there is removed already."""
    _require_open(attempt)
    return _saved(attempt, without_highlight(attempt, highlight_id), received_at)


def submit(attempt: Attempt, received_at: datetime) -> Attempt:
    """Hand in; done already where it is."""
    if attempt.status is AttemptStatus.NOT_STARTED:
        raise NotStarted("This attempt has not started yet.")
    return submitted(attempt, SubmittedBy.STUDENT, received_at)


def _require_open(attempt: Attempt) -> None:
    if attempt.status is AttemptStatus.NOT_STARTED:
        raise NotStarted("This attempt has not started yet.")
    if attempt.status is AttemptStatus.SUBMITTED:
        raise AttemptClosed


def _saved(before: Attempt, after: Attempt, at: datetime) -> Attempt:
    return after if after is before else replace(after, last_saved_at=at)
