"""Logs: structured lines on stderr, for people (`console`) or machines (`json`).

Everything goes through the standard library's root logger, so that libraries' own lines have the
same form. Standard output stays free for what a command answers.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

# These tell at INFO of every socket and query; thousands of them say nothing to anyone.
_TALKATIVE = ("uvicorn", "uvicorn.error", "uvicorn.access", "websockets", "alembic", "httpx")


class _InvalidUtf8(logging.Filter):
    """Cuts uvicorn's traceback for a frame that is no UTF-8: a client's fault, not ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("Invalid UTF-8 sequence"):
            record.exc_info = None
            record.exc_text = None
            record.levelno, record.levelname = logging.DEBUG, "DEBUG"
            return logging.getLogger().isEnabledFor(logging.DEBUG)
        return True


_invalid_utf8 = _InvalidUtf8()


def configure_logs(level: str = "INFO", form: str = "console") -> None:
    """Send all logs from `level` up to stderr, in this form; may be called again.

    Args:
        level: DEBUG, INFO, WARNING or ERROR.
        form: `console` for people, `json` for one object a line.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(), _without_color_message],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderers(form),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    quiet = max(logging.WARNING, root.level) if root.level > logging.DEBUG else logging.DEBUG
    for name in _TALKATIVE:
        talkative = logging.getLogger(name)
        talkative.handlers.clear()
        talkative.propagate = True
        talkative.setLevel(quiet)
    logging.getLogger("uvicorn.error").addFilter(_invalid_utf8)
    logging.captureWarnings(True)


def _renderers(form: str) -> list[Processor]:
    if form == "json":
        return [
            # Never the values of local variables: they hold tokens and answers.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]


def _without_color_message(
    _logger: WrappedLogger, _method: str, event_dict: EventDict
) -> EventDict:
    """Uvicorn adds its message a second time, coloured."""
    event_dict.pop("color_message", None)
    return event_dict
