"""Programs that a benchmark compares: started on a free port, ended by their own id."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.support.ports import is_listening, unused_port
from tests.support.processes import kill_family, spawn, tail
from tests.support.server import CHECKOUT, monitor_environment
from tests.support.waiting import eventually

START_SECONDS = 30.0


class Side:
    """A running program.

    Attributes:
        url: Where it listens.
    """

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL it and what it started."""
        kill_family(self._process)

    def last_words(self) -> str:
        """The end of what it printed."""
        return tail(self._log)


@asynccontextmanager
async def running(
    command: Sequence[str | Path], *, cwd: Path = CHECKOUT, env: Mapping[str, str] | None = None
) -> AsyncIterator[Side]:
    """The program with a free port as its last argument, killed at the end of the block.

    Raises:
        RuntimeError: It does not listen in time.
    """
    directory = Path(tempfile.mkdtemp(prefix="monitor-side-"))
    log, port = directory / "log", unused_port()
    environment = {**monitor_environment({}), **(env or {})}
    process = spawn([*command, str(port)], log=log, cwd=cwd, env=environment)
    side = Side(process, port, log)
    try:
        with suppress(AssertionError):
            await eventually(
                lambda: is_listening(port) or process.poll() is not None, START_SECONDS
            )
        if process.poll() is not None or not is_listening(port):
            raise RuntimeError(f"{command[0]} did not start:\n{side.last_words()}")
        yield side
    except BaseException as error:
        error.add_note(f"Its last words:\n{side.last_words()}")
        raise
    finally:
        side.kill()
        shutil.rmtree(directory, ignore_errors=True)
