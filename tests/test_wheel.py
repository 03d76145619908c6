"""What `pip install` gets is whole: pages and migrations travel in the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support import sqlite_url

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's files, as an installation does."""
    built = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", built],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    (wheel,) = built.glob("*.whl")
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def _python(installed: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=installed.parent,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("folder", ["static", "migrations"])
def test_the_wheel_has_every_file_of_the_checkout(folder: str, installed: Path) -> None:
    def files(root: Path) -> set[str]:
        return {
            str(path.relative_to(root))
            for path in root.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    there = files(installed / "monitor" / folder)

    assert there
    assert there == {name for name in files(CHECKOUT / folder) if not name.endswith(".test.js")}


def test_an_installation_finds_its_own_files(installed: Path) -> None:
    code = "from monitor import paths; print(paths.static_dir(), paths.migrations_dir())"

    assert _python(installed, "-c", code).split() == [
        str(installed / "monitor" / "static"),
        str(installed / "monitor" / "migrations"),
    ]


def test_an_installation_migrates_a_database(installed: Path, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "monitor.db")
    code = f"""if True:
        from monitor.repositories import migrate
        migrate.upgrade({url!r})
        print(migrate.is_current({url!r}))
    """

    assert _python(installed, "-c", code) == "True"


def test_nothing_but_the_package_is_installed(installed: Path) -> None:
    names = {path.name for path in installed.iterdir() if path.suffix != ".dist-info"}

    assert names == {"monitor"}
