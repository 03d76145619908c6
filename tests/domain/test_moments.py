from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, strategies as st

from monitor.domain.moments import Interval, overlap, rfc3339, to_milliseconds, without
from monitor.protocol.timestamps import parse_rfc3339
from tests.domain.desk import later

MOMENTS = st.datetimes(timezones=st.just(UTC))
INTERVALS = st.tuples(st.integers(0, 50), st.integers(1, 50)).map(
    lambda edges: Interval(later(edges[0]), later(edges[0] + edges[1]))
)


def test_a_time_is_written_in_utc_with_milliseconds() -> None:
    noon = datetime(2026, 11, 22, 12, 45, 0, 123_999, tzinfo=timezone(timedelta(hours=2)))
    assert rfc3339(noon) == "2026-11-22T10:45:00.123Z"


@given(MOMENTS)
def test_a_time_written_and_read_is_the_time_in_whole_milliseconds(moment: datetime) -> None:
    assert parse_rfc3339(rfc3339(moment)) == to_milliseconds(moment)


@given(INTERVALS, INTERVALS)
def test_what_is_within_a_window_and_what_is_outside_make_the_whole(
    interval: Interval, window: Interval
) -> None:
    inside = overlap(interval, window)
    pieces = without(interval, window)
    assert sum(p.seconds for p in pieces) + (inside.seconds if inside else 0) == interval.seconds
    assert all(overlap(piece, window) is None for piece in pieces)
