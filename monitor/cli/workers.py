"""Several processes that serve one address: a supervisor that holds the listener and its workers.

The supervisor binds the address and starts each worker as a fresh interpreter that inherits the
listener: the idlest accepts, and a connection that arrives while one dies is served by another.
Each worker is joined to the supervisor by a socket pair. On it the worker says that it is ready,
and through it the worker learns, whatever happened, that the supervisor is gone: then it drains and
ends, so that no orphan keeps the address.

A worker that dies is started again, later each time it dies young. SIGTERM to the supervisor goes
on to the workers, which drain at the same time; who has not ended in time is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from typing import TYPE_CHECKING

import structlog

from monitor.cli.exit_codes import CommandFailed
from monitor.cli.stopping import CLOSING_SECONDS, LAST_REQUESTS_SECONDS, Stop

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable, Mapping, Sequence

    from monitor.config import Settings

log = structlog.get_logger(__name__)

READY = b"ready"
# The first worker that dies comes back at once; one that cannot live does not eat the machine.
FIRST_RESTART_SECONDS = 0.1
LAST_RESTART_SECONDS = 10.0
# Who lived longer did not die of its start.
LIVED_SECONDS = 30.0


class Supervisor:
    """Keeps `settings.workers` workers alive on a listener until asked to stop.

    Args:
        settings: Of the workers; they read them from the same environment.
        listener: Listens already; closed in the end.
        ready: Called once, when every worker can answer.
        environment: Variables that the workers get beside our own.
        program: What a worker is; tests give another.
    """

    def __init__(
        self,
        settings: Settings,
        listener: socket.socket,
        *,
        ready: Callable[[], None],
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] = (sys.executable, "-m", "monitor", "serve-worker"),
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._ready = ready
        self._environment = dict(environment or {})
        self._program = program
        self._starting = settings.workers
        self._running: set[Process] = set()
        self._stopping = False
        self._metrics_dir = tempfile.mkdtemp(prefix="monitor-metrics-")

    async def run(self, stop: Stop) -> None:
        """Serve until asked to stop.

        Raises:
            CommandFailed: A worker could not even start the first time; its own words are on
                stderr.
        """
        try:
            async with asyncio.TaskGroup() as group:
                keepers = [
                    group.create_task(self._keep(number), name=f"worker {number}")
                    for number in range(1, self._settings.workers + 1)
                ]
                await stop.wait()
                self._stopping = True
                await self._end_all()
                for keeper in keepers:
                    keeper.cancel()
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        finally:
            self._listener.close()
            await self._kill_all()
            shutil.rmtree(self._metrics_dir, ignore_errors=True)

    async def _keep(self, number: int) -> None:
        """Start worker `number`, and again whenever it dies."""
        wait_seconds = FIRST_RESTART_SECONDS
        was_ready = False
        while True:
            began = time.monotonic()
            process, ours = await self._start(number)
            try:
                became_ready = await self._heard_ready(ours)
                if became_ready and not was_ready:
                    was_ready = True
                    self._one_more_ready()
                code = await process.wait()
            finally:
                ours.close()
            self._running.discard(process)
            self._forget_metrics(process.pid)
            if self._stopping:
                return
            if not was_ready:
                raise CommandFailed(f"Worker {number} did not start (it ended with code {code}).")
            if time.monotonic() - began > LIVED_SECONDS:
                wait_seconds = FIRST_RESTART_SECONDS
            log.error("worker died", worker=number, exit_code=code, again_in_seconds=wait_seconds)
            await asyncio.sleep(wait_seconds)
            wait_seconds = min(wait_seconds * 2, LAST_RESTART_SECONDS)

    async def _start(self, number: int) -> tuple[Process, socket.socket]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs, contextlib.ExitStack() as undo:
            # Without a process to watch, the other end must not stay open for ever.
            undo.callback(ours.close)
            process = await asyncio.create_subprocess_exec(
                *self._program,
                *("--listener", str(self._listener.fileno())),
                *("--supervisor", str(theirs.fileno())),
                *("--number", str(number)),
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=(self._listener.fileno(), theirs.fileno()),
                env={
                    **os.environ,
                    **self._environment,
                    "MONITOR_WORKERS": str(self._settings.workers),
                    "PROMETHEUS_MULTIPROC_DIR": self._metrics_dir,
                },
            )
            undo.pop_all()
        self._running.add(process)
        return process, ours

    async def _heard_ready(self, ours: socket.socket) -> bool:
        """Whether the worker said that it is ready; false when it ended without."""
        try:
            return await asyncio.get_running_loop().sock_recv(ours, len(READY)) == READY
        except ConnectionError:
            return False

    def _one_more_ready(self) -> None:
        self._starting -= 1
        if self._starting == 0:
            self._ready()

    async def _end_all(self) -> None:
        """Let every worker drain, and kill who has not ended in time."""
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        patience = self._settings.drain_seconds + LAST_REQUESTS_SECONDS + CLOSING_SECONDS
        waits = [asyncio.create_task(process.wait()) for process in self._running]
        if not waits:
            return
        _, late = await asyncio.wait(waits, timeout=patience)
        for wait in late:
            wait.cancel()
        if late:
            log.warning("workers had to be killed", workers=len(late))

    async def _kill_all(self) -> None:
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await asyncio.gather(*(process.wait() for process in self._running))

    def _forget_metrics(self, pid: int) -> None:
        """Take a dead worker's gauges out of the sums; its counters stay counted."""
        from prometheus_client import multiprocess  # only here

        multiprocess.mark_process_dead(pid, self._metrics_dir)  # type: ignore[no-untyped-call]


def stop_with_supervisor(ours: socket.socket, stop: Stop) -> None:
    """Ask for the end of this worker when its supervisor is gone."""
    ours.setblocking(False)
    loop = asyncio.get_running_loop()

    def gone() -> None:
        loop.remove_reader(ours)
        log.error("the supervisor is gone")
        stop.ask()

    loop.add_reader(ours, gone)
