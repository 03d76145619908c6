"""The rest between commits: its share, what may be put off, and that one long work is forgiven."""

from __future__ import annotations

import pytest

from monitor.live.rest import AHEAD_SECONDS, Rest


def test_a_few_in_a_row_need_no_rest_until_what_was_put_off_is_too_much() -> None:
    rest = Rest(4, 0.05)
    now, waits = 10.0, []
    for _ in range(40):
        began, now = now, now + 0.004
        rested_at = rest.after(began, now)
        waits.append(rested_at - now)
        now = rested_at
    without = int(AHEAD_SECONDS / (4 * 0.004))
    assert waits[:without] == [0.0] * without
    assert waits[without] > 0.0
    # In the long run it works a fifth of the time.
    assert waits[-10:] == pytest.approx([4 * 0.004] * 10)


def test_a_quiet_while_is_rest() -> None:
    rest = Rest(4, 0.05)
    now = 10.0
    for _ in range(1_000):
        assert rest.after(now, now + 0.005) == now + 0.005
        now += 5 * 0.005


def test_work_that_took_no_time_is_counted_all_the_same() -> None:
    rest = Rest(4, 0.05)
    assert rest.after(10.0, 10.0) == 10.0
    rested_at = [rest.after(10.0, 10.0) for _ in range(30)]
    assert rested_at[-1] == pytest.approx(10.0 + 0.05)


def test_an_outage_is_not_rested_from_longer_than_the_longest() -> None:
    rest = Rest(4, 0.05)
    assert rest.after(10.0, 100.0) == pytest.approx(100.05)
    assert rest.after(100.3, 100.305) == 100.305


def test_none_means_none() -> None:
    rest = Rest(0, 0.05)
    assert [rest.after(now, now + 1) for now in (1.0, 2.0, 3.0)] == [2.0, 3.0, 4.0]
