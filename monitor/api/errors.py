"""Every refusal as a problem detail; nothing else ever reaches a user."""

from __future__ import annotations

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from monitor.contracts.problem import MEDIA_TYPE, Problem, problem_of, problem_of_status
from monitor.errors import Internal, MonitorError, NotFound, TooManyRequests, Unavailable
from monitor.protocol.codec import encode
from monitor.repositories.failures import is_temporary

_log = structlog.get_logger(__name__)

_COME_BACK_SECONDS = 2  # after a 503: what is being restarted is back in about that


def problem_response(error: MonitorError) -> Response:
    """The answer that a named error becomes."""
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_seconds)
    elif error.status == 503:
        headers["Retry-After"] = str(_COME_BACK_SECONDS)
    return _response(problem_of(error), headers)


def named(error: Exception, *, where: str) -> MonitorError:
    """The named error that any exception is to a user; one of ours that is not named is logged."""
    if isinstance(error, MonitorError):
        return error
    if is_temporary(error) or isinstance(error, TimeoutError):
        _log.warning("unavailable", where=where, error=repr(error))
        return Unavailable()
    _log.error("internal error", where=where, exc_info=error)
    return Internal()


def exception_handlers() -> dict[type[Exception] | int, ExceptionHandler]:
    """The handlers for what happens outside of an endpoint: no such address, a wrong method."""
    return {HTTPException: _http_problem, Exception: _internal_problem}


async def _http_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    problem = problem_of(NotFound()) if status == 404 else problem_of_status(status)
    return _response(problem, headers)


async def _internal_problem(request: Request, error: Exception) -> Response:
    return problem_response(named(error, where=request.url.path))


def _response(problem: Problem, headers: dict[str, str]) -> Response:
    return Response(
        encode(problem),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store"} | headers,
    )
