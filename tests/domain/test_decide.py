from __future__ import annotations

import inspect

import pytest

from monitor.domain import commands as c
from monitor.domain.decide import HANDLERS, repeat
from monitor.domain.needs import _NEEDS, ALL, Needs, needs
from monitor.domain.outcome import LateReply, Outcome, Refused
from monitor.domain.rules import Rules
from tests.domain.desk import ADA, BO, Desk

BASES = {c.Command, c.StudentCommand, c.Hand, c.StaffCommand}
COMMANDS = {
    kind
    for _, kind in inspect.getmembers(c, inspect.isclass)
    if issubclass(kind, c.Command) and kind not in BASES
}


def test_every_command_has_a_handler_and_says_what_it_needs() -> None:
    assert set(HANDLERS) == set(_NEEDS) == COMMANDS
    assert len(COMMANDS) == 32


def test_what_several_commands_need_is_loaded_once() -> None:
    desk = Desk()
    desk.begin(ADA, BO)

    def wanted(*several: c.Command) -> Needs:
        found = needs(several, desk.session, desk.rules)
        assert found == needs(several[::-1], desk.session, desk.rules)
        return found

    beat = desk.command(c.Heartbeat, student_id=ADA)
    read = desk.command(c.MarkRead, student_id=BO, message_id="m1")
    late = desk.command(c.AcceptLate, student_id=BO)
    note = desk.command(c.SendMessage, text="Ten minutes")
    assert wanted() == wanted(note) == Needs()
    assert wanted(beat, beat, note) == Needs(students=frozenset({ADA}))
    assert wanted(beat, read) == Needs(students=frozenset({ADA, BO}), messages=frozenset({"m1"}))
    assert wanted(beat, read, late) == Needs(
        students=frozenset({ADA, BO}), messages=frozenset({"m1"}), late_events=True
    )
    assert wanted(beat, desk.command(c.ForceSubmit)).students is ALL
    desk.wait(10_000)
    assert wanted(beat, desk.command(c.Sweep)).in_progress


def test_a_sweep_needs_attempts_only_when_their_time_is_up() -> None:
    desk = Desk()
    desk.begin(ADA, BO)
    desk.do(c.Extend, minutes=-2, student_ids=(ADA,))

    def wanted(after_seconds: float) -> Needs:
        desk.wait(after_seconds)
        return needs([desk.command(c.Sweep)], desk.session, desk.rules)

    assert wanted(489) == Needs()
    assert wanted(1) == Needs(students=frozenset({ADA}))
    assert wanted(119) == Needs(students=frozenset({ADA}))
    assert wanted(1) == Needs(in_progress=True)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (c.Extend, {"minutes": 1}),
        (c.ForceSubmit, {"student_ids": (ADA, "eve")}),
        (c.SendMessage, {"text": "Hello"}),
        (c.OpenSession, {}),
        (c.PauseSession, {}),
        (c.RaiseHand, {"student_id": ADA}),
    ],
)
def test_a_repeated_key_is_given_the_first_answer(
    kind: type[c.Command], fields: dict[str, object]
) -> None:
    desk = Desk()
    if kind is not c.OpenSession:
        desk.begin(ADA, BO)
    first = desk.do(kind, id="key", **fields)
    (event,) = [event for event in desk.events if event.id == "key"]
    assert desk.last is not None
    again = repeat(desk.sitting(desk.last), desk.last, event.reply)
    assert again == Outcome(reply=first.reply)


def test_the_answer_to_accepting_late_answers_is_found_again() -> None:
    desk = Desk()
    desk.begin(ADA)
    desk.wait(700)
    desk.answer(ADA)
    first = desk.do(c.AcceptLate, id="key", student_id=ADA)
    assert isinstance(first.reply, LateReply)
    assert desk.last is not None
    stored = desk.events[-1].reply
    assert repeat(desk.sitting(desk.last), desk.last, stored) == first


def test_stored_answers_are_plain_json() -> None:
    desk = Desk()
    desk.begin(ADA)
    desk.do(c.ForceSubmit, student_ids=("eve", ADA))
    reply = desk.events[-1].reply
    assert reply["done"] == [ADA]
    assert reply["refused"][0]["code"] == "unknown_student"
    assert set(reply["refused"][0]) == set(Refused.__struct_fields__)


def test_rules_are_taken_from_settings_by_name() -> None:
    from monitor.config import load_settings

    settings = load_settings(heartbeat_seconds=2, lease_heartbeats=4, deadline_grace_seconds=1)
    rules = Rules.of(settings)
    assert (rules.heartbeat_seconds, rules.lease_seconds) == (2, 8)
    assert rules.deadline_grace_seconds == 1
    assert rules.unstable_seconds == 4
    assert Rules.of(load_settings()) == Rules(), "the defaults of both are the design's"
