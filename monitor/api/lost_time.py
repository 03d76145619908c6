"""What students have lost while the clock ran, for who thinks of giving it back."""

from __future__ import annotations

from msgspec import Struct, field

from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.fields import Items
from monitor.api.sitting import allowed
from monitor.domain.moments import Interval, rfc3339
from monitor.identity.access import Action
from monitor.repositories.sql_attempt_repository import LostOf
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("sessions")


class Span(Struct, frozen=True, kw_only=True):
    """From one moment to another."""

    from_: str = field(name="from")
    to: str


class LostTime(Struct, frozen=True, kw_only=True):
    """What a student has lost.

    Giving back the seconds `s` of `lost` adds `ceil(given_back_seconds + s) -
    ceil(given_back_seconds)` seconds of extra time: fractions are rounded up once.
    """

    student_id: str
    given_back_seconds: float
    lost: list[Span]


@noun.on("GET", "/sessions/{session_id}/lost-time")
async def read_lost_time(call: Call) -> Items[LostTime]:
    """List who has lost time while the clock ran, and when; whole, on one page.

    `lost` is what was not given back yet. It is known once a student has come back.
    """
    session_id = call.session_id()

    def find(uow: UnitOfWork) -> list[LostOf]:
        allowed(uow, call, Action.SESSION_WATCH, session_id)
        return uow.attempts.lost_of_session(session_id)

    found = await call.services.database.read(find)
    return Items(items=[_item(one) for one in found])


def _item(one: LostOf) -> LostTime:
    return LostTime(
        student_id=one.student_id,
        given_back_seconds=one.given_back_seconds,
        lost=[_span(interval) for interval in one.lost],
    )


def _span(interval: Interval) -> Span:
    return Span(from_=rfc3339(interval.from_), to=rfc3339(interval.to))
