from __future__ import annotations

from msgspec.structs import replace

from monitor.domain.message import Message
from monitor.repositories.database import Database
from tests.repositories.builders import HARD_TEXT, at, make_message, new_id
from tests.repositories.recording import record


async def _save(database: Database, *messages: Message) -> None:
    await record(database, lambda uow: uow.messages.save_many(messages))


async def test_a_message_is_read_as_it_was_written(database: Database) -> None:
    session_id = new_id()
    to_all = make_message(session_id, text=HARD_TEXT, sent_at=at(1))
    to_some = make_message(
        session_id,
        student_ids=(new_id(), new_id()),
        delivered={"s": at(0.5)},
        read={"s": at(0.75)},
        sent_at=at(2),
    )
    to_none = make_message(session_id, student_ids=(), sent_at=at(3))

    await _save(database, to_none, to_some, to_all)

    found = await database.read(lambda uow: uow.messages.of_session(session_id))
    assert found == [to_all, to_some, to_none]


async def test_receipts_are_added_to_a_message(database: Database) -> None:
    message, new = make_message(new_id()), make_message(new_id())
    await _save(database, message)
    received = replace(message, delivered={"s": at(1)}, version=2)

    await _save(database, received, new)

    found = await database.read(lambda uow: uow.messages.of_session(message.session_id))
    assert found == [received]


async def test_only_messages_that_changed_since_are_read(database: Database) -> None:
    session_id = new_id()
    old, new = make_message(session_id, version=3), make_message(session_id, version=4)
    await _save(database, old, new)

    assert await database.read(lambda uow: uow.messages.of_session(session_id, 3)) == [new]


async def test_messages_are_found_only_in_their_own_session(database: Database) -> None:
    own, other = make_message(new_id()), make_message(new_id())
    await _save(database, own, other)

    found = await database.read(
        lambda uow: uow.messages.get_many(own.session_id, [own.id, other.id, new_id()])
    )

    assert found == [own]
