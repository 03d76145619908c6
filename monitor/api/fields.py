"""What the fields of requests may hold, and the forms that lists take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Generic, Protocol, TypeVar

from msgspec import Meta, Struct

from monitor.clock import to_milliseconds
from monitor.errors import InvalidRequest
from monitor.protocol.messages import Moment

T = TypeVar("T")
R = TypeVar("R")
V = TypeVar("V", bound="Identified")

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9998, 1, 1, tzinfo=UTC)

Name = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"\S")]
Email = Annotated[str, Meta(max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]
Password = Annotated[str, Meta(min_length=8, max_length=1024)]
Reference = Annotated[
    str, Meta(min_length=1, max_length=36, description="The id of another object")
]
References = Annotated[list[Reference], Meta(max_length=1000)]
Key = Annotated[str, Meta(min_length=1, max_length=255)]
Limit = Annotated[int, Meta(ge=1, le=1000, description="Items a page")]
After = Annotated[str, Meta(max_length=100, description="The `next` of the page before")]


class Items(Struct, Generic[T], frozen=True, kw_only=True):
    """A page of a list; `next` is what to give as `after` for more, null at the end."""

    items: list[T]
    next: str | None = None


class Paging(Struct, frozen=True, kw_only=True):
    """Which page of a list."""

    after: After | None = None
    limit: Limit | None = None


class Identified(Protocol):
    """A value with an id."""

    @property
    def id(self) -> str:
        """Its id."""


def items(found: list[V], limit: int, form: Callable[[V], R]) -> Items[R]:
    """A page of forms, out of one value more than it shows where there are more."""
    shown = found[:limit]
    return Items(
        items=[form(value) for value in shown],
        next=shown[-1].id if len(found) > limit else None,
    )


def sane(moment: Moment, field: str) -> datetime:
    """The moment in UTC and whole milliseconds, if it lies within the years that clocks show."""
    if not _EARLIEST <= moment < _LATEST:
        raise InvalidRequest(f"{field}: {moment.year} is not a year that a clock shows.", field)
    return to_milliseconds(moment.astimezone(UTC))


def distinct(references: list[str], field: str) -> tuple[str, ...]:
    """The references, none twice; InvalidRequest where one is."""
    if len(set(references)) != len(references):
        raise InvalidRequest(f"{field}: an id is given twice.", field)
    return tuple(references)
