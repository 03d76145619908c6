"""A private PostgreSQL keeps what was committed, whatever is done to it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.support import PostgresServer


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""))


def test_a_commit_survives_the_death_of_every_process(own_postgres: PostgresServer) -> None:
    url = own_postgres.create_database(migrated=False)
    with _connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
        connection.commit()
        connection.execute("INSERT INTO kept VALUES (2)")
        own_postgres.kill()
        with pytest.raises(psycopg.OperationalError):
            connection.commit()
    with pytest.raises(psycopg.OperationalError):
        _connect(url)
    own_postgres.start()

    with _connect(url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]


def test_a_paused_server_hangs_and_then_goes_on(own_postgres: PostgresServer) -> None:
    url = own_postgres.create_database(migrated=False)
    answers: list[object] = []
    with _connect(url) as connection:
        asking = threading.Thread(
            target=lambda: answers.append(connection.execute("SELECT 1").fetchone())
        )
        own_postgres.pause()
        asking.start()
        asking.join(timeout=0.3)
        assert answers == []
        own_postgres.resume()
        asking.join(timeout=5)

        assert answers == [(1,)]


def test_a_stopped_server_can_be_started_again(own_postgres: PostgresServer) -> None:
    url = own_postgres.create_database(migrated=False)
    own_postgres.stop()
    assert not own_postgres.running
    own_postgres.start()

    with _connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_every_test_gets_an_empty_database_of_its_own(postgres_server: PostgresServer) -> None:
    first = postgres_server.create_database(migrated=False)
    second = postgres_server.create_database(migrated=False)
    with _connect(first) as one, _connect(second) as two:
        one.execute("CREATE TABLE mine (number int)")
        one.commit()
        tables = two.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")

        assert tables.fetchone() == (0,)


def test_dropping_a_database_cuts_who_is_still_connected(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database(migrated=False)
    with _connect(url) as connection:
        postgres_server.drop_database(url)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
