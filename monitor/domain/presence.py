"""Who is there: connections, leases and signs of life.

**One live connection a student.** `connection_id` is `"<line>.<n>"`: the line changes when a person
takes the place over from another window or device, `n` rises with each reconnect of the same
client. The whole id is the fence: a command that carries another id than the participant's comes
from a connection that was *replaced*. From there heartbeats, visibility, leave and the disconnect
change nothing. Answers and highlights still count, by their time, and so do acts of the person that
do not tell where the person is now: handing in, raising a hand, receipts of messages. A command
without an id comes by REST: it passes every fence and is a sign of life.

**CONNECTED is a lease.** Every command of the current connection renews it: `last_activity` moves
on, never back. It ends when the socket is closed and the grace has passed (`Disconnect`), when the
student leaves (`Leave`), or when nothing was heard for `lease_seconds` (`Sweep`). A sign of life
after that, on the same connection, is a return: as at a join, it counts as a reconnect, and the
time since the last sign is lost (see `lost_time`). Once the sitting is over nobody's presence
changes.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from msgspec.structs import replace

from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.commands import Disconnect, Heartbeat, Leave, SetVisibility, StudentCommand
from monitor.domain.event import EventType
from monitor.domain.lost_time import lose
from monitor.domain.moments import after, rfc3339, seconds_between
from monitor.domain.outcome import DONE, Outcome
from monitor.domain.participant import ConnectionStatus, Participant
from monitor.domain.rules import Rules
from monitor.domain.session import Session
from monitor.domain.sitting import Sitting
from monitor.domain.visibility import see
from monitor.errors import NotFound

_WELL_FORMED = re.compile(r"[0-9a-f-]{36}\.[0-9]{1,9}", re.ASCII)


def next_connection_id(former: str | None, fresh: str) -> str:
    """The id of a new connection: `former`'s line and the next number, else the line `fresh`.

    `fresh` is a new UUID. The recorder has the last word: use what the join's reply names.
    """
    if former is None or not _WELL_FORMED.fullmatch(former):
        return f"{fresh}.1"
    line, number = split_connection_id(former)
    return f"{line}.{number + 1}"


def split_connection_id(connection_id: str) -> tuple[str, int]:
    """The line and the number of a connection id; an id without a number is a line of its own."""
    line, dot, number = connection_id.rpartition(".")
    if not dot or not number.isascii() or not number.isdecimal() or len(number) > 18:
        return connection_id, 0
    return line, int(number)


def is_current(participant: Participant, command: StudentCommand) -> bool:
    """Whether the command comes from the participant's current connection, or by REST."""
    connection_id = command.connection_id
    return connection_id is None or connection_id == participant.connection_id


def participant_of(sitting: Sitting, command: StudentCommand) -> Participant:
    """The student's place; raises NotFound where there is none."""
    participant = sitting.participants.get(command.student_id)
    if participant is None:
        raise NotFound
    return participant


def renew(sitting: Sitting, command: StudentCommand, rules: Rules) -> bool:
    """Take the command as a sign of life; whether it is one (not from a replaced connection)."""
    participant = participant_of(sitting, command)
    if not is_current(participant, command):
        return False
    if sitting.session.is_over:
        return True
    at = command.received_at
    if participant.connection_status is ConnectionStatus.DISCONNECTED:
        lost = come_back(sitting, participant, command, rules)
        sitting.record(
            command,
            EventType.RECONNECTED,
            student_id=command.student_id,
            data={"lost_seconds": lost, "last_activity": rfc3339(participant.last_activity)},
        )
    elif at > participant.last_activity:
        sitting.put_participant(replace(participant, last_activity=at))
    return True


def come_back(
    sitting: Sitting,
    participant: Participant,
    command: StudentCommand,
    rules: Rules,
    *,
    connection_id: str | None = None,
    reconnects: int = 1,
) -> float:
    """Connect a participant again, count the reconnect and the lost time, and return the latter."""
    at = command.received_at
    attempt = sitting.attempt_of(command.student_id)
    if attempt is None:
        raise NotFound
    returned = lose(sitting.session, attempt, participant.last_activity, at, rules)
    if reconnects:
        returned = replace(returned, reconnects=returned.reconnects + reconnects)
    if returned is not attempt:
        sitting.put_attempt(returned)
    sitting.put_participant(
        replace(
            participant,
            connection_status=ConnectionStatus.CONNECTED,
            connection_id=participant.connection_id if connection_id is None else connection_id,
            last_activity=max(at, participant.last_activity),
            disconnected_at=None,
        )
    )
    return round(returned.lost_seconds - attempt.lost_seconds, 3)


def beat(sitting: Sitting, command: Heartbeat, rules: Rules) -> Outcome:
    """A heartbeat renews the lease, and may tell where the student is and whether they look."""
    current = renew(sitting, command, rules)
    if command.question_id is None and command.is_visible is None:  # nearly all of them
        return DONE
    if not current or sitting.session.is_over:
        return DONE
    if command.question_id is not None:
        _go_to(sitting, command, command.question_id)
    if command.is_visible is not None:
        see(sitting, command, command.is_visible, rules)
    return DONE


def _go_to(sitting: Sitting, command: Heartbeat, question_id: str) -> None:
    attempt = sitting.attempt_of(command.student_id)
    # Before the start there is no question to be at, and whether there is such a one is not told.
    if attempt is None or attempt.status is AttemptStatus.NOT_STARTED:
        return
    sitting.question(question_id)
    if attempt.question_id != question_id:
        sitting.put_attempt(replace(attempt, question_id=question_id))


def set_visibility(sitting: Sitting, command: SetVisibility, rules: Rules) -> Outcome:
    """The test's page was hidden or shown."""
    if renew(sitting, command, rules) and not sitting.session.is_over:
        see(sitting, command, command.is_visible, rules)
    return Outcome()


def leave(sitting: Sitting, command: Leave, _rules: Rules) -> Outcome:
    """A deliberate end: disconnected at once."""
    _end(sitting, command, EventType.LEFT)
    return Outcome()


def disconnect(sitting: Sitting, command: Disconnect, _rules: Rules) -> Outcome:
    """The socket closed at `received_at` and did not come back within the grace."""
    _end(sitting, command, EventType.DISCONNECTED, why="closed")
    return Outcome()


def _end(sitting: Sitting, command: StudentCommand, type_: EventType, **data: str) -> None:
    participant = participant_of(sitting, command)
    at = command.received_at
    if (
        sitting.session.is_over
        or not is_current(participant, command)
        or participant.connection_status is ConnectionStatus.DISCONNECTED
        or participant.last_activity > at  # seen since, by REST
    ):
        return
    sitting.put_participant(
        replace(participant, connection_status=ConnectionStatus.DISCONNECTED, disconnected_at=at)
    )
    sitting.record(
        command,
        type_,
        student_id=participant.student_id,
        data={"last_activity": rfc3339(participant.last_activity), **data},
    )


def lease_ends_at(participant: Participant, rules: Rules) -> datetime | None:
    """When the lease runs out unless it is renewed; None where there is none."""
    if participant.connection_status is ConnectionStatus.DISCONNECTED:
        return None
    return after(participant.last_activity, rules.lease_seconds)


class ShownStatus(StrEnum):
    """The one status a student is shown with."""

    SUBMITTED = "submitted"
    ABSENT = "absent"
    DISCONNECTED = "disconnected"
    UNSTABLE = "unstable"
    WAITING = "waiting"
    ONLINE = "online"


def shown_status(
    participant: Participant | None,
    attempt: Attempt | None,
    session: Session,
    now: datetime,
    rules: Rules,
) -> ShownStatus:
    """The first that fits: submitted, absent, disconnected, unstable, waiting, online.

    Unstable is no sign of life for more than 2 heartbeats. In a sitting that is over nobody is
    connected any more, whatever the last sign was.
    """
    if attempt is not None and attempt.status is AttemptStatus.SUBMITTED:
        return ShownStatus.SUBMITTED
    if participant is None:
        return ShownStatus.ABSENT
    if session.is_over or participant.connection_status is ConnectionStatus.DISCONNECTED:
        return ShownStatus.DISCONNECTED
    if seconds_between(participant.last_activity, now) > rules.unstable_seconds:
        return ShownStatus.UNSTABLE
    if attempt is None or attempt.status is AttemptStatus.NOT_STARTED:
        return ShownStatus.WAITING
    return ShownStatus.ONLINE
