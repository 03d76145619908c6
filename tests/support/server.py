"""The real Monitor as a process of its own, spoken to from outside."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.processes import family, kill_family, signal_family, spawn
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

CHECKOUT = Path(__file__).parents[2]

# One for all, so that two servers of a test take each other's tokens. Long enough to be allowed.
SECRET_KEY = "a-secret-that-only-tests-know-0123456789abcdef"

# Characters of output that come with an error: the end of it is where the reason is.
_LAST_WORDS = 4000

_LISTENING = re.compile(r"^Monitor is listening on (http://\S+?:(\d+))/?\s*$", re.MULTILINE)


class MonitorServer:
    """A `monitor serve` that tests may stop, freeze, kill and start again.

    Attributes:
        url: Its address, such as http://127.0.0.1:43210, once it runs.
        port: The port of that address, kept over restarts.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        arguments: Sequence[str],
        env: Mapping[str, str],
        started_by: Sequence[str] = (),
    ) -> None:
        self._host = host
        self._arguments = arguments
        self._started_by = started_by
        self._directory = Path(tempfile.mkdtemp(prefix="monitor-server-"))
        # What it leaves in temporary files when it is killed goes with the directory.
        self._env = {**env, "TMPDIR": str(self._directory)}
        self._log = self._directory / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""
        self.port = port

    @property
    def ws_url(self) -> str:
        """Its address for WebSockets, such as ws://127.0.0.1:43210."""
        return self.url.replace("http", "ws", 1)

    @property
    def pid(self) -> int:
        """The number of its main process."""
        return self._running().pid

    @property
    def running(self) -> bool:
        """Whether its main process lives (it may be stopped)."""
        return self._process is not None and self._process.poll() is None

    def worker_pids(self) -> list[int]:
        """The numbers of the processes it has started."""
        return [member.pid for member in family(self.pid)[1:]]

    def logs(self) -> str:
        """Everything it has printed so far, stdout and stderr, over all restarts."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    async def start(self, timeout: float = 30.0) -> None:
        """Start it and return when it listens.

        Raises:
            AssertionError: It ended or was not ready in time; `logs` has the reason.
        """
        already_printed = len(self.logs())
        self._process = spawn(
            [
                *(*self._started_by, sys.executable, "-m", "monitor", "serve"),
                *("--host", self._host, "--port", str(self.port), *self._arguments),
            ],
            log=self._log,
            cwd=self._directory,
            env=self._env,
        )

        def is_ready() -> bool:
            announced = _LISTENING.search(self.logs(), already_printed)
            if announced:
                self.url, self.port = announced[1], int(announced[2])
            return announced is not None or not self.running

        with contextlib.suppress(AssertionError):
            await eventually(is_ready, timeout)
        if not self.url or not self.running:
            ended = (
                "" if self.running else f", it ended with exit code {self._running().returncode}"
            )
            raise AssertionError(f"the server did not start{ended}")

    async def restart(self) -> None:
        """Start it again on the same port, killing it before if it still runs."""
        if self.running:
            self.kill()
        await self.start()

    def kill(self) -> None:
        """SIGKILL it and its workers; returns when all are gone."""
        kill_family(self._running())

    def terminate(self) -> None:
        """Send it SIGTERM, which makes it drain; `wait` for its end."""
        self._running().terminate()

    def stop(self) -> None:
        """Freeze it and its workers: sockets stay open, nothing is answered."""
        signal_family(self.pid, signal.SIGSTOP)

    def cont(self) -> None:
        """Let a frozen one go on where it was."""
        signal_family(self.pid, signal.SIGCONT)

    async def wait(self, timeout: float = 15.0) -> int:
        """Its exit code, when it has ended; negative for the signal that killed it."""
        process = self._running()
        await eventually(lambda: process.poll() is not None, timeout)
        assert process.returncode is not None
        return int(process.returncode)

    async def close(self) -> None:
        """End it, by force if it does not go in time, and remove its files."""
        if self.running:
            self.cont()
            self.terminate()
            with contextlib.suppress(AssertionError):
                await self.wait(timeout=5)
        if self.running:
            self.kill()
        if self._process is not None:
            # Workers whose main process a test has killed alone.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        shutil.rmtree(self._directory, ignore_errors=True)

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the server was never started"
        return self._process


@asynccontextmanager
async def run_server(
    *,
    database_url: str,
    redis_url: str | None = None,
    workers: int | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    settings: Mapping[str, str] | None = None,
    args: Sequence[str] = (),
    started_by: Sequence[str] = (),
    inside: Sequence[Path] = (),
) -> AsyncIterator[MonitorServer]:
    """A running `monitor serve`, ended with the block.

    When the block raises, the end of the server's output is added to the error as a note.

    Args:
        database_url: Where its data is; PostgreSQL must be migrated, SQLite migrates itself.
        redis_url: The broker between processes; in memory when left out.
        workers: Number of worker processes; the server's default when left out.
        host: Address to listen on.
        port: Port to listen on; a free one when 0.
        settings: Further settings by name, without their prefix MONITOR_.
        args: Further arguments of `monitor serve`.
        started_by: A command that starts the command given to it, such as `nsenter …`.
        inside: Directories where it looks for modules first, such as a `sitecustomize`.
    """
    workers_wanted = [] if workers is None else ["--workers", str(workers)]
    server = MonitorServer(
        host=host,
        port=port,
        arguments=[*workers_wanted, *args],
        started_by=started_by,
        env=monitor_environment(
            {
                "DATABASE_URL": database_url,
                "SECRET_KEY": SECRET_KEY,
                **({} if redis_url is None else {"REDIS_URL": redis_url}),
                **(settings or {}),
            },
            inside,
        ),
    )
    try:
        await server.start()
        yield server
    except BaseException as error:
        error.add_note(f"The server's last words:\n{server.logs()[-_LAST_WORDS:]}")
        raise
    finally:
        await server.close()


async def run_monitor(
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    stdin: str = "",
    timeout: float = 30.0,
    cwd: Path | None = None,
    started_by: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """Run one command of the command line to its end.

    Args:
        arguments: What follows `monitor` on the command line.
        settings: Settings by name, without their prefix MONITOR_.
        stdin: What it is given to read.
        timeout: Seconds it may take.
        cwd: Directory it runs in; the checkout when left out.
        started_by: A command that starts the command given to it.
    """
    return await asyncio.to_thread(
        subprocess.run,
        [*started_by, sys.executable, "-m", "monitor", *arguments],
        env=monitor_environment(settings or {}),
        input=stdin,
        timeout=timeout,
        cwd=cwd or CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )


def monitor_environment(settings: Mapping[str, str], inside: Sequence[Path] = ()) -> dict[str, str]:
    """Our own environment with exactly these settings of Monitor, names without prefix.

    Python looks for modules in the directories `inside` first.
    """
    inherited = {name: value for name, value in os.environ.items() if _is_inherited(name)}
    return {
        **inherited,
        "PYTHONPATH": os.pathsep.join(map(str, [*inside, CHECKOUT])),
        "PYTHONUNBUFFERED": "1",
        **{f"MONITOR_{name}": value for name, value in settings.items()},
    }


def _is_inherited(name: str) -> bool:
    return not name.startswith("MONITOR_")
