"""JSON of which every value knows its line, so that what is wrong with it can be shown there."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder

from msgspec import Struct

DEEPEST = 32
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,30})(\.\d{1,30})?([eE][+-]?\d{1,3})?")
_STRINGS = JSONDecoder()
_WORDS = {"true": True, "false": False, "null": None}

Plain = str | int | float | bool | None


class Node(Struct, frozen=True):
    """A value and the line it begins in, counted from 1."""

    value: Plain | list[Node] | dict[str, Node]
    line: int


class JsonError(Exception):
    """What is no JSON, and in which line."""

    def __init__(self, line: int, message: str) -> None:
        """Say what was expected."""
        super().__init__(message)
        self.line, self.message = line, message


def parse(text: str) -> Node:
    """The value that the text is.

    Raises:
        JsonError: It is none.
    """
    parser = _Parser(text.removeprefix("\ufeff"))
    node = parser.value(0)
    parser.skip()
    if parser.at < len(parser.text):
        raise parser.error("After the end of the data comes something else.")
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._counted, self._line = 0, 1

    @property
    def line(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def error(self, message: str) -> JsonError:
        return JsonError(self.line, message)

    def skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def next(self) -> str:
        self.skip()
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise self.error(f"This is nested more than {DEEPEST} deep.")
        begins = self.next()
        line = self.line
        if begins == "{":
            return Node(self._object(depth), line)
        if begins == "[":
            return Node(self._list(depth), line)
        if begins == '"':
            return Node(self._string(), line)
        for word, meaning in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return Node(meaning, line)
        return Node(self._number(), line)

    def _number(self) -> int | float:
        found = _NUMBER.match(self.text, self.at)
        if found is None:
            raise self.error("A value is missing here." if self.next() else "The data ends early.")
        self.at = found.end()
        return float(found[0]) if found[1] or found[2] else int(found[0])

    def _string(self) -> str:
        try:
            value, self.at = _STRINGS.raw_decode(self.text, self.at)
        except JSONDecodeError:
            raise self.error("This text has no end, or holds what a text cannot hold.") from None
        return str(value)

    def _list(self, depth: int) -> list[Node]:
        items: list[Node] = []
        self.at += 1
        if self.next() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.value(depth + 1))
            if self._ends("]"):
                return items

    def _object(self, depth: int) -> dict[str, Node]:
        items: dict[str, Node] = {}
        self.at += 1
        if self.next() == "}":
            self.at += 1
            return items
        while True:
            if self.next() != '"':
                raise self.error("The name of a field is missing here.")
            name = self._string()
            if name in items:
                raise self.error(f"The field “{name}” is there twice.")
            if self.next() != ":":
                raise self.error("A colon is missing here.")
            self.at += 1
            items[name] = self.value(depth + 1)
            if self._ends("}"):
                return items

    def _ends(self, end: str) -> bool:
        mark = self.next()
        if mark not in {",", end} or not mark:
            raise self.error(f"A comma or {end} is missing here.")
        self.at += 1
        return mark == end
