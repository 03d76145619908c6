"""The backlog: windows, order, merged heartbeats, what is put back."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from monitor.domain.commands import Command, Heartbeat, RaiseHand, SetVisibility
from monitor.domain.decide import Outcome
from monitor.live.backlog import Backlog, BatchSize, Settled

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
IDS = count()


def beat(session: str = "s", connection: str = "c", **fields: object) -> Heartbeat:
    return Heartbeat(
        id=f"h{next(IDS)}",
        session_id=session,
        received_at=NOW,
        student_id="p",
        connection_id=connection,
        **fields,  # type: ignore[arg-type]
    )


def hand(session: str = "s", connection: str = "c") -> RaiseHand:
    return RaiseHand(
        id=f"r{next(IDS)}",
        session_id=session,
        received_at=NOW,
        student_id="p",
        connection_id=connection,
    )


def nobody(_settled: Settled) -> None:
    pass


def backlog() -> Backlog:
    return Backlog(visible_window_seconds=0.05, heartbeat_window_seconds=0.5)


def commands(waiting: Backlog, now: float = 100.0, slack: float = 0.0) -> list[list[Command]]:
    taken = waiting.take(now, BatchSize(slack, 100))
    return [[entry.command for entry in one.entries] for one in taken]


def test_a_heartbeat_waits_the_long_window_and_a_visible_command_the_short_one() -> None:
    waiting = backlog()
    assert waiting.next_due() is None
    assert waiting.add(beat(), nobody, 10.0) == 10.5
    assert waiting.add(hand(), nobody, 10.1) == 10.1 + 0.05
    assert waiting.next_due() == 10.1 + 0.05


def test_a_visible_command_takes_every_heartbeat_of_its_session_along() -> None:
    waiting = backlog()
    first, second, other = beat(), hand(connection="d"), beat(session="t")
    for command in (first, second, other):
        waiting.add(command, nobody, 10.0)
    assert commands(waiting, 10.05) == [[first, second]]
    assert commands(waiting, 10.05) == []
    assert commands(waiting, 10.5) == [[other]]
    assert waiting.count == 0


def test_sessions_due_within_the_slack_go_along_but_never_alone() -> None:
    waiting = backlog()
    early, soon, late = hand("a"), hand("b"), hand("c")
    waiting.add(early, nobody, 10.0)
    waiting.add(soon, nobody, 10.02)
    waiting.add(late, nobody, 10.04)
    assert commands(waiting, 10.04, slack=0.025) == []
    assert commands(waiting, 10.05, slack=0.025) == [[early], [soon]]


def test_a_batch_of_few_heartbeats_is_filled_with_those_that_are_due_soon() -> None:
    size = BatchSize(0.025, 100, fill_seconds=0.25, fill_sessions=3)
    waiting = backlog()
    for place, session in enumerate("abcde"):
        waiting.add(beat(session), nobody, 10.0 + 0.08 * place)
    assert waiting.take(10.49, size) == []
    assert [one.session_id for one in waiting.take(10.5, size)] == ["a", "b", "c"]
    assert [one.session_id for one in waiting.take(10.75, size)] == ["d", "e"]


def test_a_batch_that_someone_waits_for_is_not_filled() -> None:
    waiting = backlog()
    waiting.add(beat("b"), nobody, 9.7)
    waiting.add(hand("a"), nobody, 10.0)
    taken = waiting.take(10.05, BatchSize(0.025, 100, fill_seconds=0.25, fill_sessions=3))
    assert [one.session_id for one in taken] == ["a"]


def test_a_batch_that_is_large_enough_is_taken_whole_and_not_filled() -> None:
    waiting = backlog()
    for session in "abcd":
        waiting.add(beat(session), nobody, 10.0)
    waiting.add(beat("e"), nobody, 10.1)
    taken = waiting.take(10.5, BatchSize(0.025, 100, fill_seconds=0.25, fill_sessions=3))
    assert [one.session_id for one in taken] == ["a", "b", "c", "d"]


def test_no_filling_goes_beyond_the_most() -> None:
    waiting = backlog()
    for session in "abc":
        waiting.add(beat(session), nobody, 10.0)
    taken = waiting.take(10.5, BatchSize(0.0, 1, fill_seconds=0.25, fill_sessions=3))
    assert [one.session_id for one in taken] == ["a"]


def test_at_most_so_many_sessions_are_taken_the_most_overdue_first() -> None:
    waiting = backlog()
    for place, session in enumerate("cab"):
        waiting.add(hand(session), nobody, 10.0 + place)
    taken = waiting.take(20.0, BatchSize(0.0, 2))
    assert [one.session_id for one in taken] == ["c", "a"]


def test_a_waiting_heartbeat_is_replaced_by_the_next_of_its_connection_and_both_are_told() -> None:
    waiting = backlog()
    told: list[str] = []
    first, second = beat(question_id="q1", is_visible=True), beat(is_visible=False)
    waiting.add(first, lambda settled: told.append(settled.command.id), 10.0)
    waiting.add(second, lambda settled: told.append(settled.command.id), 10.2)
    waiting.add(beat(connection="d"), nobody, 10.2)
    assert waiting.count == 2
    [one] = waiting.take(10.5, BatchSize(0.0, 1))
    merged = one.entries[0].command
    assert isinstance(merged, Heartbeat)
    assert (merged.question_id, merged.is_visible) == ("q1", False)
    for command, settled in one.entries[0].waiters:
        settled(Settled(command, 1, Outcome()))
    assert told == [first.id, second.id]


def test_a_heartbeat_does_not_overtake_what_its_connection_sent_before_it() -> None:
    waiting = backlog()
    hidden = SetVisibility(
        id="v",
        session_id="s",
        received_at=NOW,
        student_id="p",
        connection_id="c",
        is_visible=False,
    )
    first, last = beat(), beat(is_visible=True)
    for command in (first, hidden, last):
        waiting.add(command, nobody, 10.0)
    assert commands(waiting) == [[first, hidden, last]]


def test_what_is_put_back_comes_before_what_has_come_since() -> None:
    waiting = backlog()
    first, second = hand(), hand(connection="d")
    waiting.add(first, nobody, 10.0)
    [taken] = waiting.take(10.05, BatchSize(0.0, 1))
    waiting.add(second, nobody, 10.06)
    waiting.put_back(taken, 10.2)
    assert waiting.next_due() == 10.2
    assert commands(waiting, 10.2) == [[first, second]]


def test_what_someone_sees_hurries_what_was_put_back() -> None:
    waiting = backlog()
    waiting.add(beat(), nobody, 10.0)
    [taken] = waiting.take(10.5, BatchSize(0.0, 1))
    waiting.add(hand(connection="d"), nobody, 10.5)
    waiting.put_back(taken, 11.0)
    waiting.rested_at = 10.6
    assert waiting.next_due() == 10.6


def test_a_heartbeat_joins_none_that_was_settled_before_the_rest_was_put_back() -> None:
    waiting = backlog()
    settled, left, after = beat(), hand(connection="d"), beat()
    waiting.add(settled, nobody, 10.0)
    waiting.add(left, nobody, 10.0)
    [taken] = waiting.take(10.05, BatchSize(0.0, 1))
    del taken.entries[0]
    waiting.put_back(taken, 10.1)
    waiting.add(after, nobody, 10.1)
    assert waiting.count == 2
    assert commands(waiting, 10.1) == [[left, after]]


def test_a_session_that_must_go_alone_goes_alone_and_visible_commands_do_not_hurry_it() -> None:
    waiting = backlog()
    locked, free = hand("a"), hand("b")
    waiting.add(locked, nobody, 10.0)
    [taken] = waiting.take(10.05, BatchSize(0.0, 1))
    taken.alone = True
    waiting.put_back(taken, 10.3)
    waiting.add(hand("a"), nobody, 10.06)
    waiting.add(free, nobody, 10.2)
    assert commands(waiting, 10.29) == [[free]]
    waiting.add(free, nobody, 10.2)
    assert [one.session_id for one in waiting.take(10.31, BatchSize(0.0, 100))] == ["b"]
    assert [one.session_id for one in waiting.take(10.31, BatchSize(0.0, 100))] == ["a"]


def test_a_drain_makes_everything_due() -> None:
    waiting = backlog()
    waiting.add(beat(), nobody, 10.0)
    waiting.make_due(10.01)
    assert waiting.next_due() == 10.01


def test_what_is_visible_waits_for_the_recorder_to_have_rested_heartbeats_for_their_window() -> (
    None
):
    waiting = backlog()
    first, second, beaten = hand("a"), hand("b"), beat("c")
    waiting.add(first, nobody, 10.0)
    waiting.add(beaten, nobody, 10.0)
    assert waiting.next_due() == 10.05
    waiting.rested_at = 10.01
    assert waiting.next_due() == 10.01
    assert waiting.add(second, nobody, 10.005) == 10.01
    assert commands(waiting, 10.009) == []
    assert commands(waiting, 10.01) == [[first], [second]]
    assert commands(waiting, 10.49) == []
    assert waiting.next_due() == 10.5


def test_a_long_rest_ends_with_the_window() -> None:
    waiting = backlog()
    waiting.rested_at = 20.0
    assert waiting.add(hand(), nobody, 10.0) == 10.05


def test_a_heartbeat_goes_along_with_what_is_visible_of_its_session() -> None:
    waiting = backlog()
    waiting.rested_at = 10.1
    beaten, raised = beat(), hand(connection="d")
    assert waiting.add(beaten, nobody, 10.0) == 10.5
    assert waiting.add(raised, nobody, 10.08) == 10.1
    assert commands(waiting, 10.1) == [[beaten, raised]]


def test_a_session_that_must_go_alone_waits_for_its_own_time() -> None:
    waiting = backlog()
    waiting.add(hand(), nobody, 10.0)
    [one] = waiting.take(10.05, BatchSize(0.0, 100))
    one.alone = True
    waiting.put_back(one, 10.3)
    waiting.rested_at = 10.06
    assert waiting.next_due() == 10.3
    assert commands(waiting, 10.2) == []
