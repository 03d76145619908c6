"""What the browser tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.browser.stage import Stage, staged
from tests.fixtures.browser import NewPage

# A student who is gone is seen to be gone soon, so that a test need not wait long for it.
SETTINGS = {"HEARTBEAT_SECONDS": "1", "DISCONNECT_GRACE_SECONDS": "1", "LOG_LEVEL": "WARNING"}


@pytest.fixture
async def stage(empty_sqlite_url: str, new_page: NewPage) -> AsyncIterator[Stage]:
    """A school on a server of its own, and pages that must not complain."""
    async with staged(empty_sqlite_url, new_page, SETTINGS) as it:
        yield it
