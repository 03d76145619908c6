"""Taking a place in a sitting, the first time and again.

Who is not on the list sees nothing (`not_found`). Before the waiting room opens a join comes too
early (`not_open`), after the end too late (`session_over`).

A join without a former connection is a person's act and takes over from whatever connection there
is. With the client's last one it is a reconnect: accepted on the same line, so that a `joined` that
was lost on the way locks nobody out, and refused (`replaced`) when a takeover has begun another
line since. On its line it is given the number after the current one's. A reconnect that was held up
on its way (by a process that stood still, say) is refused as well where its client has come back by
another way meanwhile: nobody waits for it any more, and it must not replace the one that lives.

A join by REST (no connection id) takes the place, or is a sign of life, and replaces no connection.

The attempt's id follows from session and student: whichever process creates it, there is one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid5

from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.attempt_transitions import start
from monitor.domain.commands import Join
from monitor.domain.event import EventType
from monitor.domain.moments import rfc3339
from monitor.domain.outcome import JoinReply, Outcome
from monitor.domain.participant import ConnectionStatus, Participant
from monitor.domain.presence import come_back, renew, split_connection_id
from monitor.domain.rules import Rules
from monitor.domain.session import SessionStatus
from monitor.domain.sitting import NAMESPACE, Sitting
from monitor.errors import NotFound, NotOpen, Replaced, SessionOver


def attempt_id(session_id: str, student_id: str) -> str:
    """The id of a student's attempt in a sitting."""
    return str(uuid5(NAMESPACE, f"{session_id}/{student_id}"))


def join(sitting: Sitting, command: Join, rules: Rules) -> Outcome:
    """Take a place; the reply names attempt and connection."""
    participant = sitting.participants.get(command.student_id)
    if participant is None and command.student_id not in sitting.roster_ids:
        raise NotFound
    if sitting.session.status is SessionStatus.SCHEDULED:
        raise NotOpen
    if sitting.session.is_over:
        raise SessionOver
    attempt = sitting.attempt_of(command.student_id) or _new_attempt(sitting, command)
    if attempt.status is AttemptStatus.NOT_STARTED and sitting.session.started_at is not None:
        attempt = start(attempt, max(command.received_at, sitting.session.started_at))
    if attempt is not sitting.attempts.get(command.student_id):
        sitting.put_attempt(attempt)
    if participant is None:
        return _take(sitting, command, attempt)
    return _take_again(sitting, command, participant, rules)


def _new_attempt(sitting: Sitting, command: Join) -> Attempt:
    return Attempt(
        id=attempt_id(sitting.session.id, command.student_id),
        test_id=sitting.session.test_id,
        student_id=command.student_id,
        status=AttemptStatus.NOT_STARTED,
        session_id=sitting.session.id,
        total=len(sitting.test.questions),
    )


def _take(sitting: Sitting, command: Join, attempt: Attempt) -> Outcome:
    at: datetime = command.received_at
    sitting.put_participant(
        Participant(
            student_id=command.student_id,
            attempt_id=attempt.id,
            joined_at=at,
            connection_status=ConnectionStatus.CONNECTED,
            last_activity=at,
            connection_id=command.connection_id,
        )
    )
    return _joined(sitting, command, EventType.JOINED, {})


def _take_again(sitting: Sitting, command: Join, participant: Participant, rules: Rules) -> Outcome:
    was_connected = participant.connection_status is ConnectionStatus.CONNECTED
    if command.connection_id is None and was_connected:
        renew(sitting, command, rules)
        return Outcome(
            reply=JoinReply(
                attempt=sitting.attempts[command.student_id],
                connection_id=participant.connection_id,
                reconnected=True,
            )
        )
    connection_id = _connection_id(participant, command)
    takes_over = (
        was_connected
        and participant.connection_id is not None
        and command.former_connection_id is None
    )
    lost = come_back(
        sitting,
        participant,
        command,
        rules,
        connection_id=connection_id,
        reconnects=0 if takes_over else 1,
    )
    how = EventType.TAKEN_OVER if takes_over else EventType.RECONNECTED
    data = {"lost_seconds": lost, "last_activity": rfc3339(participant.last_activity)}
    return _joined(sitting, command, how, data)


def _connection_id(participant: Participant, command: Join) -> str | None:
    """The id the new connection is given; raises Replaced."""
    current, former = participant.connection_id, command.former_connection_id
    if command.connection_id is None or current is None or former is None:
        return command.connection_id
    line, number = split_connection_id(current)
    former_line, former_number = split_connection_id(former)
    overtaken = former_number < number and command.received_at < participant.last_activity
    if former_line != line or overtaken:
        raise Replaced
    return f"{line}.{number + 1}"


def _joined(sitting: Sitting, command: Join, how: EventType, data: dict[str, Any]) -> Outcome:
    reply = JoinReply(
        attempt=sitting.attempts[command.student_id],
        connection_id=sitting.participants[command.student_id].connection_id,
        reconnected=how is not EventType.JOINED,
    )
    sitting.record(
        command,
        how,
        main=True,
        student_id=command.student_id,
        data=data,
        reply={"connection_id": reply.connection_id, "reconnected": reply.reconnected},
    )
    return Outcome(reply=reply)
