"""Fresh databases for a benchmark, as durable as in use: nothing acked may be in memory only."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.report import Scale
from tests.support import PostgresServer, SqliteTemplate

# What a server of its own would be given; tests turn the first three off.
DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}


class Databases:
    """Makes databases of one kind, one after the other; each is removed by `drop`."""

    def __init__(self, kind: str, directory: Path, server: PostgresServer | None) -> None:
        self.kind = kind
        self._directory = directory
        self._server = server
        self._template = SqliteTemplate(directory)
        self._number = 0

    @property
    def pids(self) -> tuple[int, ...]:
        """The database's own processes; none where it lives in ours."""
        return () if self._server is None else (self._server.pid,)

    def make(self, *, migrated: bool = True) -> str:
        """The URL of a fresh database."""
        if self._server is not None:
            return self._server.create_database(migrated=migrated)
        self._number += 1
        path = self._directory / f"{self._number}.db"
        if not migrated:
            return f"sqlite:///{path}"
        return self._template.copy_to(path)

    def drop(self, url: str) -> None:
        """Remove one."""
        if self._server is not None:
            self._server.drop_database(url)
            return
        for part in self._directory.glob(f"{Path(url).name}*"):
            part.unlink()


@contextmanager
def databases(kind: str, scale: Scale) -> Iterator[Databases]:
    """Databases of `sqlite` or `postgresql`; its server ends with the block.

    At the scale TINY, which measures nothing, PostgreSQL is as fast as tests want it.
    """
    directory = Path(tempfile.mkdtemp(prefix="monitor-bench-"))
    server = None
    if kind == "postgresql":
        server = PostgresServer({} if scale is Scale.TINY else DURABLE)
    try:
        if server is not None:
            server.start()
        yield Databases(kind, directory, server)
    finally:
        if server is not None:
            server.close()
        shutil.rmtree(directory, ignore_errors=True)
