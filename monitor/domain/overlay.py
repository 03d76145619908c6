"""A map in three layers: what is committed, what this batch changed, what this command changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

V = TypeVar("V")


class Overlay(Generic[V]):
    """Values by key; a command's changes are kept or dropped whole, and so are a batch's.

    Every operation but iteration takes constant time. Keys are never removed and iterate in the
    order in which they came.

    Attributes:
        draft: What the present command has changed.
    """

    __slots__ = ("_base", "_batch", "draft")

    def __init__(self, base: dict[str, V]) -> None:
        """Start from committed values; `base` is written to only by `settle`."""
        self._base = base
        self._batch: dict[str, V] = {}
        self.draft: dict[str, V] = {}

    def get(self, key: str) -> V | None:
        """The newest value, or None."""
        if key in self.draft:
            return self.draft[key]
        if key in self._batch:
            return self._batch[key]
        return self._base.get(key)

    def __getitem__(self, key: str) -> V:
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: str) -> bool:
        return key in self._base or key in self._batch or key in self.draft

    def __iter__(self) -> Iterator[str]:
        yield from self._base
        for key in self._batch:
            if key not in self._base:
                yield key
        for key in self.draft:
            if key not in self._base and key not in self._batch:
                yield key

    def values(self) -> list[V]:
        """The newest values, in order."""
        return [self[key] for key in self]

    def committed(self, key: str) -> V | None:
        """The value before the batch, or None."""
        return self._base.get(key)

    def put(self, key: str, value: V) -> None:
        """Change a value for the present command."""
        self.draft[key] = value

    def keep(self) -> None:
        """The present command's changes become the batch's."""
        self._batch.update(self.draft)
        self.draft.clear()

    def drop(self) -> None:
        """Forget the present command's changes."""
        self.draft.clear()

    def load(self, values: dict[str, V]) -> None:
        """Take over committed values; those known already stay."""
        for key, value in values.items():
            self._base.setdefault(key, value)

    @property
    def changed(self) -> list[str]:
        """Keys of what the batch has changed, in the order in which they did."""
        return list(self._batch)

    def revise(self, change: Callable[[V], V]) -> None:
        """Pass everything the batch has changed through `change`."""
        for key, value in self._batch.items():
            self._batch[key] = change(value)

    def settle(self) -> None:
        """The batch is committed."""
        self._base.update(self._batch)
        self._batch.clear()

    def discard(self) -> None:
        """The batch was rolled back."""
        self._batch.clear()
        self.draft.clear()
