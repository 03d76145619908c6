from __future__ import annotations

import pytest

from monitor.domain import commands as c
from monitor.domain.event import EventType
from monitor.domain.outcome import BulkReply
from tests.domain.desk import ADA, BO, CHI, STUDENTS, TEACHER, Desk, a_session, later


@pytest.fixture
def desk() -> Desk:
    """A sitting that runs, with Ada and Bo at work."""
    desk = Desk()
    desk.begin(ADA, BO)
    return desk


def codes(reply: BulkReply) -> dict[str, str]:
    return {refused.student_id: refused.code for refused in reply.refused}


def test_a_message_to_all_is_for_who_joins_later_too(desk: Desk) -> None:
    desk.wait(5)
    reply = desk.do(c.SendMessage, id="m1", text="  Ten minutes left. ").reply
    assert reply == BulkReply(done=list(STUDENTS), refused=[])
    message = desk.messages["m1"]
    assert (message.text, message.student_ids) == ("Ten minutes left.", None)
    assert (message.sent_by, message.sent_at) == (TEACHER, later(5))
    assert message.version == desk.version
    assert message.is_for("whoever")
    (event,) = desk.of_type(EventType.MESSAGE)
    assert event.id == "m1"


def test_a_message_to_some_is_for_those_of_the_list(desk: Desk) -> None:
    reply = desk.do(c.SendMessage, id="m1", text="Louder!", student_ids=(ADA, "eve", CHI)).reply
    assert reply.done == [ADA, CHI]
    assert codes(reply) == {"eve": "unknown_student"}
    assert desk.messages["m1"].student_ids == (ADA, CHI)


def test_a_message_to_nobody_of_the_list_is_not_sent(desk: Desk) -> None:
    version = desk.version
    reply = desk.do(c.SendMessage, text="Hello?", student_ids=("eve",)).reply
    assert codes(reply) == {"eve": "unknown_student"}
    assert (desk.messages, desk.version) == ({}, version)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "invalid_request"), (" \n", "invalid_request"), ("x" * 2001, "too_large")],
)
def test_a_message_says_something_and_not_too_much(desk: Desk, text: str, code: str) -> None:
    assert desk.refused(c.SendMessage, text=text) == code


def test_a_sitting_that_is_over_takes_no_more_messages(desk: Desk) -> None:
    desk.do(c.CancelSession)
    assert desk.refused(c.SendMessage, text="Sorry.") == "invalid_transition"


def test_receipts_are_kept_once_and_who_has_read_has_received(desk: Desk) -> None:
    desk.do(c.SendMessage, id="m1", text="Hello")
    desk.wait(1)
    desk.do(c.MarkReceived, student_id=ADA, message_id="m1")
    desk.wait(1)
    desk.do(c.MarkReceived, student_id=ADA, message_id="m1")
    desk.do(c.MarkRead, student_id=BO, message_id="m1")
    desk.wait(1)
    desk.do(c.MarkRead, student_id=ADA, message_id="m1")
    desk.wait(1)
    desk.do(c.MarkRead, student_id=ADA, message_id="m1")
    message = desk.messages["m1"]
    assert message.delivered == {ADA: later(1), BO: later(2)}
    assert message.read == {BO: later(2), ADA: later(3)}


def test_a_message_that_was_not_sent_to_a_student_is_unknown_to_them(desk: Desk) -> None:
    desk.do(c.SendMessage, id="m1", text="Hello", student_ids=(BO,))
    for kind in (c.MarkReceived, c.MarkRead):
        assert desk.refused(kind, student_id=ADA, message_id="m1") == "unknown_message"
        assert desk.refused(kind, student_id=ADA, message_id="m9") == "unknown_message"


def test_a_message_may_be_read_after_the_end(desk: Desk) -> None:
    desk.do(c.SendMessage, id="m1", text="Hello")
    desk.do(c.CompleteSession)
    desk.do(c.MarkRead, student_id=ADA, message_id="m1")
    assert ADA in desk.messages["m1"].read


# -- hands


def test_a_hand_is_raised_and_lowered(desk: Desk) -> None:
    desk.wait(3)
    desk.do(c.RaiseHand, student_id=ADA, text=" What is a well? ")
    attempt = desk.attempts[ADA]
    assert (attempt.hand_raised_at, attempt.hand_text) == (later(3), "What is a well?")
    (event,) = desk.of_type(EventType.HAND_RAISED)
    assert desk.last is not None
    assert (event.id, event.data) == (desk.last.id, {"text": "What is a well?"})
    desk.do(c.LowerHand, student_id=ADA)
    attempt = desk.attempts[ADA]
    assert (attempt.hand_raised_at, attempt.hand_text) == (None, None)
    (lowered,) = desk.of_type(EventType.HAND_LOWERED, ADA)
    assert lowered.id == desk.last.id
    version = desk.version
    desk.do(c.LowerHand, student_id=ADA)
    assert desk.version == version


def test_a_hand_raised_again_keeps_its_time_and_takes_new_words(desk: Desk) -> None:
    desk.wait(3)
    desk.do(c.RaiseHand, student_id=ADA)
    assert desk.attempts[ADA].hand_text is None
    version = desk.version
    desk.do(c.RaiseHand, student_id=ADA, text="  ")
    assert desk.version == version
    desk.wait(3)
    desk.do(c.RaiseHand, student_id=ADA, text="hurry")
    attempt = desk.attempts[ADA]
    assert (attempt.hand_raised_at, attempt.hand_text) == (later(3), "hurry")


def test_a_hand_may_be_raised_while_waiting_and_after_handing_in(desk: Desk) -> None:
    desk.submit(ADA)
    desk.do(c.RaiseHand, student_id=ADA)
    waiting = Desk()
    waiting.do(c.OpenSession)
    waiting.join(ADA)
    waiting.do(c.RaiseHand, student_id=ADA)
    assert waiting.attempts[ADA].hand_raised_at == desk.attempts[ADA].hand_raised_at == later(0)


def test_after_the_end_no_hand_is_raised_nor_one_with_too_many_words(desk: Desk) -> None:
    assert desk.refused(c.RaiseHand, student_id=ADA, text="x" * 2001) == "too_large"
    desk.do(c.CompleteSession)
    assert desk.refused(c.RaiseHand, student_id=ADA) == "session_over"
    assert desk.refused(c.LowerHand, student_id=ADA) == "session_over"


def test_the_teacher_lowers_all_hands_or_some_and_their_students_are_told(desk: Desk) -> None:
    desk.join(CHI)
    for student_id in (ADA, BO, CHI):
        desk.do(c.RaiseHand, student_id=student_id)
    reply = desk.do(c.LowerHands, student_ids=(ADA, "eve")).reply
    assert reply.done == [ADA]
    assert codes(reply) == {"eve": "unknown_student"}
    assert desk.attempts[ADA].student_version == desk.version
    assert desk.do(c.LowerHands).reply.done == [BO, CHI]
    first, second = desk.of_type(EventType.HANDS_LOWERED)
    assert (first.student_id, first.data["student_ids"]) == (ADA, [ADA])
    assert (second.student_id, second.data["student_ids"]) == (None, [BO, CHI])
    version = desk.version
    assert desk.do(c.LowerHands).reply.done == []
    again = desk.do(c.LowerHands, student_ids=(ADA, "dana")).reply
    assert again.done == again.unchanged == [ADA, "dana"]
    assert desk.version == version


def test_a_message_to_all_is_sent_though_nobody_is_on_the_list_yet() -> None:
    desk = Desk(a_session(roster=()))
    assert desk.do(c.SendMessage, id="m1", text="Welcome").reply.done == []
    assert desk.messages["m1"].student_ids is None


def test_a_receipt_is_a_sign_of_life(desk: Desk) -> None:
    desk.do(c.SendMessage, id="m1", text="Hello")
    desk.wait(3)
    desk.do(c.MarkReceived, student_id=ADA, connection_id="ada-1.1", message_id="m1")
    assert desk.participants[ADA].last_activity == later(3)


def test_a_message_may_be_as_long_as_the_limit(desk: Desk) -> None:
    desk.do(c.SendMessage, id="m1", text="x" * 2000)
    assert len(desk.messages["m1"].text) == 2000
