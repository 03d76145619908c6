"""An event loop whose time passes at once when there is nothing to do but wait.

For code that only waits (no threads, no sockets): a test of a ten seconds' linger takes no time and
always sees the same order of things.
"""

from __future__ import annotations

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from monitor.clock import Clock, to_milliseconds

P = ParamSpec("P")
T = TypeVar("T")

BEGIN = datetime(2026, 11, 22, 10, tzinfo=UTC)


class _Selector(selectors.DefaultSelector):
    """Instead of waiting, lets the time pass."""

    passed_seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; nobody waits."""
        if timeout is None:
            raise AssertionError("everything waits for something that will never happen")
        # A little more than asked for, so that rounding never leaves a timer just ahead.
        self.passed_seconds += max(timeout, 0.0) + (1e-9 if timeout > 0 else 0.0)
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop that begins at 0 and never really waits."""

    def __init__(self) -> None:
        self._own_selector = _Selector()
        super().__init__(self._own_selector)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._own_selector.passed_seconds


class VirtualClock(Clock):
    """Server time that goes with the loop's."""

    def now(self) -> datetime:
        """The loop's time, counted from `BEGIN`."""
        seconds = asyncio.get_running_loop().time()
        return to_milliseconds(BEGIN + timedelta(seconds=seconds) + self.offset)


def run(test: Coroutine[Any, Any, T]) -> T:
    """Run it in virtual time, and see that it leaves no task behind."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(_alone(test))


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Make a test that is run in virtual time."""

    @functools.wraps(test)
    def plain(*args: P.args, **kwargs: P.kwargs) -> None:
        run(test(*args, **kwargs))

    return plain


async def _alone(test: Coroutine[Any, Any, T]) -> T:
    result = await test
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"tasks were left behind: {left}"
    return result


async def settle() -> None:
    """Let everything happen that needs no time."""
    for _ in range(20):
        await asyncio.sleep(0)


async def pass_seconds(seconds: float) -> None:
    """Let virtual time pass, with everything that happens meanwhile."""
    await asyncio.sleep(seconds)
    await settle()
