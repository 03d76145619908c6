from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest

from monitor.repositories.database import Database
from monitor.repositories.tables import Base
from tests.repositories.recording import opened
from tests.support import PostgresServer


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_server: PostgresServer) -> str:
    """One database for all tests that only need it empty: making one takes a third of a second."""
    return postgres_server.create_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def emptied_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with all tables and, but for the epoch, no rows."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    url = str(request.getfixturevalue("shared_postgres_url"))
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        for name in tables:
            if name != "epoch":
                connection.execute(f'DELETE FROM "{name}"')
    return url


@pytest.fixture
async def database(emptied_url: str) -> AsyncIterator[Database]:
    """A started database of either kind, without rows."""
    async with opened(emptied_url) as database:
        yield database
