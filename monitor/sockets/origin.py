"""Which pages may open a socket: those of this server, and those that are listed.

Browsers say in `Origin` where a page comes from, and nothing but a browser has a reason to. A page
without an origin of its own (a file, a sandboxed frame) says `null` and is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


def origin_allowed(origins: Sequence[str], host: str | None, listed: Collection[str]) -> bool:
    """Whether a request with these `Origin` headers may have a socket.

    Args:
        origins: Every `Origin` header of the request; none is allowed, more than one is not.
        host: Its `Host` header.
        listed: Origins allowed besides, such as `https://school.example`.
    """
    if not origins:
        return True
    if len(origins) > 1:
        return False
    scheme, place = _parts(origins[0])
    if place is None:
        return False
    if any((scheme, place) == _parts(other) for other in listed):
        return True
    return host is not None and place == _place(host, scheme)


def _parts(origin: str) -> tuple[str, tuple[str, int | None] | None]:
    scheme, separator, rest = origin.partition("://")
    if not separator:
        return "", None
    return scheme.lower(), _place(rest, scheme.lower())


def _place(netloc: str, scheme: str) -> tuple[str, int | None] | None:
    """Host name and port, the scheme's own port where none is written; None if it is no place."""
    try:
        parts = urlsplit(f"//{netloc}")
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.netloc != netloc or "@" in netloc:
        return None
    return parts.hostname, port if port is not None else _DEFAULT_PORTS.get(scheme)
