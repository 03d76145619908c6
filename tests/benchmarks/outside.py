"""Other people's packages, installed outside the checkout for a comparison and nothing else.

They live in `$MONITOR_BENCH_CACHE`, by default `~/.cache/monitor-bench`, and are installed at first
use by pip and npm. Where that cannot be done the comparison is left out, and says so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Pinned, so that two runs a month apart compare the same things.
PYTHON_PACKAGES = (
    *("python-socketio==5.18.1", "channels==4.3.2", "channels_redis==4.3.0", "Django==5.2.19"),
    *("uvicorn==0.54.0", "uvloop==0.23.0", "httptools==0.9.0", "websockets==17.4"),
    *("psycopg[binary,pool]==3.3.9", "asyncpg==0.32.0", "redis==8.1.0", "PyJWT==2.15.1"),
)
NODE_PACKAGES = (
    *("socket.io@4.8.4", "@socket.io/redis-adapter@8.3.0", "redis@6.3.1"),
    *("pg@8.23.1", "jsonwebtoken@9.0.3", "ws@8.23.0"),
)
INSTALL_SECONDS = 300.0


class NotInstalledError(Exception):
    """What cannot be compared here, and why, in a sentence."""


def cache() -> Path:
    """The folder that holds them."""
    given = os.environ.get("MONITOR_BENCH_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "monitor-bench"


def python() -> Path:
    """The interpreter of a virtualenv with the Python peers, made where it is not there yet.

    Raises:
        NotInstalledError: It cannot be made here.
    """
    folder = cache() / "python"
    interpreter = folder / "bin" / "python"
    if _is_made(folder, PYTHON_PACKAGES):
        return interpreter
    _make_room(folder)
    _run([sys.executable, "-m", "venv", folder], "a virtualenv")
    install: list[str | Path] = [
        interpreter,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    _run([*install, *PYTHON_PACKAGES], "the Python peers")
    _mark(folder, PYTHON_PACKAGES)
    return interpreter


def node_modules() -> Path:
    """The `node_modules` of the Node peers, installed where they are not there yet.

    Raises:
        NotInstalledError: They cannot be installed here.
    """
    folder = cache() / "node"
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NotInstalledError("There is no Node.js with npm on this machine.")
    if not _is_made(folder, NODE_PACKAGES):
        _make_room(folder)
        (folder / "package.json").write_text(json.dumps({"private": True}))
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        install: list[str | Path] = ["npm", "install", "--prefix", folder]
        _run([*install, *quiet, *NODE_PACKAGES], "the Node peers")
        _mark(folder, NODE_PACKAGES)
    return folder / "node_modules"


def node_version() -> str:
    """Node's version."""
    return subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()


def _is_made(folder: Path, packages: tuple[str, ...]) -> bool:
    made = folder / "made-of.json"
    return made.is_file() and json.loads(made.read_text()) == list(packages)


def _make_room(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _mark(folder: Path, packages: tuple[str, ...]) -> None:
    (folder / "made-of.json").write_text(json.dumps(packages))


def _run(command: list[str | Path], what: str) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalledError(f"Could not install {what}: {error}.") from error
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise NotInstalledError(f"Could not install {what}: {' '.join(last)}")
