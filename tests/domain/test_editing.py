from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.domain import commands as c
from monitor.domain.editing import EDITABLE_WHILE
from monitor.domain.event import EventType
from monitor.domain.session import RosterEntry, SessionStatus as S
from tests.domain.desk import ADA, BO, CHI, DANA, Desk, a_session, later
from tests.domain.test_session_transitions import desk_at

VALUES: dict[str, Any] = {
    "title": "Reading test 4",
    "invigilator_ids": ["mo"],
    "observer_ids": ["li"],
    "scheduled_at": later(3600),
    "duration_seconds": 1200,
    "class_id": "class-2",
    "test_id": "test-2",
}


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("field", VALUES)
def test_what_may_be_changed_when_is_in_the_table(field: str, status: S) -> None:
    desk = desk_at(status)
    changes = {"changes": {field: VALUES[field]}, "roster": (RosterEntry("eve", "Eve"),)}
    if status not in EDITABLE_WHILE[field]:
        assert desk.refused(c.EditSession, **changes) == "invalid_transition"
        return
    desk.do(c.EditSession, **changes)
    value = getattr(desk.session, field)
    assert (list(value) if isinstance(value, tuple) else value) == VALUES[field]
    (event,) = desk.of_type(EventType.EDITED)
    assert list(event.data["changes"]) == [field]
    assert desk.session.session_version == desk.version
    assert (desk.session.roster_version == desk.version) is (field == "class_id")


def test_the_table_says_what_the_design_says() -> None:
    before = {S.SCHEDULED, S.WAITING_FOR_STUDENTS}
    assert {field: set(while_) for field, while_ in EDITABLE_WHILE.items()} == {
        "title": set(S),
        "invigilator_ids": set(S),
        "observer_ids": set(S),
        "scheduled_at": before,
        "duration_seconds": before,
        "class_id": {S.SCHEDULED},
        "test_id": {S.SCHEDULED},
    }


def test_what_is_as_wanted_already_is_no_change_whatever_the_status() -> None:
    desk = desk_at(S.IN_PROGRESS)
    version = desk.version
    desk.do(c.EditSession, changes={"title": " Reading test ", "duration_seconds": 600})
    assert desk.version == version


def test_one_field_that_cannot_change_keeps_all_as_they_are() -> None:
    desk = desk_at(S.IN_PROGRESS)
    changes = {"title": "Another", "duration_seconds": 1200}
    assert desk.refused(c.EditSession, changes=changes) == "invalid_transition"
    assert desk.session.title == "Reading test"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", " ", "invalid_request"),
        ("title", 5, "invalid_request"),
        ("title", "x" * 256, "too_large"),
        ("duration_seconds", 59, "invalid_request"),
        ("duration_seconds", True, "invalid_request"),
        ("duration_seconds", 7 * 86400 + 1, "invalid_request"),
        ("scheduled_at", "tomorrow", "invalid_request"),
        ("invigilator_ids", "mo", "invalid_request"),
        ("observer_ids", "mo", "invalid_request"),
        ("class_id", None, "invalid_request"),
        ("status", "COMPLETED", "invalid_request"),
        ("extended_seconds", 5, "invalid_request"),
    ],
)
def test_what_does_not_fit_is_refused(field: str, value: Any, code: str) -> None:
    assert Desk().refused(c.EditSession, changes={field: value}) == code


def test_nobody_both_helps_and_only_looks_on() -> None:
    desk = Desk(a_session(invigilator_ids=("mo",)))
    assert desk.refused(c.EditSession, changes={"observer_ids": ["mo"]}) == "invalid_request"
    desk.do(c.EditSession, changes={"invigilator_ids": [], "observer_ids": ["mo"]})
    assert desk.session.observer_ids == ("mo",)


def test_a_duration_may_be_taken_away_and_must_leave_everyone_a_minute() -> None:
    desk = Desk(a_session(extra_seconds={ADA: -300}))
    assert desk.refused(c.EditSession, changes={"duration_seconds": 300}) == "deadline_too_near"
    desk.do(c.EditSession, changes={"duration_seconds": 360})
    desk.do(c.EditSession, changes={"duration_seconds": None})
    assert desk.session.duration_seconds is None


def test_planned_times_are_cut_to_milliseconds() -> None:
    desk = Desk()
    desk.do(c.EditSession, changes={"scheduled_at": later(1) + timedelta(microseconds=1700)})
    assert desk.session.scheduled_at == later(1.001)
    desk.do(c.EditSession, changes={"scheduled_at": None})
    assert desk.session.scheduled_at is None


# -- the list


def entries(*ids: str) -> tuple[RosterEntry, ...]:
    return tuple(RosterEntry(id_, id_.title()) for id_ in ids)


def listed(desk: Desk) -> list[str]:
    return [entry.id for entry in desk.session.roster]


def test_the_list_follows_the_class_and_keeps_who_was_added_or_has_a_place() -> None:
    desk = Desk()
    desk.do(c.OpenSession)
    desk.join(ADA)
    desk.do(c.AddParticipant, student=RosterEntry("eve", "Eve"))
    desk.do(c.SyncRoster, roster=entries(CHI, "fay"))
    assert listed(desk) == [CHI, "fay", ADA, "eve"]
    (event,) = desk.of_type(EventType.ROSTER)
    assert event.data == {"added": ["fay"], "removed": [BO, DANA]}
    assert desk.session.roster_version == desk.version
    assert desk.session.session_version < desk.version
    version = desk.version
    desk.do(c.SyncRoster, roster=entries(CHI, "fay"))
    assert desk.version == version


def test_a_new_name_in_the_class_is_a_change() -> None:
    desk = Desk()
    renamed = (RosterEntry(ADA, "Ada L."), *desk.session.roster[1:])
    desk.do(c.SyncRoster, roster=renamed)
    assert desk.session.roster == renamed


def test_a_sitting_that_is_over_keeps_the_list_it_had() -> None:
    desk = desk_at(S.COMPLETED)
    before = desk.session.roster
    desk.do(c.SyncRoster, roster=entries("fay"))
    assert desk.session.roster == before
    assert desk.refused(c.AddParticipant, student=RosterEntry("eve", "Eve")) == "invalid_transition"


def test_a_student_added_by_hand_may_join_and_is_added_once() -> None:
    desk = desk_at(S.IN_PROGRESS)
    assert desk.refused(c.Join, student_id="eve") == "not_found"
    desk.do(c.AddParticipant, student=RosterEntry("eve", "Eve"))
    assert desk.session.roster[-1] == RosterEntry("eve", "Eve", added=True)
    (added,) = desk.of_type(EventType.STUDENT_ADDED, "eve")
    assert desk.last is not None
    assert (added.id, added.data) == (desk.last.id, {"name": "Eve"})
    desk.join("eve")
    version = desk.version
    desk.do(c.AddParticipant, student=RosterEntry("eve", "Eve"))
    assert desk.version == version


def test_who_was_added_by_hand_and_is_in_the_class_now_is_listed_once() -> None:
    desk = Desk()
    desk.do(c.AddParticipant, student=RosterEntry(ADA, "Ada"))
    desk.do(c.AddParticipant, student=RosterEntry("eve", "Eve"))
    desk.do(c.SyncRoster, roster=entries(ADA, "eve"))
    assert desk.session.roster == entries(ADA, "eve")


def test_another_class_brings_its_list() -> None:
    desk = Desk()
    desk.do(c.AddParticipant, student=RosterEntry("eve", "Eve"))
    desk.do(c.EditSession, changes={"class_id": "class-2"}, roster=entries("fay"))
    assert listed(desk) == ["fay", "eve"]


# -- notes


def test_a_note_is_set_changed_and_taken_away() -> None:
    desk = Desk()
    desk.begin(ADA)
    desk.do(c.SetNote, student_id=ADA, note=" ill ")
    assert desk.attempts[ADA].note == "ill"
    told = desk.attempts[ADA].student_version
    version = desk.version
    desk.do(c.SetNote, student_id=ADA, note="ill")
    assert desk.version == version
    desk.do(c.CompleteSession)
    desk.do(c.SetNote, student_id=ADA, note=" ")
    assert desk.attempts[ADA].note is None
    assert [event.data["note"] for event in desk.of_type(EventType.NOTE, ADA)] == ["ill", None]
    assert told < desk.version


def test_a_note_that_is_too_long_or_on_nobodys_attempt_is_refused() -> None:
    desk = Desk()
    desk.begin(ADA)
    assert desk.refused(c.SetNote, student_id=ADA, note="x" * 2001) == "too_large"
    assert desk.refused(c.SetNote, student_id=BO, note="absent") == "not_found"
