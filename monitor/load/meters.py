"""What is measured during a run: latencies in HDR histograms, and counts by name."""

from __future__ import annotations

from collections import Counter

from hdrh.histogram import HdrHistogram  # type: ignore[import-untyped]
from msgspec import Struct

# From a microsecond to an hour, three digits: 1.00 ms and 1.01 ms are told apart.
LOWEST_US = 1
HIGHEST_US = 3_600_000_000
DIGITS = 3


class LatencySummary(Struct, frozen=True):
    """Percentiles in milliseconds; None where nothing was measured."""

    count: int
    p50_ms: float | None = None
    p90_ms: float | None = None
    p99_ms: float | None = None
    p999_ms: float | None = None
    max_ms: float | None = None


class Latency:
    """A histogram of durations."""

    def __init__(self) -> None:
        self._histogram = HdrHistogram(LOWEST_US, HIGHEST_US, DIGITS)
        self._longest = 0.0

    def record(self, seconds: float) -> None:
        """Count one; what is longer than an hour counts as an hour, but is the maximum still."""
        self._longest = max(self._longest, seconds)
        self._histogram.record_value(min(max(int(seconds * 1e6), LOWEST_US), HIGHEST_US))

    def add(self, other: Latency) -> None:
        """Count all of the other's too."""
        self._histogram.add(other._histogram)
        self._longest = max(self._longest, other._longest)

    @property
    def count(self) -> int:
        """How many were recorded."""
        return int(self._histogram.get_total_count())

    def summary(self) -> LatencySummary:
        """Its percentiles; the maximum is exact."""
        if not self.count:
            return LatencySummary(0)
        p50, p90, p99, p999 = (
            # A bucket's upper end may be beyond the longest that was seen.
            min(self._histogram.get_value_at_percentile(point) / 1e3, self._longest * 1e3)
            for point in (50, 90, 99, 99.9)
        )
        points = (round(value, 3) for value in (p50, p90, p99, p999, self._longest * 1e3))
        return LatencySummary(self.count, *points)


class Meters:
    """All that one run measures.

    Latencies begin at the moment that the plan intended, not when the generator came to it: a
    server that stands still for a second is not spared what should have been sent in that second.

    Attributes:
        join_acks: Join to `joined`.
        act_acks: An answer, highlight, hand or submit to its ack.
        beat_acks: A heartbeat to its ack.
        join_sights: Join to the dashboard that shows it; each dashboard counts.
        act_sights: The same of answers, highlights, hands and submits.
        beat_sights: The same of heartbeats.
        lateness: How much later than intended the generator itself acted.
        counts: How often what happened, by name.
        errors: Everything that should not happen, by name.
        last_join_at: When the latest was let in for the first time, on our clock.
    """

    def __init__(self) -> None:
        self.join_acks = Latency()
        self.act_acks = Latency()
        self.beat_acks = Latency()
        self.join_sights = Latency()
        self.act_sights = Latency()
        self.beat_sights = Latency()
        self.lateness = Latency()
        self.counts: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.last_join_at = 0.0
