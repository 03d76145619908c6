"""From a typed function to an address: who asks, what was sent, what is answered, what is refused.

A handler's annotations are its contract: the body it takes and the answer it gives are decoded,
encoded and described from them, and its docstring is its description.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from monitor.api.body import read_body
from monitor.api.call import Call
from monitor.api.errors import named, problem_response
from monitor.contracts.operation import Operation
from monitor.errors import MonitorError
from monitor.protocol.codec import decode_json, encode

H = TypeVar("H", bound=Callable[..., Awaitable[object]])

_ANSWER_WITHIN_SECONDS = 30  # then a proxy or browser gives up too; a command may still commit


@dataclass(frozen=True)
class Endpoint:
    """An operation and the function that does it."""

    operation: Operation
    handler: Callable[..., Awaitable[object]]


class Noun:
    """The endpoints about one kind of thing."""

    def __init__(self, tag: str) -> None:
        """Collect under this tag of the API description."""
        self.tag = tag
        self.endpoints: list[Endpoint] = []

    def on(
        self,
        method: str,
        path: str,
        *,
        status: int = 200,
        public: bool = False,
        sitting: bool = False,
        idempotent: bool = False,
        query: Any = None,
        body: Any = None,
        media: tuple[str, ...] = (),
        errors: tuple[type[MonitorError], ...] = (),
    ) -> Callable[[H], H]:
        """Let a function do `method` of `path`.

        Args:
            method: GET, POST, PATCH or DELETE.
            path: Below /api, or of the whole server where it starts with a double slash.
            status: Of the answer.
            public: No token is needed.
            sitting: A token from a link, good for one sitting only, will do.
            idempotent: An Idempotency-Key makes a repeated request answer the first one's answer.
            query: The struct of the query's parameters.
            body: What to describe as the body where the handler takes it raw.
            media: Media types of an answer that is not JSON.
            errors: What it may be refused with besides what every address may.
        """

        def add(handler: H) -> H:
            hints = get_type_hints(handler)
            given = hints.get("body")
            optional = given is not None and NoneType in get_args(given)
            given = _without_none(given) if optional else given
            answer = hints["return"]
            lines = inspect.cleandoc(handler.__doc__ or "").split("\n", 1)
            operation = Operation(
                name=handler.__name__,
                method=method,
                path=path.removeprefix("/") if path.startswith("//") else f"/api{path}",
                tag=self.tag,
                summary=lines[0].rstrip("."),
                description=lines[1].strip() if len(lines) > 1 else "",
                status=status,
                body=body if body is not None else given,
                optional_body=optional,
                query=query,
                answers=() if media or answer is NoneType else _members(answer),
                media=media,
                public=public,
                sitting=sitting,
                idempotent=idempotent,
                errors=errors,
            )
            self.endpoints.append(Endpoint(operation, _Handler(handler, given, optional)))
            return handler

        return add


class _Handler:
    """Gives a function its body, decoded."""

    def __init__(
        self, function: Callable[..., Awaitable[object]], body: Any, optional: bool
    ) -> None:
        self._function = function
        self._body = body
        self._optional = optional

    async def __call__(self, call: Call) -> object:
        if self._body is None:
            return await self._function(call)
        limit = call.services.settings.request_bytes
        data = await read_body(call.request, limit=limit)
        if not data and self._optional:
            return await self._function(call, None)
        return await self._function(call, decode_json(data, self._body, limit=limit))


def routes_of(nouns: Iterable[Noun]) -> list[BaseRoute]:
    """One route an address, so that a wrong method is told all the right ones."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for noun in nouns:
        for endpoint in noun.endpoints:
            by_path.setdefault(endpoint.operation.path, {})[endpoint.operation.method] = endpoint
    return [
        Route(path, _serve(by_method), methods=list(by_method), name=path)
        for path, by_method in by_path.items()
    ]


def _serve(by_method: dict[str, Endpoint]) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        endpoint = by_method[method]
        operation = endpoint.operation
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_SECONDS):
                call = Call(request)
                if not operation.public:
                    await call.authenticate(sitting=operation.sitting)
                answer = await endpoint.handler(call)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except Exception as error:  # noqa: BLE001 - the door: named, logged and answered
            return problem_response(named(error, where=operation.name))
        if isinstance(answer, Response):
            return answer
        if answer is None:
            return Response(status_code=operation.status, headers={"Cache-Control": "no-store"})
        return Response(
            encode(answer),
            status_code=operation.status,
            media_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    return serve


def _members(type_: Any) -> tuple[Any, ...]:
    return get_args(type_) if get_origin(type_) in {Union, UnionType} else (type_,)


def _without_none(type_: Any) -> Any:
    members = tuple(member for member in get_args(type_) if member is not NoneType)
    return members[0] if len(members) == 1 else Union[members]  # noqa: UP007 - made at run time
