"""Programs that tests start, stop, kill and freeze."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# Where there is util-linux, a service dies with the test run that started it, however that ends.
_SETPRIV = shutil.which("setpriv") if sys.platform == "linux" else None


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, its output appended to `log`.

    Args:
        command: Program and arguments.
        log: File that gets stdout and stderr.
        cwd: Directory it runs in.
        env: Its whole environment; the test run's when left out.
        user: Name of the user to run as, its primary group included; only root may say so.
    """
    dies_with_us = [_SETPRIV, "--pdeathsig", "KILL", "--"] if _SETPRIV else []
    # The user is changed by Popen, before setpriv runs: changing it afterwards would clear the
    # signal that setpriv asked for.
    with log.open("ab") as output:
        return subprocess.Popen(
            [*dies_with_us, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            start_new_session=True,
            user=user,
            group=primary_group(user),
            extra_groups=[] if user else None,
        )


def primary_group(user: str | None) -> int | None:
    """The number of the user's primary group; None for None."""
    if user is None:
        return None
    import pwd  # not on every system

    return pwd.getpwnam(user).pw_gid


def family(pid: int) -> list[psutil.Process]:
    """A process and all its descendants, parents first; empty when it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    return []


def kill_family(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL a process and all its descendants, and return when every one is gone."""
    # Frozen first, so that it cannot have another child while the list is made.
    signal_family(process.pid, signal.SIGSTOP)
    members = family(process.pid)
    for member in members:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while not all(_is_dead(member) for member in members):
        if time.monotonic() >= deadline:
            message = f"still there after SIGKILL: {members}"
            raise TimeoutError(message)
        time.sleep(0.005)


def _is_dead(member: psutil.Process) -> bool:
    # A zombie holds no socket, file or memory any more; how soon init reaps it is no matter.
    try:
        return not member.is_running() or member.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def signal_family(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process and then to all its descendants."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
    for member in family(pid)[1:]:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.send_signal(number)


def tail(log: Path, characters: int = 4000) -> str:
    """The end of a log file; empty when there is none."""
    return log.read_text(errors="replace")[-characters:] if log.exists() else ""
