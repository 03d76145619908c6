"""The forms in which the API shows attempts to staff and in lists."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import asdict

from monitor.domain.attempt import Attempt
from monitor.domain.session import Session
from monitor.protocol import forms
from monitor.protocol.items import AnswerItem, AttemptItem, HighlightItem
from monitor.protocol.timestamps import rfc3339_or_none


class StaffAttempt(AttemptItem, frozen=True, kw_only=True):
    """An attempt as a dashboard shows it, with the work itself."""

    test_id: str
    session_id: str | None
    reopened_at: str | None
    answers: dict[str, AnswerItem]
    highlighted_text: list[HighlightItem]


class AttemptSummary(Struct, frozen=True, kw_only=True):
    """An attempt in a list."""

    id: str
    test_id: str
    student_id: str
    session_id: str | None
    status: str
    submitted_by: str | None
    answered: int
    total: int
    started_at: str | None
    submitted_at: str | None


def staff_attempt(attempt: Attempt, session: Session | None) -> StaffAttempt:
    """An attempt of this sitting, or of none, as its staff sees it."""
    extra = 0 if session is None else session.extra_seconds.get(attempt.student_id, 0)
    return StaffAttempt(
        **asdict(forms.attempt_item(attempt, extra)),
        test_id=attempt.test_id,
        session_id=attempt.session_id,
        reopened_at=rfc3339_or_none(attempt.reopened_at),
        answers={id_: forms.answer_item(answer) for id_, answer in attempt.answers.items()},
        highlighted_text=[forms.highlight_item(mark) for mark in attempt.highlighted_text],
    )


def summary(attempt: Attempt) -> AttemptSummary:
    """An attempt in a list."""
    return AttemptSummary(
        id=attempt.id,
        test_id=attempt.test_id,
        student_id=attempt.student_id,
        session_id=attempt.session_id,
        status=attempt.status.value,
        submitted_by=None if attempt.submitted_by is None else attempt.submitted_by.value,
        answered=attempt.answered,
        total=attempt.total,
        started_at=rfc3339_or_none(attempt.started_at),
        submitted_at=rfc3339_or_none(attempt.submitted_at),
    )
