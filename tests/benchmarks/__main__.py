"""`make bench`: runs benchmarks one after the other, prints what they found and writes it down."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import click
import uvloop
from rich.console import Console

from tests.benchmarks.machine import CHECKOUT, Machine, revision
from tests.benchmarks.page import write_page
from tests.benchmarks.report import Findings, Report, Say, Scale

# In the order of the page.
NAMES = (
    *("write_path", "heartbeat", "peers", "latency"),
    *("memory", "fanout", "queries", "storm"),
)
DOCS = CHECKOUT / "docs" / "benchmarks"
# Quick looks do not replace what the docs tell.
LOOKS = CHECKOUT / "build" / "benchmarks"


def measure(name: str, scale: Scale, say: Say) -> Report:
    """Run one benchmark to its end."""
    module = importlib.import_module(f"tests.benchmarks.{name}")
    began_at, load, start = datetime.now(UTC), os.getloadavg()[0], time.monotonic()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        findings: Findings = runner.run(module.run(scale, say))
    return Report(
        name=name,
        scale=scale,
        began_at=began_at.strftime("%Y-%m-%d %H:%M UTC"),
        took_seconds=round(time.monotonic() - start, 1),
        revision=revision(),
        load_average=round(load, 2),
        machine=Machine.here(),
        findings=findings,
    )


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--scale", type=click.Choice(Scale, case_sensitive=False), default=Scale.FULL)
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the JSON and the page.")
@click.option("--page-only", is_flag=True, help="Only make the page anew from what is there.")
def main(names: tuple[str, ...], scale: Scale, out: Path | None, page_only: bool) -> None:
    """Run all benchmarks, or those named."""
    console = Console(width=None if Console().is_terminal else 150)
    folder = out or (DOCS if scale is Scale.FULL else LOOKS)
    for name in () if page_only else names or NAMES:
        if importlib.util.find_spec(f"tests.benchmarks.{name}") is None:
            console.print(f"{name}: not on this checkout, left out")
            continue
        report = measure(name, scale, lambda words: console.print(words, style="dim"))
        report.show(console)
        console.print(f"Written to {report.write(folder)}\n")
    console.print(f"All of them: {write_page(folder, NAMES)}")


if __name__ == "__main__":
    main()
