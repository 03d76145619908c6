"""How a serving process is asked to end, and how long its end may take."""

from __future__ import annotations

import asyncio
import os
import signal

# Requests that run on after the drain: longer than any answer takes, short enough to wait for.
LAST_REQUESTS_SECONDS = 3
# Beyond the drain and the last requests: closing rooms, broker and database.
CLOSING_SECONDS = 6


class Stop:
    """Set by the first signal that asks the process to end; the second ends it."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()

    def ask(self, signal_number: int = signal.SIGTERM) -> None:
        """Ask for the end; when it was asked for before, end without another word."""
        if self._asked.is_set():
            os._exit(128 + signal_number)
        self._asked.set()

    def ask_once(self) -> None:
        """Ask for the end, if nobody has yet."""
        self._asked.set()

    async def wait(self) -> None:
        """Wait until the end is asked for."""
        await self._asked.wait()

    def listen_to(self, *signals: signal.Signals) -> None:
        """Let these signals ask for the end."""
        loop = asyncio.get_running_loop()
        for one in signals:
            loop.add_signal_handler(one, self.ask, one)
