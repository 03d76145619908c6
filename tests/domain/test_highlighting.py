from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from monitor.domain import commands as c
from monitor.domain.attempt import Highlight
from monitor.domain.outcome import Outcome
from monitor.domain.rules import Rules
from tests.domain.desk import ADA, BO, TEST, Desk, later

LENGTH = len(TEST.passages[0].text)


@pytest.fixture
def desk() -> Desk:
    """A sitting that runs for ten minutes, with Ada and Bo at work."""
    desk = Desk()
    desk.begin(ADA, BO)
    return desk


def a_highlight(id_: str = "h1", **fields: Any) -> Highlight:
    return Highlight(
        **{
            "id": id_,
            "timestamp": later(0),
            "text": "a well",
            "passage_id": "p1",
            "position_start": 18,
            "position_end": 24,
            "color_code": "yellow",
            **fields,
        }
    )


def save(desk: Desk, highlight: Highlight, connection_id: str | None = "ada-1.1") -> Outcome:
    return desk.do(
        c.SaveHighlight, student_id=ADA, connection_id=connection_id, highlight=highlight
    )


def test_a_highlight_is_added_replaced_and_removed(desk: Desk) -> None:
    desk.wait(5)
    save(desk, a_highlight())
    save(desk, a_highlight("h2"))
    assert (desk.attempts[ADA].highlights, desk.attempts[ADA].last_saved_at) == (2, later(5))
    blue = a_highlight(color_code="blue", comment="old!")
    save(desk, blue)
    assert desk.attempts[ADA].highlighted_text == (blue, a_highlight("h2"))
    desk.do(c.RemoveHighlight, student_id=ADA, connection_id="ada-1.1", highlight_id="h1")
    assert desk.attempts[ADA].highlighted_text == (a_highlight("h2"),)
    assert desk.attempts[ADA].highlights == 1


def test_the_same_highlight_again_and_removing_what_is_not_there_change_nothing(
    desk: Desk,
) -> None:
    save(desk, a_highlight())
    version = desk.version
    save(desk, a_highlight())
    desk.do(c.RemoveHighlight, student_id=ADA, connection_id="ada-1.1", highlight_id="h9")
    assert desk.version == version


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"passage_id": "p9"}, "unknown_passage"),
        ({"position_start": -1}, "invalid_value"),
        ({"position_start": 24}, "invalid_value"),
        ({"position_start": 30}, "invalid_value"),
        ({"position_end": LENGTH + 1}, "invalid_value"),
        ({"text": "x" * 2001}, "too_large"),
        ({"comment": "x" * 2001}, "too_large"),
    ],
)
def test_a_highlight_that_does_not_fit_is_refused(
    desk: Desk, fields: dict[str, Any], code: str
) -> None:
    highlight = a_highlight(**fields)
    assert desk.refused(c.SaveHighlight, student_id=ADA, highlight=highlight) == code


def test_a_highlight_may_reach_to_the_passages_end(desk: Desk) -> None:
    save(desk, a_highlight(position_start=0, position_end=LENGTH, comment="x" * 2000))
    assert desk.attempts[ADA].highlights == 1


def test_beyond_the_limit_none_is_added_but_known_ones_still_change() -> None:
    desk = Desk(rules=Rules(highlights_per_attempt=2))
    desk.begin(ADA)
    save(desk, a_highlight("h1"))
    save(desk, a_highlight("h2"))
    more = a_highlight("h3")
    assert desk.refused(c.SaveHighlight, student_id=ADA, highlight=more) == "too_large"
    save(desk, a_highlight("h2", color_code="green"))


def test_a_highlight_in_time_counts_though_the_deadline_closed_the_attempt_first(
    desk: Desk,
) -> None:
    desk.wait(611)
    desk.do(c.Sweep)
    desk.do(c.SaveHighlight, student_id=ADA, highlight=a_highlight(), received_at=later(610))
    assert desk.attempts[ADA].highlights == 1


@pytest.mark.parametrize("swept", [False, True])
def test_a_highlight_that_is_late_is_refused(desk: Desk, swept: bool) -> None:
    desk.wait(611)
    if swept:
        desk.do(c.Sweep)
    fields: dict[str, Any] = {"student_id": ADA}
    assert desk.refused(c.SaveHighlight, highlight=a_highlight(), **fields) == "attempt_closed"
    assert desk.refused(c.RemoveHighlight, highlight_id="h1", **fields) == "attempt_closed"


def test_a_highlight_after_the_hand_in_or_the_cancellation_or_before_the_start_is_refused(
    desk: Desk,
) -> None:
    desk.submit(ADA)
    fields: dict[str, Any] = {"highlight": a_highlight()}
    assert desk.refused(c.SaveHighlight, student_id=ADA, **fields) == "attempt_closed"
    desk.do(c.CancelSession)
    assert desk.refused(c.SaveHighlight, student_id=BO, **fields) == "session_over"
    waiting = Desk()
    waiting.do(c.OpenSession)
    waiting.join(ADA)
    assert waiting.refused(c.SaveHighlight, student_id=ADA, **fields) == "not_started"
    for wrong in ({"passage_id": "p9"}, {"position_end": 10_000}):
        fields = {"highlight": a_highlight(**wrong)}
        assert waiting.refused(c.SaveHighlight, student_id=ADA, **fields) == "not_started"


def test_from_a_replaced_connection_a_highlight_counts_by_its_time(desk: Desk) -> None:
    save(desk, a_highlight(timestamp=later(5)))
    desk.join(ADA, "ada-2.1")
    older = save(desk, a_highlight(timestamp=later(4), color_code="blue"), "ada-1.1")
    assert older.winner is not None
    assert desk.attempts[ADA].highlighted_text[0].color_code == "yellow"
    newer = a_highlight(timestamp=later(6), color_code="green")
    assert save(desk, newer, "ada-1.1").winner is None
    assert desk.attempts[ADA].highlighted_text == (newer,)
    assert desk.attempts[ADA].student_version == desk.version


def test_the_students_own_connection_may_set_its_clock_back(desk: Desk) -> None:
    first = a_highlight(timestamp=later(5))
    save(desk, first)
    save(desk, replace(first, timestamp=later(1), comment="again"))
    assert desk.attempts[ADA].highlighted_text[0].comment == "again"


def test_from_a_replaced_connection_only_the_same_highlight_is_compared(desk: Desk) -> None:
    save(desk, a_highlight("h1", timestamp=later(5)))
    desk.join(ADA, "ada-2.1")
    save(desk, a_highlight("h2", timestamp=later(4)), "ada-1.1")
    save(desk, a_highlight("h1", timestamp=later(5), color_code="blue"), "ada-1.1")
    assert [known.color_code for known in desk.attempts[ADA].highlighted_text] == ["blue", "yellow"]


def test_when_highlights_were_last_saved_never_goes_back(desk: Desk) -> None:
    desk.wait(20)
    save(desk, a_highlight("h1"))
    desk.now = later(10)
    save(desk, a_highlight("h2"))
    assert desk.attempts[ADA].last_saved_at == later(20)
