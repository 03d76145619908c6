"""Sign-in links: one a student, for one sitting, without a password."""

from __future__ import annotations

from uuid import uuid4

from msgspec import Struct

from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.fields import Items, References
from monitor.api.sitting import allowed
from monitor.domain.session import RosterEntry, Session
from monitor.errors import InvalidRequest, NotFound, SessionOver
from monitor.identity.access import Action
from monitor.identity.links import LinkKeys
from monitor.repositories.sql_link_repository import SignInLink
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("links")


class WhichLinks(Struct, frozen=True, kw_only=True):
    """For whom (null: everyone on the list); `renew` takes back the links there are."""

    student_ids: References | None = None
    renew: bool = False


class LinkItem(Struct, frozen=True, kw_only=True):
    """A student's way in: a link to open, or a code to type, e.g. from a printed card."""

    student_id: str
    name: str
    link: str
    code: str
    url: str


@noun.on("POST", "/sessions/{session_id}/links", errors=(SessionOver,))
async def issue_links(call: Call, body: WhichLinks | None) -> Items[LinkItem]:
    """Get a sign-in link and a short code for each student on the list.

    Asking again shows the same ones, so that a lost card can be printed again. With `renew` new
    ones are made, and the former let nobody in any more. They hold until the sitting is over.
    """
    session_id = call.session_id()
    which = body or WhichLinks()
    keys, now = call.services.link_keys, call.received_at

    def issue(uow: UnitOfWork) -> list[tuple[RosterEntry, str]]:
        session = allowed(uow, call, Action.SESSION_LINKS, session_id)
        if session.is_over:
            raise SessionOver
        wanted = _wanted(session, which.student_ids)
        # One at a time for a sitting: two requests at once must not make two links a student.
        uow.sessions.lock([session_id], skip_locked=False)
        there = {link.student_id: link for link in uow.links.of_session(session_id)}
        if which.renew:
            old = [there.pop(entry.id).id for entry in wanted if entry.id in there]
            uow.links.revoke(old, now)
        fresh = {
            entry.id: _new_link(keys, call, session_id, entry.id)
            for entry in wanted
            if entry.id not in there
        }
        uow.links.add_many(fresh.values())
        there |= fresh
        return [(entry, there[entry.id].id) for entry in wanted]

    issued = await call.services.database.write(issue)
    base = public_base(call)
    return Items(items=[_item(keys, base, entry, id_) for entry, id_ in issued])


@noun.on("DELETE", "/sessions/{session_id}/links", status=204)
async def revoke_links(call: Call) -> None:
    """Take back every link of the sitting; who signed in by one is signed out."""
    await _revoke(call, None)


@noun.on("DELETE", "/sessions/{session_id}/links/{student_id}", status=204)
async def revoke_link(call: Call) -> None:
    """Take back one student's link."""
    await _revoke(call, call.id("student_id"))


def public_base(call: Call) -> str:
    """The address that people reach this server under, without a slash at its end."""
    return (call.services.settings.public_url or str(call.request.base_url)).rstrip("/")


def sign_in_url(base: str, token: str) -> str:
    """Where a link leads; behind the #, so that it is in no server's log and in no Referer."""
    return f"{base}/join#{token}"


async def _revoke(call: Call, student_id: str | None) -> None:
    session_id = call.session_id()

    def revoke(uow: UnitOfWork) -> None:
        allowed(uow, call, Action.SESSION_LINKS, session_id)
        links = [
            link
            for link in uow.links.of_session(session_id)
            if student_id is None or link.student_id == student_id
        ]
        if student_id is not None and not links:
            raise NotFound
        uow.links.revoke([link.id for link in links], call.received_at)

    await call.services.database.write(revoke)


def _wanted(session: Session, student_ids: list[str] | None) -> list[RosterEntry]:
    if student_ids is None:
        return list(session.roster)
    listed = {entry.id: entry for entry in session.roster}
    for id_ in student_ids:
        if id_ not in listed:
            raise InvalidRequest(f"student_ids: {id_} is not on the sitting's list.", "student_ids")
    return [listed[id_] for id_ in dict.fromkeys(student_ids)]


def _new_link(keys: LinkKeys, call: Call, session_id: str, student_id: str) -> SignInLink:
    link_id = str(uuid4())
    return SignInLink(
        id=link_id,
        session_id=session_id,
        student_id=student_id,
        token_hash=keys.token_hash(link_id),
        code_hash=keys.code_hash(link_id),
        created_at=call.received_at,
        created_by=call.actor.id,
    )


def _item(keys: LinkKeys, base: str, entry: RosterEntry, link_id: str) -> LinkItem:
    token = keys.token(link_id)
    return LinkItem(
        student_id=entry.id,
        name=entry.name,
        link=token,
        code=keys.code(link_id),
        url=sign_in_url(base, token),
    )
