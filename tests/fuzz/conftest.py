"""What fuzzing shares: one server for all of it, and how many examples there are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.fuzz.fuzzed import Fuzzed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support import SqliteTemplate

# In the suite: few, and always the same. `make fuzz` sets how many, and a seed.
EXAMPLES = int(os.environ.get("MONITOR_FUZZ_EXAMPLES", "0"))


def bounded(examples: int) -> settings:
    """Settings of a fuzz test that has so many examples in the suite."""
    return settings(
        max_examples=EXAMPLES or examples,
        derandomize=not EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def fuzzed(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fuzzed]:
    """A running server."""
    path: Path = tmp_path_factory.mktemp("fuzz") / "monitor.db"
    with Fuzzed(sqlite_template.copy_to(path)) as fuzzed:
        yield fuzzed
