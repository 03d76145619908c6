from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from monitor.domain import commands
from monitor.errors import InvalidMessage
from monitor.live.door import Place, clock_offset, command_of, corrected
from monitor.protocol import messages

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PLACE = Place(session_id="s", student_id="p", connection_id="c.1")
HIGHLIGHT = messages.HighlightInput(
    id="h",
    timestamp=NOW - SECOND,
    text="word",
    passage_id="p1",
    position_start=1,
    position_end=5,
    color_code="yellow",
    comment="why",
)


def answer_at(moment: datetime) -> messages.Answer:
    """An answer with this raw time."""
    return messages.Answer(seq=1, question_id="q", value="v", answered_at=moment)


def given_answer(message: messages.Answer, place: Place = PLACE) -> commands.GiveAnswer:
    """The command that the message becomes."""
    command = command_of(message, place, received_at=NOW)
    assert isinstance(command, commands.GiveAnswer)
    return command


@pytest.mark.parametrize(
    ("message", "expected", "fields"),
    [
        (
            messages.Heartbeat(seq=1, question_id="q", visible=False),
            commands.Heartbeat,
            {"question_id": "q", "is_visible": False},
        ),
        (messages.Visibility(seq=1, visible=True), commands.SetVisibility, {"is_visible": True}),
        (messages.RemoveHighlight(seq=1, id="h"), commands.RemoveHighlight, {"highlight_id": "h"}),
        (messages.RaiseHand(seq=1, text="help"), commands.RaiseHand, {"text": "help"}),
        (messages.LowerHand(seq=1), commands.LowerHand, {}),
        (messages.Received(seq=1, message_id="m"), commands.MarkReceived, {"message_id": "m"}),
        (messages.Read(seq=1, message_id="m"), commands.MarkRead, {"message_id": "m"}),
        (messages.Submit(seq=1, given_at=NOW), commands.Submit, {"given_at": NOW}),
        (
            answer_at(NOW),
            commands.GiveAnswer,
            {"question_id": "q", "value": "v", "answered_at": NOW, "corrected_at": NOW},
        ),
    ],
)
def test_each_operation_becomes_its_command(
    message: messages.Operation, expected: type, fields: dict[str, object]
) -> None:
    command = command_of(message, PLACE, received_at=NOW)

    assert type(command) is expected
    assert (command.session_id, command.student_id, command.connection_id) == ("s", "p", "c.1")
    assert command.received_at == NOW
    assert {name: getattr(command, name) for name in fields} == fields


def test_a_highlight_becomes_the_item_it_describes() -> None:
    command = command_of(messages.SaveHighlight(seq=1, highlight=HIGHLIGHT), PLACE, received_at=NOW)

    assert isinstance(command, commands.SaveHighlight)
    assert {field: getattr(command.highlight, field) for field in HIGHLIGHT.__struct_fields__} == {
        field: getattr(HIGHLIGHT, field) for field in HIGHLIGHT.__struct_fields__
    }


def test_a_command_has_an_id_of_its_own_unless_one_is_given() -> None:
    message = messages.LowerHand(seq=1)

    first = command_of(message, PLACE, received_at=NOW)
    second = command_of(message, PLACE, received_at=NOW)

    assert UUID(first.id) != UUID(second.id)
    assert command_of(message, PLACE, received_at=NOW, command_id="given").id == "given"


def test_a_clock_that_is_behind_is_moved_forward() -> None:
    place = Place(session_id="s", student_id="p", clock_offset=clock_offset(NOW - 90 * SECOND, NOW))

    command = given_answer(answer_at(NOW - 100 * SECOND), place)

    assert command.corrected_at == NOW - 10 * SECOND
    assert command.answered_at == NOW - 100 * SECOND  # as the client's clock had it


def test_a_clock_that_is_ahead_is_moved_back() -> None:
    place = Place(session_id="s", student_id="p", clock_offset=clock_offset(NOW + 90 * SECOND, NOW))

    assert given_answer(answer_at(NOW + 60 * SECOND), place).corrected_at == NOW - 30 * SECOND


def test_no_time_lies_after_the_moment_it_was_received() -> None:
    assert given_answer(answer_at(NOW + timedelta(days=3))).corrected_at == NOW


def test_times_of_other_zones_become_utc_in_whole_milliseconds() -> None:
    moment = datetime(2026, 11, 22, 10, 59, 59, 123_456, tzinfo=timezone(timedelta(hours=1)))

    command = given_answer(answer_at(moment))

    assert command.answered_at == datetime(2026, 11, 22, 9, 59, 59, 123_000, tzinfo=UTC)
    assert command.answered_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(1969, 12, 31, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))),
    ],
)
def test_a_year_that_no_clock_shows_is_refused(moment: datetime) -> None:
    for message in (
        answer_at(moment),
        messages.Submit(seq=1, given_at=moment),
        messages.SaveHighlight(
            seq=1,
            highlight=messages.HighlightInput(
                id="h",
                timestamp=moment,
                text="",
                passage_id="p",
                position_start=0,
                position_end=0,
                color_code="",
            ),
        ),
    ):
        with pytest.raises(InvalidMessage, match="not a year"):
            command_of(message, PLACE, received_at=NOW)
    with pytest.raises(InvalidMessage, match="client_time"):
        clock_offset(moment, NOW)


clocks = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(9998, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(client_time=clocks, answered_at=clocks)
def test_whatever_clocks_show_the_corrected_time_is_one(
    client_time: datetime, answered_at: datetime
) -> None:
    moment = corrected(answered_at, clock_offset(client_time, NOW), NOW)

    assert moment <= NOW
    assert moment.microsecond % 1000 == 0
    if client_time - answered_at < timedelta(days=365 * 50) and answered_at <= client_time:
        assert abs((NOW - moment) - (client_time - answered_at)) < timedelta(milliseconds=2)
