"""The descriptions of API and wire, made of the operations and messages that serve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from monitor import __version__
from monitor.contracts.asyncapi import asyncapi
from monitor.contracts.openapi import openapi
from monitor.contracts.operation import Operation
from monitor.protocol.codec import encode


def description_routes(operations: Sequence[Operation]) -> list[BaseRoute]:
    """The routes that answer with the OpenAPI document of these operations and the AsyncAPI one."""
    return [
        _document("/api/openapi.json", lambda: openapi(operations, version=__version__)),
        _document("/api/asyncapi.json", lambda: asyncapi(version=__version__)),
    ]


def _document(path: str, make: Callable[[], dict[str, Any]]) -> Route:
    made = cache(lambda: encode(make()))

    async def respond(request: Request) -> Response:
        return Response(
            made(), media_type="application/json", headers={"Cache-Control": "no-cache"}
        )

    return Route(path, respond, methods=["GET"], name=path)
