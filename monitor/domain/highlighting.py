"""Highlights: marked words of a passage, with a colour and perhaps a comment.

A highlight counts when it was received in time, like an answer; one that comes later is refused,
not kept. A highlight with a known id replaces it. From a connection that was replaced it counts by
its time: it does not replace one that was made later.
"""

from __future__ import annotations

from msgspec.structs import replace

from monitor.domain.answering import work_of
from monitor.domain.attempt import Attempt, Highlight
from monitor.domain.commands import RemoveHighlight, SaveHighlight, StudentCommand
from monitor.domain.deadlines import counts
from monitor.domain.outcome import Outcome
from monitor.domain.presence import renew
from monitor.domain.rules import Rules
from monitor.domain.sitting import Sitting
from monitor.domain.test import Passage
from monitor.errors import AttemptClosed, InvalidValue, SessionOver, TooLarge


def check_highlight(highlight: Highlight, passage: Passage, rules: Rules) -> None:
    """Raise InvalidValue or TooLarge unless the highlight fits its passage."""
    if not 0 <= highlight.position_start < highlight.position_end <= len(passage.text):
        raise InvalidValue("The positions of the highlight are not within the passage.")
    if max(len(highlight.text), len(highlight.comment or "")) > rules.highlight_characters:
        raise TooLarge(f"text, comment: at most {rules.highlight_characters:,} characters.")


def with_highlight(attempt: Attempt, highlight: Highlight, rules: Rules) -> Attempt:
    """The attempt with this highlight added or replaced; raises TooLarge beyond the limit."""
    highlights = list(attempt.highlighted_text)
    for index, known in enumerate(highlights):
        if known.id == highlight.id:
            if known == highlight:
                return attempt
            highlights[index] = highlight
            break
    else:
        if len(highlights) >= rules.highlights_per_attempt:
            raise TooLarge(f"At most {rules.highlights_per_attempt} highlights.")
        highlights.append(highlight)
    return _with(attempt, highlights)


def without_highlight(attempt: Attempt, highlight_id: str) -> Attempt:
    """The attempt without the highlight of this id; unchanged where there is none."""
    highlights = [known for known in attempt.highlighted_text if known.id != highlight_id]
    if len(highlights) == len(attempt.highlighted_text):
        return attempt
    return _with(attempt, highlights)


def save_highlight(sitting: Sitting, command: SaveHighlight, rules: Rules) -> Outcome:
    """Add or replace a highlight."""
    highlight = command.highlight
    is_current = renew(sitting, command, rules)
    attempt = _open_work(sitting, command, rules)
    check_highlight(highlight, sitting.passage(highlight.passage_id), rules)
    if not is_current and any(
        known.id == highlight.id and known.timestamp > highlight.timestamp
        for known in attempt.highlighted_text
    ):
        return Outcome(winner=attempt)
    _put(sitting, command, attempt, with_highlight(attempt, highlight, rules), is_current)
    return Outcome()


def remove_highlight(sitting: Sitting, command: RemoveHighlight, rules: Rules) -> Outcome:
    """Remove a highlight; one that is not there is removed already."""
    is_current = renew(sitting, command, rules)
    attempt = _open_work(sitting, command, rules)
    removed = without_highlight(attempt, command.highlight_id)
    _put(sitting, command, attempt, removed, is_current)
    return Outcome()


def _open_work(sitting: Sitting, command: StudentCommand, rules: Rules) -> Attempt:
    attempt = work_of(sitting, command.student_id)
    grace = rules.deadline_grace_seconds
    if not counts(sitting.session, attempt, command.received_at, grace):
        closed = sitting.session.completed_at is None and sitting.session.is_over
        raise SessionOver if closed else AttemptClosed
    return attempt


def _put(
    sitting: Sitting,
    command: StudentCommand,
    attempt: Attempt,
    changed: Attempt,
    is_current: bool,
) -> None:
    if changed is attempt:
        return
    at = command.received_at
    saved_at = at if attempt.last_saved_at is None else max(at, attempt.last_saved_at)
    sitting.put_attempt(replace(changed, last_saved_at=saved_at), tell=not is_current)


def _with(attempt: Attempt, highlights: list[Highlight]) -> Attempt:
    return replace(attempt, highlighted_text=tuple(highlights), highlights=len(highlights))
