"""What is looked up after a run, from a server that tells what a test wants."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest
from msgspec.structs import replace

from monitor.load import looking_up
from monitor.load.looking_up import Looked, LookUp
from monitor.load.rest import RefusedError
from monitor.load.sitting_view import SittingView
from tests.load.records import attempt, clock, participant, record, snapshot, stored

if TYPE_CHECKING:
    from monitor.load.load_dashboard import LoadDashboard
    from monitor.load.rest import RestClient
    from monitor.load.student_record import StudentRecord
    from monitor.protocol.messages import Snapshot

TRUTH = snapshot(participants=[participant()], attempts=[attempt(answered=1)])
GONE = replace(
    TRUTH, participants=[participant(connection_status="DISCONNECTED")], attempts=[attempt()]
)


class _Staff:
    """Answers with these snapshots, the last one again and again."""

    def __init__(self, *snapshots: Snapshot, export: dict[str, Any] | None = None) -> None:
        self._snapshots = list(snapshots)
        self._export = export
        self.asked = 0

    async def snapshot(self, _session_id: str) -> Snapshot:
        self.asked += 1
        if not self._snapshots:
            raise RefusedError(404, "not_found", "There is nothing here.")
        return self._snapshots.pop(0) if len(self._snapshots) > 1 else self._snapshots[0]

    async def read(self, _path: str, **_parameters: str) -> bytes:
        return msgspec.json.encode(self._export)


def _dashboard(shown: Snapshot, *faults: str) -> LoadDashboard:
    dashboard = SimpleNamespace(
        view=SittingView(shown), steps=SimpleNamespace(steps=7), faults=list(faults)
    )
    return cast("LoadDashboard", dashboard)


def _look_up(staff: _Staff, student: StudentRecord, *dashboards: LoadDashboard) -> LookUp:
    sitting = Looked("s", [student], dashboards)
    return LookUp(cast("RestClient", staff), [sitting], clock(), lease_seconds=0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking_up, "DASHBOARD_SECONDS", 0.05)
    monkeypatch.setattr(looking_up, "SWEPT_SECONDS", 0.05)
    monkeypatch.setattr(looking_up, "POLL_SECONDS", 0.001)


async def test_dashboards_that_show_what_is_there_do_not_differ() -> None:
    look_up = _look_up(_Staff(TRUTH), record(), _dashboard(TRUTH), _dashboard(TRUTH))

    await look_up.while_connected()

    assert look_up.verified.is_true
    assert look_up.verified.comparisons == 2
    assert look_up.verified.ghosts == 0


async def test_a_dashboard_that_shows_something_else_is_named() -> None:
    shown = replace(TRUTH, attempts=[attempt(answered=2)])
    look_up = _look_up(_Staff(TRUTH), record(), _dashboard(TRUTH), _dashboard(shown))

    await look_up.while_connected()

    [difference] = look_up.verified.differences
    assert difference.startswith("a dashboard of sitting s: attempt a1: ")
    assert look_up.verified.differences_found == 1


async def test_a_dashboard_that_stays_behind_is_named() -> None:
    look_up = _look_up(_Staff(replace(TRUTH, version=6)), record(), _dashboard(TRUTH))

    await look_up.while_connected()

    assert look_up.verified.differences == [
        "a dashboard of sitting s is at version 5 after 0.05 s, the database at 6"
    ]


async def test_a_sitting_that_moves_on_is_compared_again() -> None:
    staff = _Staff(replace(TRUTH, version=3), replace(TRUTH, version=4), TRUTH)
    look_up = _look_up(staff, record(), _dashboard(TRUTH))

    await look_up.while_connected()

    assert (staff.asked, look_up.verified.comparisons, look_up.verified.is_true) == (3, 1, True)


async def test_who_is_there_and_not_shown_and_who_is_shown_and_not_there_are_named() -> None:
    here, gone = record(), record()
    gone.lost()

    missing = _look_up(_Staff(GONE), here)
    await missing.while_connected()
    ghost = _look_up(_Staff(TRUTH), gone)
    await ghost.while_connected()

    assert missing.verified.differences == ["student s1 of sitting s is there, not CONNECTED"]
    assert ghost.verified.differences == ["student s1 of sitting s is CONNECTED and not there"]
    assert ghost.verified.ghosts == 1


async def test_after_all_left_every_act_is_looked_up_and_every_fault_told() -> None:
    student = record("answer", "highlight")
    data = stored(student)
    student.lost()
    staff = _Staff(TRUTH, GONE, export=data)
    look_up = _look_up(staff, student, _dashboard(GONE, "a change leads back"))

    await look_up.after_all_left()

    assert look_up.verified.differences == ["a change leads back"]
    found = look_up.verified
    assert (found.acts, found.students, found.steps, found.ghosts) == (2, 1, 7, 0)


async def test_who_is_still_shown_when_all_have_left_is_a_ghost() -> None:
    student = record()
    student.lost()
    look_up = _look_up(_Staff(TRUTH, export=stored(student)), student)

    await look_up.after_all_left()

    assert look_up.verified.ghosts == 1
    assert not look_up.verified.is_true


async def test_what_cannot_be_looked_up_is_a_difference() -> None:
    look_up = _look_up(_Staff(), record())

    await look_up.while_connected()

    assert look_up.verified.differences == [
        "sitting s could not be looked up: 404 not_found: There is nothing here."
    ]
