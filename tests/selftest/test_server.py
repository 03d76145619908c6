"""The real server can be killed, frozen, drained and brought back on its port."""

from __future__ import annotations

import httpx
import psutil
import pytest

from tests.support import eventually, run_monitor, run_server, unused_port


async def _is_healthy(url: str) -> bool:
    async with httpx.AsyncClient(timeout=0.5) as client:
        return (await client.get(f"{url}/healthz")).status_code == 200


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_a_killed_server_comes_back_on_its_port(sqlite_url: str) -> None:
    async with run_server(database_url=sqlite_url) as server:
        assert await _is_healthy(server.url)
        url = server.url
        server.kill()
        assert not server.running
        with pytest.raises(httpx.ConnectError):
            await _is_healthy(url)
        await server.restart()

        assert server.url == url
        assert await _is_healthy(url)


async def test_a_stopped_server_answers_nothing_until_it_goes_on(sqlite_url: str) -> None:
    async with run_server(database_url=sqlite_url) as server:
        server.stop()
        with pytest.raises(httpx.TimeoutException):
            await _is_healthy(server.url)
        server.cont()

        assert await eventually(lambda: _is_healthy(server.url))


async def test_a_terminated_server_ends_well(sqlite_url: str) -> None:
    async with run_server(database_url=sqlite_url) as server:
        server.terminate()

        assert await server.wait() == 0


async def test_a_server_that_does_not_start_says_why(sqlite_url: str) -> None:
    with pytest.raises(
        AssertionError, match=r"exit code 2\nThe server's last words:\n.*MONITOR_LOG_LEVEL"
    ):
        async with run_server(database_url=sqlite_url, settings={"LOG_LEVEL": "NO_SUCH_LEVEL"}):
            pass


async def test_an_error_in_the_block_tells_the_servers_last_words(sqlite_url: str) -> None:
    with pytest.raises(RuntimeError) as caught:
        async with run_server(database_url=sqlite_url):
            raise RuntimeError("broken")

    assert "Monitor is listening on" in "".join(caught.value.__notes__)


async def test_the_port_asked_for_is_the_port(sqlite_url: str) -> None:
    port = unused_port()
    async with run_server(database_url=sqlite_url, port=port) as server:
        assert server.url == f"http://127.0.0.1:{port}"


async def test_a_kill_takes_the_workers_along(postgres_url: str, redis_url: str) -> None:
    async with run_server(database_url=postgres_url, redis_url=redis_url, workers=2) as server:
        workers = server.worker_pids()
        assert len(workers) >= 2
        server.kill()

        assert not [pid for pid in workers if _lives(pid)]
        await server.restart()
        assert await _is_healthy(server.url)


async def test_any_command_runs_to_its_end() -> None:
    done = await run_monitor("--help")

    assert done.returncode == 0
    assert "serve" in done.stdout
