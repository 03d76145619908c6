"""Passwords: argon2id at a price a school's server can pay, never on the event loop.

t=2, 19 MiB, p=1 is OWASP's minimum and takes 23 ms of one core; argon2's own default takes 114.
"""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.errors import Unavailable

T = TypeVar("T")

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
_THREADS = (
    2  # argon2 lets go of the interpreter's lock: more would only take cores from the sockets
)
_WAITING = 500  # about 6 s of work; beyond it a sign-in is told to come back rather than hang


def hash_password(password: str) -> str:
    """The encoded argon2id hash of a password; takes 23 ms, so not for the event loop."""
    return _HASHER.hash(_normal(password))


def verify_password(password: str, password_hash: str) -> bool:
    """Whether the password is the one hashed; as slow as hashing, so not for the event loop."""
    try:
        return _HASHER.verify(password_hash, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> bytes:
    # The same letter typed on two systems may come composed or decomposed (RFC 8265, OpaqueString).
    return unicodedata.normalize("NFC", password).encode()


@cache
def _decoy() -> str:
    # Nobody's password: an account that is not there costs the same work as one that is.
    return hash_password(secrets.token_urlsafe(16))


class Passwords:
    """Hashes and verifies in a small pool of threads, with a bounded number waiting."""

    def __init__(self, *, threads: int = _THREADS, waiting: int = _WAITING) -> None:
        """Start no thread until the first password comes."""
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="password")
        self._limit = waiting
        self._waiting = 0
        self._decoy = _decoy()

    async def hash(self, password: str) -> str:
        """The encoded hash of a password; Unavailable while too many wait."""
        return await self._run(lambda: hash_password(password))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is the one hashed; the same work, and false, where there is none."""
        against = self._decoy if password_hash is None else password_hash
        matches = await self._run(lambda: verify_password(password, against))
        return matches and password_hash is not None

    def close(self) -> None:
        """Let the threads end; what waits is not begun any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._limit:
            raise Unavailable("Too many people are signing in at once. Try again in a moment.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1
