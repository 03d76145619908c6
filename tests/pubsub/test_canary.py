"""The canary's bookkeeping."""

from __future__ import annotations

from monitor.pubsub.canary import Canary


def test_it_is_not_alive_before_the_first_comes_back() -> None:
    canary = Canary(missed_seconds=2)
    assert not canary.alive(0)
    canary.sent(0)
    assert not canary.alive(0)
    canary.back(0.1)
    assert canary.alive(0.1)


def test_it_is_alive_while_each_comes_back_in_time() -> None:
    canary = Canary(missed_seconds=2)
    for second in range(10):
        canary.sent(second)
        canary.back(second + 1.5)
        assert canary.alive(second + 1.5)
        assert not canary.missed(second + 1.5)


def test_one_that_does_not_come_back_in_time_is_missed() -> None:
    canary = Canary(missed_seconds=2)
    canary.sent(0)
    canary.back(0.1)
    canary.sent(1)
    assert not canary.missed(3)
    assert canary.missed(3.1)
    assert not canary.alive(3.1)


def test_sending_more_does_not_hide_the_one_that_is_missed() -> None:
    canary = Canary(missed_seconds=2)
    for second in range(4):
        canary.sent(second)
    assert canary.missed(3)


def test_when_none_was_sent_for_long_nothing_is_known_to_arrive() -> None:
    canary = Canary(missed_seconds=2)
    canary.sent(0)
    canary.back(0.1)
    assert canary.alive(3)
    assert not canary.alive(3.2)


def test_after_its_death_it_lives_again_with_the_next_that_comes_back() -> None:
    canary = Canary(missed_seconds=2)
    canary.sent(0)
    canary.back(0.1)
    canary.died()
    assert not canary.alive(0.2)
    assert not canary.missed(10)
    canary.sent(10)
    canary.back(10.1)
    assert canary.alive(10.1)
