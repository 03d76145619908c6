from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
import structlog

from monitor.logs import configure_logs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Give pytest its own handlers back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_our_lines_and_the_libraries_have_one_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")

    structlog.get_logger("monitor.live").info("committed", sessions=3)
    logging.getLogger("some.library").warning("careful with %s", "that")

    ours, theirs = _lines(capsys)
    assert (ours["event"], ours["sessions"], ours["logger"]) == ("committed", 3, "monitor.live")
    assert (theirs["event"], theirs["level"]) == ("careful with that", "warning")
    assert str(ours["timestamp"]).endswith("Z")


def test_people_get_lines_they_can_read(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "console")

    structlog.get_logger("monitor.live").info("committed", sessions=3)

    assert "committed" in capsys.readouterr().err


def test_below_the_level_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("WARNING", "json")

    structlog.get_logger("monitor.live").info("committed")
    logging.getLogger("uvicorn.error").info("a socket was accepted")

    assert _lines(capsys) == []


def test_uvicorn_tells_of_no_single_socket(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")

    logging.getLogger("uvicorn.error").info('127.0.0.1 - "WebSocket /ws/student" [accepted]')

    assert _lines(capsys) == []


def test_a_client_that_sends_no_utf8_leaves_no_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logger = logging.getLogger("uvicorn.error")
    for level, told in [("INFO", 0), ("DEBUG", 1)]:
        configure_logs(level, "json")
        try:
            b"\xff".decode()
        except UnicodeDecodeError:
            logger.exception("Invalid UTF-8 sequence received from client.")

        lines = _lines(capsys)
        assert len(lines) == told
        assert all("exception" not in line for line in lines)


def test_other_errors_keep_their_traceback_without_the_values_of_variables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("INFO", "json")
    token = "not-for-the-log"  # noqa: F841 - a local variable that a traceback could show
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        structlog.get_logger("monitor").exception("it failed")

    [line] = _lines(capsys)
    assert "RuntimeError" in json.dumps(line["exception"])
    assert "not-for-the-log" not in json.dumps(line)
