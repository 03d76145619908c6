"""Where pages and migrations lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def static_dir() -> Path:
    """The folder of the pages, their scripts and styles.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    return find("static")


def migrations_dir() -> Path:
    """The folder of the database migrations (Alembic's script location).

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    return find("migrations")


def find(name: str, package: Path = _PACKAGE) -> Path:
    """The folder of that name inside the package, else beside it.

    Args:
        name: The folder's name.
        package: The package's own folder.

    Raises:
        FileNotFoundError: It is in neither place; the message names both.
    """
    places = [package / name, package.parent / name]
    for place in places:
        if place.is_dir():
            return place
    message = f"Monitor is not wholly installed: {name} is neither {places[0]} nor {places[1]}"
    raise FileNotFoundError(message)
