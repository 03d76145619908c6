"""The key that signs tokens: from a setting, or beside the embedded database."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from pydantic import SecretStr

from monitor.cli.exit_codes import CommandFailed, ExitCode
from monitor.config import Settings
from monitor.errors import SettingsError


def with_secret_key(settings: Settings) -> Settings:
    """The settings with a secret key, which with SQLite is made where there is none.

    Raises:
        SettingsError: There is none and the database is not the embedded one.
        CommandFailed: It can be neither read nor made.
    """
    if settings.secret_key is not None:
        return settings
    if not settings.embedded:
        raise SettingsError(
            "MONITOR_SECRET_KEY is missing. With PostgreSQL every process needs the same one: "
            "make it once with `openssl rand -hex 32` and set it, or put it into the file "
            "/run/secrets/monitor_secret_key."
        )
    return settings.model_copy(
        update={"secret_key": SecretStr(_kept_beside(sqlite_path(settings.database_url)))}
    )


def sqlite_path(database_url: str) -> Path:
    """The file of an SQLite URL.

    Raises:
        SettingsError: It names none: everything would be gone with the process.
    """
    name = database_url.removeprefix("sqlite:///").partition("?")[0]
    if name in {"", ":memory:"}:
        raise SettingsError("MONITOR_DATABASE_URL: give SQLite a file, sqlite:///path/to/file.db.")
    return Path(name)


def _kept_beside(database: Path) -> str:
    """The key in the file `<database>.secret`, made if missing; readable for its owner only."""
    path = database.with_name(f"{database.name}.secret")
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(
            f"Cannot keep the secret key in {path}: {error}. May this user write there?",
            ExitCode.NO_DATABASE,
        ) from error
    if len(key) < 32:
        raise SettingsError(
            f"The secret key in {path} is too short. Remove the file for a new one."
        )
    return key


def _make(path: Path) -> None:
    """Write a new key; of several processes that try at once, one wins and all read the same."""
    descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(scratch, path)
    finally:
        os.unlink(scratch)
