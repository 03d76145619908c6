"""Times on the wire: RFC 3339, UTC, milliseconds, `Z`."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.domain.moments import rfc3339

__all__ = ["parse_rfc3339", "rfc3339", "rfc3339_or_none"]


def rfc3339_or_none(moment: datetime | None) -> str | None:
    """The same for a time that may be missing."""
    return None if moment is None else rfc3339(moment)


def parse_rfc3339(text: str) -> datetime:
    """The aware UTC datetime that an RFC 3339 text names; ValueError if it names none."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time on the wire names its offset")
    return moment.astimezone(UTC)
