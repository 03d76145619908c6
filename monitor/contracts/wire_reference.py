"""The wire as a page to read: messages, close codes and error codes, out of what is in force.

`python -m monitor.contracts.wire_reference > docs/wire.md` writes the page anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from monitor.contracts.wire import CHANNELS, summary_of, type_of
from monitor.errors import MonitorError, SettingsError
from monitor.protocol.close_codes import CloseCode

_HEAD = """# The wire, version 1

Made by `python -m monitor.contracts.wire_reference` from the types that decode and encode.

JSON text frames, `type` first; unknown fields are ignored. Times are RFC 3339 in UTC, with
milliseconds and `Z`. A field in *italics* may be left out (by a client) or missing (from the
server).
"""


def wire_reference() -> str:
    """The page, as Markdown."""
    return "\n".join([_HEAD, *_channels(), *_close_codes(), *_error_codes()]) + "\n"


def _channels() -> Iterator[str]:
    for channel in CHANNELS:
        yield f"## `{channel.path}`\n\n{channel.summary}\n"
        for whither, messages in (
            (f"{channel.name} → server", channel.from_client),
            (f"server → {channel.name}", channel.from_server),
        ):
            yield f"| {whither} | fields | |\n|---|---|---|"
            yield from (
                f"| `{type_of(one)}` | {_fields(one)} | {summary_of(one)} |" for one in messages
            )
            yield ""


def _fields(message: type[Any]) -> str:
    return (
        ", ".join(
            f"`{field.encode_name}`" if field.required else f"*`{field.encode_name}`*"
            for field in msgspec.structs.fields(message)
        )
        or "—"
    )


def _close_codes() -> Iterator[str]:
    yield "## Close codes\n\nBelow 4500: come back. From 4500 on: do not.\n"
    yield "| code | name | why | `after_ms` |\n|---|---|---|---|"
    for code in CloseCode:
        after = "yes" if code.carries_after_ms else ""
        yield f"| {int(code)} | {code.name.lower()} | {code.reason} | {after} |"
    yield ""


def _error_codes() -> Iterator[str]:
    yield "## Error codes\n\nThe same in `error` messages and in the problem details of REST.\n"
    yield "| code | HTTP status | temporary | meaning |\n|---|---|---|---|"
    for error in sorted(_errors(MonitorError), key=lambda one: one.code):
        temporary = "yes" if error.temporary else ""
        yield f"| `{error.code}` | {error.status} | {temporary} | {error.sentence} |"


def _errors(base: type[MonitorError]) -> Iterator[type[MonitorError]]:
    for error in base.__subclasses__():
        if error is not SettingsError and error.__module__ == MonitorError.__module__:
            yield error
            yield from _errors(error)


if __name__ == "__main__":
    sys.stdout.write(wire_reference())
