"""Waiting for something to become true, always with a deadline."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

T = TypeVar("T")


@overload
async def eventually(
    check: Callable[[], Awaitable[T | None]], timeout: float = ..., interval: float = ...
) -> T: ...


@overload
async def eventually(
    check: Callable[[], T | None], timeout: float = ..., interval: float = ...
) -> T: ...


async def eventually(
    check: Callable[[], object], timeout: float = 5.0, interval: float = 0.02
) -> object:
    """Return the first truthy value of `check`, asked again and again until the deadline.

    An exception that `check` raises counts as "not yet", so a plain `assert` may stand in it as
    long as it returns something truthy at the end.

    Args:
        check: A function without arguments, plain or async.
        timeout: Seconds until the deadline; a check that hangs is cut off there too.
        interval: Seconds between two checks.

    Raises:
        AssertionError: Nothing truthy came in time; it names the last value or exception.
    """
    deadline = time.monotonic() + timeout
    last = "no answer of the check at all"
    cause: Exception | None = None
    while True:
        try:
            value = check()
            if inspect.isawaitable(value):
                async with asyncio.timeout(max(deadline - time.monotonic(), interval)):
                    value = await value
            if value:
                return value
            last, cause = f"the last value was {value!r}", None
        except Exception as error:  # noqa: BLE001 - whatever it was, it is shown at the deadline
            last, cause = f"the last check raised {type(error).__name__}: {error}", error
        if time.monotonic() >= deadline:
            message = f"still not so after {timeout} s: {last}"
            raise AssertionError(message) from cause
        await asyncio.sleep(interval)
