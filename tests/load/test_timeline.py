from __future__ import annotations

from time import monotonic

import pytest

from monitor.load.meters import Latency
from monitor.load.timeline import AT_ONCE, Timeline


async def test_everything_is_done_in_its_order_with_the_time_it_was_meant_for() -> None:
    lateness, done = Latency(), list[tuple[str, float]]()
    timeline, start = Timeline(lateness), monotonic()

    def once(name: str) -> None:
        timeline.put(start + int(name) / 100, lambda at: done.append((name, at)))

    for name in "312":
        once(name)
    await timeline.run(start + 0.05)

    assert [name for name, _ in done] == ["1", "2", "3"]
    assert [at for _, at in done] == pytest.approx([start + 0.01, start + 0.02, start + 0.03])
    assert lateness.count == 3
    assert monotonic() >= start + 0.05


async def test_what_comes_again_keeps_its_rhythm_and_misses_no_turn_however_late() -> None:
    turns: list[float] = []
    start = monotonic() - 1
    timeline = Timeline(Latency())

    def again(at: float) -> float:
        turns.append(at - start)
        return at + 0.005

    timeline.put(start, again)
    await timeline.run(start + 0.9975)

    # A second too late from the beginning, and still every one of them.
    assert len(turns) == 200 > AT_ONCE
    assert turns == pytest.approx([number * 0.005 for number in range(200)], abs=1e-6)


async def test_what_is_due_later_stays_for_the_next_call() -> None:
    done: list[float] = []
    timeline, start = Timeline(Latency()), monotonic()
    timeline.put(start + 0.04, done.append)

    await timeline.run(start + 0.02)
    assert done == []
    await timeline.run(start + 0.05)

    assert len(done) == 1
