from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

import httpx
import psutil

from monitor.cli import demo
from monitor.load.rest import RestClient
from monitor.load.student import StudentClient
from tests.cli.refusals import refusal
from tests.support import eventually, run_monitor, run_server
from tests.support.server import monitor_environment

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator
    from pathlib import Path


class RunningDemo:
    """A `monitor demo` and what it has printed until the first sitting began."""

    def __init__(self, process: asyncio.subprocess.Process, text: str) -> None:
        self.process = process
        self.text = text

    def found(self, pattern: str) -> str:
        """The first group of what matches in the text."""
        match = re.search(pattern, self.text)
        assert match, self.text
        return match[1]

    @property
    def url(self) -> str:
        """Its address."""
        return self.found(r"Monitor is listening on (\S+)")

    async def stop(self) -> int:
        """Its exit code after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return await asyncio.wait_for(self.process.wait(), 15)


@asynccontextmanager
async def _demo(data: Path, *arguments: str) -> AsyncIterator[RunningDemo]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "monitor", "demo", "--port", "0", "--data", str(data)),
        *("--seed", "3", *arguments),
        env=monitor_environment({"REDIS_URL": "redis://127.0.0.1:1/0"}),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        text = ""
        async with asyncio.timeout(40):
            while "or type the code" not in text:
                line = (await process.stdout.readline()).decode()
                assert line, text
                text += line
        yield RunningDemo(process, text)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_it_prints_all_that_a_visitor_needs(tmp_path: Path) -> None:
    async with _demo(tmp_path / "demo") as running:
        async with httpx.AsyncClient(base_url=running.url, trust_env=False) as browser:
            page = await browser.get("/")
            board = await browser.get(running.found(r"A sitting begins: http://[^/]+(\S+)"))
        async with RestClient(running.url) as teacher:
            email = running.found(r"e-mail +(\S+)")
            await teacher.login(email, running.found(r"password +(\S+)"))
        async with RestClient(running.url) as guest:
            token = await guest.login_link(running.found(r"/join#(\S+)"))
            await guest.login_link(running.found(r"code (\S+) at"))

        assert page.status_code == board.status_code == 200
        assert teacher.user is not None
        assert teacher.user["role"] == "TEACHER"
        session_id = running.found(r"/sittings/(\S+)")
        async with StudentClient(running.url, token, session_id) as visitor:
            await visitor.until(lambda: visitor.attempt)
        children = psutil.Process(running.process.pid).children(recursive=True)

        assert await running.stop() == 0
        assert not any(child.is_running() for child in children)


async def test_a_second_run_goes_on_with_the_same_school(tmp_path: Path) -> None:
    for number, fresh in [(1, ()), (2, ()), (1, ("--fresh",))]:
        async with _demo(tmp_path, *fresh) as running:
            async with RestClient(running.url) as teacher:
                await teacher.login(demo.TEACHER, demo.PASSWORD)
                sittings = [one async for one in teacher.all("/api/sessions")]
                classes = [one async for one in teacher.all("/api/classes")]

            assert len(classes) == 1
            assert len(sittings) == number
            # What the first run left open is over.
            over = [one for one in sittings if one["status"] in {"COMPLETED", "CANCELLED"}]
            assert len(over) == number - 1
            assert await running.stop() == 0


async def test_a_new_password_holds_at_the_next_start(tmp_path: Path) -> None:
    for password in ("first-password", "second-password"):
        async with _demo(tmp_path, "--password", password) as running:
            async with RestClient(running.url) as teacher:
                await teacher.login(demo.TEACHER, password)
            assert await running.stop() == 0


async def test_when_its_server_dies_another_takes_over_and_the_show_goes_on(
    tmp_path: Path,
) -> None:
    async with _demo(tmp_path, "--speed", "30") as running:
        [server] = psutil.Process(running.process.pid).children()
        server.kill()

        async def answers() -> bool:
            async with httpx.AsyncClient(base_url=running.url, trust_env=False) as browser:
                return (await browser.get("/readyz")).status_code == 200

        await eventually(answers, timeout=20)
        assert await running.stop() == 0


async def test_a_taken_port_is_told(sqlite_url: str, tmp_path: Path) -> None:
    async with run_server(database_url=sqlite_url) as server:
        done = await run_monitor("demo", "--port", str(server.port), "--data", str(tmp_path))

        assert f"Port {server.port} on 127.0.0.1 is taken." in refusal(done, 3)


async def test_a_directory_that_cannot_be_made_is_told() -> None:
    done = await run_monitor("demo", "--data", "/proc/demo")

    assert "/proc/demo" in refusal(done, 2)


def test_the_well_known_password_is_for_this_machine_only() -> None:
    class Listener:
        def __init__(self, host: str) -> None:
            self.host = host

        def getsockname(self) -> tuple[str, int]:
            return self.host, 8000

    assert [
        demo._is_loopback(cast("socket.socket", Listener(host)))
        for host in ("127.0.0.1", "::1", "0.0.0.0", "192.0.2.7")
    ] == [True, True, False, False]
