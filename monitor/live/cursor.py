"""A dashboard is a cursor: the version it has been sent of one room's view.

It holds no queue. However long it does not ask, the next message takes it from where it is to the
present; all dashboards that stand at the same version share that message.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from monitor.live.room import Room

Message = TypeVar("Message")


class DashboardCursor:
    """What one dashboard has of one session."""

    def __init__(self, room: Room, version: int | None = None, epoch: str | None = None) -> None:
        """Begin where the dashboard says it is; a snapshot comes first where that cannot be.

        Args:
            room: An open room; `open` is for versions that it may not have reached yet.
            version: What the dashboard has; None if nothing.
            epoch: The epoch its version counts in; None if it did not say, then the room's.
        """
        self._room = room
        comparable = epoch is None or epoch == room.epoch
        resumes = version is not None and comparable and version <= room.version
        self.version = version if resumes else None
        self.epoch = room.epoch
        self._answered = False

    @classmethod
    async def open(
        cls, room: Room, version: int | None = None, epoch: str | None = None
    ) -> DashboardCursor:
        """A cursor for a `watch`; a room that is behind the dashboard catches up first.

        Raises:
            Unavailable: The room is behind, and the database cannot be read.
        """
        comparable = epoch is None or epoch == room.epoch
        if version is not None and comparable and version > room.version:
            await room.catch_up()
        return cls(room, version, epoch)

    @property
    def pending(self) -> bool:
        """Whether `next` has something to send."""
        if self._room.gone:
            return False
        view = self._room.view
        behind = self.version is None or self.version < view.version
        return behind or not self._answered or self.epoch != view.epoch

    def next(self) -> bytes | None:
        """One encoded message with everything newer, taken as sent; None if there is nothing.

        The first one answers the `watch`: a `snapshot`, or a `change` (empty if nothing is newer).
        """
        return self.advance(self._room.encoded)

    def advance(self, make: Callable[[int | None], Message]) -> Message | None:
        """The same as `make` makes it of the version it begins at (None: of a snapshot)."""
        if not self.pending:
            return None
        view = self._room.view
        message = make(self.version if self.epoch == view.epoch else None)
        self.version = view.version
        self.epoch = view.epoch
        self._answered = True
        return message
