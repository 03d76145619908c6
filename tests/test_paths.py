"""Pages and migrations are found in a checkout and in a wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.paths import find, migrations_dir, static_dir

if TYPE_CHECKING:
    from pathlib import Path


def test_a_checkout_has_them_beside_the_package() -> None:
    assert (migrations_dir() / "env.py").is_file()
    assert list(static_dir().glob("*.html"))


def test_a_wheel_has_them_inside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "monitor"
    (package / "static").mkdir(parents=True)
    # Some other package's folder of the same name is none of ours.
    (package.parent / "static").mkdir()

    assert find("static", package) == package / "static"


def test_an_incomplete_installation_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="not wholly installed: static is neither"):
        find("static", tmp_path / "monitor")
