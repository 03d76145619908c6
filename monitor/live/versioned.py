"""A map whose values carry the version that last wrote them, and are found by it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Versioned(Generic[K, V]):
    """Keys and values; asking what is newer than a version costs what is newer, not the whole.

    The keys keep the order in which they first came; a second dict holds them in the order of
    their last change, so that the newest are at its end.
    """

    def __init__(self) -> None:
        self._values: dict[K, V] = {}
        self._changed: dict[K, int] = {}

    @property
    def values(self) -> Mapping[K, V]:
        """Every value by its key; not to be changed."""
        return self._values

    def put(self, key: K, value: V, version: int) -> None:
        """The value as `version` wrote it; versions must not fall from one call to the next."""
        self._values[key] = value
        self._changed.pop(key, None)
        self._changed[key] = version

    def newer_than(self, version: int) -> list[V]:
        """The values that a later version wrote, oldest change first."""
        keys = []
        for key in reversed(self._changed):
            if self._changed[key] <= version:
                break
            keys.append(key)
        keys.reverse()
        return [self._values[key] for key in keys]
