"""Work on an attempt outside of sittings: a unit of its own, locked by its row."""

from __future__ import annotations

from monitor.api.call import Call
from monitor.domain import standalone
from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.commands import (
    GiveAnswer,
    Heartbeat,
    RemoveHighlight,
    SaveHighlight,
    SetVisibility,
    StudentCommand,
    Submit,
)
from monitor.domain.rules import Rules
from monitor.domain.test import Test
from monitor.errors import InvalidMessage, MonitorError, NotFound
from monitor.repositories.unit_of_work import UnitOfWork
from monitor.sockets.ledger import Entry, Ledger, error_message


async def work_alone(
    call: Call, attempt_id: str, taken: list[tuple[Entry, StudentCommand]], ledger: Ledger
) -> Attempt:
    """The attempt after these commands; each is applied or refused for itself, in one commit."""
    rules = Rules.of(call.services.settings)

    def work(uow: UnitOfWork) -> tuple[Attempt, list[MonitorError | None]]:
        before = uow.attempts.lock(attempt_id)
        test = None if before is None else uow.tests.get(before.test_id)
        if before is None or test is None:
            raise NotFound
        now = before
        if now.status is AttemptStatus.NOT_STARTED:
            now = standalone.start(now, call.received_at)
        errors: list[MonitorError | None] = []
        for _, command in taken:
            try:
                now = _applied(now, test, command, rules)
            except MonitorError as error:
                errors.append(error)
            else:
                errors.append(None)
        if now is not before:
            uow.attempts.save(now)
        return now, errors

    attempt, errors = await call.services.database.write(work)
    for (entry, _), error in zip(taken, errors, strict=True):
        ledger.settle(entry, None if error is None else error_message(error, seq=entry.seq))
    return attempt


def _applied(attempt: Attempt, test: Test, command: StudentCommand, rules: Rules) -> Attempt:
    at = command.received_at
    match command:
        case GiveAnswer(question_id=question_id, value=value, corrected_at=answered_at):
            return standalone.answer(attempt, test, question_id, value, answered_at, at, rules)
        case SaveHighlight(highlight=highlight):
            return standalone.save_highlight(attempt, test, highlight, at, rules)
        case RemoveHighlight(highlight_id=highlight_id):
            return standalone.remove_highlight(attempt, highlight_id, at)
        case Submit():
            return standalone.submit(attempt, at)
        case Heartbeat() | SetVisibility():
            return attempt  # nobody watches
        case _:
            raise InvalidMessage("There is no teacher to hear this outside of a sitting.")
