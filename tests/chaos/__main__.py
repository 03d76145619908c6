"""Chaos from the command line: `python -m tests.chaos --seed 7 --minutes 10`."""

from __future__ import annotations

import asyncio
import random
import sys

import click

from tests.chaos.run import FAULTS, Options, run


@click.command()
@click.option("--seed", type=int, help="Decides everything; one is drawn and told if left out.")
@click.option("--minutes", type=float, default=10.0, show_default=True)
@click.option(
    "--arrangement",
    type=click.Choice(["postgres", "sqlite"]),
    default="postgres",
    show_default=True,
    help="postgres: two workers, with Redis; sqlite: the embedded default.",
)
@click.option("--only", default="", help=f"Names: {', '.join(FAULTS)}.")
def main(seed: int | None, minutes: float, arrangement: str, only: str) -> None:
    """Let faults strike a Monitor under load, and judge it after each."""
    seed = random.randrange(1_000_000) if seed is None else seed
    names = tuple(only.replace(",", " ").split())
    if unknown := set(names) - set(FAULTS):
        raise click.BadParameter(
            f"no fault is called {', '.join(sorted(unknown))}", param_hint="only"
        )
    options = Options(seed=seed, seconds=minutes * 60, arrangement=arrangement, only=names)
    if not options.faults:
        raise click.BadParameter(f"none of these can strike {arrangement}", param_hint="only")
    click.echo(f"Chaos on {arrangement}, seed {seed}, {minutes:g} minutes")
    outcome = asyncio.run(run(options, click.echo))
    if not outcome.differences:
        click.echo(
            f"Every promise held: {outcome.strikes} strikes of {len(outcome.struck)} kinds, "
            f"{outcome.acts:,} acked acts looked up, {outcome.claims:,} claims to be live checked."
        )
        return
    click.echo(
        f"\nNot as promised (seed {seed}, arrangement {arrangement}, strike {outcome.strikes}):"
    )
    for difference in outcome.differences[:20]:
        click.echo(f"- {difference}")
    click.echo(f"Logs: {outcome.logs}")
    sys.exit(1)


if __name__ == "__main__":
    main()
