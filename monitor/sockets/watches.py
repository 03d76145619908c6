"""What one dashboard watches: sittings it may see, each followed from where it is."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.domain.user import User
from monitor.errors import Forbidden, NotFound, TooManyWatches
from monitor.identity import access, relations
from monitor.identity.access import Action
from monitor.live.cursor import DashboardCursor
from monitor.live.rooms import Rooms
from monitor.protocol.messages import Watch as WatchMessage
from monitor.repositories.database import Database
from monitor.repositories.unit_of_work import UnitOfWork
from monitor.sockets.feeds import Feeds, Follower, Watch


class Watches:
    """The sittings of one connection, at most `most`; every room is left when it closes."""

    def __init__(self, rooms: Rooms, feeds: Feeds, database: Database, *, most: int) -> None:
        """Watch nothing yet."""
        self._feeds = feeds
        self._rooms = rooms
        self._database = database
        self._most = most
        self._watches: dict[str, Watch] = {}

    def __iter__(self) -> Iterator[Watch]:
        """Those watched now."""
        return iter(self._watches.values())

    async def watch(self, user: User, message: WatchMessage, follower: Follower) -> None:
        """Tell `follower` of a sitting from where it says it is; a second watch starts again.

        Raises:
            TooManyWatches: There are as many as there may be.
            Forbidden: It is not there, or not this user's to see.
            Unavailable: The database cannot be read now.
        """
        session_id = message.session_id
        if session_id not in self._watches and len(self._watches) >= self._most:
            raise TooManyWatches
        if session_id not in await self.visible(user, [session_id]):
            raise Forbidden("There is no such sitting, or it is not yours to watch.")
        try:
            room = await self._rooms.open(session_id)
        except NotFound:
            raise Forbidden("There is no such sitting, or it is not yours to watch.") from None
        try:
            cursor = await DashboardCursor.open(room, message.version, message.epoch)
        except BaseException:
            self._rooms.leave(room)
            raise
        self.unwatch(session_id)
        self._watches[session_id] = self._feeds.follow(room, cursor, follower)

    def unwatch(self, session_id: str) -> None:
        """Follow it no longer, if it was followed."""
        watch = self._watches.pop(session_id, None)
        if watch is not None:
            self._feeds.leave(watch)
            self._rooms.leave(watch.room)

    async def forbidden_now(self, user: User) -> list[str]:
        """Those watched that the user may not see any more, followed no longer.

        Raises:
            Unavailable: The database cannot be read now.
        """
        watched = list(self._watches)
        visible = await self.visible(user, watched) if watched else set()
        lost = [session_id for session_id in watched if session_id not in visible]
        for session_id in lost:
            self.unwatch(session_id)
        return lost

    async def visible(self, user: User, session_ids: list[str]) -> set[str]:
        """Those of these sittings that exist and are this user's to watch."""

        def look(uow: UnitOfWork) -> set[str]:
            visible = set()
            for session_id in session_ids:
                found = relations.of_session(uow, user, session_id)
                allowed = access.allowed(user.role, Action.SESSION_WATCH, found.relations)
                if found.session is not None and allowed:
                    visible.add(session_id)
            return visible

        return await self._database.read(look)

    def close(self) -> None:
        """Leave every room."""
        for session_id in list(self._watches):
            self.unwatch(session_id)
