"""An operation is one method of one address: what it takes, answers and refuses, as types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from monitor.errors import MonitorError


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What the API description and the door that serves it both go by.

    `answers` holds the types of the successful answer's JSON, any of which may come; with `media`
    the answer is text of those media types instead. `public`: no token is needed.
    """

    name: str
    method: str
    path: str
    tag: str
    summary: str
    description: str = ""
    status: int = 200
    body: Any = None
    optional_body: bool = False
    query: Any = None
    answers: tuple[Any, ...] = ()
    media: tuple[str, ...] = ()
    public: bool = False
    sitting: bool = False
    idempotent: bool = False
    errors: tuple[type[MonitorError], ...] = ()
