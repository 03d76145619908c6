"""A disk of a few megabytes for a database, which can be filled to its last byte.

Where the kernel lets us, it is a file system in memory that only the server and the process that
holds it can see, so that it goes with them whatever happens. Elsewhere files may not grow.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.support.processes import spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIZE_BYTES = 64 * 1024 * 1024
# Of a file that may not grow: smaller than what a database needs for its next commit.
NO_GROWTH_BYTES = 32 * 1024


class SmallDisk:
    """A directory at `path`, on a disk of its own where that is possible.

    Args:
        server_pid: Gives the process that writes to it; asked only where it is not.

    Attributes:
        started_by: What a program must be started by to see it.
        path: Where that program finds it.
    """

    def __init__(self, server_pid: Callable[[], int]) -> None:
        self._server_pid = server_pid
        self._directory = Path(tempfile.mkdtemp(prefix="monitor-disk-"))
        self.path = self._directory / "disk"
        self.path.mkdir()
        self._holder: subprocess.Popen[bytes] | None = None
        self.started_by: Sequence[str] = ()
        self._mount()

    @property
    def is_real(self) -> bool:
        """Whether it can run out of space, and not only refuse to let files grow."""
        return self._holder is not None

    @property
    def seen_from_here(self) -> Path:
        """Where its files are for us."""
        if self._holder is None:
            return self.path
        return Path(f"/proc/{self._holder.pid}/root{self.path}")

    def fill(self) -> str:
        """Take all room; says how."""
        if self._holder is None:
            self._let_files_grow_to(NO_GROWTH_BYTES)
            return f"no file may grow beyond {NO_GROWTH_BYTES} bytes"
        ballast = self.seen_from_here / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            piece = 1024 * 1024
            while piece:
                try:
                    file.write(b"x" * piece)
                except OSError:
                    piece //= 2
        return f"the disk is full: {ballast.stat().st_size / 1e6:.1f} MB of ballast"

    def make_room(self) -> None:
        """Give all room back."""
        if self._holder is None:
            self._let_files_grow_to(psutil.RLIM_INFINITY)
        else:
            (self.seen_from_here / "ballast").unlink(missing_ok=True)

    def close(self) -> None:
        """Remove it."""
        if self._holder is not None:
            self._holder.kill()
            self._holder.wait()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _mount(self) -> None:
        """Mount it in a mount namespace of its own, if that is allowed."""
        if not shutil.which("unshare") or not shutil.which("nsenter"):
            return
        is_root = os.geteuid() == 0
        ready = self._directory / "ready"
        mount = f"mount -t tmpfs -o size={SIZE_BYTES} tmpfs {self.path} && echo ready"
        holder = spawn(
            [
                *("unshare", "--mount", *([] if is_root else ["--map-root-user"])),
                *("sh", "-c", f"{mount} && exec sleep infinity"),
            ],
            log=ready,
        )
        while holder.poll() is None and "ready" not in ready.read_text():
            with contextlib.suppress(subprocess.TimeoutExpired):
                holder.wait(timeout=0.01)
        if holder.poll() is None:
            self._holder = holder
            user = [] if is_root else ["--user", "--preserve-credentials"]
            self.started_by = ("nsenter", "--target", str(holder.pid), "--mount", *user, "--")

    def _let_files_grow_to(self, size: int) -> None:
        process = psutil.Process(self._server_pid())
        process.rlimit(psutil.RLIMIT_FSIZE, (size, process.rlimit(psutil.RLIMIT_FSIZE)[1]))
