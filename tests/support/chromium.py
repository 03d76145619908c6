"""Which Chromium browser tests drive, and how it is started."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.support.missing import missing

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Nothing but the pages under test: no sandbox (there is none for root or in a container), no
# request of the browser's own, no small shared memory to run out of.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-default-browser-check",
]


def chromium_executable() -> Path:
    """The browser to run; without one the test is skipped (in CI: fails)."""
    chosen = os.environ.get("MONITOR_CHROMIUM")
    if chosen:
        if not Path(chosen).is_file():
            missing(f"no browser: MONITOR_CHROMIUM names {chosen}, which is not there")
        return Path(chosen)
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        missing(
            "no browser: Chromium is not installed (`apt-get install chromium`, or name one with "
            "MONITOR_CHROMIUM)"
        )
    return Path(found)
