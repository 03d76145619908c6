"""Alembic's environment: `monitor migrate` hands over its connection, by hand we open our own."""

from __future__ import annotations

from logging.config import fileConfig

from alembic import context
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from monitor.config import load_settings
from monitor.repositories.migrate import migration_connection
from monitor.repositories.tables import Base


def run(connection: Connection) -> None:
    """Run what was asked for on a connection that is in a transaction already."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite changes a table by replacing it; revisions made by --autogenerate say so too.
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise CommandError("--sql is not supported: migrations look at the database they change")
if (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:
    if context.config.config_file_name is not None:
        fileConfig(context.config.config_file_name, disable_existing_loggers=False)
    url = context.config.get_main_option("sqlalchemy.url") or load_settings().database_url
    with migration_connection(url) as opened:
        run(opened)
