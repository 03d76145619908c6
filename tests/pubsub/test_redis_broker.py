"""What only a broker with a server between can suffer."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis

from monitor.protocol.items import EventItem
from monitor.protocol.publication import Changes, Publication
from monitor.pubsub.redis_broker import RedisBroker
from tests.pubsub.recording import Recording, publication
from tests.support import RedisServer, TcpProxy, eventually

Make = Callable[..., Awaitable[RedisBroker]]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Starts brokers of one prefix, and closes them at the end."""
    prefix = f"test-{uuid.uuid4()}"
    async with AsyncExitStack() as stack:

        async def started(url: str, **options: float) -> RedisBroker:
            broker = RedisBroker(url, prefix, **options)  # type: ignore[arg-type]
            await broker.start()
            stack.push_async_callback(broker.close)
            return broker

        yield started


async def test_a_killed_redis_that_comes_back_is_used_again(
    own_redis: RedisServer, make: Make
) -> None:
    here, there, listener = await make(own_redis.url), await make(own_redis.url), Recording()
    await there.subscribe("one", listener)

    own_redis.kill()
    await eventually(lambda: not here.healthy and not there.healthy)
    own_redis.start()

    await eventually(lambda: listener.gaps >= 1)
    here.publish(publication("one", 1))
    await eventually(lambda: 1 in listener.versions)
    await eventually(lambda: here.healthy and there.healthy)


async def test_what_could_not_be_published_comes_as_its_newest_version(
    own_redis: RedisServer, make: Make
) -> None:
    here, there, listener = await make(own_redis.url), await make(own_redis.url), Recording()
    await there.subscribe("one", listener)

    own_redis.kill()
    for version in range(1, 1001):
        here.publish(publication("one", version))
    await eventually(lambda: not here.healthy)
    own_redis.start()

    # The link to the listener may come back after the version was put out: then the gap tells.
    await eventually(lambda: listener.gaps >= 1)
    assert set(listener.publications) <= {Publication(session_id="one", version=1000)}


async def test_the_process_itself_hears_what_it_publishes_while_redis_is_away(
    own_redis: RedisServer, make: Make
) -> None:
    broker, listener = await make(own_redis.url), Recording()
    await broker.subscribe("one", listener)
    own_redis.kill()

    for version in (1, 2, 3):
        broker.publish(publication("one", version))

    await eventually(lambda: listener.versions == [1, 2, 3])


async def test_a_redis_that_comes_after_the_start_is_found_and_a_gap_is_told(
    own_redis: RedisServer, make: Make
) -> None:
    own_redis.kill()
    here, there, listener = await make(own_redis.url), await make(own_redis.url), Recording()
    await there.subscribe("one", listener, timeout_seconds=0.1)
    assert listener.gaps == 0
    assert not there.healthy

    own_redis.start()

    await eventually(lambda: listener.gaps == 1)
    here.publish(publication("one", 1))
    await eventually(lambda: 1 in listener.versions)


async def test_a_link_that_was_silently_made_anew_is_a_gap_for_each_of_its_sessions(
    own_redis: RedisServer, make: Make
) -> None:
    here, there = await make(own_redis.url), await make(own_redis.url)
    one, two = Recording(), Recording()
    await there.subscribe("one", one)
    await there.subscribe("two", two)
    here.publish(publication("one", 1))
    await eventually(lambda: one.versions == [1])

    async with Redis.from_url(own_redis.url) as admin:
        await admin.execute_command("CLIENT", "KILL", "TYPE", "pubsub")  # type: ignore[no-untyped-call]

    await eventually(lambda: one.gaps == 1 and two.gaps == 1)
    here.publish(publication("one", 2))
    here.publish(publication("two", 1))
    await eventually(lambda: one.versions == [1, 2] and two.versions == [1])


async def test_a_paused_redis_blocks_nobody_and_what_waits_is_bounded_by_the_sessions(
    own_redis: RedisServer, make: Make
) -> None:
    here, there = await make(own_redis.url, fresh_limit=100), await make(own_redis.url)
    listeners = {f"session {number}": Recording() for number in range(10)}
    for name, listener in listeners.items():
        await there.subscribe(name, listener)

    own_redis.pause()
    try:
        for version in range(1, 1001):
            for name in listeners:
                here.publish(publication(name, version))
        assert here.waiting <= 100 + 10
        await eventually(lambda: not here.healthy and here._publisher.failing)
        for name in listeners:
            here.publish(publication(name, 1001))
        assert here.waiting <= 10
    finally:
        own_redis.resume()

    newest = [Publication(session_id=name, version=1001) for name in listeners]
    await eventually(
        lambda: all(
            listener.gaps or listener.publications[-1] == last
            for listener, last in zip(listeners.values(), newest, strict=True)
        )
    )
    await eventually(lambda: here.waiting == 0 and here.healthy)


async def test_more_than_may_wait_become_versions_too(own_redis: RedisServer, make: Make) -> None:
    here, there, listener = (
        await make(own_redis.url, fresh_limit=3),
        await make(own_redis.url),
        Recording(),
    )
    await there.subscribe("one", listener)

    for version in range(1, 11):
        here.publish(publication("one", version))
    assert here.waiting == 3 + 1

    await eventually(lambda: 10 in listener.versions)
    assert listener.publications == [
        Publication(session_id="one", version=7),
        *(publication("one", version) for version in (8, 9, 10)),
    ]


async def test_a_link_that_delivers_nothing_is_noticed_and_made_anew(
    redis_server: RedisServer, make: Make
) -> None:
    async with TcpProxy(redis_server.host, redis_server.port) as proxy:
        url = proxy.url_for(redis_server.url)
        there, listener = await make(url, canary_missed_seconds=0.2), Recording()
        here = await make(redis_server.url)
        await eventually(lambda: there.healthy)
        # Whoever subscribes from now on gets no more answers; publishing goes on well.
        proxy.swallow_answers(after=lambda asked: b"SUBSCRIBE" in asked)
        await there.subscribe("one", listener, timeout_seconds=0.1)
        here.publish(publication("one", 1))
        await eventually(lambda: not there.healthy)
        assert listener.publications == []

        proxy.flow()

        await eventually(lambda: there.healthy and listener.gaps >= 1)
        here.publish(publication("one", 2))
        await eventually(lambda: listener.versions == [2])


async def test_data_that_cannot_be_read_are_a_gap(redis_url: str, make: Make) -> None:
    there, listener = await make(redis_url), Recording()
    await there.subscribe("one", listener)

    async with Redis.from_url(redis_url) as stranger:
        (channel,) = await stranger.pubsub_channels("*:session:one")
        await stranger.publish(channel, b"of another version of Monitor")

    await eventually(lambda: listener.gaps == 1)


async def test_a_publication_that_cannot_be_encoded_does_not_stop_the_others(
    redis_url: str, make: Make
) -> None:
    here, there = await make(redis_url), await make(redis_url)
    poisoned, good = Recording(), Recording()
    await there.subscribe("poisoned", poisoned)
    await there.subscribe("good", good)
    event = EventItem(
        id="e", version=1, at="", type="note", student_id=None, actor_id=None, data={"x": object()}
    )

    here.publish(Publication(session_id="poisoned", version=1, changes=Changes(events=[event])))
    here.publish(publication("good", 1))

    await eventually(lambda: good.versions == [1] and poisoned.versions == [1])
    versions = itertools.count(2)

    def another_arrives_whole() -> bool:
        here.publish(publication("good", next(versions)))
        return good.publications[-1].changes is not None

    await eventually(another_arrives_whole)


async def test_processes_of_another_prefix_are_not_heard(redis_url: str, make: Make) -> None:
    other, here, there = (
        RedisBroker(redis_url, "another school"),
        await make(redis_url),
        await make(redis_url),
    )
    await other.start()
    listener = Recording()
    await there.subscribe("one", listener)

    other.publish(publication("one", 1))
    await other.close()
    here.publish(publication("one", 2))

    await eventually(lambda: listener.versions)
    assert listener.versions == [2]


async def test_closing_sends_what_still_waits(redis_url: str, make: Make) -> None:
    here, there, listener = await make(redis_url), await make(redis_url), Recording()
    await there.subscribe("one", listener)

    here.publish(publication("one", 1))
    await here.close()

    await eventually(lambda: listener.versions == [1])


@pytest.mark.parametrize("turns", range(12))
async def test_closing_ends_at_any_moment_of_the_start(redis_url: str, turns: int) -> None:
    broker = RedisBroker(redis_url, "test")
    await broker.start()
    for _ in range(turns):
        await asyncio.sleep(0)

    async with asyncio.timeout(5):
        await broker.close()


async def test_closing_ends_while_redis_is_paused(own_redis: RedisServer) -> None:
    broker = RedisBroker(own_redis.url, "test")
    await broker.start()
    await eventually(lambda: broker.healthy)
    own_redis.pause()
    try:
        broker.publish(publication())
        async with asyncio.timeout(8):
            await broker.close()
    finally:
        own_redis.resume()
