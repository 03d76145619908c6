from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from monitor.domain import commands as c
from monitor.domain.event import EventType
from monitor.domain.moments import seconds_between
from tests.domain.desk import ADA, Desk, later


@pytest.fixture
def desk() -> Desk:
    """A sitting that runs, with Ada at work."""
    desk = Desk()
    desk.begin(ADA)
    return desk


def look(desk: Desk, at: float, is_visible: bool) -> None:
    desk.now = later(at)
    desk.do(c.SetVisibility, student_id=ADA, connection_id="ada-1.1", is_visible=is_visible)


def history(desk: Desk) -> list[tuple[str, float]]:
    """What the history says, and after how many seconds."""
    kinds = (EventType.HIDDEN, EventType.VISIBLE)
    return [
        (event.type.value, seconds_between(later(0), event.at))
        for event in desk.events
        if event.type in kinds
    ]


def test_looking_away_is_counted_and_written_down(desk: Desk) -> None:
    look(desk, 10, False)
    assert (desk.attempts[ADA].visible, desk.attempts[ADA].hidden_count) == (False, 1)
    look(desk, 12, True)
    assert (desk.attempts[ADA].visible, desk.attempts[ADA].hidden_count) == (True, 1)
    assert history(desk) == [("hidden", 10), ("visible", 12)]
    assert desk.of_type(EventType.VISIBLE)[0].data == {"hidden_at": "2026-11-22T12:00:10.000Z"}


def test_a_heartbeat_may_say_so_too(desk: Desk) -> None:
    desk.beat(ADA, is_visible=False)
    assert desk.attempts[ADA].hidden_count == 1
    desk.beat(ADA, is_visible=False)
    assert desk.attempts[ADA].hidden_count == 1
    desk.beat(ADA, is_visible=True)
    assert desk.attempts[ADA].visible


def test_saying_what_is_known_changes_nothing(desk: Desk) -> None:
    look(desk, 0, True)
    assert history(desk) == []
    assert desk.changed is not None
    assert not desk.changed


def test_in_the_waiting_room_looking_away_is_neither_counted_nor_written_down() -> None:
    desk = Desk()
    desk.do(c.OpenSession)
    desk.join(ADA)
    look(desk, 1, False)
    desk.do(c.StartSession)
    look(desk, 5, True)
    assert desk.attempts[ADA].hidden_count == 0
    assert desk.attempts[ADA].visible
    assert history(desk) == []


def test_one_pair_is_written_down_in_five_seconds_and_all_are_counted(desk: Desk) -> None:
    for at in (10, 11, 12, 13, 14):
        look(desk, at, False)
        look(desk, at + 0.5, True)
    assert desk.attempts[ADA].hidden_count == 5
    assert history(desk) == [("hidden", 10), ("visible", 10.5)]
    look(desk, 15, False)
    assert history(desk)[2:] == [("hidden", 15)]


def test_a_long_look_away_is_in_the_history_though_its_begin_was_too_soon(desk: Desk) -> None:
    look(desk, 10, False)
    look(desk, 11, True)
    look(desk, 12, False)
    look(desk, 300, True)
    assert history(desk) == [("hidden", 10), ("visible", 11), ("visible", 300)]
    last = desk.of_type(EventType.VISIBLE)[-1]
    assert last.data == {"hidden_at": "2026-11-22T12:00:12.000Z"}


@given(st.lists(st.tuples(st.integers(0, 9000), st.booleans()), max_size=40))
def test_however_a_page_flickers_the_history_holds_a_pair_in_five_seconds_at_most(
    flicker: list[tuple[int, bool]],
) -> None:
    desk = Desk()
    desk.begin(ADA)
    at, hidden = 0, 0
    for wait, is_visible in flicker:
        at += wait
        hidden += desk.attempts[ADA].visible and not is_visible
        look(desk, at / 1000, is_visible)
    assert desk.attempts[ADA].hidden_count == hidden
    begun = []
    before = ""
    for kind, when in history(desk):
        if not (kind == "visible" and before == "hidden"):
            begun.append(when)
        before = kind
    assert all(round(later_ - earlier, 3) >= 5 for earlier, later_ in pairwise(begun))
