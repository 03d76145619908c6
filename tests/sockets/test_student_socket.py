"""A student's sitting over the wire: joining, working, coming back, being replaced, the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from monitor.domain.commands import (
    CompleteSession,
    Extend,
    ForceSubmit,
    Reopen,
    SendMessage,
    StartSession,
)
from monitor.domain.session import SessionStatus
from monitor.protocol.close_codes import CloseCode
from tests.support.classroom import Classroom, classroom


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Classroom]:
    async with classroom(sqlite_url, disconnect_grace_seconds=0.2) as opened:
        yield opened


async def test_a_whole_sitting_from_the_waiting_room_to_the_end(sqlite_url: str) -> None:
    async with (
        classroom(sqlite_url, status=SessionStatus.WAITING_FOR_STUDENTS) as room,
        room.student(client_time=room.moment()) as (socket, joined),
    ):
        assert joined["test"] is None
        assert joined["session"]["status"] == "WAITING_FOR_STUDENTS"
        assert joined["attempt"]["status"] == "NOT_STARTED"
        assert joined["heartbeat_seconds"] == 5.0
        assert "participants" not in joined["session"]

        await room.command(StartSession)
        started = [await socket.receive() for _ in range(3)]
        by_type = {message["type"]: message for message in started}
        assert by_type.keys() == {"test", "session", "attempt"}
        assert [q["id"] for q in by_type["test"]["test"]["questions"]] == ["q1", "q2", "q3", "q4"]
        assert by_type["session"]["session"]["closes_at"]
        assert by_type["attempt"]["attempt"]["status"] == "IN_PROGRESS"

        given = {"q1": "a", "q2": ["a", "c"], "q3": "Because.", "q4": 3.5}
        for question, value in given.items():
            await socket.operate(
                "answer", question_id=question, value=value, answered_at=room.moment()
            )
        await socket.acked(socket.seq)
        assert await room.answers() == given

        seq = await socket.operate("submit", given_at=room.moment())
        await socket.acked(seq)
        seq = await socket.operate(
            "answer", question_id="q3", value="Too late", answered_at=room.moment(seconds=60)
        )
        messages = await socket.acked(seq)
        assert messages[0]["code"] in ("attempt_closed", "late")

        await room.command(CompleteSession)
        rest = await socket.rest()

    assert [message["type"] for message in rest][-2:] == ["session", "bye"]
    assert rest[-2]["session"]["status"] == "COMPLETED"
    assert rest[-1]["code"] == socket.socket.close_code == CloseCode.SESSION_OVER
    assert rest[-1]["reconnect"] is False


async def test_joined_carries_the_work_that_was_saved_before(room: Classroom) -> None:
    highlight = {
        "id": "h1",
        "timestamp": "2026-11-22T10:45:00.000Z",
        "text": "highlighted",
        "passage_id": "p1",
        "position_start": 4,
        "position_end": 15,
        "color_code": "yellow",
        "comment": "look",
    }
    async with room.student() as (socket, _):
        await socket.operate("highlight", highlight=highlight)
        seq = await socket.operate(
            "answer", question_id="q3", value="saved", answered_at=room.moment()
        )
        await socket.acked(seq)

    async with room.student() as (_, joined):
        assert joined["attempt"]["answers"]["q3"]["value"] == "saved"
        assert joined["attempt"]["highlighted_text"] == [highlight]
        assert [q["id"] for q in joined["test"]["questions"]] == ["q1", "q2", "q3", "q4"]


async def test_an_ack_comes_only_after_the_commit(room: Classroom) -> None:
    async with room.student() as (socket, _):
        for number in range(20):
            seq = await socket.operate(
                "answer", question_id="q3", value=f"v{number}", answered_at=room.moment()
            )
            await socket.acked(seq)
            assert await room.answers() == {"q3": f"v{number}"}


async def test_no_ack_leaves_while_the_database_hangs(room: Classroom) -> None:
    async with room.student() as (socket, _):
        async with room.recorder_held():
            seq = await socket.operate(
                "answer", question_id="q3", value="x", answered_at=room.moment()
            )
            await socket.silent_for(0.3)
        assert (await socket.acked(seq))[-1]["seq"] == seq


async def test_acks_and_errors_leave_in_the_order_of_their_seq(room: Classroom) -> None:
    async with room.student() as (socket, _):
        refused = set()
        for number in range(1, 41):
            wrong = number % 3 == 0
            seq = await socket.operate(
                "answer",
                question_id="q9" if wrong else "q3",
                value="x",
                answered_at=room.moment(),
            )
            if wrong:
                refused.add(seq)
        messages = await socket.acked(40)

    numbers = [message["seq"] for message in messages]
    assert numbers == sorted(numbers)
    errors = {message["seq"] for message in messages if message["type"] == "error"}
    assert errors == refused
    assert sum(message["type"] == "ack" for message in messages) < 20  # coalesced


async def test_one_ack_covers_heartbeats_that_were_merged(room: Classroom) -> None:
    async with room.student() as (socket, _):
        for _ in range(10):
            await socket.operate("heartbeat", visible=True)
        assert all(m["type"] == "ack" for m in await socket.acked(10))


async def test_an_answer_after_the_time_was_up_is_acked_with_late_and_kept(
    sqlite_url: str,
) -> None:
    async with classroom(
        sqlite_url, duration_seconds=60, deadline_grace_seconds=0.0, sweep_seconds=0.05
    ) as room:
        room.services.clock.offset += timedelta(seconds=30)
        async with room.student() as (socket, _):
            room.services.clock.offset += timedelta(seconds=40)
            seq = await socket.operate(
                "answer", question_id="q3", value="late", answered_at=room.moment(-1)
            )
            messages = await socket.rest()
        kinds = [(m["type"], m.get("code"), m.get("seq")) for m in messages]
        late, ack = ("error", "late", seq), ("ack", None, seq)
        assert late in kinds
        assert kinds.index(ack) == kinds.index(late) + 1
        assert await room.answers() == {}


async def test_the_sender_of_an_answer_that_loses_is_sent_the_winner(room: Classroom) -> None:
    async with room.student() as (old, _):
        seq = await old.operate("heartbeat")
        await old.acked(seq)
        async with room.student() as (new, _):
            later = await new.operate(
                "answer", question_id="q3", value="newer", answered_at=room.moment()
            )
            await new.acked(later)
            seq = await new.operate("heartbeat")
            await new.acked(seq)

    async with room.student() as (again, _):
        seq = await again.operate(
            "answer", question_id="q3", value="older", answered_at=room.moment(-300)
        )
        messages = await again.acked(seq)
        winner = await again.receive("attempt")

    assert messages[-1]["type"] == "ack"
    assert winner["attempt"]["answers"]["q3"]["value"] == "newer"
    assert await room.answers() == {"q3": "newer"}


async def test_clocks_are_corrected_by_client_time(room: Classroom) -> None:
    ahead = room.moment(seconds=3600)
    async with room.student(client_time=ahead) as (socket, _):
        before = room.services.clock.now()
        seq = await socket.operate("answer", question_id="q3", value="x", answered_at=ahead)
        await socket.acked(seq)
    async with room.student() as (_, joined):
        stored = joined["attempt"]["answers"]["q3"]["answered_at"]
    assert stored <= room.moment()
    assert abs(room.services.clock.now() - before) < timedelta(seconds=30)


# -- news


async def test_a_message_of_the_teacher_arrives_and_its_receipts_come_back(room: Classroom) -> None:
    first, second = room.seeded.student_ids[:2]
    async with room.student(0) as (mine, _), room.student(1) as (other, _):
        await room.command(SendMessage, text="For one", student_ids=(first,))
        await room.command(SendMessage, text="For all")

        got = [await mine.receive("message") for _ in range(2)]
        others = await other.receive("message")
        seq = await mine.operate("received", message_id=got[0]["id"])
        seq = await mine.operate("read", message_id=got[0]["id"])
        await mine.acked(seq)
        wrong = await other.operate("read", message_id=got[0]["id"])
        refusal = (await other.acked(wrong))[0]

    assert [message["text"] for message in got] == ["For one", "For all"]
    assert others["text"] == "For all"
    assert refusal["code"] == "unknown_message"
    async with room.student(0) as (_, joined):
        assert [(m["text"], m["read"]) for m in joined["messages"]] == [
            ("For one", True),
            ("For all", False),
        ]
    assert second != first


async def test_more_time_arrives_as_the_student_s_own_end(room: Classroom) -> None:
    first, _, _ = room.seeded.student_ids
    async with room.student(0) as (mine, joined), room.student(1) as (other, others):
        await room.command(Extend, minutes=5, student_ids=(first,))

        mine_now = (await mine.receive("session"))["session"]
        other_now = (await other.receive("session"))["session"]

    assert mine_now["extra_seconds"] == 300
    assert mine_now["closes_at"] > joined["session"]["closes_at"]
    assert (other_now["extra_seconds"], other_now["closes_at"]) == (
        0,
        others["session"]["closes_at"],
    )


async def test_what_the_teacher_does_to_an_attempt_arrives(room: Classroom) -> None:
    async with room.student() as (socket, _):
        await room.command(ForceSubmit)
        submitted = await socket.receive("attempt")
        await room.command(Reopen)
        reopened = await socket.receive("attempt")

    assert submitted["attempt"]["status"] == "SUBMITTED"
    assert submitted["attempt"]["submitted_by"] == "teacher"
    assert reopened["attempt"]["status"] == "IN_PROGRESS"


async def test_a_student_hears_nothing_of_other_students(room: Classroom) -> None:
    async with room.student(0) as (mine, _), room.student(1) as (other, _):
        seq = await other.operate(
            "answer", question_id="q3", value="secret", answered_at=room.moment()
        )
        await other.acked(seq)
        await mine.silent_for(0.3)


async def test_a_pulse_tells_that_the_server_is_there(sqlite_url: str) -> None:
    async with (
        classroom(sqlite_url, student_pulse_seconds=0.1) as room,
        room.student() as (socket, joined),
    ):
        pulses = [await socket.receive("pulse") for _ in range(2)]
    assert [list(pulse) for pulse in pulses] == [["type", "server_time", "epoch"]] * 2
    assert pulses[0]["epoch"] == joined["epoch"]
    assert pulses[0]["server_time"] < pulses[1]["server_time"]
