"""Cards: how each student of a sitting gets in, to print, to show or to project."""

from __future__ import annotations

from msgspec import Struct

from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.api.links import public_base, sign_in_url
from monitor.api.sitting import allowed
from monitor.domain.session import Session
from monitor.errors import SessionOver
from monitor.exchange.qr import qr_svg
from monitor.identity.access import Action
from monitor.repositories.unit_of_work import UnitOfWork

noun = Noun("links")


class Card(Struct, frozen=True, kw_only=True):
    """One student's card; null where there is no link, or it was taken back.

    `qr` is an SVG drawing of `url`.
    """

    student_id: str
    name: str
    code: str | None = None
    url: str | None = None
    qr: str | None = None


class Cards(Struct, frozen=True, kw_only=True):
    """Every student's card, and the address to which all of them go; `qr` draws that address."""

    title: str
    address: str
    qr: str
    items: list[Card]


@noun.on("GET", "/sessions/{session_id}/cards", errors=(SessionOver,))
async def read_cards(call: Call) -> Cards:
    """Read the sign-in cards there are, with QR codes; none is made by this."""
    session_id = call.session_id()
    keys = call.services.link_keys
    base = public_base(call)

    def find(uow: UnitOfWork) -> tuple[Session, dict[str, str]]:
        session = allowed(uow, call, Action.SESSION_LINKS, session_id)
        if session.is_over:
            raise SessionOver
        return session, {link.student_id: link.id for link in uow.links.of_session(session_id)}

    def draw(uow: UnitOfWork) -> Cards:
        # In the database's thread: a thousand drawings take longer than the loop may stand.
        session, link_ids = find(uow)
        items = []
        for entry in session.roster:
            link_id = link_ids.get(entry.id)
            if link_id is None:
                items.append(Card(student_id=entry.id, name=entry.name))
                continue
            url = sign_in_url(base, keys.token(link_id))
            items.append(
                Card(
                    student_id=entry.id,
                    name=entry.name,
                    code=keys.code(link_id),
                    url=url,
                    qr=qr_svg(url),
                )
            )
        return Cards(title=session.title, address=base, qr=qr_svg(f"{base}/"), items=items)

    return await call.services.database.read(draw)
