from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from monitor.load.dashboard import DashboardClient
from tests.cli.refusals import refusal
from tests.support import eventually, run_monitor, run_server, unused_port
from tests.support.live_school import live_school
from tests.support.server import monitor_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "a-secret-of-more-than-thirty-two-characters"


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which something else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


async def test_it_prints_one_line_on_stdout_when_it_is_ready(empty_sqlite_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "monitor", "serve", "--port", "0"),
        env=monitor_environment({"DATABASE_URL": empty_sqlite_url}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    url = line.removeprefix("Monitor is listening on ").strip()

    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        answer = await client.get("/readyz")
        await client.get("/healthz")
    process.terminate()
    rest, errors = await asyncio.wait_for(process.communicate(), 15)

    assert url.startswith("http://127.0.0.1:")
    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert rest == b""
    assert process.returncode == 0
    # No line for a request: a school makes thousands.
    assert b"healthz" not in errors


async def test_a_taken_port_is_told(taken_port: int, sqlite_url: str) -> None:
    done = await run_monitor(
        "serve", "--port", str(taken_port), settings={"DATABASE_URL": sqlite_url}
    )

    assert refusal(done, 3) == (
        f"Port {taken_port} on 127.0.0.1 is taken. Stop what listens there, "
        "or choose another with --port (0 for any free one)."
    )


async def test_a_second_server_on_the_port_of_the_first_is_refused(sqlite_url: str) -> None:
    async with run_server(database_url=sqlite_url) as server:
        done = await run_monitor(
            "serve", "--port", str(server.port), settings={"DATABASE_URL": sqlite_url}
        )

        assert f"Port {server.port} on 127.0.0.1 is taken." in refusal(done, 3)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "256.1.1.1"])
async def test_an_address_that_is_not_ours_is_told(host: str, sqlite_url: str) -> None:
    done = await run_monitor(
        "serve", "--host", host, "--port", "0", settings={"DATABASE_URL": sqlite_url}
    )

    assert refusal(done, 3).startswith(f"Cannot listen on {host}: ")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"REDIS_URL": "redis://127.0.0.1:1/0"},
        {"DATABASE_URL": "postgresql://m@127.0.0.1:1/m", "SECRET_KEY": SECRET},
    ],
)
async def test_several_workers_need_postgresql_and_redis(settings: dict[str, str]) -> None:
    sentence = refusal(await run_monitor("serve", "--workers", "2", settings=settings), 2)

    assert sentence == (
        "2 workers need PostgreSQL (MONITOR_DATABASE_URL) and Redis (MONITOR_REDIS_URL), "
        "because SQLite and the in-memory broker belong to one process."
    )


async def test_postgresql_without_a_secret_is_refused(postgres_url: str) -> None:
    done = await run_monitor("serve", "--port", "0", settings={"DATABASE_URL": postgres_url})

    assert refusal(done, 2).startswith("MONITOR_SECRET_KEY is missing.")


async def test_postgresql_is_never_migrated_by_itself(empty_postgres_url: str) -> None:
    settings = {"DATABASE_URL": empty_postgres_url, "SECRET_KEY": SECRET}

    done = await run_monitor("serve", "--port", "0", settings=settings)

    assert "monitor migrate" in refusal(done, 5)


async def test_a_database_that_is_away_is_told() -> None:
    settings = {
        "DATABASE_URL": f"postgresql://monitor:pa55word@127.0.0.1:{unused_port()}/monitor",
        "SECRET_KEY": SECRET,
    }

    sentence = refusal(await run_monitor("serve", "--port", "0", settings=settings), 4)

    assert sentence.startswith("Cannot reach the database ")
    assert "pa55word" not in sentence


@pytest.mark.parametrize("path", ["/proc/monitor.db", "/nowhere/monitor.db"])
async def test_a_file_that_cannot_be_written_is_told(path: str) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{path}"}

    sentence = refusal(await run_monitor("serve", "--port", "0", settings=settings), 4)

    assert path in sentence


async def test_a_database_of_nothing_but_memory_is_refused() -> None:
    done = await run_monitor("serve", settings={"DATABASE_URL": "sqlite:///:memory:"})

    assert "give SQLite a file" in refusal(done, 2)


async def test_an_empty_sqlite_file_is_migrated_and_an_old_one_too(empty_sqlite_url: str) -> None:
    settings = {"DATABASE_URL": empty_sqlite_url}
    await run_monitor("migrate", "--to", "5cbeb33460e3", settings=settings)

    async with run_server(database_url=empty_sqlite_url):
        pass

    assert (await run_monitor("migrate", "--check", settings=settings)).returncode == 0


async def test_proxies_are_believed_only_when_they_are_trusted(sqlite_url: str) -> None:
    for trusted, scheme in [("127.0.0.1", "https"), ("192.0.2.1", "http")]:
        settings = {"TRUSTED_PROXIES": trusted}
        async with (
            run_server(database_url=sqlite_url, settings=settings) as server,
            live_school(server.url, sqlite_url) as school,
            httpx.AsyncClient(base_url=server.url, trust_env=False) as client,
        ):
            answer = await client.post(
                f"/api/sessions/{school.session_id}/links",
                headers={
                    "Authorization": f"Bearer {school.teacher.token}",
                    "X-Forwarded-Proto": "https",
                },
            )

            assert answer.json()["items"][0]["url"].startswith(f"{scheme}://")


async def test_few_open_files_are_told_with_the_number_needed(sqlite_url: str) -> None:
    command = f"ulimit -n 400; exec {sys.executable} -m monitor serve --port 0"
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", command),
        env=monitor_environment({"DATABASE_URL": sqlite_url, "LOG_FORMAT": "json"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), 30)
    process.terminate()
    _, errors = await asyncio.wait_for(process.communicate(), 15)

    [line] = [line for line in errors.decode().splitlines() if "open files" in line]
    told = json.loads(line)
    assert told["level"] == "warning"
    assert (told["allowed"], told["enough_for"]) == (400, 300)
    assert told["hint"] == "ulimit -n 2100 for 2000"


async def test_the_soft_limit_of_open_files_is_raised(sqlite_url: str) -> None:
    command = f"ulimit -Sn 400; exec {sys.executable} -m monitor serve --port 0"
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", command),
        env=monitor_environment({"DATABASE_URL": sqlite_url}),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), 30)

    limits = await asyncio.to_thread(Path(f"/proc/{process.pid}/limits").read_text)
    process.terminate()
    await asyncio.wait_for(process.wait(), 15)

    [line] = [line for line in limits.splitlines() if line.startswith("Max open files")]
    soft, hard = line.split()[3:5]
    assert soft == hard != "400"


async def test_ctrl_c_ends_it_cleanly(sqlite_url: str) -> None:
    async with run_server(database_url=sqlite_url) as server:
        os.kill(server.pid, signal.SIGINT)

        assert await server.wait(timeout=10) == 0


async def test_a_drain_that_cannot_end_is_cut_short(sqlite_url: str) -> None:
    settings = {"DRAIN_SECONDS": "0.5"}
    async with (
        run_server(database_url=sqlite_url, settings=settings) as server,
        live_school(server.url, sqlite_url) as school,
    ):
        with _locked(sqlite_url):
            asked = asyncio.create_task(school.command("open"))
            await asyncio.wait({asked}, timeout=0.3)
            server.terminate()

            assert await server.wait(timeout=15) == 0
        await asyncio.gather(asked, return_exceptions=True)


async def test_while_it_drains_it_is_not_ready_and_a_second_signal_ends_it_at_once(
    sqlite_url: str,
) -> None:
    async with (
        run_server(database_url=sqlite_url, settings={"DRAIN_SECONDS": "60"}) as server,
        live_school(server.url, sqlite_url) as school,
        httpx.AsyncClient(base_url=server.url, trust_env=False) as client,
    ):
        with _locked(sqlite_url):
            asked = asyncio.create_task(school.command("open"))
            await asyncio.wait({asked}, timeout=0.3)
            server.terminate()

            async def is_not_ready() -> bool:
                return (await client.get("/readyz")).status_code == 503

            await eventually(is_not_ready)
            assert server.running
            server.terminate()

            assert await server.wait(timeout=2) == 128 + signal.SIGTERM
        await asyncio.gather(asked, return_exceptions=True)


class _locked:
    """Someone else holds SQLite's write lock."""

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_: object) -> None:
        self._connection.close()


async def test_what_waits_for_its_commit_is_acked_before_the_goodbye(sqlite_url: str) -> None:
    # Heartbeats alone would wait a minute: only the drain is in a hurry.
    settings = {"HEARTBEAT_SECONDS": "1", "HEARTBEAT_WINDOW_MS": "60000"}
    async with (
        run_server(database_url=sqlite_url, settings=settings) as server,
        live_school(server.url, sqlite_url) as school,
    ):
        await school.command("open")
        async with await school.student(0) as student:
            await eventually(lambda: student.heartbeats_waiting)
            assert student.heartbeats_acked == 0

            server.terminate()
            await student.until(lambda: student.heartbeats_acked)

            assert student.closes.total() == 0
            assert await server.wait() == 0
            assert student.closes[4001] >= 1


async def test_who_comes_while_it_drains_is_sent_away_for_a_moment(sqlite_url: str) -> None:
    async with (
        run_server(database_url=sqlite_url, settings={"DRAIN_SECONDS": "3"}) as server,
        live_school(server.url, sqlite_url) as school,
    ):
        await school.command("open")
        with _locked(sqlite_url):
            asked = asyncio.create_task(school.command("start"))
            await asyncio.wait({asked}, timeout=0.3)
            server.terminate()
            await eventually(lambda: "draining" in server.logs())

            async with DashboardClient(server.url, school.teacher.token or "") as late:
                await eventually(lambda: late.closes[4001])

            assert late.connections == 0
            assert late.ends[0].after_seconds is not None
            assert 0 <= late.ends[0].after_seconds <= 7.5
        await server.wait()
        await asyncio.gather(asked, return_exceptions=True)


async def test_it_starts_without_its_redis_which_only_makes_it_quicker(sqlite_url: str) -> None:
    away = f"redis://127.0.0.1:{unused_port()}/0"
    async with (
        run_server(database_url=sqlite_url, redis_url=away) as server,
        live_school(server.url, sqlite_url) as school,
        school.dashboard() as dashboard,
    ):
        await school.command("open")

        await dashboard.until(
            lambda: (
                dashboard.sittings[school.session_id].session.status == "WAITING_FOR_STUDENTS"
                if school.session_id in dashboard.sittings
                else False
            )
        )
