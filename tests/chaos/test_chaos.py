"""A short run of chaos on each arrangement, with limits lowered and a seed that stays."""

from __future__ import annotations

import pytest

from tests.chaos.run import Options, run
from tests.chaos.stage import Size

SMALL = Size(sittings=2, students=4, heartbeat_seconds=1.0, acts_per_second=1.5)
# One, one, and the other two at once.
SEED = 37
ON_POSTGRES = ("worker_sigkill", "redis_restart", "postgres_terminate", "links_cut")
ON_SQLITE = ("disk_full", "links_drip")


@pytest.mark.parametrize(
    ("arrangement", "faults", "strikes"),
    [("postgres", ON_POSTGRES, 3), ("sqlite", ON_SQLITE, 2)],
)
async def test_after_every_fault_every_promise_holds(
    arrangement: str, faults: tuple[str, ...], strikes: int
) -> None:
    told: list[str] = []
    options = Options(
        seed=SEED,
        arrangement=arrangement,
        strikes=strikes,
        only=faults,
        longest=1.5,
        size=SMALL,
    )

    outcome = await run(options, told.append)

    assert outcome.differences == [], "\n".join(told)
    assert outcome.struck == set(faults)
    assert outcome.acts > 0
    assert outcome.claims > 0
