from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from monitor.errors import Unavailable
from monitor.identity import passwords
from monitor.identity.passwords import Passwords, hash_password, verify_password


@pytest.fixture
async def pool() -> AsyncIterator[Passwords]:
    pool = Passwords()
    yield pool
    pool.close()


def test_a_hash_is_argon2id_at_the_price_the_design_names() -> None:
    assert hash_password("correct horse").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_only_the_same_password_verifies() -> None:
    stored = hash_password("correct horse")
    assert verify_password("correct horse", stored)
    assert not verify_password("correct horsf", stored)


def test_the_same_letters_verify_however_they_were_composed() -> None:
    assert verify_password("cafe\u0301", hash_password("caf\u00e9"))


def test_a_stored_text_that_is_no_hash_verifies_nothing() -> None:
    assert not verify_password("", "")
    assert not verify_password("x", "x")


async def test_an_account_without_a_password_verifies_nothing(pool: Passwords) -> None:
    assert not await pool.verify("", None)


async def test_an_unknown_account_costs_the_same_work(
    pool: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []

    def spy(password: str, password_hash: str) -> bool:
        verified.append(password_hash)
        return verify_password(password, password_hash)

    monkeypatch.setattr(passwords, "verify_password", spy)
    await pool.verify("guess", None)
    assert len(verified) == 1
    assert verified[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("work", ["hash_password", "verify_password"])
async def test_the_event_loop_goes_on_while_a_thread_of_its_own_works_on_a_password(
    pool: Passwords, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    loop_went_on = threading.Event()
    threads: list[str] = []

    def slow(*_: str) -> bool:
        threads.append(threading.current_thread().name)
        return loop_went_on.wait(10)

    monkeypatch.setattr(passwords, work, slow)
    asked = pool.hash("x") if work == "hash_password" else pool.verify("x", "stored")
    working = asyncio.ensure_future(asked)
    await asyncio.sleep(0)  # it begins
    loop_went_on.set()
    assert await working
    assert threads[0].startswith("password")


async def test_too_many_waiting_are_told_to_come_back() -> None:
    pool = Passwords(threads=1, waiting=2)
    waiting = [asyncio.ensure_future(pool.hash("x")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await pool.hash("x")
    await asyncio.gather(*waiting)
    assert await pool.hash("x")
    pool.close()
