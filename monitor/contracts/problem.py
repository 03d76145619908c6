"""Problem details (RFC 9457): the one form of every refusal over HTTP."""

from __future__ import annotations

from http import HTTPStatus

from msgspec import Struct

from monitor.errors import InvalidRequest, MonitorError

MEDIA_TYPE = "application/problem+json"


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was refused; clients act on `code`, people read `detail`.

    `field` is the path of the first field that does not fit, `temporary` whether the same request
    may pass later.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    temporary: bool = False


def problem_of(error: MonitorError) -> Problem:
    """A named error as a problem."""
    return Problem(
        type=f"urn:monitor:problem:{error.code}",
        title=error.sentence,
        status=error.status,
        detail=error.message,
        code=error.code,
        field=error.field if isinstance(error, InvalidRequest) else None,
        temporary=error.temporary,
    )


def problem_of_status(status: int) -> Problem:
    """A problem for what HTTP itself refuses: a wrong method, a wrong address."""
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_")
    return Problem(
        type=f"urn:monitor:problem:{code}",
        title=phrase,
        status=status,
        detail=HTTPStatus(status).description or phrase,
        code=code,
    )
