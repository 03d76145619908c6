from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, strategies as st

from monitor.domain.attempt import Answer, Attempt, AttemptStatus
from monitor.domain.placing import place
from monitor.domain.rules import Rules
from monitor.domain.values import count_answered
from monitor.errors import TooLarge
from tests.domain.desk import NOON, later

RULES = Rules()
EMPTY = Attempt(id="attempt", test_id="test", student_id="ada", status=AttemptStatus.IN_PROGRESS)


def put(
    attempt: Attempt, value: str | None, at: datetime, connection: str | None
) -> tuple[Attempt, bool]:
    return place(attempt, "q", value, at, connection, RULES)


def test_within_one_connection_the_later_to_arrive_stands_though_its_clock_went_back() -> None:
    first, _ = put(EMPTY, "A", later(10), "x.1")
    second, stands = put(first, "B", later(3), "x.1")
    assert stands
    assert second.answers["q"] == Answer("B", later(10))


def test_between_connections_the_later_answer_stands_whichever_arrives_last() -> None:
    first, _ = put(EMPTY, "A", later(10), "x.1")
    second, stands = put(first, "B", later(9), "y.1")
    assert not stands
    assert second is first
    third, stands = put(first, "C", later(11), "y.1")
    assert stands
    assert third.answers["q"] == Answer("C", later(11))
    assert third.answer_connections["q"] == "y.1"


def test_between_connections_of_one_line_the_later_answer_stands_too() -> None:
    first, _ = put(EMPTY, "A", later(10), "x.1")
    assert put(first, "B", later(9), "x.2") == (first, False)


def test_at_equal_times_the_later_to_arrive_stands() -> None:
    first, _ = put(EMPTY, "A", later(10), "x.1")
    second, stands = put(first, "B", later(10), "y.1")
    assert stands
    assert second.answers["q"].value == "B"


def test_the_same_value_again_changes_nothing_but_a_later_time() -> None:
    first, _ = put(EMPTY, "A", later(10), "x.1")
    assert put(first, "A", later(10), "x.1") == (first, True)
    assert put(first, "A", later(4), "y.1") == (first, True)
    moved, stands = put(first, "A", later(12), "y.1")
    assert stands
    assert moved.answers["q"].answered_at == later(12)
    assert moved.answered == 1


def test_answers_by_rest_are_of_no_connection_and_compared_by_time() -> None:
    first, _ = put(EMPTY, "A", later(10), "x.1")
    second, stands = put(first, "B", later(11), None)
    assert stands
    assert second.answer_connections == {}
    assert put(second, "C", later(10.5), None) == (second, False)


def test_clearing_an_answer_counts_it_out_and_giving_it_counts_it_in() -> None:
    attempt, _ = put(EMPTY, "A", later(1), "x.1")
    assert attempt.answered == 1
    attempt, _ = put(attempt, None, later(2), "x.1")
    assert attempt.answered == 0
    attempt, _ = put(attempt, "", later(3), "x.1")
    assert attempt.answered == 0


def test_more_bytes_than_the_limit_are_refused_and_shorter_ones_still_fit() -> None:
    rules = Rules(answers_bytes_per_attempt=30)
    attempt, _ = place(EMPTY, "q", "x" * 29, NOON, "x.1", rules)
    with pytest.raises(TooLarge):
        place(attempt, "r", "y" * 10, NOON, "x.1", rules)
    attempt, _ = place(attempt, "q", "x" * 10, NOON, "x.1", rules)
    attempt, _ = place(attempt, "r", "y" * 10, NOON, "x.1", rules)
    assert attempt.answered == 2


# Two devices of one student, each with a list of answers in the order of its seq. Times of one are
# even, of the other odd, so that there are no ties between them.
TIMES = st.lists(st.integers(0, 20), max_size=8)


@given(times_x=TIMES, times_y=TIMES, data=st.data())
def test_any_interleaving_of_two_connections_ends_with_the_same_winner(
    times_x: list[int], times_y: list[int], data: st.DataObject
) -> None:
    queues = {
        "x.1": [(f"x{i}", 2 * time) for i, time in enumerate(times_x)],
        "y.1": [(f"y{i}", 2 * time + 1) for i, time in enumerate(times_y)],
    }
    attempt = EMPTY
    waiting = {connection: list(queue) for connection, queue in queues.items()}
    while any(waiting.values()):
        connection = data.draw(st.sampled_from([c for c in waiting if waiting[c]]))
        value, time = waiting[connection].pop(0)
        attempt, _ = put(attempt, value, later(time), connection)
        assert attempt.answered == count_answered(attempt.answers)
    assert attempt.answers.get("q") == expected_winner(queues)


def expected_winner(queues: dict[str, list[tuple[str, int]]]) -> Answer | None:
    """Each connection's last, at the latest time it has named; of both the later."""
    last = [
        Answer(queue[-1][0], later(max(time for _, time in queue)))
        for queue in queues.values()
        if queue
    ]
    return max(last, key=lambda answer: answer.answered_at, default=None)


@given(data=st.data(), count=st.integers(1, 8))
def test_a_client_that_sends_again_what_was_not_acked_ends_with_its_last_answer(
    data: st.DataObject, count: int
) -> None:
    attempt = EMPTY
    given = [(f"v{i % 3}", later(i)) for i in range(count)]
    acked, connection = 0, 1
    while acked < count:
        sent = data.draw(st.integers(acked, count), label="sent and committed on this connection")
        for value, at in given[acked:sent]:
            attempt, _ = put(attempt, value, at, f"x.{connection}")
        acked = data.draw(st.integers(acked, sent), label="acks that arrived")
        connection += 1
        if connection > 6:  # at last a connection that holds
            for value, at in given[acked:]:
                attempt, _ = put(attempt, value, at, f"x.{connection}")
            break
    assert attempt.answers["q"] == Answer(*given[-1])
