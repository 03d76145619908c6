"""One command applied to one sitting: the whole of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from monitor.domain import commands as c
from monitor.domain.answering import give_answer
from monitor.domain.editing import add_participant, edit_session, set_note, sync_roster
from monitor.domain.extra_time import extend, give_back
from monitor.domain.handing_in import submit
from monitor.domain.highlighting import remove_highlight, save_highlight
from monitor.domain.joining import join
from monitor.domain.late_answers import accept_late, leave_late
from monitor.domain.messaging import (
    lower_hand,
    lower_hands,
    mark_read,
    mark_received,
    raise_hand,
    send_message,
)
from monitor.domain.outcome import BulkReply, JoinReply, LateReply, Outcome, Refused
from monitor.domain.presence import beat, disconnect, leave, set_visibility
from monitor.domain.reopening import force_submit, reopen
from monitor.domain.rules import Rules
from monitor.domain.sitting import Sitting
from monitor.domain.steering import (
    cancel_session,
    complete_session,
    open_session,
    pause_session,
    resume_session,
    start_session,
)
from monitor.domain.sweeping import sweep
from monitor.errors import MonitorError

__all__ = ["BulkReply", "JoinReply", "LateReply", "Outcome", "Refused", "apply", "repeat"]

Handler = Callable[[Sitting, Any, Rules], Outcome]

HANDLERS: dict[type[c.Command], Handler] = {
    c.Join: join,
    c.Heartbeat: beat,
    c.GiveAnswer: give_answer,
    c.SaveHighlight: save_highlight,
    c.RemoveHighlight: remove_highlight,
    c.SetVisibility: set_visibility,
    c.RaiseHand: raise_hand,
    c.LowerHand: lower_hand,
    c.MarkReceived: mark_received,
    c.MarkRead: mark_read,
    c.Submit: submit,
    c.Leave: leave,
    c.Disconnect: disconnect,
    c.OpenSession: open_session,
    c.StartSession: start_session,
    c.PauseSession: pause_session,
    c.ResumeSession: resume_session,
    c.CompleteSession: complete_session,
    c.CancelSession: cancel_session,
    c.EditSession: edit_session,
    c.SyncRoster: sync_roster,
    c.AddParticipant: add_participant,
    c.Extend: extend,
    c.GiveBack: give_back,
    c.ForceSubmit: force_submit,
    c.Reopen: reopen,
    c.SendMessage: send_message,
    c.LowerHands: lower_hands,
    c.AcceptLate: accept_late,
    c.LeaveLate: leave_late,
    c.SetNote: set_note,
    c.Sweep: sweep,
}

BULK = (c.Extend, c.GiveBack, c.ForceSubmit, c.Reopen, c.SendMessage, c.LowerHands)


def apply(sitting: Sitting, command: c.Command, rules: Rules) -> Outcome:
    """Let the command change the sitting, if the rules allow it.

    A named error becomes `Outcome(error=…)` and changes nothing. Any other exception is a bug: it
    passes through, and the sitting is as it was before.
    """
    try:
        outcome = HANDLERS[type(command)](sitting, command, rules)
    except MonitorError as error:
        sitting.drop()
        return Outcome(error=error)
    except BaseException:
        sitting.drop()
        raise
    sitting.keep()
    return outcome


def repeat(sitting: Sitting, command: c.Command, stored: Any) -> Outcome:
    """What a command answered when it was done, from the `reply` that its event stored.

    For a command whose id an event has already. The sitting must hold what `needs` names; a join
    answers with the attempt as it is now.
    """
    if stored is None:
        return Outcome()
    if isinstance(command, c.Join):
        attempt = sitting.attempts[command.student_id]
        return Outcome(reply=JoinReply(attempt=attempt, **stored))
    if isinstance(command, BULK):
        return Outcome(reply=msgspec.convert(stored, BulkReply))
    return Outcome(reply=msgspec.convert(stored, LateReply))
