"""A private Redis can be killed, frozen and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import redis

if TYPE_CHECKING:
    from tests.support import RedisServer


def _client(server: RedisServer) -> redis.Redis:
    return redis.Redis.from_url(server.url, socket_timeout=0.3, retry=None)


def test_a_killed_server_refuses_and_comes_back_empty_on_its_port(own_redis: RedisServer) -> None:
    port = own_redis.port
    with _client(own_redis) as client:
        client.set("name", "value")
        own_redis.kill()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        own_redis.start()

        assert own_redis.port == port
        assert client.get("name") is None


def test_a_paused_server_answers_nothing_until_it_is_resumed(own_redis: RedisServer) -> None:
    with _client(own_redis) as client:
        client.set("name", "value")
        own_redis.pause()
        with pytest.raises(redis.TimeoutError):
            client.ping()
        own_redis.resume()

        assert client.get("name") == b"value"


def test_a_stopped_server_can_be_started_again(own_redis: RedisServer) -> None:
    own_redis.stop()
    assert not own_redis.running
    own_redis.start()

    with _client(own_redis) as client:
        assert client.ping()


def test_the_shared_server_is_empty_at_the_start_of_a_test(
    redis_server: RedisServer, request: pytest.FixtureRequest
) -> None:
    with _client(redis_server) as client:
        client.set("left over", "by another test")
        request.getfixturevalue("redis_url")

        assert client.keys() == []
