from __future__ import annotations

import asyncio
import subprocess
import sys

import httpx

from monitor.cli.pauses import THRESHOLDS
from tests.support import run_server

# In a process of its own: what is frozen stays so.
PROGRAM = """
import gc
from monitor.cli.pauses import tame_collector
before = [[n] for n in range(1000)]
tame_collector()
tame_collector()
after = [[n] for n in range(1000)]
gc.collect()
from prometheus_client import REGISTRY
print(gc.isenabled(), *gc.get_threshold(), gc.get_freeze_count() > 1000, len(gc.callbacks))
print(any(one is before for one in gc.get_objects()), any(one is after for one in gc.get_objects()))
print(REGISTRY.get_sample_value("monitor_collector_pause_seconds_count", {"generation": "2"}))
"""


async def test_what_was_there_at_the_start_is_never_looked_at_again_and_pauses_are_measured() -> (
    None
):
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )

    state, alive, pauses = done.stdout.splitlines()
    assert state == f"True {' '.join(map(str, THRESHOLDS))} True 1"
    assert alive == "False True"
    # The second call's own collection, and the one asked for: each timed once.
    assert float(pauses) == 2


async def test_a_server_tells_its_pauses(sqlite_url: str) -> None:
    async with (
        run_server(database_url=sqlite_url) as server,
        httpx.AsyncClient(base_url=server.url, trust_env=False) as client,
    ):
        text = (await client.get("/metrics")).text

    assert "# TYPE monitor_collector_pause_seconds histogram" in text
