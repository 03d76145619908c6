"""The description of the API, made of the operations that serve it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor import __version__
from monitor.contracts.openapi import openapi
from monitor.contracts.operation import Operation
from monitor.protocol.codec import encode


def description_route(operations: Sequence[Operation]) -> Route:
    """The route that answers with the OpenAPI document of these operations."""

    @cache
    def document() -> bytes:
        return encode(openapi(operations, version=__version__))

    async def respond(request: Request) -> Response:
        return Response(
            document(),
            media_type="application/json",
            headers={"Cache-Control": "no-cache"},
        )

    return Route("/api/openapi.json", respond, methods=["GET"], name="openapi")
