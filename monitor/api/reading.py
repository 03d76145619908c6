"""What a sitting holds: its snapshot, history, test and export."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from monitor.api.attachment import attachment
from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.fields import Items, Paging, Reference, items
from monitor.api.sitting import allowed, sitting_of
from monitor.api.tests import TestResource, resource
from monitor.domain.event import Event, EventType
from monitor.domain.tally import Tally, tally
from monitor.domain.test import Test
from monitor.errors import NotFound, NotStarted
from monitor.exchange.events_csv import events_csv
from monitor.exchange.session_csv import session_csv
from monitor.exchange.session_export import SessionExport, session_export
from monitor.identity.access import Action
from monitor.live import frames
from monitor.live.view import View
from monitor.protocol.codec import encode
from monitor.protocol.forms import event_item
from monitor.protocol.items import EventItem
from monitor.protocol.messages import Snapshot, Version
from monitor.protocol.publication import StateSince
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("sessions")

_EVENTS_AT_ONCE = 1000


class EventQuery(Paging, frozen=True, kw_only=True):
    """Narrows the history: what is newer than a version, of one type, concerns one student.

    A student is concerned by what they did, by what was done for them alone or among others, and by
    what happened to the whole sitting.
    """

    version: Version | None = None
    type: EventType | None = None
    student_id: Reference | None = None


class ExportQuery(Struct, frozen=True, kw_only=True):
    """In which form."""

    format: Annotated[str, Meta(pattern="^(csv|json)$")] = "json"
    table: Annotated[
        str,
        Meta(
            pattern="^(students|events)$", description="Of a CSV: students with answers, or events"
        ),
    ] = "students"


class AnswerCounts(Tally, frozen=True, kw_only=True):
    """The counts at a version of the sitting."""

    version: int


@noun.on("GET", "/sessions/{session_id}/snapshot")
async def read_snapshot(call: Call) -> Snapshot:
    """Read the sitting whole, at one version: what a dashboard's `snapshot` carries."""
    session_id = call.session_id()

    def find(uow: UnitOfWork) -> StateSince | None:
        allowed(uow, call, Action.SESSION_WATCH, session_id)
        return uow.sessions.state_since(session_id, 0)

    state = await call.services.database.read(find)
    if state is None:
        raise NotFound
    return frames.snapshot(View(state), call.received_at)


@noun.on("GET", "/sessions/{session_id}/events", query=EventQuery)
async def list_events(call: Call) -> Items[EventItem]:
    """Read the sitting's history, the oldest first."""
    session_id, query = call.session_id(), call.query(EventQuery)
    limit = call.limit(query)

    def find(uow: UnitOfWork) -> list[Event]:
        allowed(uow, call, Action.SESSION_WATCH, session_id)
        return uow.events.of_session(
            session_id,
            after_version=-1 if query.version is None else query.version,
            types=None if query.type is None else [query.type],
            student_id=query.student_id,
            after=query.after,
            limit=limit + 1,
        )

    return items(await call.services.database.read(find), limit, event_item)


@noun.on("GET", "/sessions/{session_id}/test", sitting=True, errors=(NotStarted,))
async def read_session_test(call: Call) -> TestResource:
    """Read the sitting's test; students not before the start."""
    session = await sitting_of(call, Action.SESSION_READ)
    if call.is_student and session.started_at is None:
        raise NotStarted
    test = await call.services.database.read(lambda uow: uow.tests.get(session.test_id))
    return resource(_there(test))


@noun.on("GET", "/sessions/{session_id}/answers")
async def count_answers(call: Call) -> AnswerCounts:
    """Count what the sitting's students have answered so far, by question.

    Counted are the attempts that have begun; whoever gave no answer to a question is the rest.
    """
    session_id = call.session_id()

    def count(uow: UnitOfWork) -> AnswerCounts:
        session = allowed(uow, call, Action.SESSION_WATCH, session_id)
        test = _there(uow.tests.get(session.test_id))
        counted = tally(test, uow.attempts.values_of_session(session_id))
        return AnswerCounts(
            version=session.version, students=counted.students, questions=counted.questions
        )

    return await call.services.database.read(count)


@noun.on(
    "GET",
    "/sessions/{session_id}/export",
    query=ExportQuery,
    media=("application/json", "text/csv"),
)
async def export_session(call: Call) -> Response:
    """Take the sitting out as JSON, with everything, or as a table for a spreadsheet."""
    session_id, query = call.session_id(), call.query(ExportQuery)

    def make(uow: UnitOfWork) -> tuple[str, bytes]:
        # Made in the database's thread: a large sitting takes longer than the loop may stand.
        export = _export(uow, call, session_id)
        title = export.session.title
        if query.format == "json":
            return title, encode(export)
        if query.table == "events":
            return f"{title} events", events_csv(export).encode()
        return title, session_csv(export).encode()

    title, data = await call.services.database.read(make)
    json = query.format == "json"
    media_type = "application/json" if json else "text/csv; charset=utf-8"
    return attachment(data, title, query.format, media_type)


def _export(uow: UnitOfWork, call: Call, session_id: str) -> SessionExport:
    session = allowed(uow, call, Action.SESSION_WATCH, session_id)
    _, participants = uow.sessions.load([session_id])[session_id]
    attempts = uow.attempts.of_session(session_id)
    events: list[Event] = []
    while True:
        after = events[-1].id if events else None
        more = uow.events.of_session(session_id, after=after, limit=_EVENTS_AT_ONCE)
        events += more
        if len(more) < _EVENTS_AT_ONCE:
            break
    people = uow.users.get_many({item.student_id for item in participants})
    return session_export(
        session,
        participants,
        attempts,
        test=uow.tests.get(session.test_id),
        messages=uow.messages.of_session(session_id),
        events=events,
        names={id_: user.name for id_, user in people.items()},
        exported_at=call.received_at,
        heartbeat_seconds=call.services.settings.heartbeat_seconds,
    )


def _there(test: Test | None) -> Test:
    if test is None:
        raise NotFound
    return test
