"""Publications that came before their predecessors."""

from __future__ import annotations

from monitor.protocol.publication import Publication


class Ahead:
    """Waiting publications by version; at most `limit`, then the furthest are dropped."""

    def __init__(self, limit: int) -> None:
        """Hold at most that many."""
        self._limit = limit
        self._waiting: dict[int, Publication] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, publication: Publication) -> bool:
        """Let it wait; false if that was one too many, so that one was dropped."""
        self._waiting[publication.version] = publication
        if len(self._waiting) <= self._limit:
            return True
        del self._waiting[max(self._waiting)]
        return False

    def next_after(self, version: int) -> Publication | None:
        """The publication that follows `version`, taken out; None if it is not here."""
        return self._waiting.pop(version + 1, None)

    def drop_until(self, version: int) -> None:
        """Forget what is not newer than `version`."""
        for known in [waiting for waiting in self._waiting if waiting <= version]:
            del self._waiting[known]

    def clear(self) -> None:
        """Forget all."""
        self._waiting.clear()
