from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.school import School, a_school


@pytest.fixture
async def school(sqlite_url: str) -> AsyncIterator[School]:
    """A school whose sitting is in progress."""
    async with a_school(sqlite_url) as school:
        yield school
