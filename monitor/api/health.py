"""What machines ask: alive, ready, how it is going, and what the API is."""

from __future__ import annotations

import asyncio

from msgspec import Struct
from starlette.responses import Response

from monitor import metrics
from monitor.api.call import Call
from monitor.api.endpoint import Noun
from monitor.errors import Unavailable

noun = Noun("health")

_READY_WITHIN_SECONDS = 2.0  # a load balancer asks every few seconds


class Health(Struct, frozen=True):
    """How it is."""

    status: str


@noun.on("GET", "//healthz", public=True)
async def healthz(call: Call) -> Health:
    """Whether the process lives; asks nothing of the database."""
    return Health("ok")


@noun.on("GET", "//readyz", public=True, errors=(Unavailable,))
async def readyz(call: Call) -> Health:
    """Whether requests may be sent here: started, not draining, and the database answers."""
    services = call.services
    if services.draining or not services.started:
        raise Unavailable("This process is on its way out, or not yet in.")
    try:
        async with asyncio.timeout(_READY_WITHIN_SECONDS):
            await services.database.read(lambda uow: uow.epoch.find())
    except TimeoutError:
        raise Unavailable("The database does not answer.") from None
    return Health("ready")


@noun.on("GET", "//metrics", public=True, media=("text/plain",))
async def read_metrics(call: Call) -> Response:
    """The metrics of the server, for Prometheus."""
    text, media_type = metrics.exposition()
    return Response(text, headers={"Content-Type": media_type, "Cache-Control": "no-store"})
