from __future__ import annotations

import pytest

from monitor.sockets.origin import origin_allowed

LISTED = ["https://school.example", "http://kiosk.example:8080"]


@pytest.mark.parametrize(
    ("origins", "host", "allowed"),
    [
        ([], "monitor.example", True),
        (["http://monitor.example"], "monitor.example", True),
        (["https://monitor.example"], "monitor.example", True),
        (["https://MONITOR.example"], "monitor.EXAMPLE", True),
        (["https://monitor.example"], "monitor.example:443", True),
        (["http://monitor.example:80"], "monitor.example", True),
        (["http://127.0.0.1:8000"], "127.0.0.1:8000", True),
        (["http://[::1]:8000"], "[::1]:8000", True),
        (["https://school.example"], "monitor.example", True),
        (["http://kiosk.example:8080"], "monitor.example", True),
        (["null"], "monitor.example", False),
        (["NULL"], "null", False),
        ([""], "monitor.example", False),
        (["http://evil.example"], "monitor.example", False),
        (["http://monitor.example:8001"], "monitor.example:8000", False),
        (["http://monitor.example.evil.example"], "monitor.example", False),
        (["http://evilmonitor.example"], "monitor.example", False),
        (["http://school.example"], "monitor.example", False),  # listed with https
        (["https://kiosk.example:8080"], "monitor.example", False),
        (["http://evil.example@monitor.example"], "monitor.example", False),
        (["http://monitor.example/evil"], "monitor.example", False),
        (["http://monitor.example:port"], "monitor.example", False),
        (["http://monitor.example", "http://evil.example"], "monitor.example", False),
        (["http://monitor.example"], None, False),
        (["monitor.example"], "monitor.example", False),
        (["http://"], "", False),
    ],
)
def test_only_our_own_and_listed_pages_may_connect(
    origins: list[str], host: str | None, allowed: bool
) -> None:
    assert origin_allowed(origins, host, LISTED) is allowed
