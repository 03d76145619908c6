"""The benchmarks that let a whole school come run to their end at the smallest size."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from tests.benchmarks.plot import Line, plot
from tests.benchmarks.test_benchmarks import column, tiny


def test_latency_measures_and_verifies(tmp_path: Path) -> None:
    (table,) = tiny("latency", tmp_path).findings.tables

    assert column(table, "students") == [6]
    assert column(table, "differences") == [0]
    assert all(column(table, "visible p99"))
    assert all(column(table, "µs CPU/command"))


def test_memory_is_told_by_phase(tmp_path: Path) -> None:
    sizes, soak = tiny("memory", tmp_path).findings.tables

    assert all(column(sizes, "all in"))
    assert all(column(soak, "connections cut"))


def test_a_storm_ends_with_everyone_in_and_nothing_lost(tmp_path: Path) -> None:
    (table,) = (found := tiny("storm", tmp_path).findings).tables

    assert column(table, "differences") == [0]
    assert column(table, "shown as gone beyond the lease") == [0]
    assert all(column(table, "all in, s"))
    assert all(goal.met for goal in found.goals)


def test_a_plot_is_well_formed_and_stays_on_its_paper() -> None:
    picture = ElementTree.fromstring(  # noqa: S314 - our own
        plot(
            "a < b",
            [Line("p99", [(100, 3.0), (20_000, 240.0)]), Line("p50", [(100, 1.0)])],
            x_name="students",
            y_name="ms",
            goals=[(2_000, 80.0)],
        )
    )

    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    dots = [one.attrib for one in picture.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(dots) == 3
    assert all(0 < float(dot["cx"]) < width and 0 < float(dot["cy"]) < height for dot in dots)
