from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from monitor.domain import commands as c, decide
from monitor.domain.decide import apply
from monitor.domain.event import EventType
from monitor.domain.message import Message
from monitor.domain.overlay import Overlay
from monitor.domain.rules import Rules
from monitor.domain.session import RosterEntry
from monitor.domain.sitting import Changed, Sitting
from tests.domain.desk import ADA, BO, TEST, Desk, a_session, later

RULES = Rules()


def a_sitting() -> tuple[Desk, Sitting]:
    """A sitting that runs, with Ada and Bo at work, and the desk to make commands at."""
    desk = Desk()
    desk.begin(ADA, BO)
    sitting = Sitting(desk.session, dict(desk.participants), dict(desk.attempts), TEST)
    return desk, sitting


def state(sitting: Sitting) -> dict[str, Any]:
    return {
        "session": sitting.session,
        "participants": {key: sitting.participants[key] for key in sitting.participants},
        "attempts": {key: sitting.attempts[key] for key in sitting.attempts},
        "messages": {key: sitting.messages[key] for key in sitting.messages},
        "late": dict(sitting.late_events),
        "changed": sitting.changed(),
    }


def test_commands_of_a_batch_see_what_came_before_them_and_leave_one_version() -> None:
    desk, sitting = a_sitting()
    commands = [
        desk.command(c.GiveAnswer, student_id=ADA, question_id="q1", value="a"),
        desk.command(c.Submit, student_id=ADA),
        desk.command(c.GiveAnswer, student_id=ADA, question_id="q1", value="b"),
        desk.command(c.SendMessage, id="m1", text="Hello"),
        desk.command(c.AddParticipant, student=RosterEntry("eve", "Eve")),
    ]
    outcomes = [apply(sitting, command, RULES) for command in commands]
    assert [outcome.late for outcome in outcomes] == [False, False, True, False, False]
    changed = sitting.stamp(7)
    assert (changed.session, changed.roster) == (False, True)
    assert (changed.attempts, changed.messages) == ([ADA], ["m1"])
    assert {event.version for event in changed.events} == {7}
    assert sitting.attempts[ADA].version == sitting.messages["m1"].version == 7
    assert sitting.attempts[BO].version != 7
    session = sitting.session
    assert (session.version, session.roster_version) == (7, 7)
    assert session.session_version == desk.session.session_version


def test_only_attempts_whose_students_must_be_told_carry_the_version_for_them() -> None:
    desk, sitting = a_sitting()
    apply(sitting, desk.command(c.ForceSubmit, student_ids=(ADA,)), RULES)
    apply(sitting, desk.command(c.Submit, student_id=BO), RULES)
    before = sitting.attempts[BO].student_version
    sitting.stamp(9)
    assert sitting.attempts[ADA].student_version == 9
    assert sitting.attempts[BO].student_version == before


def test_a_refusal_in_the_middle_of_a_command_leaves_nothing_behind() -> None:
    desk, sitting = a_sitting()
    apply(sitting, desk.command(c.GiveAnswer, student_id=ADA, question_id="q1", value="a"), RULES)
    before = state(sitting)
    desk.wait(5)
    stale = desk.command(c.Extend, minutes=-30)  # has changed the session when it is refused
    assert apply(sitting, stale, RULES).error is not None
    long = desk.command(c.CompleteSession, reason="x" * 5000)  # has submitted every attempt
    assert apply(sitting, long, RULES).error is not None
    assert state(sitting) == before


def test_a_bug_in_the_middle_of_a_command_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, sitting = a_sitting()
    before = state(sitting)
    complete = decide.HANDLERS[c.CompleteSession]

    def broken(sitting: Sitting, command: Any, rules: Rules) -> Any:
        complete(sitting, command, rules)
        raise ZeroDivisionError

    handlers: dict[type[c.Command], Any] = dict(decide.HANDLERS)
    handlers[c.CompleteSession] = broken
    monkeypatch.setattr(decide, "HANDLERS", handlers)
    with pytest.raises(ZeroDivisionError):
        apply(sitting, desk.command(c.CompleteSession), RULES)
    assert state(sitting) == before
    assert not sitting.changed()


def test_a_batch_that_was_rolled_back_is_forgotten() -> None:
    desk, sitting = a_sitting()
    before = state(sitting)
    desk.wait(5000)
    for kind in (c.Sweep, c.CompleteSession):
        apply(sitting, desk.command(kind), RULES)
    late = desk.command(c.GiveAnswer, student_id=ADA, question_id="q1", value="a")
    apply(sitting, late, RULES)
    sitting.stamp(12)
    sitting.discard()
    assert state(sitting) == before
    apply(sitting, late, RULES)
    assert len(sitting.changed().events) == 1


def test_after_a_commit_the_next_batch_begins_with_nothing_changed() -> None:
    desk, sitting = a_sitting()
    apply(sitting, desk.command(c.SendMessage, id="m1", text="Hello"), RULES)
    apply(sitting, desk.command(c.PauseSession), RULES)
    sitting.stamp(12)
    sitting.settle()
    assert not sitting.changed()
    assert sitting.messages["m1"].version == 12
    sitting.discard()
    assert sitting.session.paused_at == later(0)
    assert "m1" in sitting.messages


def test_an_edit_back_to_what_was_is_no_change_of_the_session() -> None:
    sitting = Sitting(a_session(), {}, {}, TEST)
    sitting.edit_session(title="Another")
    sitting.edit_session(title="Reading test")
    sitting.edit_session(roster=tuple(list(sitting.session.roster)))
    assert not sitting.changed()


def test_stamping_what_has_not_changed_changes_nothing() -> None:
    session = a_session(version=3)
    sitting = Sitting(session, {}, {}, TEST)
    assert not sitting.stamp(4)
    assert sitting.session is session


def test_an_attempt_that_was_not_loaded_is_a_bug_not_an_absent_student() -> None:
    desk, sitting = a_sitting()
    forgetful = Sitting(desk.session, dict(desk.participants), {}, TEST)
    with pytest.raises(LookupError, match="needs"):
        forgetful.attempt_of(ADA)
    assert forgetful.attempt_of("chi") is None
    forgetful.load(attempts=[desk.attempts[ADA]])
    assert forgetful.attempt_of(ADA) == sitting.attempt_of(ADA)


def test_what_is_loaded_again_does_not_hide_what_is_newer() -> None:
    desk, sitting = a_sitting()
    apply(sitting, desk.command(c.Submit, student_id=ADA), RULES)
    sitting.stamp(5)
    sitting.settle()
    sitting.load(attempts=[desk.attempts[ADA]])
    assert sitting.attempts[ADA].status == "SUBMITTED"


def test_another_test_must_be_loaded_before_anyone_joins() -> None:
    desk = Desk()
    desk.do(c.EditSession, changes={"test_id": "test-2"})
    desk.do(c.OpenSession)
    join = desk.command(c.Join, student_id=ADA, connection_id="ada-1.1")
    sitting = desk.sitting(join)
    assert not sitting.holds_test
    with pytest.raises(LookupError):
        apply(sitting, join, RULES)
    sitting.use_test(replace(TEST, id="test-2", questions=TEST.questions[:1]))
    apply(sitting, join, RULES)
    assert sitting.attempts[ADA].total == 1
    assert sitting.attempts[ADA].test_id == "test-2"


def test_an_outcome_is_answered_with_the_attempt_as_the_version_holds_it() -> None:
    desk, sitting = a_sitting()
    join = apply(sitting, desk.command(c.Join, student_id=ADA, connection_id="ada-2.1"), RULES)
    apply(sitting, desk.command(c.Submit, student_id=ADA), RULES)
    sitting.stamp(11)
    attempt = sitting.stamped(join).reply.attempt
    assert (attempt.version, attempt.status) == (11, "SUBMITTED")
    plain = apply(sitting, desk.command(c.Heartbeat, student_id=ADA), RULES)
    assert sitting.stamped(plain) is plain


def test_events_of_one_command_have_ids_of_their_own_that_are_the_same_every_time() -> None:
    ids = []
    for _ in range(2):
        desk, sitting = a_sitting()
        desk.wait(5000)
        apply(sitting, desk.command(c.Sweep, id="the sweep"), RULES)
        ids.append([event.id for event in sitting.changed().events])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0]) == 5  # two leases, two hand-ins, one end


def test_what_cannot_happen_twice_leaves_an_event_under_the_commands_id() -> None:
    desk = Desk()
    desk.do(c.OpenSession, id="open")
    desk.do(c.Join, student_id=ADA, connection_id="ada-1.1", id="join")
    assert [event.id for event in desk.events] == ["open", "join"]
    assert desk.of_type(EventType.JOINED)[0].reply == {
        "connection_id": "ada-1.1",
        "reconnected": False,
    }


def meddle(sitting: Sitting, number: int) -> None:
    """Change something of every kind."""
    sitting.edit_session(title=f"Title {number}", roster=sitting.session.roster[number:])
    ada = sitting.participants[ADA]
    sitting.put_participant(replace(ada, last_activity=later(number)))
    sitting.put_attempt(replace(sitting.attempts[ADA], reconnects=number), tell=True)
    sitting.put_message(
        Message(
            id="m1",
            session_id="session",
            text=f"Message {number}",
            student_ids=None,
            sent_by="rivera",
            sent_at=later(number),
        )
    )
    command = c.Sweep(id=f"meddling {number}", session_id="session", received_at=later(number))
    sitting.record(command, EventType.LATE_ANSWER, student_id=ADA)


def test_dropping_a_command_undoes_everything_and_keeps_what_came_before_it() -> None:
    _, sitting = a_sitting()
    meddle(sitting, 1)
    sitting.keep()
    before = state(sitting)
    meddle(sitting, 2)
    sitting.drop()
    assert state(sitting) == before


def test_discarding_a_batch_undoes_everything_and_keeps_what_was_settled() -> None:
    _, sitting = a_sitting()
    meddle(sitting, 1)
    sitting.keep()
    sitting.stamp(8)
    sitting.settle()
    before = state(sitting)
    assert before["session"].title == "Title 1"
    assert before["participants"][ADA].version == before["attempts"][ADA].version == 8
    meddle(sitting, 2)
    sitting.keep()
    meddle(sitting, 3)
    sitting.discard()
    assert state(sitting) == before
    assert not sitting.changed()


@pytest.mark.parametrize("ending", ["drop", "settle", "discard"])
def test_who_was_to_be_told_is_forgotten_with_the_command_or_the_batch(ending: str) -> None:
    _, sitting = a_sitting()
    sitting.put_attempt(replace(sitting.attempts[ADA], reconnects=1), tell=True)
    if ending != "drop":
        sitting.keep()
        sitting.stamp(8)
    getattr(sitting, ending)()
    told = sitting.attempts[ADA].student_version
    assert (told == 8) is (ending == "settle")
    sitting.put_attempt(replace(sitting.attempts[ADA], reconnects=2))
    sitting.keep()
    sitting.stamp(9)
    assert sitting.attempts[ADA].student_version == told


@pytest.mark.parametrize("part", Changed.__struct_fields__)
def test_a_batch_that_changed_anything_has_a_version(part: str) -> None:
    nothing = Changed(
        session=False, roster=False, participants=[], attempts=[], messages=[], events=[]
    )
    value = True if part in ("session", "roster") else ["something"]
    assert not nothing
    assert replace(nothing, **{part: value})


def test_a_late_answer_can_be_accepted_in_the_batch_that_brought_it() -> None:
    desk, sitting = a_sitting()
    desk.wait(700)
    late = desk.command(c.GiveAnswer, student_id=ADA, question_id="q1", value="a")
    assert apply(sitting, late, RULES).late
    assert apply(sitting, desk.command(c.AcceptLate, student_id=ADA), RULES).error is None
    assert sitting.attempts[ADA].answers["q1"].value == "a"


def test_messages_and_late_answers_are_loaded_when_a_command_needs_them() -> None:
    desk = Desk()
    desk.begin(ADA)
    desk.do(c.SendMessage, id="m1", text="Hello")
    desk.wait(700)
    desk.answer(ADA)
    sitting = Sitting(desk.session, dict(desk.participants), dict(desk.attempts), TEST)
    sitting.load(
        messages=desk.messages.values(),
        late_events=[event for event in desk.events if event.type is EventType.LATE_ANSWER],
    )
    read = desk.command(c.MarkRead, student_id=ADA, message_id="m1")
    assert apply(sitting, read, RULES).error is None
    assert apply(sitting, desk.command(c.AcceptLate, student_id=ADA), RULES).error is None


# -- the map in three layers


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from("abcd"), st.integers(0, 9)),
        st.tuples(st.sampled_from(["keep", "drop", "settle", "discard"])),
    ),
    max_size=30,
)


@given(base=st.dictionaries(st.sampled_from("ab"), st.integers()), operations=OPERATIONS)
def test_an_overlay_is_three_copies_of_a_map(
    base: dict[str, int], operations: list[tuple[Any, ...]]
) -> None:
    overlay = Overlay(dict(base))
    committed, batch, draft = dict(base), dict(base), dict(base)
    for operation in operations:
        match operation:
            case ("put", key, value):
                overlay.put(key, value)
                draft[key] = value
            case ("keep",):
                overlay.keep()
                batch = dict(draft)
            case ("drop",):
                overlay.drop()
                draft = dict(batch)
            case ("settle",):
                overlay.keep()
                overlay.settle()
                committed, batch = dict(draft), dict(draft)
            case ("discard",):
                overlay.discard()
                batch, draft = dict(committed), dict(committed)
        assert {key: overlay[key] for key in overlay} == draft
        assert len(list(overlay)) == len(draft)
        assert overlay.values() == [overlay[key] for key in overlay]
        assert {key: overlay.committed(key) for key in committed} == committed
        assert all((key in overlay) == (key in draft) for key in "abcd")
        assert list(overlay)[: len(base)] == list(base)
    with pytest.raises(KeyError):
        overlay["z"]
