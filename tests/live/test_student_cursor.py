"""A student's socket is a cursor narrowed to what is the student's own."""

from __future__ import annotations

import msgspec

from monitor.live.room import Room
from monitor.live.student_cursor import (
    LoadAttempt,
    Rejoin,
    Replaced,
    SendTest,
    SittingOver,
    StudentCursor,
)
from monitor.protocol.messages import MessageSent, SessionChanged
from tests.live.reading import Reading, reading
from tests.live.virtual_time import in_virtual_time, pass_seconds, settle


async def joined(it: Reading, student: int = 0) -> tuple[Room, StudentCursor]:
    """A student who has joined, and the room."""
    room = await it.open()
    publication = it.commit("join", student=student)
    assert await room.reached(publication.version)
    name = it.model.students[student]
    return room, StudentCursor(
        room,
        student_id=name,
        attempt_id=f"attempt of {name}",
        connection_id=f"{name}.1",
        joined_version=publication.version,
    )


@in_virtual_time
async def test_it_begins_with_what_joined_carries() -> None:
    async with reading() as it:
        it.model.commit("message")  # version 1: to all
        it.model.commit("message", student=0)  # version 2: to the first student
        it.model.commit("message")
        it.model.commit("message", student=1)
        _, cursor = await joined(it)

        assert (cursor.version, cursor.epoch, cursor.has_test) == (5, "epoch 1", False)
        assert cursor.session.title == "A sitting"
        assert [message.id for message in cursor.messages] == [
            "message 1",
            "message 2",
            "message 3",
        ]
        assert cursor.next() == []


@in_virtual_time
async def test_what_the_student_does_and_what_others_do_is_no_news() -> None:
    async with reading() as it:
        _, cursor = await joined(it)
        it.commit("beat", "answer", "event")
        it.commit("join", "takeover", "reopen", student=1)
        it.commit("roster")
        await settle()

        assert cursor.next() == []


@in_virtual_time
async def test_a_change_of_the_session_is_news_with_the_students_own_end() -> None:
    async with reading() as it:
        _, cursor = await joined(it)
        it.model.session = msgspec.structs.replace(
            it.model.session, ends_at="2026-11-22T11:00:00.000Z", extra_seconds={"student 0": 90}
        )
        it.commit("session")
        await settle()

        (news,) = cursor.next()
        assert isinstance(news, SessionChanged)
        assert news.session.closes_at == "2026-11-22T11:01:30.000Z"
        assert news.session.extra_seconds == 90
        assert cursor.next() == []


@in_virtual_time
async def test_the_start_brings_the_test_once() -> None:
    async with reading() as it:
        _, cursor = await joined(it)
        it.commit("start")
        await settle()
        first, second = cursor.next()
        assert first == SendTest()
        assert isinstance(second, SessionChanged)

        it.commit("session")
        await settle()
        assert [type(news) for news in cursor.next()] == [SessionChanged]


@in_virtual_time
async def test_who_joins_after_the_start_has_the_test_already() -> None:
    async with reading() as it:
        it.model.commit("start")
        _, cursor = await joined(it)

        assert cursor.has_test
        assert cursor.next() == []


@in_virtual_time
async def test_what_somebody_else_did_to_the_attempt_is_to_be_loaded_once() -> None:
    async with reading() as it:
        _, cursor = await joined(it)
        it.commit("reopen")
        it.commit("answer")
        await settle()

        assert cursor.next() == [LoadAttempt(2)]
        assert cursor.next() == []


@in_virtual_time
async def test_messages_to_the_student_are_news_once_and_receipts_are_none() -> None:
    async with reading() as it:
        _, cursor = await joined(it)  # version 1
        it.commit("message", student=0)  # version 2: to one
        it.commit("message")  # version 3: to all
        it.commit("message", student=1)  # version 4: to another
        await settle()
        assert cursor.next() == [
            MessageSent(id="message 2", text="Hello", sent_at="000002"),
            MessageSent(id="message 3", text="Hello", sent_at="000003"),
        ]

        for student in range(3):
            it.commit("receipt", student=student)
        await settle()
        assert cursor.next() == []


@in_virtual_time
async def test_a_receipt_of_a_message_that_was_not_sent_yet_does_not_hide_it() -> None:
    async with reading() as it:
        _, cursor = await joined(it)
        it.commit("message", student=0)
        it.commit("receipt", student=1)
        await settle()

        assert [type(news) for news in cursor.next()] == [MessageSent]


@in_virtual_time
async def test_a_place_taken_over_is_told_once_and_nothing_after_it() -> None:
    async with reading() as it:
        _, cursor = await joined(it)
        it.commit("takeover", "session", "reopen")
        await settle()

        assert cursor.next() == [Replaced()]
        it.commit("session")
        await settle()
        assert cursor.next() == []


@in_virtual_time
async def test_a_room_that_has_not_reached_the_join_yet_does_not_replace_the_connection() -> None:
    async with reading() as it:
        room = await it.open()
        it.commit("join")
        it.commit("takeover")  # version 2, by some earlier connection
        await settle()
        join = it.model.commit("takeover")  # version 3: this connection; not heard of yet
        cursor = StudentCursor(
            room,
            student_id="student 0",
            attempt_id="attempt of student 0",
            connection_id="student 0.3",
            joined_version=3,
        )
        assert cursor.next() == []

        it.broker.publish(join)
        await settle()
        assert cursor.next() == []
        it.commit("takeover")
        await settle()
        assert cursor.next() == [Replaced()]


@in_virtual_time
async def test_the_end_of_the_sitting_comes_after_its_last_state() -> None:
    async with reading() as it:
        _, cursor = await joined(it)
        it.commit("reopen", "complete", "message")
        await settle()
        news = cursor.next()

        assert [type(one) for one in news] == [
            SessionChanged,
            LoadAttempt,
            MessageSent,
            SittingOver,
        ]
        assert isinstance(news[0], SessionChanged)
        assert news[0].session.status == "COMPLETED"
        assert cursor.next() == []


@in_virtual_time
async def test_a_session_that_is_deleted_is_over() -> None:
    async with reading() as it:
        room, cursor = await joined(it)
        room.end()

        assert cursor.next() == [SittingOver()]


@in_virtual_time
async def test_after_a_restore_the_student_must_join_again() -> None:
    async with reading(checks=True) as it:
        it.model.commit("message")
        _, cursor = await joined(it)
        await pass_seconds(1)
        it.model.restore(1)
        await pass_seconds(1.5)

        assert cursor.next() == [Rejoin()]
