"""`monitor settings`: every setting with its default, its value and what it is for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from monitor.config import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# The heading before the setting of this name.
_HEADINGS = {
    "database_password": "Where things are",
    "heartbeat_seconds": "Presence",
    "visible_window_ms": "Write side",
    "dashboard_sends_per_second": "Read side",
    "deadline_grace_seconds": "Sitting",
    "first_message_seconds": "Limits",
}
_URLS = frozenset({"database_url", "redis_url"})


@click.command()
@click.option("--changed", is_flag=True, help="Only those that differ from their default.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def settings(*, changed: bool, as_json: bool) -> None:
    """List every setting: its default, its present value and what it is for.

    A setting is an environment variable (MONITOR_PORT=9000) or a file of its name in /run/secrets
    (/run/secrets/monitor_secret_key); MONITOR_SECRETS_DIR names another directory. Secrets are not
    shown.
    """
    rows = [row for row in describe(load_settings()) if row["is_changed"] or not changed]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not rows:
        click.echo("Every setting has its default.")
    for row in rows:
        if not changed and row["field"] in _HEADINGS:
            click.echo(f"\n# {_HEADINGS[row['field']]}")
        click.echo(f"{row['name']}={row['value']}")
        default = f" Default: {row['default'] or 'none'}." if row["is_changed"] else ""
        click.echo(f"    {row['description']}{default}")


def describe(values: Settings) -> Iterator[dict[str, Any]]:
    """Each setting's field, variable, default, value and description, as text; no secrets."""
    for field, info in Settings.model_fields.items():
        value = getattr(values, field)
        yield {
            "field": field,
            "name": f"MONITOR_{field.upper()}",
            "default": _shown(field, info.default),
            "value": _shown(field, value),
            "is_changed": value != info.default,
            "description": info.description,
        }


def _shown(field: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return "(set, not shown)"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if field in _URLS:
        return without_password(str(value))
    return str(value)


def without_password(url: str) -> str:
    """The URL with its password replaced by `***`."""
    return make_url(url).render_as_string(hide_password=True)
