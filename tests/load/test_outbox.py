from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, strategies as st

from monitor.load.outbox import Entry, Outbox
from monitor.protocol.messages import Answer, Error

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _answer(number: int) -> Answer:
    return Answer(0, f"q{number}", number, NOON)


def _questions(outbox: Outbox, limit: int = 100) -> list[str]:
    return [
        operation.question_id for operation in outbox.take(limit) if isinstance(operation, Answer)
    ]


def _error(seq: int, *, temporary: bool = False) -> Error:
    return Error("late" if not temporary else "unavailable", "words", temporary, seq)


def test_operations_go_in_the_order_given_with_rising_seqs() -> None:
    outbox = Outbox()
    for number in range(3):
        outbox.put(_answer(number), 0.0)

    taken = outbox.take(100)

    assert [operation.seq for operation in taken] == [1, 2, 3]
    assert len(outbox) == 3


def test_an_ack_settles_everything_up_to_its_seq() -> None:
    outbox = Outbox()
    entries = [outbox.put(_answer(number), 0.0) for number in range(3)]
    outbox.take(100)

    assert outbox.ack(2, 7.0) == entries[:2]
    assert [entry.is_kept for entry in entries] == [True, True, False]
    assert len(outbox) == 1


def test_what_was_refused_is_settled_by_its_ack_but_not_kept() -> None:
    outbox = Outbox()
    entry = outbox.put(_answer(1), 0.0)
    outbox.take(100)

    outbox.refuse(_error(1))
    before = entry.is_settled
    outbox.ack(1, 1.0)

    assert (before, entry.is_settled, entry.is_kept) == (False, True, False)


def test_what_was_refused_for_the_moment_goes_again_with_a_new_seq_but_not_at_once() -> None:
    outbox = Outbox()
    entry = outbox.put(_answer(1), 0.0)
    outbox.take(100)

    outbox.refuse(_error(1, temporary=True))
    outbox.ack(1, 1.0)
    assert not entry.is_settled
    assert outbox.take(100) == []

    outbox.retry()
    assert [operation.seq for operation in outbox.take(100)] == [2]


def test_a_new_connection_starts_with_what_was_not_settled_in_its_order() -> None:
    outbox = Outbox()
    for number in range(4):
        outbox.put(_answer(number), 0.0)
    outbox.take(3)
    outbox.ack(1, 1.0)

    outbox.start_again()

    taken = outbox.take(100)
    assert [operation.seq for operation in taken] == [1, 2, 3]
    assert [getattr(operation, "question_id", None) for operation in taken] == ["q1", "q2", "q3"]


def test_an_error_without_its_ack_counts_no_more_on_the_next_connection() -> None:
    outbox = Outbox()
    entry = outbox.put(_answer(1), 0.0)
    outbox.take(100)
    outbox.refuse(_error(1))

    outbox.start_again()
    outbox.take(100)
    outbox.ack(1, 1.0)

    assert entry.is_kept


def test_no_more_is_taken_than_the_limit() -> None:
    outbox = Outbox()
    for number in range(5):
        outbox.put(_answer(number), 0.0)

    assert _questions(outbox, 2) == ["q0", "q1"]
    assert outbox.under_way == 2
    assert outbox.take(0) == []


@given(st.lists(st.sampled_from(["put", "take", "ack", "error", "lost", "beat", "retry"])))
def test_whatever_happens_nothing_is_lost_or_settled_twice(steps: list[str]) -> None:
    outbox = Outbox()
    entries: list[Entry] = []
    settled: list[Entry] = []
    seq = 0
    for step in steps:
        match step:
            case "put":
                entries.append(outbox.put(_answer(len(entries)), 0.0))
            case "take":
                seq = max([operation.seq for operation in outbox.take(2)], default=seq)
            case "ack":
                settled += outbox.ack(seq, 1.0)
            case "error":
                outbox.refuse(_error(seq, temporary=True))
            case "lost":
                outbox.start_again()
                seq = 0
            case "beat":
                seq = outbox.next_seq()
            case _:
                outbox.retry()

    assert len(settled) == len(set(map(id, settled)))
    assert sorted(map(id, [*settled, *outbox])) == sorted(map(id, entries))
