"""Fresh SQLite databases, migrated once and then copied."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class SqliteTemplate:
    """Makes databases with the newest schema by copying one that it migrates at first use."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "template.db"

    def copy_to(self, path: Path) -> str:
        """Make a migrated database at `path` and return its URL."""
        if not self._path.exists():
            self._migrate()
        for source in self._path.parent.glob("template.db*"):
            shutil.copy(source, path.with_name(source.name.replace("template.db", path.name)))
        return sqlite_url(path)

    def _migrate(self) -> None:
        from monitor.repositories import migrate  # only tests with tables need it

        unfinished = self._path.with_name("unfinished.db")
        migrate.upgrade(sqlite_url(unfinished))
        for made in self._path.parent.glob("unfinished.db*"):
            made.rename(made.with_name(made.name.replace("unfinished", "template")))


def sqlite_url(path: Path) -> str:
    """The address of a database file, as SQLAlchemy wants it."""
    return f"sqlite:///{path}"
