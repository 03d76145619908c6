"""Answers that a browser saves as a file."""

from __future__ import annotations

import re

from starlette.responses import Response

_LONGEST_NAME = 60


def attachment(data: bytes, title: str, ending: str, media_type: str) -> Response:
    """The data as a file named after the title, in letters that every system takes."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-").lower()[:_LONGEST_NAME] or "export"
    return Response(
        data,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{ending}"',
            "Cache-Control": "no-store",
        },
    )
