"""What JSON text must not hold, found in one linear pass before anything is decoded.

The decoder alone would let through NUL (databases refuse it), integers that JavaScript rounds, and
nesting that ends in a RecursionError. The common frame pays for a few searches of its bytes; only
one that looks suspicious is looked at closely.
"""

from __future__ import annotations

import re

MAX_INTEGER = 2**53 - 1

# A string literal; an unterminated one reaches to the end, so that the search stays linear.
_STRING = re.compile(rb'"[^"\\]*+(?:\\(?:.|\Z)[^"\\]*+)*+(?:"|\Z)', re.DOTALL)
_DIGITS = b"0123456789"
_LONG = 16  # digits of the shortest integer that may be too large
_MANY_DIGITS = re.compile(rb"\d{16}")
_INTEGER = re.compile(rb"(?<![\d.eE+-])-?\d{16,}+(?![.eE])")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a pair: one character
    rb"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|.)",
    re.DOTALL,
)
_OPENING, _CLOSING = b"[{", b"]}"
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in _OPENING + _CLOSING)
_ONE_KIND = bytes.maketrans(b"{}", b"[]")


def fault_of(data: bytes, *, nesting: int) -> str | None:
    """A sentence that names what no message may hold, or None where nothing of that is in it.

    Says nothing about whether `data` is JSON: that is the decoder's to say.
    """
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            return "The text is not valid UTF-8."
    if b"\\u" in data:
        if _NUL.search(data):
            return "Text must not hold the character NUL."
        if _SURROGATE.search(data) and _has_lone_surrogate(data):
            return "Text must not hold half of a surrogate pair."
    deep = len(data) > nesting and data.count(b"[") + data.count(b"{") > nesting
    # Taking digits out is ten times faster than looking for a row of them.
    many = len(data) - len(data.translate(None, _DIGITS)) >= _LONG
    long = many and _MANY_DIGITS.search(data) is not None
    if not deep and not long:
        return None
    bare = _STRING.sub(b'""', data)
    if deep and _nests_deeper(bare, nesting):
        return f"Lists and objects must not nest deeper than {nesting} levels."
    if long and any(abs(_value(found[0])) > MAX_INTEGER for found in _INTEGER.finditer(bare)):
        return "Integers must lie between -(2^53 - 1) and 2^53 - 1."
    return None


def without_lone_surrogates(data: bytes) -> bytes:
    """The same JSON with a question mark for each half of a surrogate pair."""
    return _ESCAPES.sub(lambda found: b"?" if found["lone"] else found[0], data)


def _has_lone_surrogate(data: bytes) -> bool:
    return any(found["lone"] for found in _ESCAPES.finditer(data))


def _value(digits: bytes) -> int:
    significant = digits.lstrip(b"-").lstrip(b"0")
    return int(significant or b"0") if len(significant) <= 16 else MAX_INTEGER + 1


def _nests_deeper(bare: bytes, nesting: int) -> bool:
    """Whether brackets remain after the innermost pairs were taken away `nesting` times."""
    brackets = bare.translate(_ONE_KIND, _NOT_BRACKETS)
    for _ in range(nesting):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)
