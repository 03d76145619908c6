"""`monitor migrate`: the database's schema, up to what this version needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.cli import preflight
from monitor.config import load_settings
from monitor.logs import configure_logs

if TYPE_CHECKING:
    from monitor.config import Settings


@click.command()
@click.option(
    "--check", is_flag=True, help="Change nothing; exit with 5 if the schema is not up to date."
)
@click.option(
    "--to", "revision", metavar="REVISION", default="head", help="Up to here. [the newest]"
)
@click.option(
    "--restored",
    is_flag=True,
    help="The database comes from a backup: dashboards and students begin again from it.",
)
def migrate(*, check: bool, revision: str, restored: bool) -> None:
    """Bring the database named by MONITOR_DATABASE_URL up to date.

    What is in it stays. With PostgreSQL run it once before each new version starts to serve;
    `monitor serve` does it by itself with SQLite.

    After restoring a backup run it with --restored before anything serves: pages that are still
    open know newer versions than the backup has, and must not take its state for an older one.
    """
    if restored and (check or revision != "head"):
        raise click.UsageError("--restored goes with neither --check nor --to.")
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    if settings.embedded and not check:
        preflight.check_writable(settings)
    if not check:
        preflight.upgrade(settings.database_url, revision)
    if check or revision == "head":
        preflight.check_schema(settings)
    if restored:
        begin_epoch(settings)
    click.echo("The schema is up to date." if revision == "head" else f"Migrated to {revision}.")


def begin_epoch(settings: Settings) -> None:
    """Begin another epoch: versions of the former one mean nothing any more.

    Raises:
        CommandFailed: The database is away.
    """
    from monitor.cli.in_database import in_database  # slow to import

    in_database(settings, lambda uow: uow.epoch.change(), write=True)
