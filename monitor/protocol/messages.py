"""The wire, version 1: every message that travels over a socket, decoded once at the door."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from monitor.protocol.items import (
    AttemptItem,
    EventItem,
    MessageItem,
    ParticipantItem,
    SessionItem,
    StudentAttemptItem,
    StudentMessageItem,
    StudentName,
    StudentSessionItem,
)

Moment = Annotated[datetime, Meta(tz=True)]
Seq = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Version = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Id = Annotated[str, Meta(min_length=1, max_length=255)]
Token = Annotated[str, Meta(max_length=4096)]


# -- student → server


class Join(Struct, frozen=True, tag="join", tag_field="type"):
    """First message of a student."""

    token: Token
    session_id: str
    connection_id: str | None = None
    client_time: Moment | None = None


class Heartbeat(Struct, frozen=True, tag="heartbeat", tag_field="type"):
    """I am here."""

    seq: Seq
    question_id: Id | None = None
    visible: bool | None = None


class Answer(Struct, frozen=True, tag="answer", tag_field="type"):
    """An answer; what fits a question is decided by the test, not by the wire."""

    seq: Seq
    question_id: Id
    value: Any
    answered_at: Moment


class HighlightInput(Struct, frozen=True, kw_only=True):
    """A highlight as the client sends it."""

    id: Id
    timestamp: Moment
    text: str
    passage_id: Id
    position_start: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    position_end: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    color_code: Annotated[str, Meta(max_length=32)]
    comment: str | None = None


class SaveHighlight(Struct, frozen=True, tag="highlight", tag_field="type"):
    """Add or replace a highlight."""

    seq: Seq
    highlight: HighlightInput


class RemoveHighlight(Struct, frozen=True, tag="remove_highlight", tag_field="type"):
    """Remove a highlight."""

    seq: Seq
    id: Id


class Visibility(Struct, frozen=True, tag="visibility", tag_field="type"):
    """The page was hidden or shown."""

    seq: Seq
    visible: bool


class RaiseHand(Struct, frozen=True, tag="raise_hand", tag_field="type"):
    """Ask for the teacher; with an `id` of the client's own, sent again it is done once."""

    seq: Seq
    text: str | None = None
    id: Id | None = None


class LowerHand(Struct, frozen=True, tag="lower_hand", tag_field="type"):
    """Ask no longer; with an `id` of the client's own, sent again it is done once."""

    seq: Seq
    text: str | None = None
    id: Id | None = None


class Received(Struct, frozen=True, tag="received", tag_field="type"):
    """A message has arrived."""

    seq: Seq
    message_id: Id


class Read(Struct, frozen=True, tag="read", tag_field="type"):
    """A message was read."""

    seq: Seq
    message_id: Id


class Submit(Struct, frozen=True, tag="submit", tag_field="type"):
    """Hand in."""

    seq: Seq
    given_at: Moment


class Leave(Struct, frozen=True, tag="leave", tag_field="type"):
    """A deliberate end."""


StudentMessage = (
    Join
    | Heartbeat
    | Answer
    | SaveHighlight
    | RemoveHighlight
    | Visibility
    | RaiseHand
    | LowerHand
    | Received
    | Read
    | Submit
    | Leave
)
Operation = (
    Heartbeat
    | Answer
    | SaveHighlight
    | RemoveHighlight
    | Visibility
    | RaiseHand
    | LowerHand
    | Received
    | Read
    | Submit
)

# -- dashboard → server


class Authenticate(Struct, frozen=True, tag="authenticate", tag_field="type"):
    """First message of a dashboard."""

    token: Token


class Watch(Struct, frozen=True, tag="watch", tag_field="type"):
    """Follow a sitting, from `version` of `epoch` where the client has that."""

    session_id: str
    version: Version | None = None
    epoch: str | None = None


class Unwatch(Struct, frozen=True, tag="unwatch", tag_field="type"):
    """Follow it no longer."""

    session_id: str


class Refresh(Struct, frozen=True, tag="refresh", tag_field="type"):
    """A newer token, before the old one expires."""

    token: Token


DashboardMessage = Authenticate | Watch | Unwatch | Refresh

# -- server → student


class TestItem(Struct, frozen=True, kw_only=True):
    """The test as a student reads it."""

    __test__ = False

    id: str
    title: str
    passages: list[Any]
    questions: list[Any]


class Joined(Struct, frozen=True, kw_only=True, tag="joined", tag_field="type"):
    """The place is taken; what is newer than `version` follows."""

    version: int
    epoch: str
    session: StudentSessionItem
    attempt: StudentAttemptItem
    test: TestItem | None
    messages: list[StudentMessageItem]
    server_time: str
    heartbeat_seconds: float
    connection_id: str


class TestMessage(Struct, frozen=True, tag="test", tag_field="type"):
    """The test, when the session starts."""

    __test__ = False

    test: TestItem


class Ack(Struct, frozen=True, tag="ack", tag_field="type"):
    """Every seq up to `seq` is settled."""

    seq: int
    server_time: str


class SessionChanged(Struct, frozen=True, tag="session", tag_field="type"):
    """The sitting's new state."""

    session: StudentSessionItem


class AttemptChanged(Struct, frozen=True, tag="attempt", tag_field="type"):
    """The attempt's new state."""

    attempt: StudentAttemptItem


class MessageSent(Struct, frozen=True, tag="message", tag_field="type"):
    """A message from the teacher."""

    id: str
    text: str
    sent_at: str


class Pulse(Struct, frozen=True, tag="pulse", tag_field="type"):
    """The server is there (to students)."""

    server_time: str
    epoch: str


class Error(Struct, frozen=True, omit_defaults=True, tag="error", tag_field="type"):
    """A message that was refused; `seq` or `session_id` only where it is about one."""

    code: str
    message: str
    temporary: bool
    seq: int | None = None
    session_id: str | None = None


class Bye(Struct, frozen=True, tag="bye", tag_field="type"):
    """Before every close that Monitor decides."""

    code: int
    reason: str
    reconnect: bool
    after_ms: int | None = None


# -- server → dashboard


class UserItem(Struct, frozen=True, kw_only=True):
    """A person, as the API shows one."""

    id: str
    email: str | None
    name: str
    role: str


class Authenticated(Struct, frozen=True, kw_only=True, tag="authenticated", tag_field="type"):
    """Answer to `authenticate`."""

    user: UserItem
    server_time: str
    heartbeat_seconds: float
    lease_seconds: float
    expires_at: str


class Snapshot(Struct, frozen=True, kw_only=True, tag="snapshot", tag_field="type"):
    """A sitting whole, at one version."""

    session_id: str
    version: int
    epoch: str
    server_time: str
    session: SessionItem
    participants: list[ParticipantItem]
    attempts: list[AttemptItem]
    students: list[StudentName]
    messages: list[MessageItem]


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="change", tag_field="type"):
    """Everything newer than `from_version`, as whole new values."""

    session_id: str
    from_version: int
    version: int
    server_time: str
    session: SessionItem | None = None
    participants: list[ParticipantItem] | None = None
    attempts: list[AttemptItem] | None = None
    students: list[StudentName] | None = None
    messages: list[MessageItem] | None = None
    events: list[EventItem] | None = None
    events_truncated: bool = False


class SessionPulse(Struct, frozen=True, kw_only=True):
    """How a watched sitting is doing."""

    session_id: str
    version: int
    heartbeats: int
    verified_at: str | None


class DashboardPulse(Struct, frozen=True, kw_only=True, tag="pulse", tag_field="type"):
    """The server is there, and how true what it sent is."""

    server_time: str
    epoch: str
    sessions: list[SessionPulse]
