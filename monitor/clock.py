"""Server time: one clock for a process, corrected to the database's where there is one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import time_ns

_MICROSECOND = timedelta(microseconds=1)


def to_milliseconds(moment: datetime) -> datetime:
    """The moment cut to whole milliseconds, as stored and sent."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Clock:
    """Says what time it is; `offset` is the database's clock minus this machine's."""

    def __init__(self) -> None:
        """Start with this machine's own clock."""
        self._offset_us = 0
        self._last = (0, datetime.fromtimestamp(0, UTC))

    @property
    def offset(self) -> timedelta:
        """What is added to this machine's time."""
        return timedelta(microseconds=self._offset_us)

    @offset.setter
    def offset(self, offset: timedelta) -> None:
        self._offset_us = offset // _MICROSECOND

    def now(self) -> datetime:
        """Server time, aware UTC, in whole milliseconds."""
        milliseconds = (time_ns() // 1000 + self._offset_us) // 1000
        last, moment = self._last  # in one step: threads ask too
        if last != milliseconds:
            moment = datetime.fromtimestamp(milliseconds / 1000, UTC)  # exact: rounds to µs
            self._last = (milliseconds, moment)
        return moment
