"""docs/benchmarks/README.md, made of the reports beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.report import Report, written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.benchmarks.report import Table, Value

_HEAD = """# Benchmarks

Made by `make bench` from the JSON files in this folder; not written by hand. What is compared was
measured in one run on one machine, so trust the ratios more than the numbers. `make bench
ONLY="fanout queries"` runs some of them, `SCALE=small` takes a minute each and writes to `build/`.
"""
_MARKS = {True: "met", False: "**not met**", None: "not told by this run"}


def write_page(folder: Path, names: Iterable[str]) -> Path:
    """Write the page of every report there is in `folder`, in the order of `names`."""
    reports = [Report.read(path) for name in names if (path := folder / f"{name}.json").is_file()]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "README.md"
    path.write_text("\n".join([_HEAD, *_goals(reports), *(_part(one) for one in reports)]))
    return path


def _goals(reports: list[Report]) -> list[str]:
    rows: list[list[Value]] = [
        [f"[{report.name}](#{report.name})", goal.goal, goal.measured, _MARKS[goal.met]]
        for report in reports
        for goal in report.findings.goals
    ]
    return ["## Goals\n", _markdown(["benchmark", "goal", "measured", ""], rows)] if rows else []


def _part(report: Report) -> str:
    found = report.findings
    parts = [f"## {report.name}\n", f"**{found.title}**\n", f"{found.about}\n"]
    for table in found.tables:
        parts.append(f"### {table.title}\n")
        parts.append(_table(table))
        if table.note:
            parts.append(f"{table.note}\n")
    parts += [f"![{name}]({name})\n" for name in found.plots]
    parts += ["".join(f"- {note}\n" for note in found.notes)] if found.notes else []
    versions = ", ".join(f"{name} {number}" for name, number in report.machine.libraries.items())
    parts.append(f"<sub>{report.where()} {versions}. [JSON]({report.name}.json)</sub>\n")
    return "\n".join(parts)


def _table(table: Table) -> str:
    return _markdown(table.columns, table.rows)


def _markdown(columns: list[str], rows: list[list[Value]]) -> str:
    sides = [
        "---" if any(isinstance(row[place], str) for row in rows) else "--:"
        for place in range(len(columns))
    ]
    lines = [columns, sides, *([written(value) for value in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
