"""Sign-in links: the rows of `sign_in_links`. Only hashes of links and short codes are stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from monitor.errors import Conflict
from monitor.repositories.column_types import AnyRow
from monitor.repositories.paging import batches
from monitor.repositories.statements import values_to_bind
from monitor.repositories.tables import LINKS


class SignInLink(Struct, frozen=True, kw_only=True):
    """A student's way into one session; void once `revoked_at` is set or the session is over."""

    id: str
    session_id: str
    student_id: str
    token_hash: str
    code_hash: str
    created_at: datetime
    created_by: str | None = None
    revoked_at: datetime | None = None


_COLUMNS = SignInLink.__struct_fields__
_LINKS = select(*(LINKS.c[name] for name in _COLUMNS))
_BY_IDS = _LINKS.where(LINKS.c.id.in_(bindparam("ids", expanding=True)))
_INSERT = insert(LINKS).values(values_to_bind(LINKS, _COLUMNS))


class SqlLinkRepository:
    """Reads and writes sign-in links on one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, link_id: str) -> SignInLink | None:
        """The link with this id, revoked or not."""
        row = self._connection.execute(_LINKS.where(LINKS.c.id == link_id)).one_or_none()
        return None if row is None else _link(row)

    def get_many(self, ids: Iterable[str]) -> dict[str, SignInLink]:
        """Those of these links that exist, revoked or not."""
        return {
            row.id: _link(row)
            for batch in batches(ids)
            for row in self._connection.execute(_BY_IDS, {"ids": batch})
        }

    def by_hash(self, wanted: str) -> SignInLink | None:
        """The link whose token or short code has this hash, revoked or not."""
        either = or_(LINKS.c.token_hash == wanted, LINKS.c.code_hash == wanted)
        row = self._connection.execute(_LINKS.where(either).limit(1)).one_or_none()
        return None if row is None else _link(row)

    def of_session(self, session_id: str) -> list[SignInLink]:
        """The links of a session that are not revoked."""
        statement = _LINKS.where(LINKS.c.session_id == session_id, LINKS.c.revoked_at.is_(None))
        rows = self._connection.execute(statement.order_by(LINKS.c.student_id, LINKS.c.id))
        return [_link(row) for row in rows]

    def add_many(self, links: Iterable[SignInLink]) -> None:
        """Store new links.

        Raises:
            Conflict: One of the hashes, or an id, exists already; none is stored.
        """
        rows = [{name: getattr(link, name) for name in _COLUMNS} for link in links]
        if not rows:
            return
        try:
            with self._connection.begin_nested():
                self._connection.execute(_INSERT, rows)
        except IntegrityError as error:
            raise Conflict("One of these sign-in links exists already.") from error

    def revoke(self, ids: Iterable[str], at: datetime) -> int:
        """Make links void; returns how many were not void before."""
        return sum(
            self._connection.execute(
                update(LINKS)
                .where(LINKS.c.id.in_(batch), LINKS.c.revoked_at.is_(None))
                .values(revoked_at=at)
            ).rowcount
            for batch in batches(ids)
        )


def _link(row: AnyRow) -> SignInLink:
    return SignInLink(**{name: getattr(row, name) for name in _COLUMNS})
