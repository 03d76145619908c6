"""What came of a command: answered to its sender, after the commit."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from monitor.domain.attempt import Attempt
from monitor.errors import MonitorError


class Outcome(Struct, frozen=True, kw_only=True):
    """What one command led to; with `error` set it was refused and changed nothing.

    `late`: an answer that was kept for the teacher, not applied. `winner`: the attempt whose stored
    answer won over this one; its sender is sent it.
    """

    reply: Any = None
    error: MonitorError | None = None
    late: bool = False
    winner: Attempt | None = None


DONE = Outcome()  # there is nothing to answer


class Refused(Struct, frozen=True):
    """Why a bulk command did nothing for one student."""

    student_id: str
    code: str
    message: str


class BulkReply(Struct, frozen=True):
    """For whom a bulk command holds now, and for whom it was refused.

    `unchanged`: for whom of `done` it held already, so that undoing it is not about them.
    """

    done: list[str]
    refused: list[Refused]
    unchanged: list[str] = []


class JoinReply(Struct, frozen=True, kw_only=True):
    """The place taken; `connection_id` is the one to use from now on (null without a socket).

    `reconnected`: the student had a place already.
    """

    attempt: Attempt
    connection_id: str | None
    reconnected: bool


class LateReply(Struct, frozen=True, kw_only=True):
    """What became of late answers, by the ids of the events that kept them.

    `superseded`: accepted, but the stored answer is later and stays. `left`: they do not count.
    """

    accepted: list[str]
    superseded: list[str]
    left: list[str] = []


def refusal(student_id: str, error: MonitorError) -> Refused:
    """A named error as one student's part of a bulk reply."""
    return Refused(student_id, error.code, error.message)
