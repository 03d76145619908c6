from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, strategies as st

from monitor.domain import commands as c
from monitor.domain.attempt import Answer, Highlight
from monitor.domain.deadlines import closes_at
from monitor.domain.participant import ConnectionStatus, Participant
from monitor.domain.session import RosterEntry
from monitor.protocol import forms, items
from monitor.protocol.messages import HighlightInput
from monitor.protocol.timestamps import rfc3339
from tests.domain.desk import ADA, BO, TEST, Desk, a_session, later

MOMENTS = st.integers(0, 10**9).map(lambda ms: later(ms / 1000))

HIGHLIGHT = Highlight(
    id="h1",
    timestamp=later(1),
    text="a well",
    passage_id="p1",
    position_start=18,
    position_end=24,
    color_code="yellow",
    comment="old!",
)


@pytest.fixture
def desk() -> Desk:
    """A sitting that runs; Ada has done a bit of everything."""
    desk = Desk(a_session(extra_seconds={ADA: 60}))
    desk.begin(ADA, BO)
    desk.wait(5)
    desk.answer(ADA, "q2", ["a", "b"])
    desk.do(c.SaveHighlight, student_id=ADA, highlight=HIGHLIGHT)
    desk.do(c.RaiseHand, student_id=ADA, text="why?")
    desk.do(c.SendMessage, id="m1", text="Hello", student_ids=(ADA,))
    desk.do(c.MarkRead, student_id=ADA, message_id="m1")
    desk.beat(ADA, question_id="q3", is_visible=False)
    return desk


def keys(item: msgspec.Struct) -> list[str]:
    return list(msgspec.json.decode(msgspec.json.encode(item)))


@given(
    joined_at=MOMENTS,
    last_activity=MOMENTS,
    status=st.sampled_from(ConnectionStatus),
    connection_id=st.none() | st.text(),
    disconnected_at=st.none() | MOMENTS,
    version=st.integers(0, 2**53),
)
def test_a_participant_survives_being_stored(**fields: Any) -> None:
    fields["connection_status"] = fields.pop("status")
    participant = Participant(student_id=ADA, attempt_id="attempt", **fields)
    stored = msgspec.json.encode(forms.participant_item(participant))
    item = msgspec.json.decode(stored, type=items.ParticipantItem)
    assert forms.participant_from_item(item) == participant


def test_the_keys_of_a_participant_come_in_the_order_the_design_fixes(desk: Desk) -> None:
    assert keys(forms.participant_item(desk.participants[ADA]))[:5] == [
        "student_id",
        "attempt_id",
        "joined_at",
        "connection_status",
        "last_activity",
    ]


def test_the_keys_of_a_highlight_come_in_the_order_the_design_fixes() -> None:
    item = forms.highlight_item(HIGHLIGHT)
    assert keys(item) == [
        "id",
        "timestamp",
        "text",
        "passage_id",
        "position_start",
        "position_end",
        "color_code",
        "comment",
    ]
    assert item.timestamp == "2026-11-22T12:00:01.000Z"
    assert forms.highlight_from_item(item) == HIGHLIGHT


def test_a_highlight_as_a_client_sends_it_is_cut_to_milliseconds() -> None:
    given_ = HighlightInput(
        id="h1",
        timestamp=later(1.0004567),
        text="a well",
        passage_id="p1",
        position_start=18,
        position_end=24,
        color_code="yellow",
        comment="old!",
    )
    assert forms.highlight_from_input(given_) == HIGHLIGHT


@given(value=st.none() | st.text() | st.lists(st.text()) | st.integers(), at=MOMENTS)
def test_an_answer_survives_being_stored(value: Any, at: Any) -> None:
    answer = Answer(value, at)
    item = forms.answer_item(answer)
    assert keys(item) == ["value", "answered_at"]
    assert forms.answer_from_item(item) == answer


def test_a_session_as_its_teacher_sees_it_never_holds_participants(desk: Desk) -> None:
    item = forms.session_item(desk.session)
    assert "participants" not in keys(item)
    assert item == items.SessionItem(
        id="session",
        title="Reading test",
        status="IN_PROGRESS",
        scheduled_at=None,
        started_at="2026-11-22T12:00:00.000Z",
        completed_at=None,
        duration_seconds=600,
        paused_at=None,
        ends_at="2026-11-22T12:10:00.000Z",
        class_id="class",
        test_id="test",
        created_by="rivera",
        invigilator_ids=[],
        observer_ids=[],
        extended_seconds=0,
        paused_seconds=0.0,
        extra_seconds={ADA: 60},
        version=desk.session.session_version,
    )


@given(
    duration=st.none() | st.integers(60, 9999),
    extra=st.dictionaries(st.sampled_from([ADA, BO]), st.integers(-999, 999)),
    paused=st.booleans(),
)
def test_a_student_sees_the_close_that_the_rules_name(
    duration: int | None, extra: dict[str, int], paused: bool
) -> None:
    session = a_session(
        duration_seconds=duration,
        extra_seconds=extra,
        started_at=later(0),
        paused_at=later(9) if paused else None,
    )
    for student_id in (ADA, BO):
        seen = forms.student_session_item(forms.session_item(session), student_id)
        closes = closes_at(session, student_id)
        assert seen.closes_at == (None if closes is None else rfc3339(closes))
        assert seen.extra_seconds == extra.get(student_id, 0)
        assert (seen.ends_at is None) == (closes is None)


def test_a_student_sees_no_other_students_extra_time(desk: Desk) -> None:
    seen = keys(forms.student_session_item(forms.session_item(desk.session), BO))
    assert not {"participants", "created_by", "class_id", "invigilator_ids"} & set(seen)
    assert seen == [
        "id",
        "title",
        "status",
        "scheduled_at",
        "started_at",
        "completed_at",
        "duration_seconds",
        "paused_at",
        "ends_at",
        "closes_at",
        "extra_seconds",
    ]


def test_a_dashboard_sees_how_much_of_an_attempt_and_not_what(desk: Desk) -> None:
    item = forms.attempt_item(desk.attempts[ADA], 60)
    assert item == items.AttemptItem(
        id=desk.attempts[ADA].id,
        student_id=ADA,
        status="IN_PROGRESS",
        submitted_by=None,
        answered=1,
        total=4,
        question_id="q3",
        visible=False,
        hidden_count=1,
        hand_raised_at="2026-11-22T12:00:05.000Z",
        hand_text="why?",
        highlights=1,
        reconnects=0,
        lost_seconds=0.0,
        extra_seconds=60,
        note=None,
        late_answers=0,
        last_saved_at="2026-11-22T12:00:05.000Z",
        started_at="2026-11-22T12:00:00.000Z",
        submitted_at=None,
        version=desk.version,
    )


def test_a_student_sees_the_own_work_and_no_note_of_the_teacher(desk: Desk) -> None:
    desk.do(c.SetNote, student_id=ADA, note="ill")
    desk.submit(ADA)
    seen = forms.student_attempt_item(desk.attempts[ADA])
    assert seen.answers == {"q2": items.AnswerItem(["a", "b"], "2026-11-22T12:00:05.000Z")}
    assert seen.highlighted_text == [forms.highlight_item(HIGHLIGHT)]
    assert (seen.status, seen.submitted_by) == ("SUBMITTED", "student")
    assert (seen.answered, seen.total) == (1, 4)
    assert "ill" not in msgspec.json.encode(seen).decode()


def test_a_message_with_its_receipts_and_as_its_student_sees_it(desk: Desk) -> None:
    item = forms.message_item(desk.messages["m1"])
    assert item.student_ids == [ADA]
    assert item.delivered == item.read == {ADA: "2026-11-22T12:00:05.000Z"}
    seen = forms.student_message_item(item, ADA)
    assert seen == items.StudentMessageItem(
        id="m1", text="Hello", sent_at="2026-11-22T12:00:05.000Z", read=True
    )
    assert not forms.student_message_item(item, BO).read
    desk.do(c.SendMessage, id="m2", text="To all")
    assert forms.message_item(desk.messages["m2"]).student_ids is None


def test_a_line_of_history_carries_no_stored_reply(desk: Desk) -> None:
    item = forms.event_item(desk.events[-1])
    assert keys(item) == ["id", "version", "at", "type", "student_id", "actor_id", "data"]


def test_every_line_of_history_can_be_written_as_json(desk: Desk) -> None:
    desk.wait(700)
    desk.answer(ADA, "q3", "late")
    desk.do(c.Sweep)
    for event in desk.events:
        item = forms.event_item(event)
        encoded = msgspec.json.encode(item)
        assert msgspec.json.decode(encoded, type=items.EventItem) == item


def test_the_roster_is_ids_and_names_in_its_order() -> None:
    session = a_session(roster=(RosterEntry(BO, "Bo K.", added=True), RosterEntry(ADA, "Ada")))
    assert forms.student_names(session) == [
        items.StudentName(BO, "Bo K."),
        items.StudentName(ADA, "Ada"),
    ]


def test_the_test_is_shown_whole_and_without_who_made_it() -> None:
    item = forms.test_item(TEST)
    assert keys(item) == ["type", "id", "title", "passages", "questions"][1:]
    sent = msgspec.json.decode(msgspec.json.encode(item))
    assert sent["questions"][0] == {
        "id": "q1",
        "type": "single_choice",
        "prompt": "What stood in the yard?",
        "choices": [{"id": choice.id, "text": choice.text} for choice in TEST.questions[0].choices],
        "passage_id": None,
    }
    assert sent["passages"][0]["title"] == "The well"
