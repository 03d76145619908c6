"""Which fault strikes when: the same seed always gives the same schedule. PURE.

Faults are dealt from a shuffled deck, so that each strikes once before any strikes again. Every
third strike is of two at once, of different parts: a Redis that is away while a worker dies.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TWO_AT_ONCE = 3
QUIET_SECONDS = (1.0, 4.0)


class Sort(Struct, frozen=True):
    """A kind of fault, as the schedule knows it; held for `shortest` to `longest` seconds."""

    name: str
    part: str
    shortest: float
    longest: float


class Strike(Struct, frozen=True):
    """One strike, of one fault or two.

    Attributes:
        number: From 1.
        faults: Their names.
        quiet_seconds: How long everything is well before it.
        hold_seconds: From the strike until it is healed.
        seed: Decides what the faults leave to chance.
    """

    number: int
    faults: tuple[str, ...]
    quiet_seconds: float
    hold_seconds: float
    seed: int


def schedule(seed: int, sorts: Sequence[Sort], *, longest: float = 60.0) -> Iterator[Strike]:
    """Strikes without end; nothing is held, and nothing well, for more than `longest` seconds."""
    dice = random.Random(f"{seed} schedule")
    deck: list[Sort] = []
    number = 0
    while sorts:
        number += 1
        if not deck:
            deck = dice.sample(sorts, len(sorts))
        chosen = [deck.pop()]
        if number % TWO_AT_ONCE == 0:
            others = [sort for sort in sorts if sort.part != chosen[0].part]
            chosen += dice.sample(others, min(len(others), 1))
        hold = max(dice.uniform(sort.shortest, sort.longest) for sort in chosen)
        yield Strike(
            number=number,
            faults=tuple(sort.name for sort in chosen),
            quiet_seconds=round(min(dice.uniform(*QUIET_SECONDS), longest), 1),
            hold_seconds=round(min(hold, longest), 1),
            seed=dice.randrange(2**32),
        )
