"""What a teacher's command has in common: its line of history, its answer by student."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from monitor.domain.commands import StaffCommand
from monitor.domain.event import EventType
from monitor.domain.outcome import BulkReply, refusal
from monitor.domain.rules import Rules
from monitor.domain.sitting import Sitting
from monitor.errors import InvalidRequest, MonitorError, TooLarge, UnknownStudent


def record_act(
    sitting: Sitting,
    command: StaffCommand,
    type_: EventType,
    rules: Rules,
    *,
    data: dict[str, Any] | None = None,
    student_id: str | None = None,
    reply: Any = None,
) -> None:
    """Write a staff command's line of history, found again by the command's id.

    `reply` is stored in the form in which `decide.repeat` answers it again. A command that must not
    be found again (`once` false) gets a derived id. Raises TooLarge for a reason that is too long.
    """
    data = dict(data or {})
    if command.reason is not None:
        data["reason"] = check_text(command.reason, rules.message_characters, "reason")
    sitting.record(
        command,
        type_,
        main=command.once,
        actor_id=command.actor_id,
        student_id=student_id,
        data=data,
        reply=None if reply is None else msgspec.to_builtins(reply),
    )


def check_text(text: str, most: int, field: str) -> str:
    """The text, if it is not too long; raises TooLarge."""
    if len(text) > most:
        raise TooLarge(f"{field}: at most {most:,} characters.")
    return text


def require_text(text: str, most: int, field: str) -> str:
    """The text without blanks around it, if it says something; raises InvalidRequest, TooLarge."""
    text = text.strip()
    if not text:
        raise InvalidRequest(f"{field}: say something.", field=field)
    return check_text(text, most, field)


def for_each(
    sitting: Sitting,
    student_ids: Iterable[str],
    act: Callable[[str], object],
    *,
    skip: type[MonitorError] | tuple[type[MonitorError], ...] = (),
) -> BulkReply:
    """Do something for each student; what is refused for one changes nothing for that one.

    `act` must raise before it changes anything. A refusal of a kind in `skip` is not mentioned.
    """
    reply = BulkReply(done=[], refused=[])
    for student_id in dict.fromkeys(student_ids):
        try:
            if student_id not in sitting.roster_ids and student_id not in sitting.participants:
                raise UnknownStudent
            act(student_id)
        except MonitorError as error:
            if not isinstance(error, skip):
                reply.refused.append(refusal(student_id, error))
        else:
            reply.done.append(student_id)
    return reply


def only(student_ids: list[str]) -> str | None:
    """The one student an act was about; None where it was about several or none."""
    return student_ids[0] if len(student_ids) == 1 else None
