from __future__ import annotations

import asyncio

import pytest

from monitor.errors import BadCredentials, TooManyRequests
from monitor.identity.failed_logins import FailedLogins


async def fail(logins: FailedLogins, address: str = "10.0.0.1", account: str = "ada") -> None:
    with pytest.raises(BadCredentials):
        async with logins.attempt(address, account):
            raise BadCredentials


async def succeed(logins: FailedLogins, address: str = "10.0.0.1", account: str = "ada") -> None:
    async with logins.attempt(address, account):
        pass


async def test_the_try_after_the_last_failure_is_refused_before_any_work() -> None:
    logins = FailedLogins(2)
    await fail(logins)
    await fail(logins)
    with pytest.raises(TooManyRequests) as refused:
        async with logins.attempt("10.0.0.1", "ada"):
            pytest.fail("ran")
    assert 1 <= refused.value.retry_after_seconds <= 61


async def test_another_account_or_another_address_is_not_hindered() -> None:
    logins = FailedLogins(1)
    await fail(logins)
    await succeed(logins, account="bob")
    await succeed(logins, address="10.0.0.2")


async def test_a_school_signs_in_from_one_address_without_any_limit() -> None:
    logins = FailedLogins(1)
    for number in range(200):
        await succeed(logins, account=f"student {number}")
    for _ in range(50):
        await succeed(logins)


async def test_tries_at_the_same_moment_all_count() -> None:
    logins = FailedLogins(3)

    async def guess() -> str:
        try:
            async with logins.attempt("10.0.0.1", "ada"):
                await asyncio.sleep(0.001)
                raise BadCredentials
        except BadCredentials:
            return "tried"
        except TooManyRequests:
            return "refused"

    outcomes = await asyncio.gather(*(guess() for _ in range(20)))
    assert outcomes.count("tried") == 3


async def test_more_than_a_hundred_at_once_are_refused_and_the_turn_is_given_back() -> None:
    logins = FailedLogins(1000)
    gate = asyncio.Event()

    async def wait() -> bool:
        try:
            async with logins.attempt("10.0.0.1", "ada"):
                await gate.wait()
        except TooManyRequests:
            return False
        return True

    tasks = [asyncio.ensure_future(wait()) for _ in range(120)]
    await asyncio.sleep(0)
    gate.set()
    assert (await asyncio.gather(*tasks)).count(True) == 100
    await succeed(logins)
    assert not logins._turns
