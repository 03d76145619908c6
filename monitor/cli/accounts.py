"""Accounts made by hand, in the database itself: whoever may read it may make them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from monitor.cli.exit_codes import CommandFailed
from monitor.cli.in_database import in_database
from monitor.domain.user import Role, User
from monitor.identity.passwords import hash_password, verify_password

if TYPE_CHECKING:
    from monitor.config import Settings
    from monitor.repositories.unit_of_work import UnitOfWork

_PAGE = 500


def create(settings: Settings, email: str, name: str, role: Role, password: str) -> User:
    """Make an account.

    Raises:
        CommandFailed: There is one with this address, or the database is away.
    """
    user = User(id=str(uuid.uuid4()), email=email.lower(), name=name, role=role)
    password_hash = hash_password(password)

    def work(unit: UnitOfWork) -> None:
        if unit.users.credentials(email) is not None:
            raise CommandFailed(
                f"There is an account for {email} already. "
                "`monitor users set-password` gives it a new password."
            )
        unit.users.add(user, password_hash)

    in_database(settings, work, write=True)
    return user


def set_password(settings: Settings, email: str, password: str) -> None:
    """Give an account a new password, which signs it out everywhere.

    Raises:
        CommandFailed: There is none with this address, or the database is away.
    """
    password_hash = hash_password(password)

    def work(unit: UnitOfWork) -> None:
        found = unit.users.credentials(email)
        if found is None:
            raise CommandFailed(f"There is no account for {email}. `monitor users list` shows all.")
        unit.users.set_password(found[0].id, password_hash)

    in_database(settings, work, write=True)


def everyone(settings: Settings, role: Role | None = None) -> list[User]:
    """All accounts, or those of one role, by name.

    Raises:
        CommandFailed: The database is away.
    """

    def work(unit: UnitOfWork) -> list[User]:
        found: list[User] = []
        while True:
            page = unit.users.page(found[-1].id if found else None, _PAGE, role=role)
            found += page
            if len(page) < _PAGE:
                return found

    return in_database(settings, work, write=False)


def ensure(settings: Settings, accounts: list[tuple[str, str, Role, str]]) -> None:
    """See that these accounts (address, name, role, password) are there and their passwords hold.

    Raises:
        CommandFailed: The database is away.
    """

    def work(unit: UnitOfWork) -> None:
        for email, name, role, password in accounts:
            found = unit.users.credentials(email)
            if found is None:
                user = User(id=str(uuid.uuid4()), email=email, name=name, role=role)
                unit.users.add(user, hash_password(password))
            elif found[1] is None or not verify_password(password, found[1]):
                unit.users.set_password(found[0].id, hash_password(password))

    in_database(settings, work, write=True)
