"""Every benchmark runs to its end at the smallest size, counts right and says what it found.

No time is asserted: what they measure is for `make bench`. Peers that would have to be installed
are left out here, as they are where they cannot be.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.benchmarks import outside
from tests.benchmarks.__main__ import measure
from tests.benchmarks.databases import databases
from tests.benchmarks.report import Report, Scale, Table
from tests.benchmarks.write_path import EACH, NAIVE, RECORDER, WAYS
from tests.benchmarks.write_path.loads import closed
from tests.benchmarks.write_path.shape import Account, Kept, OnAcked, Shape, Way


@pytest.fixture(autouse=True)
def nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise outside.NotInstalledError(f"Tests install nothing into {folder}.")

    monkeypatch.setattr(outside, "_make_room", refuse)


def tiny(name: str, tmp_path: Path) -> Report:
    report = measure(name, Scale.TINY, lambda _: None)
    assert Report.read(report.write(tmp_path)) == report
    return report


def column(table: Table, name: str) -> list[object]:
    place = table.columns.index(name)
    return [row[place] for row in table.rows]


def test_write_path_measures_every_way_on_both_databases(tmp_path: Path) -> None:
    found = tiny("write_path", tmp_path).findings

    assert [table.title.partition(":")[0] for table in found.tables] == [
        *("sqlite", "postgresql", "sqlite", "postgresql")
    ]
    for table in found.tables[:2]:
        assert all(rate for way in WAYS for rate in column(table, way.name))
        assert column(table, "lost by any but the naive") == [0]
    for table in found.tables[2:]:
        assert set(column(table, "lost")) == {0}
    (nothing_lost,) = [goal for goal in found.goals if goal.goal == "nothing lost"]
    assert nothing_lost.met is True


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_what_the_naive_way_loses_is_counted(kind: str) -> None:
    shape = Shape(participants=20, sessions=1)
    with databases(kind, Scale.TINY) as made:
        naive = await closed(NAIVE, made.make(), shape, 0.3)
        each = await closed(EACH, made.make(), shape, 0.1)
        ours = await closed(RECORDER, made.make(), shape, 0.1)

    assert naive.lost > 0
    assert (each.lost, ours.lost) == (0, 0)


async def test_a_writer_that_forgets_students_is_found_out() -> None:
    shape = Shape(participants=4, sessions=1)

    class Forgetful:
        def __init__(self, acked: OnAcked) -> None:
            self.last: dict[str, datetime] = {}
            self.acked = acked

        def hand(self, student: int, at: datetime) -> None:
            self.last.setdefault(shape.student_ids[student], at)  # the first one stays
            asyncio.get_running_loop().call_later(0.002, self.acked, student)

    @asynccontextmanager
    async def opened(_url: str, _shape: Shape, acked: OnAcked, _window: float):  # type: ignore[no-untyped-def]
        writer, account = Forgetful(acked), Account()
        yield writer, account
        account.kept = Kept(None, writer.last)

    outcome = await closed(Way("forgetful", opened), "", shape, 0.05)

    assert outcome.lost == 4


def test_heartbeat_holds_monitor_against_an_echo(tmp_path: Path) -> None:
    saturated, paced = tiny("heartbeat", tmp_path).findings.tables

    assert column(saturated, "server") == ["echo", "Monitor"]
    assert column(paced, "server") == ["echo", "Monitor", "Monitor, a dashboard each"]
    assert all(column(saturated, "acked/s"))


def test_fanout_delivers_to_every_dashboard(tmp_path: Path) -> None:
    (table,) = (found := tiny("fanout", tmp_path).findings).tables

    assert column(table, "server")[:2] == ["Monitor", "plain await send (Starlette, uvicorn)"]
    assert all(column(table, "p50 ms"))
    assert len(found.goals) == 1


def test_queries_use_their_indexes(tmp_path: Path) -> None:
    (table,) = tiny("queries", tmp_path).findings.tables

    assert column(table, "index used") == 2 * [
        *("ix_sessions_status", "ix_attempts_session_id", "ix_sessions_created_by")
    ]
    assert all(column(table, "rows"))


def test_peers_do_the_same_job_and_are_killed_at_work(tmp_path: Path) -> None:
    found = tiny("peers", tmp_path).findings
    (table,) = found.tables

    assert "Monitor" in column(table, "server")
    assert set(column(table, "not acked")) == {0}
    assert set(column(table, "not shown")) == {0}
    assert column(table, "acked, then lost or overwritten")[0] == 0
    left_out = [note for note in found.notes if "left out" in note]
    assert len(left_out) + len(table.rows) >= 3
