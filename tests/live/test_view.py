"""The view: a state that was, at every moment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.live.view import View
from monitor.protocol.publication import Publication
from tests.live.model import DOINGS, ModelSession, random_commits
from tests.live.reading import shown


def newer(model: ModelSession, version: int) -> dict[str, Any]:
    """What changed after a version, found by looking at everything."""
    return {
        "session": model.session if model.session_version > version else None,
        "students": model.roster if model.roster_version > version else None,
        "participants": {p.student_id for p in model.participants.values() if p.version > version},
        "attempts": {a for a, it in model.attempts.items() if it.item.version > version},
        "messages": {m.id for m in model.messages.values() if m.version > version},
    }


def test_a_view_of_a_session_that_nothing_was_done_to_is_whole() -> None:
    model = ModelSession()

    view = View(model.state_since(0))

    assert (view.version, shown(view)) == (0, model.state())


def test_the_next_publication_moves_the_view_to_its_version() -> None:
    model = ModelSession()
    view = View(model.state_since(0))

    assert view.apply(model.commit("join", "event"))

    assert (view.version, shown(view)) == (1, model.state())


def test_an_older_a_repeated_and_a_further_publication_change_nothing() -> None:
    model = ModelSession()
    first = model.commit("join")
    view = View(model.state_since(0))
    before = shown(view)
    model.commit("message")
    ahead = model.commit("session")

    assert not view.apply(first)
    assert not view.apply(ahead)

    assert (view.version, shown(view)) == (1, before)


def test_a_bare_version_moves_nothing() -> None:
    view = View(ModelSession().state_since(0))

    assert not view.apply(Publication(session_id="sitting", version=1))

    assert view.version == 0


def test_a_view_cannot_begin_with_part_of_a_state() -> None:
    model = ModelSession()
    model.commit("join")

    with pytest.raises(ValueError, match="whole"):
        View(model.state_since(1))


def test_a_state_of_another_epoch_or_from_a_version_never_reached_is_no_continuation() -> None:
    model = ModelSession()
    view = View(model.state_since(0))
    random_commits(model, 3)

    with pytest.raises(ValueError, match="continue"):
        view.load(model.state_since(2))
    model.change_epoch("epoch 1")
    with pytest.raises(ValueError, match="continue"):
        view.load(model.state_since(0))


def test_a_state_that_the_view_has_passed_meanwhile_changes_nothing() -> None:
    model = ModelSession()
    view = View(model.state_since(0))
    publications = random_commits(model, 2)
    read_early = model.state_since(0)
    publications += random_commits(model, 3, seed=1)
    for publication in publications:
        view.apply(publication)

    assert not view.load(read_early)

    assert (view.version, shown(view)) == (5, model.state())


def test_a_state_read_from_an_earlier_version_still_brings_the_view_forward() -> None:
    model = ModelSession()
    view = View(model.state_since(0))
    publications = random_commits(model, 4)
    for publication in publications[:2]:
        view.apply(publication)

    assert view.load(model.state_since(0))

    assert (view.version, shown(view)) == (4, model.state())


def test_events_that_a_publication_brought_are_not_brought_again_by_a_state() -> None:
    model = ModelSession()
    view = View(model.state_since(0))
    view.apply(model.commit("event"))
    model.commit("events")

    view.load(model.state_since(0))

    assert view.newer_than(0).events == model.events


@given(
    commits=st.lists(
        st.tuples(st.lists(st.sampled_from(DOINGS), min_size=1, max_size=4), st.integers(0, 2)),
        max_size=12,
    ),
    loads=st.sets(st.integers(0, 12)),
    asked=st.integers(0, 12),
)
def test_newer_than_a_version_is_just_what_changed_after_it(
    commits: list[tuple[list[str], int]], loads: set[int], asked: int
) -> None:
    model = ModelSession(events_limit=4)
    view = View(model.state_since(0), events_kept=4)
    for doings, student in commits:
        publication = model.commit(*doings, student=student)
        if model.version in loads:
            continue  # lost: a later publication finds a gap, and the state is loaded
        if not view.apply(publication):
            assert view.load(model.state_since(view.version))
        assert (view.version, shown(view)) == (model.version, model.state())
    view.load(model.state_since(view.version))

    asked = min(asked, view.version)
    changes = view.newer_than(asked)

    assert {
        "session": changes.session,
        "students": changes.students,
        "participants": {p.student_id for p in changes.participants},
        "attempts": {a.item.id for a in changes.attempts},
        "messages": {m.id for m in changes.messages},
    } == newer(model, asked)
    versions = [p.version for p in changes.participants]
    assert versions == sorted(versions)


@given(
    steps=st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=15),
    asked=st.integers(0, 15),
)
def test_events_newer_than_a_version_are_all_there_or_the_newest_and_said_to_be_truncated(
    steps: list[tuple[int, bool]], asked: int
) -> None:
    model = ModelSession(events_limit=4)
    view = View(model.state_since(0), events_kept=4)
    for count, lost in steps:
        publication = model.commit(*["event", "event", "event"][:count])
        if not lost:
            _ = view.apply(publication) or view.load(model.state_since(view.version))
    view.load(model.state_since(view.version))

    changes = view.newer_than(asked)

    expected = [event for event in model.events if event.version > asked]
    if changes.events_truncated:
        assert changes.events == expected[len(expected) - len(changes.events) :]
        assert len(expected) > 4 or len(model.events) > 4
    else:
        assert changes.events == expected
    assert len(changes.events) <= 4


def test_asking_for_little_costs_little_in_a_large_session() -> None:
    model = ModelSession(students=1000)
    for student in range(1000):
        model.commit("join", student=student)
    view = View(model.state_since(0))
    for student in (5, 700):
        view.apply(model.commit("beat", student=student))
    looked_at: list[str] = []

    class Watched(dict[str, int]):
        def __getitem__(self, key: str) -> int:
            looked_at.append(key)
            return super().__getitem__(key)

    view._participants._changed = Watched(view._participants._changed)
    changes = view.newer_than(1000)

    assert [p.student_id for p in changes.participants] == ["student 5", "student 700"]
    assert len(looked_at) == 3
