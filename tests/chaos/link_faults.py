"""Faults of the network between the server and the clients that go through `stage.links`."""

from __future__ import annotations

import asyncio

from tests.chaos.fault import Fault


class LinksDelayed(Fault):
    """Everything takes up to a second, in each direction."""

    name = "links_delay"
    part = "links"
    hold = (2.0, 8.0)

    async def strike(self) -> str:
        """Hold everything for a while."""
        seconds = self.dice.uniform(0.1, 1.0)
        self.stage.links.delay(seconds)
        return f"links are {seconds:.2f} s longer"

    async def heal(self) -> None:
        """Let it flow."""
        self.stage.links.flow()


class LinksCut(Fault):
    """Every connection is reset, several times."""

    name = "links_cut"
    part = "links"
    hold = (0.5, 5.0)

    async def strike(self) -> str:
        """Begin."""
        self._cutting = asyncio.create_task(self._cut_again_and_again())
        return "links are reset again and again"

    async def heal(self) -> None:
        """Leave them alone."""
        self._cutting.cancel()
        await asyncio.gather(self._cutting, return_exceptions=True)

    async def _cut_again_and_again(self) -> None:
        while True:
            await asyncio.to_thread(self.stage.links.cut)
            await asyncio.sleep(self.dice.uniform(0.2, 1.5))


class LinksHalfClosed(Fault):
    """The server reads an end of each connection; the client hears nothing of it for a while."""

    name = "links_half_close"
    part = "links"
    hold = (1.0, 8.0)

    async def strike(self) -> str:
        """Half-close them."""
        self.stage.links.half_close()
        return "links are half closed"

    async def heal(self) -> None:
        """Tell the clients too."""
        self.stage.links.cut()


class LinksDrip(Fault):
    """A few bytes now and then, in each direction: frames come in pieces, and late."""

    name = "links_drip"
    part = "links"
    hold = (2.0, 8.0)

    async def strike(self) -> str:
        """Begin."""
        pieces_of = self.dice.choice((7, 60, 500))
        self.stage.links.drip(pieces_of, 0.01)
        return f"links drip {pieces_of} bytes every 10 ms"

    async def heal(self) -> None:
        """Let it flow."""
        self.stage.links.flow()


LINK_FAULTS: tuple[type[Fault], ...] = (LinksDelayed, LinksCut, LinksHalfClosed, LinksDrip)
