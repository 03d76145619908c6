"""What a benchmark found: tables, goals, and where and when that was.

A benchmark is a module of this folder, or a folder with `__init__.py`, that has

    async def run(scale: Scale, say: Say) -> Findings

It measures what is compared in one run, so that ratios hold although the machine is shared, and
ends by itself. The runner adds machine, date and revision, prints, and writes the JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from rich.table import Table as RichTable

from tests.benchmarks.machine import Machine

if TYPE_CHECKING:
    from rich.console import Console

Value = str | int | float | None
# Called with a sentence about what is going on.
Say = Callable[[str], None]


class Scale(StrEnum):
    """How much is measured: TINY only shows that it runs, SMALL takes a minute, FULL is told."""

    TINY = "tiny"
    SMALL = "small"
    FULL = "full"


class Table(Struct, frozen=True):
    """Rows of numbers and words under columns; `note` says how they are to be read."""

    title: str
    columns: list[str]
    rows: list[list[Value]]
    note: str = ""


class Goal(Struct, frozen=True):
    """What was to hold and what was measured; `met` is None where this run cannot tell."""

    goal: str
    measured: str
    met: bool | None


class Findings(Struct, frozen=True, kw_only=True):
    """What a benchmark hands to the runner.

    Attributes:
        title: One line.
        about: What is compared with what, and how; a paragraph.
        tables: What was measured.
        goals: What was to hold.
        notes: What a reader must know besides: limits, reasons, what could not be run.
        plots: SVG pictures by file name, written next to the JSON.
    """

    title: str
    about: str
    tables: list[Table]
    goals: list[Goal] = []
    notes: list[str] = []
    plots: dict[str, str] = {}


class Report(Struct, frozen=True, kw_only=True):
    """Findings with their place and time: one JSON file of docs/benchmarks."""

    name: str
    scale: Scale
    began_at: str
    took_seconds: float
    revision: str
    load_average: float
    machine: Machine
    findings: Findings

    @classmethod
    def read(cls, path: Path) -> Report:
        """The report in this file."""
        return msgspec.json.decode(path.read_bytes(), type=cls)

    def write(self, folder: Path) -> Path:
        """Write it as `<name>.json`, its plots beside it; returns the JSON's path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")
        for name, svg in self.findings.plots.items():
            (folder / name).write_text(svg)
        return path

    def show(self, console: Console) -> None:
        """Print it for a person."""
        found = self.findings
        console.rule(f"[bold]{self.name}[/]: {found.title}")
        console.print(found.about, highlight=False)
        for table in found.tables:
            console.print(_rich(table))
            if table.note:
                console.print(table.note, style="dim", highlight=False)
        for goal in found.goals:
            console.print(f"{MARKS[goal.met]}: {goal.goal} — {goal.measured}", highlight=False)
        for note in found.notes:
            console.print(f"Note: {note}", highlight=False)
        console.print(f"{self.where()} Took {self.took_seconds:,.0f} s.", style="dim")

    def where(self) -> str:
        """Machine, date and revision in a sentence or two."""
        return (
            f"{self.began_at}, revision {self.revision}, scale {self.scale}, load average "
            f"{self.load_average:.1f} at the start. {self.machine.sentence()}"
        )


MARKS = {True: "met", False: "NOT MET", None: "not told by this run"}


def written(value: Value) -> str:
    """A cell's words: three digits are told of a small number, all of a large one."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return (
        f"{value:.3g}" if abs(value) < 1 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    )


def _rich(table: Table) -> RichTable:
    rich = RichTable(title=table.title, title_justify="left")
    for place, column in enumerate(table.columns):
        numbers = all(not isinstance(row[place], str) for row in table.rows)
        rich.add_column(column, justify="right" if numbers else "left")
    for row in table.rows:
        rich.add_row(*map(written, row))
    return rich
