"""`monitor migrate`: the database's schema, up to what this version needs."""

from __future__ import annotations

import click

from monitor.cli import preflight
from monitor.config import load_settings
from monitor.logs import configure_logs


@click.command()
@click.option(
    "--check", is_flag=True, help="Change nothing; exit with 5 if the schema is not up to date."
)
@click.option(
    "--to", "revision", metavar="REVISION", default="head", help="Up to here. [the newest]"
)
def migrate(*, check: bool, revision: str) -> None:
    """Bring the database named by MONITOR_DATABASE_URL up to date.

    What is in it stays. With PostgreSQL run it once before each new version starts to serve;
    `monitor serve` does it by itself with SQLite.
    """
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    if settings.embedded and not check:
        preflight.check_writable(settings)
    if not check:
        preflight.upgrade(settings.database_url, revision)
    if check or revision == "head":
        preflight.check_schema(settings)
    click.echo("The schema is up to date." if revision == "head" else f"Migrated to {revision}.")
