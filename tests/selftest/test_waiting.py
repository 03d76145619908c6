"""Waiting ends with the value, or with a reason."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from tests.support import eventually


async def test_the_first_truthy_value_is_returned() -> None:
    counter = itertools.count()

    assert await eventually(lambda: next(counter) // 3, interval=0) == 1


async def test_an_async_check_is_awaited() -> None:
    counter = itertools.count()

    async def check() -> int:
        return next(counter)

    assert await eventually(check, interval=0) == 1


async def test_an_exception_means_not_yet() -> None:
    values = iter(["", "ready"])

    def check() -> str:
        value = next(values)
        assert value, "nothing there"
        return value

    assert await eventually(check, interval=0) == "ready"


async def test_the_deadline_names_the_last_value() -> None:
    with pytest.raises(AssertionError, match="the last value was 0"):
        await eventually(lambda: 0, timeout=0.05)


async def test_the_deadline_names_the_last_exception() -> None:
    def check() -> bool:
        raise KeyError("lost")

    with pytest.raises(AssertionError, match="KeyError: 'lost'") as caught:
        await eventually(check, timeout=0.05)
    assert isinstance(caught.value.__cause__, KeyError)


async def test_a_check_that_hangs_is_cut_off_at_the_deadline() -> None:
    async def check() -> bool:
        await asyncio.Event().wait()
        return True

    async with asyncio.timeout(2):
        with pytest.raises(AssertionError, match="TimeoutError"):
            await eventually(check, timeout=0.1)
