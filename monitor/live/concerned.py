"""Which students a change concerns: those whose socket has something to send or to end.

A heartbeat, an answer or a receipt concerns no student's socket, so that a commit that carries only
those wakes none of them.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Final

from monitor.live.view import View
from monitor.protocol.publication import Changes

EVERYONE: Final = None


def concerned(view: View, changes: Changes) -> Set[str] | None:
    """The students that `changes` concern, asked before the view takes them; None: everyone."""
    if changes.session is not None:
        return EVERYONE
    students = set()
    for attempt in changes.attempts:
        known = view.attempts.get(attempt.item.id)
        if known is None or attempt.student_version > known.student_version:
            students.add(attempt.item.student_id)
    for participant in changes.participants:
        before = view.participants.get(participant.student_id)
        if before is None or before.connection_id != participant.connection_id:
            students.add(participant.student_id)
    for message in changes.messages:
        if message.id not in view.messages:
            if message.student_ids is None:
                return EVERYONE
            students.update(message.student_ids)
    return students
