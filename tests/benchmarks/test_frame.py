"""What a benchmark found is written down whole, and the page is made of it."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.machine import Machine
from tests.benchmarks.page import write_page
from tests.benchmarks.report import Findings, Goal, Report, Scale, Table, written

FOUND = Findings(
    title="How fast",
    about="This against that.",
    tables=[
        Table(
            "Rates",
            ["way", "a second"],
            [["ours", 15987.4], ["theirs", None], ["all", 30]],
            "A note.",
        )
    ],
    goals=[Goal("twice as fast", "1.2 times", met=False), Goal("nothing lost", "0", met=True)],
    notes=["The machine was busy."],
    plots={"rates.svg": "<svg/>"},
)


def report(name: str = "write_path") -> Report:
    return Report(
        name=name,
        scale=Scale.FULL,
        began_at="2026-11-22 20:00 UTC",
        took_seconds=1.5,
        revision="abc1234",
        load_average=0.5,
        machine=Machine.here(),
        findings=FOUND,
    )


def test_a_report_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = report().write(tmp_path)

    assert Report.read(path) == report()
    assert (tmp_path / "rates.svg").read_text() == "<svg/>"


def test_the_page_says_plainly_which_goals_do_not_hold(tmp_path: Path) -> None:
    report().write(tmp_path)
    report("fanout").write(tmp_path)

    page = write_page(tmp_path, ["fanout", "write_path", "latency"]).read_text()

    assert "| [fanout](#fanout) | twice as fast | 1.2 times | **not met** |" in page
    assert "| ours | 15,987 |" in page
    assert "| theirs | – |" in page
    assert "| all | 30 |" in page
    assert "A note." in page
    assert "- The machine was busy." in page
    assert "![rates.svg](rates.svg)" in page
    assert page.index("## fanout") < page.index("## write_path")
    assert "latency" not in page


def test_numbers_are_told_as_exactly_as_they_are_known() -> None:
    assert [written(value) for value in (12345, 234.56, 12.345, 1.234, 0.01234, 0, "x")] == [
        *("12,345", "235", "12.3", "1.23", "0.0123", "0", "x")
    ]
