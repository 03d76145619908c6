"""The example page of `docs/example` on another port: another origin, as a school's platform is."""

from __future__ import annotations

import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from monitor.paths import static_dir
from tests.browser.conftest import SETTINGS
from tests.browser.stage import Stage, opened, staged
from tests.fixtures.browser import NewPage
from tests.support import eventually, unused_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"
STATUS = "#status"


class _Pages(SimpleHTTPRequestHandler):
    """Serves a folder, under a policy that lets only Monitor in besides."""

    monitor = ""

    def do_GET(self) -> None:
        """A file; browsers ask for an icon too, and there is none."""
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
            return
        super().do_GET()

    def end_headers(self) -> None:
        """Add the policy."""
        socket = self.monitor.replace("http", "ws")
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'self'; script-src 'self' {self.monitor}; worker-src 'self' blob:; "
            f"connect-src 'self' {self.monitor} {socket}",
        )
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _serving(folder: Path, port: int, monitor: str) -> Iterator[str]:
    pages = type("Pages", (_Pages,), {"monitor": monitor})
    with ThreadingHTTPServer(("127.0.0.1", port), partial(pages, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest_asyncio.fixture(loop_scope="session")
async def embedding(
    empty_sqlite_url: str, new_page: NewPage, tmp_path: Path
) -> AsyncIterator[tuple[Stage, str, str]]:
    """A stage, the address of an example page that is allowed, and of one that is not."""
    port = unused_port()
    settings = {**SETTINGS, "ALLOWED_ORIGINS": f"http://127.0.0.1:{port}"}
    folder = tmp_path / "platform"
    shutil.copytree(EXAMPLE, folder)
    shutil.copytree(static_dir() / "client", folder / "client")
    async with (
        opened(empty_sqlite_url, settings) as (server, admin),
        staged(server, admin, new_page) as stage,
    ):
        with (
            _serving(EXAMPLE, port, server.url) as allowed,
            _serving(folder, 0, server.url) as foreign,
        ):
            yield stage, allowed, foreign


async def _enter(page: Page, address: str, stage: Stage, session_id: str) -> None:
    await page.goto(f"{address}/index.html")
    await page.get_by_label("Address of Monitor").fill(stage.server.url)
    await page.get_by_label("Code from the card").fill((await stage.seat(session_id))["code"])
    await page.get_by_role("button", name="Go to the test").click()


async def test_a_page_of_another_address_gives_a_whole_sitting_and_a_stranger_is_refused(
    embedding: tuple[Stage, str, str],
) -> None:
    stage, allowed, foreign = embedding
    session_id = await stage.sitting("open")
    page = await stage.page()
    await _enter(page, allowed, stage, session_id)
    await expect(page.locator(STATUS)).to_have_text("The teacher will start the test.")
    await stage.teacher.command(session_id, "start")
    await page.get_by_label("Calm").check()
    await page.get_by_label("Why did nobody hear it?").fill("They slept.")
    await expect(page.locator(STATUS)).to_contain_text("Saved ")
    assert await stage.values(session_id) == {"q1": "b", "q3": "They slept."}
    # The heartbeat's worker is made from its text: a page may not start one of another address.
    assert [worker.url[:5] for worker in page.workers] == ["blob:"]

    await page.reload()
    await expect(page.get_by_label("Calm")).to_be_checked()
    await expect(page.get_by_label("Why did nobody hear it?")).to_have_value("They slept.")

    with stage.watcher.without_network():
        await page.context.set_offline(True)
        await expect(page.locator(STATUS)).to_contain_text("Offline.")
        await page.get_by_label("How often did it ring?").fill("2")
        await expect(page.locator(STATUS)).to_contain_text("1 not sent yet; kept on this device")
        await page.context.set_offline(False)
        await eventually(lambda: _is(stage, session_id, "q4", 2))
    await page.get_by_role("button", name="Hand in").click()
    await expect(page.locator(STATUS)).to_have_text("Handed in.")
    assert (await stage.attempt(session_id))["submitted_by"] == "student"
    await _a_stranger_is_refused(stage, foreign)


async def _a_stranger_is_refused(stage: Stage, foreign: str) -> None:
    session_id = await stage.sitting("open", "start")
    with stage.watcher.expecting("CORS policy", "net::ERR_FAILED"):
        page = await stage.page()
        await _enter(page, foreign, stage, session_id)
        problem = page.get_by_role("alert")
        await expect(problem).to_contain_text(f"{foreign}, is not in its MONITOR_ALLOWED_ORIGINS")
        assert (await stage.teacher.snapshot(session_id)).attempts == []
        # With a copy of the module and a token from elsewhere the socket says so itself.
        token = await _token(stage, session_id)
        status = await page.evaluate(
            """async ([url, token, sessionId]) => {
              const { connect } = await import("/client/index.js");
              const client = connect({ url, token, sessionId });
              return new Promise(resolve => client.addEventListener("change", () => {
                const { connection, reason } = client.status;
                if (connection === "forbidden") resolve([connection, reason]);
              }));
            }""",
            [stage.server.url, token, session_id],
        )
        assert status == [
            "forbidden",
            "this page's address is not among MONITOR_ALLOWED_ORIGINS",
        ]


async def _token(stage: Stage, session_id: str) -> str:
    code = (await stage.seat(session_id))["code"]
    answer = await stage.teacher.post("/api/login", {"link": code})
    token: str = answer["access_token"]
    return token


async def _is(stage: Stage, session_id: str, question: str, value: object) -> bool:
    return (await stage.values(session_id)).get(question) == value
