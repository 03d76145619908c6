"""The process's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor import clock as module
from monitor.clock import Clock

NOW_NS = 1_795_000_000_123_456_789
NOW = datetime.fromtimestamp(1_795_000_000, UTC) + timedelta(milliseconds=123)


@pytest.fixture
def time_ns(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """This machine's time, in a list of one."""
    now = [NOW_NS]
    monkeypatch.setattr(module, "time_ns", lambda: now[0])
    return now


def test_time_is_told_in_whole_milliseconds_and_goes_on(time_ns: list[int]) -> None:
    clock = Clock()
    assert clock.now() == NOW
    time_ns[0] += 500_000
    assert clock.now() == NOW
    time_ns[0] += 100_000
    assert clock.now() == NOW + timedelta(milliseconds=1)
    time_ns[0] -= 5_000_000
    assert clock.now() == NOW - timedelta(milliseconds=4)


def test_another_offset_counts_at_once(time_ns: list[int]) -> None:
    clock = Clock()
    assert clock.now() == NOW
    clock.offset = timedelta(hours=-1, milliseconds=7)
    assert clock.now() == NOW - timedelta(hours=1) + timedelta(milliseconds=7)
