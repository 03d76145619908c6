"""The application: pages, REST and sockets of one process on one set of services."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from os import PathLike, stat_result
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope
from starlette.websockets import WebSocket

from monitor.api.errors import exception_handlers
from monitor.api.middleware import middleware
from monitor.api.routes import routes as api_routes
from monitor.config import Settings, load_settings
from monitor.paths import static_dir
from monitor.services import Services
from monitor.sockets import dashboard, student
from monitor.sockets.sockets import Sockets

# There is no build step and so no hashed names: a browser asks each time whether a file is new.
_FRESH = {"Cache-Control": "no-cache"}

# What a person may have in the address bar, and the page that reads it.
_PAGES = {
    "/": "index.html",
    "/join": "index.html",
    "/sittings": "sittings.html",
    "/sittings/{session_id}": "live.html",
    "/sittings/{session_id}/edit": "sitting_edit.html",
    "/sittings/{session_id}/cards": "cards.html",
    "/sittings/{session_id}/screen": "screen.html",
    "/sittings/{session_id}/answers": "answers.html",
    "/sittings/{session_id}/report": "report.html",
    "/classes": "classes.html",
    "/classes/{class_id}": "class.html",
    "/tests": "tests.html",
    "/tests/{test_id}": "test.html",
    "/student": "student.html",
    "/student/{session_id}": "student.html",
    "/favicon.ico": "icons/favicon.svg",
}

# Workers and modules refuse any other type; what the machine's own table says differs.
_MEDIA_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def create_app(made_of: Settings | Services | None = None) -> Starlette:
    """The ASGI application; its lifespan starts the services and closes them.

    `app.state.monitor` holds the `Services`, `app.state.sockets` the `Sockets`.

    Args:
        made_of: Settings (from the environment where left out), or services built elsewhere.
    """
    services = made_of if isinstance(made_of, Services) else Services(made_of or load_settings())
    sockets = Sockets(services)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await services.start()
        try:
            yield
        finally:
            await services.close()

    app = Starlette(
        routes=[*_socket_routes(sockets), *api_routes(), *_page_routes()],
        middleware=middleware(services.settings),
        exception_handlers=exception_handlers(),
        lifespan=lifespan,
    )
    app.state.monitor = services
    app.state.sockets = sockets
    return app


def _socket_routes(sockets: Sockets) -> list[BaseRoute]:
    async def student_socket(websocket: WebSocket) -> None:
        await sockets.serve("student", websocket, student.converse)

    async def dashboard_socket(websocket: WebSocket) -> None:
        await sockets.serve("dashboard", websocket, dashboard.converse)

    return [
        WebSocketRoute("/ws/student", student_socket),
        WebSocketRoute("/ws/dashboard", dashboard_socket),
    ]


def _page_routes() -> list[BaseRoute]:
    files = _Files(directory=static_dir())

    def page(path: str, name: str) -> Route:
        async def respond(request: Request) -> Response:
            return await files.get_response(name, request.scope)

        return Route(path, respond, name=path)

    return [
        *(page(path, name) for path, name in _PAGES.items()),
        Mount("/static", files, name="static"),
    ]


class _Files(StaticFiles):
    """Our pages and what they need, with the types that browsers insist on."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, or that the browser has it already."""
        response = FileResponse(
            full_path,
            status_code=status_code,
            headers=_FRESH,
            media_type=_MEDIA_TYPES.get(Path(full_path).suffix),
            stat_result=stat_result,
        )
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response
