"""What a fault is: it strikes, it is held, it is healed; afterwards every promise must hold."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from tests.chaos.schedule import Sort

if TYPE_CHECKING:
    import random

    from tests.chaos.stage import Stage

BOTH = frozenset({"postgres", "sqlite"})
POSTGRES = frozenset({"postgres"})
SQLITE = frozenset({"sqlite"})


class Fault(ABC):
    """One strike of one kind of fault.

    Args:
        stage: What it strikes.
        dice: What it leaves to chance.

    Attributes:
        name: On the command line and in the story.
        part: What it strikes; two at once are of different parts.
        hold: Shortest and longest time between strike and heal, in seconds.
        arrangements: Where it can strike.
    """

    name: ClassVar[str]
    part: ClassVar[str]
    hold: ClassVar[tuple[float, float]]
    arrangements: ClassVar[frozenset[str]] = BOTH

    def __init__(self, stage: Stage, dice: random.Random) -> None:
        self.stage = stage
        self.dice = dice

    @classmethod
    def sort(cls) -> Sort:
        """What the schedule has to know of it."""
        return Sort(cls.name, cls.part, *cls.hold)

    @abstractmethod
    async def strike(self) -> str:
        """Do it, and say what exactly was done."""

    @abstractmethod
    async def heal(self) -> None:
        """Undo it; when this returns, nothing of ours is in the way any more."""

    async def differences(self) -> list[str]:
        """What only this fault can tell was not as promised, a sentence each."""
        return []
