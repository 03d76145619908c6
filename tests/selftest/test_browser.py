"""Browser tests drive a real Chromium, and a failing script is not overlooked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fixtures.browser import NewPage


async def test_two_pages_share_nothing(new_page: NewPage) -> None:
    one, two = await new_page(), await new_page()
    await one.set_content("<title>One</title>")

    assert await one.title() == "One"
    assert await two.title() == ""
    assert one.context is not two.context


def test_a_script_that_fails_on_a_page_fails_its_test(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("pytest_plugins = ['tests.fixtures.browser']")
    pytester.makepyfile(
        """
        async def test_page(new_page):
            page = await new_page()
            await page.set_content("<script>nowhere.at.all()</script>")
        """
    )
    pytester.makeini(
        """
        [pytest]
        asyncio_mode = auto
        asyncio_default_fixture_loop_scope = function
        """
    )
    outcome = pytester.runpytest("-p", "no:cacheprovider")

    outcome.assert_outcomes(passed=1, errors=1)
    outcome.stdout.fnmatch_lines(["*nowhere is not defined*"])
