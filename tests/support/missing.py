"""What happens to a test whose service is not on this machine."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def in_ci() -> bool:
    """Whether this run must not skip anything: the variable CI is set and not "false" or "0"."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def missing(what: str) -> NoReturn:
    """Skip the test, saying what is missing; in CI fail it instead."""
    if in_ci():
        pytest.fail(f"CI must have what its tests need: {what}", pytrace=False)
    pytest.skip(what)
