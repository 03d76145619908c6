"""Turns: everyone who has something to write does so in the loop's next turn, in one call of it.

A commit settles what hundreds of connections wait for; a call of the loop for each of them would
cost as much as what they write.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)


class Writer(Protocol):
    """Who has turns."""

    def turn(self) -> None:
        """Write what there is; must not raise or wait."""


class Turns:
    """Who has something to write now, in the order in which they asked.

    A writer that raises is logged and keeps nobody from its turn.
    """

    def __init__(self) -> None:
        """Nobody has."""
        self._waiting: list[Writer] = []

    def ask(self, writer: Writer) -> None:
        """Give it a turn; who asks again before it has had it has two."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._go_round)
        self._waiting.append(writer)

    def _go_round(self) -> None:
        waiting, self._waiting = self._waiting, []
        for writer in waiting:
            try:
                writer.turn()
            except Exception:
                log.exception("a turn failed")
