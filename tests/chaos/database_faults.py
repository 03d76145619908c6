"""Faults of the database: commits wait and are tried again, nothing acked is lost."""

from __future__ import annotations

import asyncio
import contextlib

import psycopg

from tests.chaos.fault import POSTGRES, SQLITE, Fault

HANG = (10.0, 10.0)


class PostgresRestarted(Fault):
    """Killed or shut down, and started again a while later."""

    name = "postgres_restart"
    part = "database"
    hold = (0.0, 5.0)
    arrangements = POSTGRES

    async def strike(self) -> str:
        """Kill it, or shut it down."""
        if self.dice.random() < 0.5:
            self.stage.postgres.kill()
            return "SIGKILL of PostgreSQL"
        self.stage.postgres.stop()
        return "fast shutdown of PostgreSQL"

    async def heal(self) -> None:
        """Start it; it recovers what was committed."""
        self.stage.postgres.start()


class ConnectionsTerminated(Fault):
    """pg_terminate_backend of every connection, several times."""

    name = "postgres_terminate"
    part = "database"
    hold = (0.5, 3.0)
    arrangements = POSTGRES

    async def strike(self) -> str:
        """Begin."""
        self._cutting = asyncio.create_task(self._cut_again_and_again())
        return "pg_terminate_backend of all, again and again"

    async def heal(self) -> None:
        """Stop it; after one more, so that it strikes however short it was held."""
        self._cutting.cancel()
        await asyncio.gather(self._cutting, return_exceptions=True)
        await asyncio.to_thread(self._cut)

    async def _cut_again_and_again(self) -> None:
        while True:
            await asyncio.to_thread(self._cut)
            await asyncio.sleep(self.dice.uniform(0.05, 0.5))

    def _cut(self) -> None:
        url = self.stage.database_url.replace("postgresql+psycopg", "postgresql")
        # Another fault may have taken the server away.
        with (
            contextlib.suppress(psycopg.OperationalError),
            psycopg.connect(url, autocommit=True, connect_timeout=2) as connection,
        ):
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


class PostgresFrozen(Fault):
    """SIGSTOP of PostgreSQL and all its backends for 10 s."""

    name = "postgres_hang"
    part = "database"
    hold = HANG
    arrangements = POSTGRES

    async def strike(self) -> str:
        """Freeze it."""
        self.stage.postgres.pause()
        return "SIGSTOP of PostgreSQL"

    async def heal(self) -> None:
        """Let it go on."""
        self.stage.postgres.resume()


class DatabaseLinkStalled(Fault):
    """Nothing passes between server and database for 10 s; then all of it."""

    name = "database_stall"
    part = "database"
    hold = HANG
    arrangements = POSTGRES

    async def strike(self) -> str:
        """Hold everything back, or only what the database answers."""
        up = self.dice.random() < 0.5
        self.stage.database_link.stall(up=up)
        return "stalled what the database " + ("is asked and answers" if up else "answers")

    async def heal(self) -> None:
        """Let it flow."""
        self.stage.database_link.flow()


class CommitsCut(Fault):
    """The connection is reset between a COMMIT and its answer, several times."""

    name = "commit_cut"
    part = "database"
    hold = (1.0, 4.0)
    arrangements = POSTGRES

    async def strike(self) -> str:
        """Begin."""
        self._cutting = asyncio.create_task(self._cut_again_and_again())
        return "COMMITs cut from their answers"

    async def heal(self) -> None:
        """Leave them alone."""
        self._cutting.cancel()
        await asyncio.gather(self._cutting, return_exceptions=True)
        self.stage.database_link.flow()

    async def _cut_again_and_again(self) -> None:
        while True:
            self.stage.database_link.cut_answer(after=lambda asked: b"COMMIT" in asked)
            await asyncio.sleep(self.dice.uniform(0.1, 0.5))


class DiskFull(Fault):
    """The disk of the database has no room left."""

    name = "disk_full"
    part = "database"
    hold = (1.0, 8.0)
    arrangements = SQLITE

    async def strike(self) -> str:
        """Fill it to the last byte."""
        return self.stage.disk.fill()

    async def heal(self) -> None:
        """Make room."""
        self.stage.disk.make_room()


DATABASE_FAULTS: tuple[type[Fault], ...] = (
    PostgresRestarted,
    ConnectionsTerminated,
    PostgresFrozen,
    DatabaseLinkStalled,
    CommitsCut,
    DiskFull,
)
