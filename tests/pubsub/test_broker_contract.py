"""What every broker promises; run over both."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import pytest

from monitor.protocol.publication import Publication
from monitor.pubsub.broker import Broker
from monitor.pubsub.memory_broker import MemoryBroker
from monitor.pubsub.redis_broker import RedisBroker
from tests.pubsub.recording import Recording, publication
from tests.support import eventually


@dataclass
class Pair:
    """Where something is published, and where it is heard."""

    here: Broker
    there: Broker


@pytest.fixture(params=["memory", "redis within a process", "redis between processes"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    brokers: list[Broker] = []
    if request.param == "memory":
        brokers = [MemoryBroker()]
    else:
        url, prefix = request.getfixturevalue("redis_url"), f"test-{uuid.uuid4()}"
        brokers = [RedisBroker(url, prefix)]
        if "between" in request.param:
            brokers.append(RedisBroker(url, prefix))
    for broker in brokers:
        await broker.start()
    yield Pair(brokers[0], brokers[-1])
    for broker in brokers:
        await broker.close()


def _heard(listener: Recording, version: int) -> bool:
    return version in listener.versions


async def test_what_is_published_after_a_subscription_arrives_whole(pair: Pair) -> None:
    listener = Recording()
    await pair.there.subscribe("one", listener)

    pair.here.publish(publication("one", 1))

    await eventually(lambda: listener.publications == [publication("one", 1)])


async def test_publications_come_in_the_order_of_their_publishing(pair: Pair) -> None:
    listener = Recording()
    await pair.there.subscribe("one", listener)

    for version in range(1, 301):
        pair.here.publish(publication("one", version))

    await eventually(lambda: len(listener.versions) >= 300)
    assert listener.versions == list(range(1, 301))


async def test_a_bare_version_arrives_too(pair: Pair) -> None:
    listener = Recording()
    await pair.there.subscribe("one", listener)

    pair.here.publish(Publication(session_id="one", version=7))

    heard = await eventually(lambda: listener.publications)
    assert heard == [Publication(session_id="one", version=7)]


async def test_another_session_is_not_heard(pair: Pair) -> None:
    one, two = Recording(), Recording()
    await pair.there.subscribe("one", one)
    await pair.there.subscribe("two", two)

    pair.here.publish(publication("one", 1))
    pair.here.publish(publication("two", 2))

    await eventually(lambda: one.versions == [1] and two.versions == [2])


async def test_everyone_who_listens_to_a_session_hears(pair: Pair) -> None:
    first, second = Recording(), Recording()
    await pair.there.subscribe("one", first)
    await pair.there.subscribe("one", second)

    pair.here.publish(publication("one", 1))

    await eventually(lambda: first.versions == [1] and second.versions == [1])


async def test_publishing_calls_nobody_before_it_returns(pair: Pair) -> None:
    listener = Recording()
    await pair.here.subscribe("one", listener)

    pair.here.publish(publication("one", 1))

    assert listener.versions == []
    await eventually(lambda: listener.versions == [1])


async def test_a_subscriber_that_raises_keeps_nobody_from_hearing(pair: Pair) -> None:
    class Broken(Recording):
        def published(self, publication: Publication) -> None:
            raise RuntimeError("broken")

    listener = Recording()
    await pair.there.subscribe("one", Broken())
    await pair.there.subscribe("one", listener)

    pair.here.publish(publication("one", 1))
    pair.here.publish(publication("one", 2))

    await eventually(lambda: listener.versions == [1, 2])


async def test_who_unsubscribed_hears_nothing_more_and_the_others_do(pair: Pair) -> None:
    gone, still = Recording(), Recording()
    await pair.there.subscribe("one", gone)
    await pair.there.subscribe("one", still)

    await pair.there.unsubscribe("one", gone)
    pair.here.publish(publication("one", 1))

    await eventually(lambda: still.versions == [1])
    assert gone.versions == []


async def test_what_was_published_but_not_delivered_is_not_heard_after_unsubscribing(
    pair: Pair,
) -> None:
    listener = Recording()
    await pair.here.subscribe("one", listener)

    pair.here.publish(publication("one", 1))
    await pair.here.unsubscribe("one", listener)
    await pair.here.subscribe("two", listener)
    pair.here.publish(publication("two", 2))

    await eventually(lambda: listener.versions)
    assert listener.versions == [2]


async def test_one_may_leave_and_come_back(pair: Pair) -> None:
    for version in range(1, 6):
        listener = Recording()
        async with asyncio.timeout(1):
            await pair.there.subscribe("one", listener)
        pair.here.publish(publication("one", version))
        await eventually(partial(_heard, listener, version))
        await pair.there.unsubscribe("one", listener)


async def test_unsubscribing_who_never_subscribed_does_nothing(pair: Pair) -> None:
    await pair.there.unsubscribe("one", Recording())


async def test_many_sessions_can_be_subscribed_at_once(pair: Pair) -> None:
    listeners = {str(number): Recording() for number in range(1100)}

    await asyncio.gather(*(pair.there.subscribe(name, one) for name, one in listeners.items()))
    for name in listeners:
        pair.here.publish(publication(name, 1))

    await eventually(lambda: all(one.versions == [1] for one in listeners.values()))


async def test_a_broker_whose_messages_arrive_is_healthy(pair: Pair) -> None:
    await eventually(lambda: pair.here.healthy and pair.there.healthy)


async def test_publishing_after_the_end_does_nothing(pair: Pair) -> None:
    listener = Recording()
    await pair.here.subscribe("one", listener)
    await pair.here.close()

    pair.here.publish(publication("one", 1))

    await asyncio.sleep(0)
    assert listener.versions == []
