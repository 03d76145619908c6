"""What the page's picture of a sitting makes of events: its own script, run by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.missing import missing

_SCRIPT = Path(__file__).parents[1] / "static" / "support" / "lanes_of.mjs"


def lanes_of(sittings: Sequence[dict[str, Any]]) -> list[list[dict[str, dict[str, Any]]]]:
    """For each sitting and each of its `moments`, every student's state by id.

    A sitting has `events` (as the API gives them), `moments`, `students` (ids) and
    `heartbeatSeconds`. A state has `status`, `away`, `hand`, `answered` and `total`.
    """
    node = shutil.which("node")
    if node is None:
        missing("node, which runs the pages' scripts")
    done = subprocess.run(
        [node, str(_SCRIPT)],
        input=json.dumps(list(sittings)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list[list[dict[str, dict[str, Any]]]] = json.loads(done.stdout)
    return told
