"""The epoch: one row that names the time within which versions only rise."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from monitor.repositories.tables import EPOCH


class SqlEpochRepository:
    """Reads and changes the epoch on one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self) -> str | None:
        """The epoch; None if the row is missing."""
        return self._connection.scalar(select(EPOCH.c.id).limit(1))

    def get(self) -> str:
        """The epoch; if the row is missing, one is made (not in a read)."""
        return self.find() or self._begin()

    def change(self, known: str | None = None) -> str:
        """Begin another epoch, unless it is no longer the known one; returns the one that holds.

        Several processes that see the same fall of a version so change it once.

        Args:
            known: Change only if this is still the epoch; None: in any case.
        """
        changing = update(EPOCH).values(id=str(uuid4()), changed_at=datetime.now(UTC))
        if known is not None:
            changing = changing.where(EPOCH.c.id == known)
        self._connection.execute(changing)
        return self.get()

    def _begin(self) -> str:
        epoch = str(uuid4())
        self._connection.execute(insert(EPOCH).values(id=epoch))
        return epoch
