"""The demo's clock: everything as in a real lesson, or some times faster."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


class Pace:
    """Waits in seconds of the demo, `speed` of which pass in one real second."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed

    async def wait(self, seconds: float) -> None:
        """Wait so long."""
        await asyncio.sleep(self.real(seconds))

    async def about(self, seconds: float, dice: random.Random) -> None:
        """Wait about so long, as people do."""
        await self.wait(seconds * dice.uniform(0.5, 1.6))

    def real(self, seconds: float) -> float:
        """So many seconds of the demo in real ones."""
        return seconds / self.speed
