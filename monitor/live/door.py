"""The door: a message of the wire becomes a command, its times corrected to the server's clock.

Clients send raw clocks. What a client calls `client_time` when it joins (or sends a request) tells
how far its clock is off; every later time of that connection is moved by as much, and none may lie
after the moment at which the server received it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypedDict, assert_never
from uuid import uuid5

from msgspec import Struct

from monitor.clock import to_milliseconds
from monitor.domain import commands
from monitor.domain.attempt import Highlight
from monitor.domain.sitting import NAMESPACE
from monitor.errors import InvalidMessage
from monitor.live.command_ids import new_command_id
from monitor.protocol import messages

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)  # no clock of a browser shows less
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)  # room to add an offset


class Place(Struct, frozen=True, kw_only=True):
    """Where messages come from: a student in a session, and how far that client's clock is off.

    `connection_id` null: REST, with no fence to pass.
    """

    session_id: str
    student_id: str
    connection_id: str | None = None
    clock_offset: timedelta = timedelta(0)


def clock_offset(client_time: datetime | None, received_at: datetime) -> timedelta:
    """What must be added to a client's times to make them the server's; none said: nothing."""
    if client_time is None:
        return timedelta(0)
    return received_at - _sane(client_time, "client_time")


def corrected(moment: datetime, offset: timedelta, received_at: datetime) -> datetime:
    """The client's time as server time, in whole milliseconds and never past `received_at`."""
    try:
        return min(to_milliseconds(moment + offset), received_at)
    except OverflowError:
        return received_at if offset > timedelta(0) else _EARLIEST


def command_of(
    operation: messages.Operation,
    place: Place,
    *,
    received_at: datetime,
    command_id: str | None = None,
) -> commands.StudentCommand:
    """The command that an operation asks for.

    Args:
        operation: A decoded message of a student, other than `join` and `leave`.
        place: Where it came from.
        received_at: The server's time at the door; it decides whether an answer was in time.
        command_id: A UUID; a new one is made where none is given.

    Raises:
        InvalidMessage: A time that no calendar of ours holds.
    """
    id_ = command_id if command_id is not None else new_command_id()
    if isinstance(operation, messages.Heartbeat):  # nearly all of them
        return commands.Heartbeat(
            id=id_,
            session_id=place.session_id,
            received_at=received_at,
            student_id=place.student_id,
            connection_id=place.connection_id,
            question_id=operation.question_id,
            is_visible=operation.visible,
        )
    common: _Common = {
        "id": id_,
        "session_id": place.session_id,
        "received_at": received_at,
        "student_id": place.student_id,
        "connection_id": place.connection_id,
    }
    match operation:
        case messages.Answer(question_id=question_id, value=value, answered_at=moment):
            answered_at = _sane(moment, "answered_at")
            return commands.GiveAnswer(
                **common,
                question_id=question_id,
                value=value,
                answered_at=answered_at,
                corrected_at=corrected(answered_at, place.clock_offset, received_at),
            )
        case messages.SaveHighlight(highlight=given):
            moment = corrected(
                _sane(given.timestamp, "highlight.timestamp"), place.clock_offset, received_at
            )
            return commands.SaveHighlight(**common, highlight=_highlight(given, moment))
        case messages.RemoveHighlight(id=highlight_id):
            return commands.RemoveHighlight(**common, highlight_id=highlight_id)
        case messages.Visibility(visible=is_visible):
            return commands.SetVisibility(**common, is_visible=is_visible)
        case messages.RaiseHand(text=text, id=name):
            common["id"] = _named(name, operation, common)
            return commands.RaiseHand(**common, text=text, named=name is not None)
        case messages.LowerHand(id=name):
            common["id"] = _named(name, operation, common)
            return commands.LowerHand(**common, named=name is not None)
        case messages.Received(message_id=message_id):
            return commands.MarkReceived(**common, message_id=message_id)
        case messages.Read(message_id=message_id):
            return commands.MarkRead(**common, message_id=message_id)
        case messages.Submit(given_at=moment):
            given_at = corrected(_sane(moment, "given_at"), place.clock_offset, received_at)
            return commands.Submit(**common, given_at=given_at)
        case _:
            assert_never(operation)


class _Common(TypedDict):
    """What every command of a student carries."""

    id: str
    session_id: str
    received_at: datetime
    student_id: str
    connection_id: str | None


def _named(name: str | None, operation: messages.Operation, common: _Common) -> str:
    """The id of a command that the client has named: the same whenever it is sent again."""
    if name is None:
        return common["id"]
    kind = type(operation).__name__
    return str(uuid5(NAMESPACE, f"{common['session_id']}/{common['student_id']}/{kind}/{name}"))


def _highlight(given: messages.HighlightInput, timestamp: datetime) -> Highlight:
    return Highlight(
        id=given.id,
        timestamp=timestamp,
        text=given.text,
        passage_id=given.passage_id,
        position_start=given.position_start,
        position_end=given.position_end,
        color_code=given.color_code,
        comment=given.comment,
    )


def _sane(moment: datetime, field: str) -> datetime:
    """The moment in UTC and whole milliseconds, if it lies within the years that clocks show."""
    if not _EARLIEST <= moment < _LATEST:
        raise InvalidMessage(f"{field}: {moment.year} is not a year that a clock shows.")
    return to_milliseconds(moment.astimezone(UTC))
