"""Faults of the server's own processes."""

from __future__ import annotations

import contextlib

import psutil

from tests.chaos.fault import Fault
from tests.support import eventually

BACK_SECONDS = 30.0


class WorkerKilled(Fault):
    """SIGKILL of one worker; its supervisor starts another. A server of one is started by us."""

    name = "worker_sigkill"
    part = "server"
    hold = (0.0, 3.0)

    async def strike(self) -> str:
        """Kill one."""
        pid = self.dice.choice(self.stage.process_ids())
        psutil.Process(pid).kill()
        return f"SIGKILL of process {pid}"

    async def heal(self) -> None:
        """Wait until there are as many as before."""
        if self.stage.workers == 1:
            await self.stage.server.restart()
        await eventually(lambda: len(self.stage.process_ids()) == self.stage.workers, BACK_SECONDS)
        await self.stage.answers(BACK_SECONDS)


class WorkerFrozen(Fault):
    """SIGSTOP of one worker, for less or more than a lease: its sockets stay open and silent."""

    name = "worker_sigstop"
    part = "server"
    hold = (1.0, 12.0)

    async def strike(self) -> str:
        """Freeze one."""
        self._process = psutil.Process(self.dice.choice(self.stage.process_ids()))
        self._process.suspend()
        return f"SIGSTOP of process {self._process.pid}"

    async def heal(self) -> None:
        """Let it go on."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.resume()


class ServerKilled(Fault):
    """SIGKILL of everything that is Monitor, started again a while later."""

    name = "server_sigkill"
    part = "server"
    hold = (0.0, 4.0)

    async def strike(self) -> str:
        """Kill all."""
        self.stage.server.kill()
        return "SIGKILL of the supervisor and all workers"

    async def heal(self) -> None:
        """Start it on the same port."""
        await self.stage.server.start()


SERVER_FAULTS: tuple[type[Fault], ...] = (WorkerKilled, WorkerFrozen, ServerKilled)
