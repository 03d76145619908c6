"""The supervisor, with workers that misbehave on purpose."""

from __future__ import annotations

import asyncio
import itertools
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psutil
import pytest

from monitor.cli import workers
from monitor.cli.exit_codes import CommandFailed
from monitor.cli.listening import listen
from monitor.cli.stopping import Stop
from monitor.cli.workers import Supervisor
from monitor.config import Settings
from tests.support import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# A worker's life: says that it is ready and waits for its end.
GOOD = """
import os, signal, socket, sys
supervisor = socket.socket(fileno=int(sys.argv[sys.argv.index("--supervisor") + 1]))
supervisor.sendall(b"ready")
"""
UNTIL_STOPPED = GOOD + "signal.pause()"
UNTIL_ALONE = GOOD + "supervisor.recv(1)"
DEAF = (
    "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + GOOD + "supervisor.recv(1)"
)
NEVER_READY = "raise SystemExit(3)"


class Run:
    """A supervisor at work."""

    def __init__(self, source: str, number: int) -> None:
        self.ready = asyncio.Event()
        self.stop = Stop()
        self.supervisor = Supervisor(
            Settings(workers=number, drain_seconds=0.1),
            listen("127.0.0.1", 0),
            ready=self.ready.set,
            program=(sys.executable, "-c", source),
        )

    def pids(self) -> list[int]:
        """The workers that live."""
        return [
            child.pid
            for child in psutil.Process().children()
            if "--supervisor" in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE
        ]


@asynccontextmanager
async def _running(source: str, number: int = 2) -> AsyncIterator[Run]:
    run = Run(source, number)
    task = asyncio.create_task(run.supervisor.run(run.stop))
    try:
        await eventually(lambda: run.ready.is_set() or task.done(), timeout=20)
        yield run
    finally:
        run.stop.ask_once()
        await task
    assert run.pids() == []


async def test_it_is_ready_when_every_worker_is() -> None:
    async with _running(UNTIL_STOPPED, 3) as run:
        assert len(run.pids()) == 3


async def test_a_worker_that_dies_is_started_again() -> None:
    async with _running(UNTIL_STOPPED) as run:
        before = run.pids()
        psutil.Process(before[0]).kill()

        await eventually(lambda: before[0] not in run.pids() and len(run.pids()) == 2, timeout=20)

        assert before[1] in run.pids()


async def test_one_that_dies_young_again_and_again_waits_longer_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    enough = asyncio.Event()
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) >= 4:
            enough.set()
        await sleep(0)

    async with _running(GOOD, 1):
        monkeypatch.setattr("monitor.cli.workers.asyncio.sleep", noted)
        await asyncio.wait_for(enough.wait(), 30)

    assert all(later >= earlier for earlier, later in itertools.pairwise(waits))
    assert waits[3] >= waits[0] * 4


async def test_a_worker_that_cannot_even_start_ends_everything() -> None:
    with pytest.raises(CommandFailed, match=r"Worker \d did not start \(it ended with code 3\)"):
        async with _running(NEVER_READY):
            pass


async def test_a_worker_that_does_not_listen_is_killed_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "LAST_REQUESTS_SECONDS", 0)
    monkeypatch.setattr(workers, "CLOSING_SECONDS", 0.2)

    async with _running(DEAF):
        pass


async def test_a_worker_learns_when_its_supervisor_is_gone() -> None:
    source = f"""
import asyncio
from monitor.cli.listening import listen
from monitor.cli.stopping import Stop
from monitor.cli.workers import Supervisor
from monitor.config import Settings
import sys
supervisor = Supervisor(
    Settings(workers=2), listen("127.0.0.1", 0),
    ready=lambda: print("ready", flush=True), program=(sys.executable, "-c", {UNTIL_ALONE!r}),
)
asyncio.run(supervisor.run(Stop()))
"""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", source, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    await asyncio.wait_for(parent.stdout.readline(), 20)
    orphans = psutil.Process(parent.pid).children()
    assert len(orphans) == 2

    parent.kill()
    await parent.wait()

    await eventually(lambda: not any(orphan.is_running() for orphan in orphans))
