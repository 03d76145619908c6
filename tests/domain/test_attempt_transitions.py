from __future__ import annotations

import pytest

from monitor.domain.attempt import Attempt, AttemptStatus as S, SubmittedBy
from monitor.domain.attempt_transitions import Step, reopen, start, step, submit
from monitor.errors import InvalidTransition
from tests.domain.desk import NOON, later

# None: the outcome holds already
ALLOWED = {
    (S.NOT_STARTED, Step.START): S.IN_PROGRESS,
    (S.NOT_STARTED, Step.COMPLETE): S.SUBMITTED,
    (S.IN_PROGRESS, Step.START): None,
    (S.IN_PROGRESS, Step.SUBMIT): S.SUBMITTED,
    (S.IN_PROGRESS, Step.COMPLETE): S.SUBMITTED,
    (S.IN_PROGRESS, Step.REOPEN): None,
    (S.SUBMITTED, Step.SUBMIT): None,
    (S.SUBMITTED, Step.COMPLETE): None,
    (S.SUBMITTED, Step.REOPEN): S.IN_PROGRESS,
}


def an_attempt(status: S = S.IN_PROGRESS) -> Attempt:
    return Attempt(id="attempt", test_id="test", student_id="ada", status=status)


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("step_", Step)
def test_every_step_from_every_status_is_in_the_table(status: S, step_: Step) -> None:
    if (status, step_) in ALLOWED:
        assert step(an_attempt(status), step_) is ALLOWED[status, step_]
    else:
        with pytest.raises(InvalidTransition):
            step(an_attempt(status), step_)


def test_a_start_that_holds_keeps_its_time() -> None:
    begun = start(an_attempt(S.NOT_STARTED), NOON)
    assert start(begun, later(5)) is begun
    assert begun.started_at == NOON


def test_a_hand_in_that_holds_keeps_when_and_by_whom() -> None:
    handed_in = submit(an_attempt(), SubmittedBy.STUDENT, NOON)
    assert submit(handed_in, SubmittedBy.TEACHER, later(5)) is handed_in
    assert submit(handed_in, SubmittedBy.COMPLETION, later(5)) is handed_in


def test_a_reopened_attempt_is_handed_in_by_nobody() -> None:
    reopened = reopen(submit(an_attempt(), SubmittedBy.DEADLINE, NOON), later(5))
    assert (reopened.submitted_at, reopened.submitted_by) == (None, None)
    assert reopened.reopened_at == later(5)
    assert reopen(reopened, later(9)) is reopened
