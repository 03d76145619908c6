"""Which answer to a question stands.

Within one connection the later to arrive: commands of a connection come in the order of their
`seq`. A clock that was set back in between must not matter, so the time of the newer is raised to
that of the older. Between connections the later `answered_at` in server time, which never passes
`received_at`; at equal times the later to arrive. An answer that repeats the standing value only
moves its time on.

An answer without a connection id (REST) is of no connection: it is always compared by time.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from monitor.domain.attempt import Answer, Attempt, Value
from monitor.domain.rules import Rules
from monitor.domain.values import answers_bytes, is_given
from monitor.errors import TooLarge


def place(
    attempt: Attempt,
    question_id: str,
    value: Value,
    answered_at: datetime,
    connection_id: str | None,
    rules: Rules,
) -> tuple[Attempt, bool]:
    """The attempt with this answer, and whether it stands (also where it stood already).

    `answered_at` is server time. Raises TooLarge.
    """
    stored = attempt.answers.get(question_id)
    if stored is not None:
        if connection_id and attempt.answer_connections.get(question_id) == connection_id:
            answered_at = max(answered_at, stored.answered_at)
        if stored.value == value and answered_at <= stored.answered_at:
            return attempt, True
        if answered_at < stored.answered_at:
            return attempt, False
    answers = {**attempt.answers, question_id: Answer(value, answered_at)}
    if isinstance(value, str) and answers_bytes(answers) > rules.answers_bytes_per_attempt:
        raise TooLarge
    was_given = stored is not None and is_given(stored.value)
    connections = attempt.answer_connections
    if connection_id is not None:
        connections = {**connections, question_id: connection_id}
    elif question_id in connections:
        connections = {id_: given for id_, given in connections.items() if id_ != question_id}
    placed = replace(
        attempt,
        answers=answers,
        answer_connections=connections,
        answered=attempt.answered + is_given(value) - was_given,
    )
    return placed, True
