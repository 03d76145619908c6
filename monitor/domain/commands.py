"""Commands: everything that changes a sitting, as frozen values.

`id` comes from the door and is the primary key of the event that a command which must not happen
twice leaves behind. `received_at` is stamped at the door and decides whether an answer was in time.
A command is *visible* when someone sees or waits for its outcome; the others may wait longer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from msgspec import Struct

from monitor.domain.attempt import Highlight
from monitor.domain.session import RosterEntry


class Command(Struct, frozen=True, kw_only=True):
    """Base of all commands."""

    visible: ClassVar[bool] = True  # commits within the short window
    once: ClassVar[bool] = False  # leaves an event under its own id: never done twice

    id: str
    session_id: str
    received_at: datetime

    @property
    def may_come_again(self) -> bool:
        """Whether a command with this id may have been done before: its event is looked up."""
        return False


class StudentCommand(Command, frozen=True, kw_only=True):
    """From a student's connection, or from REST (`connection_id` null: no fence to pass)."""

    student_id: str
    connection_id: str | None = None


class Join(StudentCommand, frozen=True, kw_only=True):
    """Take a place: `connection_id` is the new one; `former_connection_id` makes it a reconnect.

    Without either (REST) the place is taken without a live connection's fence being replaced.
    """

    once: ClassVar[bool] = True
    former_connection_id: str | None = None


class Heartbeat(StudentCommand, frozen=True, kw_only=True):
    """Renew the lease, and tell where the student is."""

    visible: ClassVar[bool] = False
    question_id: str | None = None
    is_visible: bool | None = None


class GiveAnswer(StudentCommand, frozen=True, kw_only=True):
    """Answer a question; `answered_at` as the client's clock had it, `corrected_at` server time."""

    question_id: str
    value: Any
    answered_at: datetime
    corrected_at: datetime


class SaveHighlight(StudentCommand, frozen=True, kw_only=True):
    """Add or replace the highlight with this id."""

    highlight: Highlight


class RemoveHighlight(StudentCommand, frozen=True, kw_only=True):
    """Remove the highlight with this id."""

    highlight_id: str


class SetVisibility(StudentCommand, frozen=True, kw_only=True):
    """The test's page was hidden or shown."""

    is_visible: bool


class Hand(StudentCommand, frozen=True, kw_only=True):
    """Raise or lower a hand; `named`: its id follows from the client's name for this act."""

    once: ClassVar[bool] = True
    named: bool = False

    @property
    def may_come_again(self) -> bool:
        """Sent again by whoever did not hear that it was done."""
        return self.named


class RaiseHand(Hand, frozen=True, kw_only=True):
    """Ask for the teacher."""

    text: str | None = None


class LowerHand(Hand, frozen=True, kw_only=True):
    """Ask no longer."""


class MarkReceived(StudentCommand, frozen=True, kw_only=True):
    """A message has arrived in the student's browser."""

    message_id: str


class MarkRead(StudentCommand, frozen=True, kw_only=True):
    """A message was read."""

    message_id: str


class Submit(StudentCommand, frozen=True, kw_only=True):
    """Hand in; `given_at` corrected to server time, never past `received_at`."""

    given_at: datetime


class Leave(StudentCommand, frozen=True, kw_only=True):
    """A deliberate end: disconnected at once."""


class Disconnect(StudentCommand, frozen=True, kw_only=True):
    """The connection's socket closed and the grace has passed; `received_at` is when it closed."""


class StaffCommand(Command, frozen=True, kw_only=True):
    """From a teacher, an invigilator or an admin."""

    once: ClassVar[bool] = True
    actor_id: str
    reason: str | None = None

    @property
    def may_come_again(self) -> bool:
        """With the same Idempotency-Key."""
        return True


class OpenSession(StaffCommand, frozen=True, kw_only=True):
    """Open the waiting room."""


class StartSession(StaffCommand, frozen=True, kw_only=True):
    """Start the clock."""


class PauseSession(StaffCommand, frozen=True, kw_only=True):
    """Stop the clock for all."""


class ResumeSession(StaffCommand, frozen=True, kw_only=True):
    """Let the clock run on."""


class CompleteSession(StaffCommand, frozen=True, kw_only=True):
    """End the sitting and submit every attempt."""


class CancelSession(StaffCommand, frozen=True, kw_only=True):
    """Call the sitting off; attempts close as they are."""


class EditSession(StaffCommand, frozen=True, kw_only=True):
    """Change what a sitting is about; only what is not UNSET is changed.

    `changes` keys: title, scheduled_at, duration_seconds, invigilator_ids, class_id, test_id (the
    last two only while SCHEDULED; with class_id comes the new `roster`).
    """

    changes: dict[str, Any]
    roster: tuple[RosterEntry, ...] | None = None


class SyncRoster(StaffCommand, frozen=True, kw_only=True):
    """Bring the sitting's list up to the class's; entries that were `added` stay."""

    once: ClassVar[bool] = False
    roster: tuple[RosterEntry, ...]


class AddParticipant(StaffCommand, frozen=True, kw_only=True):
    """Put a student who is not on the list on the sitting's list."""

    student: RosterEntry


class Extend(StaffCommand, frozen=True, kw_only=True):
    """More (or less) minutes for all (`student_ids` null) or some."""

    minutes: int
    student_ids: tuple[str, ...] | None = None


class GiveBack(StaffCommand, frozen=True, kw_only=True):
    """Give lost time back as extra time; with `from_` and `to` only to who was cut off between."""

    student_ids: tuple[str, ...] | None = None
    from_: datetime | None = None
    to: datetime | None = None


class ForceSubmit(StaffCommand, frozen=True, kw_only=True):
    """Submit attempts of all or some."""

    student_ids: tuple[str, ...] | None = None


class Reopen(StaffCommand, frozen=True, kw_only=True):
    """Reopen submitted attempts of all or some."""

    student_ids: tuple[str, ...] | None = None


class SendMessage(StaffCommand, frozen=True, kw_only=True):
    """A message to all or some; the message's id is the command's."""

    text: str
    student_ids: tuple[str, ...] | None = None


class LowerHands(StaffCommand, frozen=True, kw_only=True):
    """Lower the hands of all or some."""

    student_ids: tuple[str, ...] | None = None


class AcceptLate(StaffCommand, frozen=True, kw_only=True):
    """Apply late answers of a student: all, or those kept under these event ids."""

    student_id: str
    event_ids: tuple[str, ...] | None = None


class LeaveLate(StaffCommand, frozen=True, kw_only=True):
    """Leave late answers of a student out: all that wait, or those kept under these event ids."""

    student_id: str
    event_ids: tuple[str, ...] | None = None


class SetNote(StaffCommand, frozen=True, kw_only=True):
    """The teacher's note on a student's attempt."""

    student_id: str
    note: str | None = None


class Sweep(Command, frozen=True, kw_only=True):
    """Let the clock act: leases that ran out, attempts past their deadline, a sitting past its end.

    `received_at` is the time that decides; `leases` is false while no lease may expire.
    """

    leases: bool = True
