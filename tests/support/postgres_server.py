"""A real PostgreSQL of the tests' own, that may be killed and started again."""

from __future__ import annotations

import atexit
import functools
import itertools
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from tests.support.ports import unused_port, wait_until_listening
from tests.support.postgres_binaries import bin_directory, run_as_server_user, server_user
from tests.support.processes import kill_family, signal_family, spawn, tail

_OWNER = "monitor"
_TEMPLATE = "monitor_template"

# Fast, and as truthful as a test can see: what is committed survives SIGKILL of every process
# (the kernel holds what was written). Only a power loss would tell the difference, and no test
# simulates one.
_OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "on",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


class PostgresServer:
    """One PostgreSQL on 127.0.0.1, that keeps its port and its data over a restart.

    Args:
        options: Server options that differ from what tests want, such as fsync.
    """

    host = "127.0.0.1"

    def __init__(self, options: Mapping[str, str] | None = None) -> None:
        self._options = {**_OPTIONS, **(options or {})}
        self._binaries = bin_directory()
        pristine = _pristine_cluster()
        self._directory = _owned_directory()
        self._data = self._directory / "data"
        self._log = self._directory / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._has_template = False
        self.port = unused_port()
        run_as_server_user(["cp", "-a", pristine, self._data], cwd=self._directory)

    def url(self, database: str) -> str:
        """The address of a database, as SQLAlchemy wants it."""
        return f"postgresql+psycopg://{_OWNER}@{self.host}:{self.port}/{database}"

    @property
    def pid(self) -> int:
        """The number of its main process, once it runs; the backends are its children."""
        assert self._process is not None, "PostgreSQL does not run"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether its process lives (it may be paused)."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and return when it takes statements; nothing happens if it runs.

        After a kill this includes the recovery of everything committed.
        """
        if self.running:
            return
        options = [f"--{name}={value}" for name, value in self._options.items()]
        self._process = spawn(
            [self._binaries / "postgres", "-D", self._data, "-p", str(self.port), *options],
            log=self._log,
            cwd=self._directory,
            user=server_user(),
        )
        try:
            wait_until_listening(self.port)
            self._wait_until_ready()
        except (TimeoutError, psycopg.OperationalError) as error:
            message = f"PostgreSQL did not start ({error}):\n{tail(self._log)}"
            raise RuntimeError(message) from error

    def stop(self) -> None:
        """Shut it down cleanly: open transactions are rolled back, clients are told."""
        if self._process is not None:
            self.resume()
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=30)
            self._process = None

    def kill(self) -> None:
        """SIGKILL it and all its backends; its port refuses connections from here on."""
        if self._process is not None:
            kill_family(self._process)
            self._process = None

    def restart(self) -> None:
        """Kill it and start it again on the same port, with what was committed."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """Freeze it with all its backends: connections stay open and nothing is answered."""
        if self._process is not None:
            signal_family(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen one go on where it was."""
        if self._process is not None:
            signal_family(self._process.pid, signal.SIGCONT)

    def close(self) -> None:
        """End it and remove its files."""
        if self._process is not None:
            self.resume()
            # An immediate shutdown; unlike a kill it gives back its shared memory.
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None
        shutil.rmtree(self._directory, ignore_errors=True)

    def create_database(self, *, migrated: bool = True) -> str:
        """Make a database of its own for one test and return its URL.

        Args:
            migrated: Whether it has the newest schema; empty otherwise.
        """
        name = f"test_{next(self._numbers)}"
        if migrated and not self._has_template:
            self._make_template()
        template = _TEMPLATE if migrated else "template0"
        self._administer("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, cutting whoever is still connected to it."""
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", url.rsplit("/", 1)[-1])

    def _make_template(self) -> None:
        from monitor.repositories import migrate  # only tests with tables need it

        self._administer("CREATE DATABASE {} TEMPLATE template0", _TEMPLATE)
        migrate.upgrade(self.url(_TEMPLATE))
        # PostgreSQL copies only a database that nobody is connected to.
        self._administer("ALTER DATABASE {} ALLOW_CONNECTIONS false", _TEMPLATE)
        self._has_template = True

    def _administer(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _wait_until_ready(self) -> None:
        # While it recovers it listens already, and says no.
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self._address()).close()
            except psycopg.OperationalError as error:
                if "starting up" not in str(error) and "not yet accepting" not in str(error):
                    raise
                time.sleep(0.01)
            else:
                return
        message = "it is still starting up"
        raise TimeoutError(message)

    def _address(self) -> str:
        return f"host={self.host} port={self.port} user={_OWNER} dbname=postgres connect_timeout=10"


@functools.cache
def _pristine_cluster() -> Path:
    """A freshly initialised data directory that every server of this process copies."""
    binaries = bin_directory()
    directory = _owned_directory()
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    run_as_server_user(
        [
            binaries / "initdb",
            *("-D", directory / "data", "-U", _OWNER, "--auth=trust", "--encoding=UTF8"),
            *("--locale=C", "--no-sync", "--no-instructions"),
        ],
        cwd=directory,
    )
    return directory / "data"


def _owned_directory() -> Path:
    """A new directory, readable only for the user the server runs as."""
    directory = Path(tempfile.mkdtemp(prefix="monitor-postgres-"))
    if (user := server_user()) is not None:
        shutil.chown(directory, user)
    directory.chmod(0o700)
    return directory
