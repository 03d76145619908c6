"""Server time: one clock for a process, corrected to the database's where there is one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def to_milliseconds(moment: datetime) -> datetime:
    """The moment cut to whole milliseconds, as stored and sent."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Clock:
    """Says what time it is; `offset` is the database's clock minus this machine's."""

    def __init__(self) -> None:
        """Start with this machine's own clock."""
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """Server time, aware UTC, in whole milliseconds."""
        return to_milliseconds(datetime.now(UTC) + self.offset)
