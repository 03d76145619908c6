from __future__ import annotations

import msgspec
import pytest

from monitor.load.sitting_view import OutOfOrder, SittingView
from monitor.protocol.items import ParticipantItem, SessionItem, StudentName
from monitor.protocol.messages import Change, Snapshot

NOW = "2026-11-22T08:00:00.000Z"
SESSION = SessionItem(
    id="s1",
    title="Reading",
    status="IN_PROGRESS",
    scheduled_at=None,
    started_at=NOW,
    completed_at=None,
    duration_seconds=None,
    paused_at=None,
    ends_at=None,
    class_id="k1",
    test_id="t1",
    created_by="u1",
    invigilator_ids=[],
    observer_ids=[],
    extended_seconds=0,
    paused_seconds=0.0,
    extra_seconds={},
)


def _participant(student_id: str, status: str = "CONNECTED", version: int = 1) -> ParticipantItem:
    return ParticipantItem(
        student_id=student_id,
        attempt_id=f"a-{student_id}",
        joined_at=NOW,
        connection_status=status,
        last_activity=NOW,
        version=version,
    )


def _snapshot(version: int, *participants: ParticipantItem) -> Snapshot:
    return Snapshot(
        session_id="s1",
        version=version,
        epoch="e1",
        server_time=NOW,
        session=SESSION,
        participants=list(participants),
        attempts=[],
        students=[StudentName("s-1", "Ada")],
        messages=[],
    )


def _change(from_version: int, version: int, *participants: ParticipantItem) -> Change:
    return Change(
        session_id="s1",
        from_version=from_version,
        version=version,
        server_time=NOW,
        participants=list(participants) or None,
    )


def test_a_change_replaces_what_it_names_and_leaves_the_rest() -> None:
    view = SittingView(_snapshot(1, _participant("s-1"), _participant("s-2")))

    view.apply(
        _change(1, 2, _participant("s-2", "DISCONNECTED", 2), _participant("s-3", version=2))
    )

    assert view.version == 2
    assert [item.connection_status for item in view.participants.values()] == [
        "CONNECTED",
        "DISCONNECTED",
        "CONNECTED",
    ]


@pytest.mark.parametrize(("from_version", "version"), [(2, 3), (0, 2), (1, 0)])
def test_a_change_that_does_not_follow_is_refused(from_version: int, version: int) -> None:
    view = SittingView(_snapshot(1))

    with pytest.raises(OutOfOrder):
        view.apply(_change(from_version, version))
    assert view.version == 1


def test_a_view_equals_the_snapshot_it_arrived_at() -> None:
    view = SittingView(_snapshot(1, _participant("s-1")))

    view.apply(_change(1, 4, _participant("s-2", version=4)))

    assert view.differences(_snapshot(4, _participant("s-1"), _participant("s-2", version=4))) == []


def test_every_difference_is_named() -> None:
    view = SittingView(_snapshot(4, _participant("s-1"), _participant("s-2")))
    other = msgspec.structs.replace(
        _snapshot(4, _participant("s-1", "DISCONNECTED")),
        session=msgspec.structs.replace(SESSION, title="Writing"),
        students=[],
    )

    found = view.differences(other)

    assert [one.split(":")[0] for one in found] == [
        "session ",
        "participant s-1",
        "participant s-2",
        "student s-1",
    ]


def test_another_version_is_a_difference_by_itself() -> None:
    assert SittingView(_snapshot(4)).differences(_snapshot(5)) == ["version 4 is not 5"]
