from __future__ import annotations

import pytest

from monitor.load.meters import Latency, LatencySummary
from monitor.load.server_clock import REMEMBERED_SECONDS, ServerClock, seconds_of

STAMP = "2026-11-22T08:00:00.500Z"


def test_percentiles_are_those_of_what_was_recorded() -> None:
    latency = Latency()
    for milliseconds in range(1, 1001):
        latency.record(milliseconds / 1000)

    summary = latency.summary()

    assert summary.count == 1000
    points = (summary.p50_ms, summary.p90_ms, summary.p99_ms, summary.p999_ms)
    assert points == pytest.approx((500, 900, 990, 999), rel=0.002)
    assert summary.max_ms == 1000


def test_no_percentile_is_beyond_the_longest() -> None:
    latency = Latency()
    latency.record(0.0123456)

    summary = latency.summary()

    assert summary.p999_ms == summary.max_ms == 12.346


def test_what_is_out_of_range_still_counts() -> None:
    latency = Latency()
    latency.record(-0.001)
    latency.record(7200.0)

    assert latency.count == 2
    assert latency.summary().max_ms == 7_200_000


def test_histograms_add_up() -> None:
    one, other = Latency(), Latency()
    one.record(0.001)
    other.record(0.009)

    one.add(other)

    assert (one.count, one.summary().max_ms) == (2, 9)


def test_nothing_measured_has_no_percentiles() -> None:
    assert Latency().summary() == LatencySummary(0)


def test_a_stamp_covers_what_was_sent_before_it_and_not_what_was_sent_later() -> None:
    clock = ServerClock()
    # The server is 1,000 s of our clock ahead; its answer came at once.
    clock.observe(STAMP, seconds_of(STAMP) - 1000)
    at = seconds_of(STAMP) - 1000

    assert clock.may_cover(STAMP, at - 5)
    assert clock.may_cover(STAMP, at)
    assert not clock.may_cover(STAMP, at + 0.01)
    assert clock.may_cover(STAMP, at + 0.01, tolerance_seconds=0.1)


def test_an_answer_that_took_long_teaches_nothing_wrong() -> None:
    clock = ServerClock()
    at = seconds_of(STAMP) - 1000
    clock.observe(STAMP, at)

    clock.observe(STAMP, at + 5)

    assert not clock.may_cover(STAMP, at + 1)


def test_what_was_learned_long_ago_is_forgotten() -> None:
    clock = ServerClock()
    clock.observe(STAMP, seconds_of(STAMP) - 1000)
    for turn in (1, 2):
        # Meanwhile the server's clock was set back by a second.
        clock.observe(STAMP, seconds_of(STAMP) - 999 + turn * (REMEMBERED_SECONDS + 1))

    assert clock.least < 999


def test_before_any_answer_everything_may_be() -> None:
    assert ServerClock().may_cover(STAMP, 1e12)
