"""`alembic …` in the checkout, as CONTRIBUTING describes it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from monitor.repositories import migrate

_CHECKOUT = Path(__file__).parents[2]

# One interpreter for all: each takes a second to start.
_COMMANDS = """
import sys
from alembic.config import main
from monitor.repositories import migrate

for arguments in ("upgrade head", "check", "downgrade -1", "downgrade base"):
    main(["-c", sys.argv[1], *arguments.split()])
    print(arguments, "->", migrate.current(sys.argv[2]))
"""


def test_migrating_by_hand(empty_database_url: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _COMMANDS, str(_CHECKOUT / "alembic.ini"), empty_database_url],
        cwd=tmp_path,
        env=os.environ | {"MONITOR_DATABASE_URL": empty_database_url, "PYTHONPATH": str(_CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"upgrade head -> {migrate.head()}",
        "No new upgrade operations detected.",
        f"check -> {migrate.head()}",
        "downgrade -1 -> e19f60a7d2c8",
        "downgrade base -> None",
    ]
    assert f"Running upgrade  -> {_FIRST}" in done.stderr


_FIRST = "2f1c0d9be7a4"
