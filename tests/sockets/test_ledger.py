from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, strategies as st

from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.errors import InvalidValue
from monitor.protocol.messages import Ack, Error
from monitor.protocol.timestamps import rfc3339
from monitor.sockets.ledger import Ledger, error_message, late_message

NOW = rfc3339(datetime(2026, 11, 22, tzinfo=UTC))


def attempt(version: int) -> Attempt:
    """An attempt as of a version."""
    return Attempt(
        id="a",
        test_id="t",
        student_id="p",
        status=AttemptStatus.IN_PROGRESS,
        version=version,
    )


def test_one_ack_stands_for_everything_before_it() -> None:
    ledger = Ledger(64, 1000)
    entries = [ledger.enter(seq, 10) for seq in (1, 2, 5)]
    for entry in entries:
        ledger.settle(entry)

    assert ledger.take(NOW) == ([Ack(5, NOW)], None)
    assert ledger.empty


def test_what_is_settled_out_of_turn_waits_for_those_before_it() -> None:
    ledger = Ledger(64, 1000)
    first, second = ledger.enter(1, 10), ledger.enter(2, 10)
    ledger.settle(second)

    due = [ledger.due]
    assert ledger.take(NOW) == ([], None)

    ledger.settle(first)

    due.append(ledger.due)
    assert due == [False, True]
    assert ledger.take(NOW) == ([Ack(2, NOW)], None)


def test_an_error_leaves_in_its_turn_and_before_the_ack_that_covers_it() -> None:
    ledger = Ledger(64, 1000)
    entries = [ledger.enter(seq, 10) for seq in (1, 2, 3)]
    refused = error_message(InvalidValue(), seq=1)
    late = late_message(2)
    ledger.settle(entries[1], late)
    ledger.settle(entries[2])
    ledger.settle(entries[0], refused)

    assert ledger.take(NOW) == ([refused, late, Ack(3, NOW)], None)


def test_an_error_about_no_operation_is_acked_by_nothing() -> None:
    ledger = Ledger(64, 1000)
    waiting = ledger.enter(4, 10)
    nameless = error_message(InvalidValue())
    ledger.refuse(nameless, 10)

    assert ledger.take(NOW) == ([], None)

    ledger.settle(waiting)

    assert ledger.take(NOW) == ([Ack(4, NOW), nameless], None)
    assert ledger.empty


def test_a_seq_rises_or_is_refused() -> None:
    ledger = Ledger(64, 1000)

    assert [ledger.rises(seq) for seq in (0, 3, 3, 2, 4)] == [True, True, False, False, True]


def test_only_the_newest_winner_is_shown() -> None:
    ledger = Ledger(64, 1000)
    for version in (3, 4):
        entry = ledger.enter(version, 10)
        entry.winner = attempt(version)
        ledger.settle(entry)
    ledger.settle(ledger.enter(5, 10))

    assert ledger.take(NOW) == ([Ack(5, NOW)], attempt(4))


def test_it_is_full_by_number_and_by_bytes_until_something_is_answered() -> None:
    by_number, by_bytes = Ledger(2, 1000), Ledger(64, 100)
    full = [(by_number.full, by_bytes.full)]
    first, large = by_number.enter(1, 1), by_bytes.enter(1, 99)
    full.append((by_number.full, by_bytes.full))
    by_number.enter(2, 1)
    by_bytes.enter(2, 1)
    full.append((by_number.full, by_bytes.full))

    by_number.settle(first)
    by_bytes.settle(large)
    full.append((by_number.full, by_bytes.full))  # settled is not yet answered

    by_number.take(NOW)
    by_bytes.take(NOW)
    full.append((by_number.full, by_bytes.full))

    nothing, everything = (False, False), (True, True)
    assert full == [nothing, nothing, everything, everything, nothing]


@given(data=st.data(), count=st.integers(1, 12))
def test_an_ack_is_true_for_every_seq_before_it(data: st.DataObject, count: int) -> None:
    ledger = Ledger(64, 10_000)
    entries = [ledger.enter(seq, 1) for seq in range(count)]
    settled: set[int] = set()
    told: set[int] = set()
    refused = data.draw(st.sets(st.integers(0, count - 1)))
    acked = -1
    for seq in data.draw(st.permutations(range(count))):
        error = error_message(InvalidValue(), seq=seq) if seq in refused else None
        ledger.settle(entries[seq], error)
        settled.add(seq)
        if not data.draw(st.booleans()):
            continue
        messages, _ = ledger.take(NOW)
        numbers = [message.seq for message in messages if message.seq is not None]
        assert numbers == sorted(numbers)
        for message in messages:
            if isinstance(message, Error):
                assert message.seq is not None
                told.add(message.seq)
            else:
                acked = message.seq
        assert set(range(acked + 1)) <= settled
        assert refused & set(range(acked + 1)) <= told
    ledger.take(NOW)
    assert ledger.empty
