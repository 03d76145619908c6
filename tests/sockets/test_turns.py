"""Turns: one call of the loop for all who have something to write."""

from __future__ import annotations

import asyncio

from monitor.sockets.turns import Turns


class Someone:
    """Notes its turns, and asks for another at the first if told so."""

    def __init__(self, name: str, turns: Turns, log: list[str], *, again: bool = False) -> None:
        self.name = name
        self.turns = turns
        self.log = log
        self.again = again

    def turn(self) -> None:
        """One turn."""
        self.log.append(self.name)
        if self.again:
            self.again = False
            self.turns.ask(self)


async def test_everyone_writes_in_the_next_turn_of_the_loop_in_the_order_of_asking() -> None:
    turns, log = Turns(), list[str]()
    for name in "bca":
        turns.ask(Someone(name, turns, log))

    assert log == []
    await asyncio.sleep(0)
    assert log == ["b", "c", "a"]


async def test_who_fails_keeps_nobody_from_a_turn() -> None:
    class Failing:
        def turn(self) -> None:
            raise RuntimeError("mine")

    turns, log = Turns(), list[str]()
    turns.ask(Failing())
    turns.ask(Someone("a", turns, log))

    await asyncio.sleep(0)
    assert log == ["a"]


async def test_who_asks_during_its_turn_has_another_in_the_turn_after() -> None:
    turns, log = Turns(), list[str]()
    turns.ask(Someone("a", turns, log, again=True))
    turns.ask(Someone("b", turns, log))

    await asyncio.sleep(0)
    assert log == ["a", "b"]
    await asyncio.sleep(0)
    assert log == ["a", "b", "a"]
    await asyncio.sleep(0)
    assert log == ["a", "b", "a"]
