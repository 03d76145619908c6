"""A unit of work: one transaction with every repository on it.

Made by `Database`, which commits when the work returns and rolls back when it raises.
"""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from monitor.repositories.sql_attempt_repository import SqlAttemptRepository
from monitor.repositories.sql_class_repository import SqlClassRepository
from monitor.repositories.sql_epoch_repository import SqlEpochRepository
from monitor.repositories.sql_event_repository import SqlEventRepository
from monitor.repositories.sql_link_repository import SqlLinkRepository
from monitor.repositories.sql_message_repository import SqlMessageRepository
from monitor.repositories.sql_session_repository import SqlSessionRepository
from monitor.repositories.sql_test_repository import SqlTestRepository
from monitor.repositories.sql_user_repository import SqlUserRepository


class UnitOfWork:
    """The repositories of one transaction; not to be kept beyond it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def users(self) -> SqlUserRepository:
        """People with an account."""
        return SqlUserRepository(self._connection)

    @cached_property
    def tests(self) -> SqlTestRepository:
        """Tests."""
        return SqlTestRepository(self._connection)

    @cached_property
    def classes(self) -> SqlClassRepository:
        """School classes."""
        return SqlClassRepository(self._connection)

    @cached_property
    def sessions(self) -> SqlSessionRepository:
        """Sittings."""
        return SqlSessionRepository(self._connection)

    @cached_property
    def attempts(self) -> SqlAttemptRepository:
        """Attempts."""
        return SqlAttemptRepository(self._connection)

    @cached_property
    def events(self) -> SqlEventRepository:
        """The history of sittings."""
        return SqlEventRepository(self._connection)

    @cached_property
    def messages(self) -> SqlMessageRepository:
        """Messages of sittings."""
        return SqlMessageRepository(self._connection)

    @cached_property
    def links(self) -> SqlLinkRepository:
        """Sign-in links."""
        return SqlLinkRepository(self._connection)

    @cached_property
    def epoch(self) -> SqlEpochRepository:
        """The epoch."""
        return SqlEpochRepository(self._connection)
