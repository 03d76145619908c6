"""A person with an account."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    """What a person is to the school."""

    ADMIN = "ADMIN"
    TEACHER = "TEACHER"
    STUDENT = "STUDENT"


class User(Struct, frozen=True, kw_only=True):
    """A row of `users` without its password; `token_epoch` rises to void all earlier tokens."""

    id: str
    email: str | None
    name: str
    role: Role
    token_epoch: int = 0
