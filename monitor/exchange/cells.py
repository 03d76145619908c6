"""CSV that spreadsheets read as text and numbers, and never as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int | float | bool | None

BOM = "\ufeff"  # without it Excel takes UTF-8 for the code page of the machine
# What makes a spreadsheet calculate: the plain signs, and those of full width.
_CALCULATES = "=+-@\uff1d\uff0b\uff0d\uff20"
_SPACES = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b"


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV (RFC 4180: commas, CRLF), with the mark that Excel needs."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def cell(value: Cell) -> str:
    """A value as a cell's text; text that would calculate begins with an apostrophe.

    Numbers stay numbers, negative ones too: only text can hold a formula.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return repr(value)
    begins = value.lstrip(_SPACES)[:1]
    if (begins and begins in _CALCULATES) or value[:1] in {"\t", "\r", "\n"}:
        return "'" + value
    return value
