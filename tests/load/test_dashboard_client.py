from __future__ import annotations

import random
from typing import Any

import msgspec

from monitor.load.dashboard import DashboardClient
from tests.load.scripted_server import NOW, Link, ScriptedServer, scripted_server
from tests.load.test_sitting_view import SESSION
from tests.support import eventually

AUTHENTICATED: dict[str, Any] = {
    "type": "authenticated",
    "user": {"id": "u1", "email": None, "name": "Ms Teacher", "role": "TEACHER"},
    "server_time": NOW,
    "heartbeat_seconds": 5,
    "lease_seconds": 15,
    "expires_at": NOW,
}


class _Soon(random.Random):
    def uniform(self, a: float, b: float) -> float:
        return 0.0


def _dashboard(server: ScriptedServer) -> DashboardClient:
    return DashboardClient(server.url, "token", dice=_Soon())


def _snapshot(version: int, epoch: str = "e1") -> dict[str, Any]:
    return {
        "type": "snapshot",
        "session_id": "s1",
        "version": version,
        "epoch": epoch,
        "server_time": NOW,
        "session": msgspec.to_builtins(SESSION),
        "participants": [],
        "attempts": [],
        "students": [],
        "messages": [],
    }


def _change(from_version: int, version: int) -> dict[str, Any]:
    return {
        "type": "change",
        "session_id": "s1",
        "from_version": from_version,
        "version": version,
        "server_time": NOW,
    }


async def _watched(server: ScriptedServer, dashboard: DashboardClient, number: int = 1) -> Link:
    """Connection `number`, let in, when it has sent its watch."""
    dashboard.watch("s1")
    link = await server.link(number)
    await link.first("authenticate")
    await link.send(**AUTHENTICATED)
    await link.first("watch")
    return link


async def test_a_sitting_is_watched_from_its_snapshot_over_every_change() -> None:
    async with scripted_server() as server, _dashboard(server) as dashboard:
        link = await _watched(server, dashboard)
        await link.send(**_snapshot(3))
        await link.send(**_change(3, 5))

        await dashboard.until(lambda: dashboard.changes == 1)

        assert dashboard.sittings["s1"].version == 5
        assert "version" not in link.of("watch")[0] or link.of("watch")[0]["version"] is None


async def test_after_a_lost_connection_it_asks_for_what_it_missed() -> None:
    async with scripted_server() as server, _dashboard(server) as dashboard:
        link = await _watched(server, dashboard)
        await link.send(**_snapshot(3))
        await dashboard.until(lambda: dashboard.snapshots)
        link.socket.transport.abort()

        again = await _watched(server, dashboard, 2)
        await again.send(**_change(3, 9))

        await dashboard.until(lambda: dashboard.sittings["s1"].version == 9)
        [watch] = again.of("watch")
        assert (watch["version"], watch["epoch"]) == (3, "e1")
        assert dashboard.snapshots == 1


async def test_a_change_that_skips_a_version_is_a_fault() -> None:
    async with scripted_server() as server, _dashboard(server) as dashboard:
        link = await _watched(server, dashboard)
        await link.send(**_snapshot(3))
        await link.send(**_change(4, 5))

        await dashboard.until(lambda: dashboard.faults)

        assert dashboard.sittings["s1"].version == 3


async def test_a_snapshot_that_leads_back_is_a_fault_unless_the_epoch_changed() -> None:
    async with scripted_server() as server, _dashboard(server) as dashboard:
        link = await _watched(server, dashboard)
        await link.send(**_snapshot(9))
        await link.send(**_snapshot(2, epoch="e2"))
        await dashboard.until(lambda: dashboard.snapshots == 2)
        assert dashboard.faults == []

        await link.send(**_snapshot(1, epoch="e2"))

        await dashboard.until(lambda: dashboard.faults)


async def test_a_refused_watch_is_not_asked_for_again() -> None:
    async with scripted_server() as server, _dashboard(server) as dashboard:
        link = await _watched(server, dashboard)
        await link.send(
            type="error", code="forbidden", message="no", temporary=False, session_id="s1"
        )
        await dashboard.until(lambda: dashboard.refused)
        link.socket.transport.abort()

        again = await server.link(2)
        await again.send(**AUTHENTICATED)
        await dashboard.until(lambda: dashboard.is_connected)

        assert again.of("watch") == []


async def test_it_is_live_only_while_the_server_has_verified_it_lately() -> None:
    async with scripted_server() as server, _dashboard(server) as dashboard:
        link = await _watched(server, dashboard)
        await link.send(**_snapshot(3))
        pulse = {"session_id": "s1", "version": 3, "heartbeats": 0, "verified_at": NOW}
        await dashboard.until(lambda: dashboard.snapshots)
        assert not dashboard.is_live("s1")

        await link.send(type="pulse", server_time=NOW, epoch="e1", sessions=[pulse])
        await dashboard.until(lambda: dashboard.is_live("s1"))

        later = NOW.replace("00:01", "00:05")
        await link.send(type="pulse", server_time=later, epoch="e1", sessions=[pulse])
        await dashboard.until(lambda: not dashboard.is_live("s1"))


async def test_who_is_sent_away_at_once_still_reads_when_to_come_back() -> None:
    async with scripted_server() as server:
        server.greeting = {
            "type": "bye",
            "code": 4001,
            "reason": "draining",
            "reconnect": True,
            "after_ms": 60_000,
        }
        async with _dashboard(server) as dashboard:
            await eventually(lambda: dashboard.closes[4001])

            assert dashboard.ends[0].after_seconds == 60
