"""Users: the rows of `users`. E-mail addresses are written, and compared, in lower case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from monitor.domain.user import Role, User
from monitor.errors import Conflict, InUse, NotFound
from monitor.repositories.column_types import AnyRow
from monitor.repositories.paging import batches, turn
from monitor.repositories.statements import holds_text
from monitor.repositories.tables import ATTEMPTS, CLASSES, SESSIONS, TESTS, USERS

_USERS = select(USERS.c.id, USERS.c.email, USERS.c.name, USERS.c.role, USERS.c.token_epoch)
_BY_ID = _USERS.where(USERS.c.id == bindparam("wanted"))
_BY_IDS = _USERS.where(USERS.c.id.in_(bindparam("ids", expanding=True)))
_KEPT = _BY_IDS.order_by(USERS.c.id).with_for_update(read=True, key_share=True)
_CREDENTIALS = _USERS.add_columns(USERS.c.password_hash)


class SqlUserRepository:
    """Reads and writes users on one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, user_id: str) -> User | None:
        """The user with this id."""
        row = self._connection.execute(_BY_ID, {"wanted": user_id}).one_or_none()
        return None if row is None else _user(row)

    def get_many(self, ids: Iterable[str], *, keep: bool = False) -> dict[str, User]:
        """Those of these users that exist; `keep` lets nobody remove them before the commit."""
        statement = _KEPT if keep else _BY_IDS
        return {
            row.id: _user(row)
            for batch in batches(sorted(ids))
            for row in self._connection.execute(statement, {"ids": batch})
        }

    def credentials(self, email: str) -> tuple[User, str | None] | None:
        """The user with this e-mail address, in whatever case, and the hash of the password."""
        row = self._by_email(email)
        return None if row is None else (_user(row), row.password_hash)

    def password_hash(self, user_id: str) -> str | None:
        """The hash of the user's password; None without one, or without such a user."""
        return self._connection.scalar(select(USERS.c.password_hash).where(USERS.c.id == user_id))

    def page(
        self,
        after: str | None = None,
        limit: int = 100,
        role: Role | None = None,
        search: str | None = None,
    ) -> list[User]:
        """Users by name; of one role, or with a text in their name or e-mail address."""
        statement = _USERS
        if role is not None:
            statement = statement.where(USERS.c.role == role.value)
        if search:
            statement = statement.where(
                or_(
                    USERS.c.name.icontains(search, autoescape=True),
                    USERS.c.email.icontains(search, autoescape=True),
                )
            )
        statement = turn(statement, USERS.c.name, USERS.c.id, after, limit)
        return [_user(row) for row in self._connection.execute(statement)]

    def add(self, user: User, password_hash: str | None = None) -> None:
        """Store a new user.

        Raises:
            Conflict: Someone has this e-mail address.
        """
        self._refuse_double(user)
        values = _values(user) | {"password_hash": password_hash}
        self._write(insert(USERS).values(**values))

    def save(self, user: User) -> None:
        """Store a changed user; password and token epoch have methods of their own.

        Raises:
            NotFound: There is no such user.
            Conflict: Someone else has this e-mail address.
        """
        self._refuse_double(user)
        values = _values(user)
        del values["token_epoch"]
        self._change(user.id, **values)

    def set_password(self, user_id: str, password_hash: str) -> None:
        """Store the hash of a new password; tokens issued before are void.

        Raises:
            NotFound: There is no such user.
        """
        self._change(user_id, password_hash=password_hash, token_epoch=USERS.c.token_epoch + 1)

    def raise_token_epoch(self, user_id: str) -> None:
        """Make all tokens of the user that were issued before void.

        Raises:
            NotFound: There is no such user.
        """
        self._change(user_id, token_epoch=USERS.c.token_epoch + 1)

    def remove(self, user_id: str) -> None:
        """Remove a user whom nothing refers to.

        Raises:
            NotFound: There is no such user.
            InUse: A class, test, session or attempt refers to the user.
        """
        locked = select(USERS.c.id).where(USERS.c.id == user_id).with_for_update()
        if self._connection.scalar(locked) is None:
            raise NotFound
        if self._is_referred_to(user_id):
            raise InUse("Classes, tests or sittings refer to this person.")
        self._connection.execute(delete(USERS).where(USERS.c.id == user_id))

    def _is_referred_to(self, user_id: str) -> bool:
        return any(
            self._connection.scalar(select(exists().where(condition)))
            for condition in (
                ATTEMPTS.c.student_id == user_id,
                CLASSES.c.teacher_id == user_id,
                SESSIONS.c.created_by == user_id,
                TESTS.c.created_by == user_id,
                holds_text(CLASSES.c.student_ids, user_id),
                holds_text(SESSIONS.c.roster, user_id),
                holds_text(SESSIONS.c.invigilator_ids, user_id),
                holds_text(SESSIONS.c.observer_ids, user_id),
            )
        )

    def _by_email(self, email: str) -> AnyRow | None:
        lower = email.strip().lower()
        found = self._connection.execute(_CREDENTIALS.where(USERS.c.email == lower)).one_or_none()
        if found is not None:
            return found
        # Written by another hand, in capitals.
        others = _CREDENTIALS.where(func.lower(USERS.c.email) == lower).order_by(USERS.c.id)
        return self._connection.execute(others.limit(1)).one_or_none()

    def _refuse_double(self, user: User) -> None:
        if user.email is None:
            return
        found = self._by_email(user.email)
        if found is not None and found.id != user.id:
            raise Conflict("Someone with this e-mail address exists already.")

    def _change(self, user_id: str, **values: Any) -> None:
        changing = update(USERS).where(USERS.c.id == user_id).values(**values)
        if not self._write(changing):
            raise NotFound

    def _write(self, statement: Any) -> int:
        try:
            with self._connection.begin_nested():
                return self._connection.execute(statement).rowcount
        except IntegrityError as error:
            # Two at once: the other was first.
            raise Conflict("Someone with this e-mail address or id exists already.") from error


def _user(row: AnyRow) -> User:
    return User(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        token_epoch=row.token_epoch,
    )


def _values(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "email": None if user.email is None else user.email.strip().lower(),
        "name": user.name,
        "role": user.role.value,
        "token_epoch": user.token_epoch,
    }
