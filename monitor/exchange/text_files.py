"""What a file says, however it was saved."""

from __future__ import annotations

import codecs

from monitor.errors import InvalidRequest

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),  # Excel's "Unicode text"
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, in UTF-16 with its mark, or else in Windows' western code page.

    Raises:
        InvalidRequest: It is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data.removeprefix(mark), encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252")
    return _checked(text)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return _checked(data.decode(encoding))
    except UnicodeDecodeError:
        raise _no_text() from None


def _checked(text: str) -> str:
    if "\0" in text:
        raise _no_text()
    return text


def _no_text() -> InvalidRequest:
    return InvalidRequest("file: this is no text. Save it as CSV or as plain text.", "file")
