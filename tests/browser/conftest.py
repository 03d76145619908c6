"""What the browser tests share: one browser and one server, each test with people of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from monitor.load.rest import RestClient
from tests.browser.stage import Stage, opened, staged
from tests.fixtures.browser import NewPage
from tests.support.chromium import ARGUMENTS, chromium_executable
from tests.support.server import MonitorServer

if TYPE_CHECKING:
    from playwright.async_api import Browser, Error, Page

# A student who is gone is seen to be gone soon, so that a test need not wait long for it. Nobody is
# held back for what only many tests on one server do.
SETTINGS = {
    "HEARTBEAT_SECONDS": "1",
    "DISCONNECT_GRACE_SECONDS": "1",
    "DEADLINE_GRACE_SECONDS": "2",
    "JOINS_PER_MINUTE": "600",
    "FAILED_LOGINS_PER_MINUTE": "600",
    "LOG_LEVEL": "WARNING",
}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One headless Chromium for all tests of this process."""
    executable = chromium_executable()
    from playwright.async_api import async_playwright  # slow to import

    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(browser: Browser) -> AsyncIterator[NewPage]:
    """Opens pages, each in a context of its own; a script that fails fails the test."""
    failures: list[str] = []

    def note(error: Error) -> None:
        failures.append(f"{error.name}: {error.message}\n{error.stack}")

    async def open_page(base_url: str | None = None) -> Page:
        context = await browser.new_context(base_url=base_url)
        context.set_default_timeout(10_000)
        context.on("weberror", lambda failed: note(failed.error))
        return await context.new_page()

    yield open_page
    for context in browser.contexts:
        await context.close()
    if failures:
        pytest.fail("a script on a page failed:\n" + "\n".join(failures), pytrace=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[MonitorServer, RestClient]]:
    """One server for all tests that let it live."""
    url = f"sqlite:///{tmp_path_factory.mktemp('browser') / 'monitor.db'}"
    async with opened(url, SETTINGS) as it:
        yield it


@pytest_asyncio.fixture(loop_scope="session")
async def stage(
    shared_server: tuple[MonitorServer, RestClient], new_page: NewPage
) -> AsyncIterator[Stage]:
    """People of the test's own on the shared server, and pages that must not complain."""
    async with staged(*shared_server, new_page) as it:
        yield it


@pytest_asyncio.fixture(loop_scope="session")
async def own_stage(empty_sqlite_url: str, new_page: NewPage) -> AsyncIterator[Stage]:
    """The same on a server that the test may kill or freeze."""
    async with (
        opened(empty_sqlite_url, SETTINGS) as (server, admin),
        staged(server, admin, new_page) as it,
    ):
        yield it
