"""Delivery within the process."""

from __future__ import annotations

import asyncio

from monitor.protocol.publication import Publication
from monitor.pubsub.delivery import Delivery
from monitor.pubsub.memory_broker import MemoryBroker
from tests.pubsub.recording import Recording, publication
from tests.support import eventually


async def test_everyone_gets_the_very_same_object() -> None:
    broker, first, second = MemoryBroker(), Recording(), Recording()
    await broker.subscribe("one", first)
    await broker.subscribe("one", second)
    sent = publication()

    broker.publish(sent)

    await eventually(lambda: first.publications and second.publications)
    assert first.publications[0] is sent
    assert second.publications[0] is sent


async def test_beyond_the_limit_the_oldest_are_dropped_and_their_session_is_told_of_a_gap() -> None:
    broker, one, two = MemoryBroker(waiting_limit=3), Recording(), Recording()
    await broker.subscribe("one", one)
    await broker.subscribe("two", two)

    for version in (1, 2):
        broker.publish(publication("one", version))
    for version in (1, 2, 3):
        broker.publish(publication("two", version))

    await eventually(lambda: two.versions == [1, 2, 3])
    assert (one.versions, one.gaps) == ([], 1)
    assert two.gaps == 0


async def test_nothing_waits_for_sessions_that_nobody_listens_to() -> None:
    delivery, listener = Delivery(waiting_limit=1), Recording()
    delivery.add("one", listener)

    delivery.hand(publication("one", 1))
    delivery.hand(publication("nobody's", 1))

    await eventually(lambda: listener.versions == [1])
    assert listener.gaps == 0


async def test_a_subscriber_that_unsubscribes_another_is_obeyed_at_once() -> None:
    delivery, second = Delivery(), Recording()

    class Unsubscribing(Recording):
        def published(self, publication: Publication) -> None:
            super().published(publication)
            delivery.remove("one", second)

    first = Unsubscribing()
    delivery.add("one", first)
    delivery.add("one", second)

    delivery.hand(publication("one", 1))

    await eventually(lambda: first.versions == [1])
    assert second.versions == []


async def test_what_a_subscriber_publishes_is_delivered_in_the_next_turn() -> None:
    broker = MemoryBroker()

    class Answering(Recording):
        def published(self, publication_: Publication) -> None:
            super().published(publication_)
            if publication_.version < 3:
                broker.publish(publication("one", publication_.version + 1))
                assert len(self.publications) == publication_.version

    listener = Answering()
    await broker.subscribe("one", listener)

    broker.publish(publication("one", 1))

    await eventually(lambda: listener.versions == [1, 2, 3])
    await asyncio.sleep(0)
    assert listener.versions == [1, 2, 3]
