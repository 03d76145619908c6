"""A request's body, read within a limit of bytes and of time."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

from monitor.errors import InvalidRequest, TooLarge

_READ_WITHIN_SECONDS = 15  # 2 MiB over a bad mobile network; longer is a body that never ends


async def read_body(request: Request, *, limit: int) -> bytes:
    """The whole body; of one that is too large no more is read than shows it.

    Raises:
        TooLarge: more than `limit` bytes, announced or sent.
        InvalidRequest: it did not come in time.
    """
    too_large = TooLarge(f"The request's body is larger than {limit} bytes.")
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(_READ_WITHIN_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise InvalidRequest("The request's body did not come in time.") from None
    return bytes(body)
