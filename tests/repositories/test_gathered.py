"""What many ask for at once is read together, and nobody is answered with what was read before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Any

import pytest

from monitor.errors import Unavailable
from monitor.repositories.gathered import Gathered
from tests.support import eventually


class Held:
    """A database whose every read waits until it is let go, and then does its work."""

    def __init__(self) -> None:
        self.reads: list[set[str]] = []
        self.values = {"a": 1, "b": 2}
        self.is_away = False
        self.go = asyncio.Event()

    async def read(self, work: Callable[[Any], dict[str, int]]) -> dict[str, int]:
        """Begin a read."""
        self.reads.append(set())
        await self.go.wait()
        if self.is_away:
            raise Unavailable
        return work(self)

    def many(self, _uow: object, keys: Collection[str]) -> dict[str, int]:
        """What the work of a read is."""
        self.reads[-1] = set(keys)
        return {key: self.values[key] for key in keys if key in self.values}


def gathered(database: Held, **most: int) -> Gathered[str, int]:
    """Values of the held database."""
    return Gathered(database, database.many, **most)  # type: ignore[arg-type]


async def test_those_who_come_during_a_read_share_the_next() -> None:
    database = Held()
    people = gathered(database)
    first = asyncio.create_task(people.get("a"))
    await eventually(lambda: len(database.reads) == 1)
    later = [asyncio.create_task(people.get(key)) for key in ("b", "c", "a", "b")]
    await asyncio.sleep(0)
    database.values["a"] = 7
    database.go.set()

    assert await first == 7
    assert [await one for one in later] == [2, None, 7, 2]
    assert database.reads == [{"a"}, {"a", "b", "c"}]


async def test_a_read_is_for_so_many_at_most_and_for_nobody_who_has_gone() -> None:
    database = Held()
    people = gathered(database, most_at_once=2)
    first = asyncio.create_task(people.get("a"))
    await eventually(lambda: len(database.reads) == 1)
    waiting = [asyncio.create_task(people.get(key)) for key in "bcdef"]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.wait(waiting[:1])
    database.go.set()

    await asyncio.gather(first, *waiting[1:])
    assert database.reads == [{"a"}, {"c"}, {"d", "e"}, {"f"}]


async def test_a_failure_is_told_to_who_waited_for_that_read_and_no_other() -> None:
    database = Held()
    people = gathered(database)
    database.is_away = True
    database.go.set()
    with pytest.raises(Unavailable):
        await people.get("a")

    database.is_away = False
    assert await people.get("a") == 1
