"""What a machine lacks skips a test on a laptop and fails it in CI."""

from __future__ import annotations

import pytest

from tests.support import missing
from tests.support.chromium import chromium_executable


@pytest.mark.parametrize("value", ["", "0", "false"])
def test_on_a_laptop_the_test_is_skipped_with_the_reason(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", value)
    with pytest.raises(pytest.skip.Exception, match="no coffee"):
        missing("no coffee")


@pytest.mark.parametrize("value", ["1", "true"])
def test_in_ci_the_test_fails(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", value)
    with pytest.raises(pytest.fail.Exception, match="no coffee"):
        missing("no coffee")


def test_a_browser_that_is_named_but_not_there_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("MONITOR_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(pytest.skip.Exception, match="/nowhere/chromium"):
        chromium_executable()


def test_no_browser_at_all_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("MONITOR_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(pytest.skip.Exception, match="Chromium is not installed"):
        chromium_executable()
