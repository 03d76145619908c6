"""The proxy breaks connections in exactly the way it is told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.support import TcpProxy, eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support import PostgresServer

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def _echo_behind_a_proxy() -> AsyncIterator[TcpProxy]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(1024):
                writer.write(data.upper())
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server, TcpProxy("127.0.0.1", server.sockets[0].getsockname()[1]) as proxy:
        yield proxy
        # What the server still holds open ends before the event loop does.
        proxy.cut()
        await asyncio.sleep(0.01)


@asynccontextmanager
async def _connection(proxy: TcpProxy) -> AsyncIterator[Pair]:
    reader, writer = await asyncio.open_connection(proxy.host, proxy.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def _ask(pair: Pair, words: bytes) -> bytes:
    reader, writer = pair
    writer.write(words)
    async with asyncio.timeout(0.3):
        return await reader.read(1024)


async def test_it_forwards_in_both_directions() -> None:
    async with _echo_behind_a_proxy() as proxy, _connection(proxy) as pair:
        assert await _ask(pair, b"hello") == b"HELLO"
        assert proxy.connections == 1
        assert proxy.accepted == 1


async def test_a_cut_resets_what_is_open_and_takes_new_connections() -> None:
    async with _echo_behind_a_proxy() as proxy, _connection(proxy) as pair:
        await _ask(pair, b"hello")
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            await _ask(pair, b"hello")
        async with _connection(proxy) as another:
            assert await _ask(another, b"again") == b"AGAIN"


async def test_it_refuses_until_it_accepts_again_on_the_same_port() -> None:
    async with _echo_behind_a_proxy() as proxy:
        port = proxy.port
        proxy.refuse()
        with pytest.raises(ConnectionRefusedError):
            async with _connection(proxy):
                pass
        proxy.accept()

        assert proxy.port == port
        async with _connection(proxy) as pair:
            assert await _ask(pair, b"hello") == b"HELLO"


@pytest.mark.parametrize(("up", "down"), [(True, False), (False, True), (True, True)])
async def test_what_is_stalled_arrives_later(up: bool, down: bool) -> None:
    async with _echo_behind_a_proxy() as proxy, _connection(proxy) as pair:
        await _ask(pair, b"hello")
        proxy.stall(up=up, down=down)
        with pytest.raises(TimeoutError):
            await _ask(pair, b"late")
        proxy.flow()

        assert await _ask(pair, b"") == b"LATE"


async def test_a_delay_holds_everything_for_that_long() -> None:
    async with _echo_behind_a_proxy() as proxy, _connection(proxy) as pair:
        await _ask(pair, b"hello")
        proxy.delay(0.4)
        with pytest.raises(TimeoutError):
            await _ask(pair, b"late")
        async with asyncio.timeout(2):
            assert await pair[0].read(1024) == b"LATE"


async def test_what_drips_comes_in_small_pieces() -> None:
    async with _echo_behind_a_proxy() as proxy, _connection(proxy) as pair:
        proxy.drip(2, 0.02)
        assert await _ask(pair, b"hello") == b"HE"
        proxy.flow()
        async with asyncio.timeout(1):
            assert await pair[0].readexactly(3) == b"LLO"


async def test_half_closed_the_server_reads_an_end_and_the_client_waits_until_it_is_cut() -> None:
    async with _echo_behind_a_proxy() as proxy, _connection(proxy) as pair:
        await _ask(pair, b"hello")
        proxy.half_close()

        with pytest.raises(TimeoutError):
            await _ask(pair, b"lost")
        assert proxy.connections == 1
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            await pair[0].read(1)
        async with _connection(proxy) as other:
            assert await _ask(other, b"again") == b"AGAIN"


async def test_answers_are_swallowed_after_so_many_bytes() -> None:
    async with _echo_behind_a_proxy() as proxy, _connection(proxy) as pair:
        await _ask(pair, b"hello")
        proxy.swallow_answers(after_bytes=3)

        assert await _ask(pair, b"world") == b"WOR"
        with pytest.raises(TimeoutError):
            await _ask(pair, b"more")


async def test_answers_are_swallowed_once_the_client_has_asked_for_it() -> None:
    async with _echo_behind_a_proxy() as proxy, _connection(proxy) as pair:
        proxy.swallow_answers(after=lambda asked: b"secret" in asked)

        assert await _ask(pair, b"hello sec") == b"HELLO SEC"
        with pytest.raises(TimeoutError):
            await _ask(pair, b"ret")


async def test_only_the_answer_asked_for_is_cut() -> None:
    async with (
        _echo_behind_a_proxy() as proxy,
        _connection(proxy) as pair,
        _connection(proxy) as bystander,
    ):
        proxy.cut_answer(after=lambda asked: b"commit" in asked)
        assert await _ask(pair, b"begin") == b"BEGIN"
        assert not proxy.cut_done.is_set()
        with pytest.raises(ConnectionResetError):
            await _ask(pair, b"commit")

        assert proxy.cut_done.is_set()
        assert await _ask(bystander, b"commit") == b"COMMIT"


async def test_a_server_that_is_not_there_looks_like_a_reset() -> None:
    with TcpProxy("127.0.0.1", 1) as proxy:
        # The reset may come while connecting or at the first word.
        with pytest.raises(ConnectionResetError):
            async with _connection(proxy) as pair:
                await _ask(pair, b"hello")
        await eventually(lambda: proxy.connections == 0)


def test_it_works_without_an_event_loop_of_the_test(postgres_server: PostgresServer) -> None:
    """Cut between COMMIT and its answer: the client sees an error, the row is there."""
    url = postgres_server.create_database(migrated=False)
    with TcpProxy(postgres_server.host, postgres_server.port) as proxy:
        through = psycopg.connect(proxy.url_for(url).replace("+psycopg", ""))
        with through as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
            proxy.cut_answer(after=lambda asked: b"COMMIT" in asked)
            with pytest.raises(psycopg.OperationalError):
                connection.commit()
    assert proxy.cut_done.is_set()
    with psycopg.connect(url.replace("+psycopg", "")) as direct:
        assert direct.execute("SELECT number FROM kept").fetchone() == (1,)


def test_a_url_is_led_through_the_proxy_with_everything_else_kept() -> None:
    with TcpProxy("127.0.0.1", 1) as proxy:
        led = proxy.url_for("postgresql+psycopg://user@db.example:5432/name?a=b")

        assert led == f"postgresql+psycopg://user@127.0.0.1:{proxy.port}/name?a=b"
