"""What a dashboard is sent, made of a view. Pure."""

from __future__ import annotations

from datetime import datetime

from monitor.live.view import View
from monitor.protocol.messages import Change, Snapshot
from monitor.protocol.timestamps import rfc3339


def snapshot(view: View, server_time: datetime) -> Snapshot:
    """The session whole, at the view's version; the order of its lists depends on nothing else."""
    return Snapshot(
        session_id=view.session_id,
        version=view.version,
        epoch=view.epoch,
        server_time=rfc3339(server_time),
        session=view.session,
        participants=sorted(view.participants.values(), key=lambda p: (p.joined_at, p.student_id)),
        attempts=sorted((a.item for a in view.attempts.values()), key=lambda item: item.id),
        students=view.students,
        messages=sorted(view.messages.values(), key=lambda m: (m.sent_at, m.id)),
    )


def change(view: View, from_version: int, server_time: datetime) -> Change:
    """Everything newer than `from_version`; nothing but the versions where nothing is newer."""
    newer = view.newer_than(from_version)
    return Change(
        session_id=view.session_id,
        from_version=from_version,
        version=view.version,
        server_time=rfc3339(server_time),
        session=newer.session,
        participants=newer.participants or None,
        attempts=[attempt.item for attempt in newer.attempts] or None,
        students=newer.students,
        messages=newer.messages or None,
        events=newer.events or None,
        events_truncated=newer.events_truncated,
    )
