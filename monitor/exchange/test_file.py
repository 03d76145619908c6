"""A test as a file: what one Monitor gives out and another takes in, checked line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from monitor.domain.test import Choice, Passage, Question, QuestionType, Test
from monitor.exchange.json_lines import JsonError, Node, parse

FORMAT = "monitor-test"
FORMAT_VERSION = 1
KEY_CHARACTERS = 255
TITLE_CHARACTERS = 255
PASSAGE_CHARACTERS = 200_000
PROMPT_CHARACTERS = 20_000
CHOICE_CHARACTERS = 2_000
MOST_PASSAGES = 100
MOST_QUESTIONS = 500
MOST_CHOICES = 100

CHOICE_TYPES = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE})


class FileError(Struct, frozen=True, kw_only=True):
    """What is wrong, in which line, and where in the test, e.g. `questions[3].prompt`."""

    line: int
    field: str
    message: str


class ReadTest(Struct, frozen=True, kw_only=True):
    """The test that a file holds; None where anything is wrong with it."""

    title: str | None
    passages: tuple[Passage, ...] = ()
    questions: tuple[Question, ...] = ()
    errors: tuple[FileError, ...] = ()


def test_file(test: Test) -> str:
    """A test as text that people can read and edit, and `read_test_file` takes in again."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "title": test.title,
        "passages": [{"id": one.id, "title": one.title, "text": one.text} for one in test.passages],
        "questions": [_written(one) for one in test.questions],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read_test_file(text: str) -> ReadTest:
    """Read a test; every error is told, not only the first.

    Ids may be left out: passages, questions and choices then get `p1`, `q1`, `a` and so on. Fields
    that are not known are passed over. A missing `title` is None, for the reader to ask for.
    """
    try:
        root = parse(text)
    except JsonError as error:
        return ReadTest(
            title=None, errors=(FileError(line=error.line, field="", message=error.message),)
        )
    reader = _Reader()
    test = reader.test(root)
    if not reader.errors:
        return test
    return ReadTest(title=None, errors=tuple(sorted(reader.errors, key=lambda one: one.line)))


def _written(question: Question) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": question.id,
        "type": question.type.value,
        "prompt": question.prompt,
    }
    if question.type in CHOICE_TYPES:
        written["choices"] = [{"id": one.id, "text": one.text} for one in question.choices]
    if question.passage_id is not None:
        written["passage_id"] = question.passage_id
    return written


class _Reader:
    """Walks through a file and notes everything that does not fit."""

    def __init__(self) -> None:
        self.errors: list[FileError] = []

    def fail(self, node: Node, field: str, message: str) -> None:
        self.errors.append(FileError(line=node.line, field=field, message=message))

    def test(self, root: Node) -> ReadTest:
        if not isinstance(root.value, dict):
            self.fail(root, "", "A test is an object: { … }.")
            return ReadTest(title=None)
        form = root.value.get("format")
        if form is not None and form.value != FORMAT:
            self.fail(form, "format", f"This is no test: format is not {FORMAT}.")
        version = root.value.get("format_version")
        if version is not None and version.value != FORMAT_VERSION:
            self.fail(version, "format_version", "This was written by a newer Monitor.")
        title = self.text(root, "title", "", TITLE_CHARACTERS, needed=False)
        passages = self.passages(root)
        questions = self.questions(root, {passage.id for passage in passages})
        return ReadTest(
            title=(title or "").strip() or None,
            passages=tuple(passages),
            questions=tuple(questions),
        )

    def passages(self, root: Node) -> list[Passage]:
        found = []
        for at, node, place in self.items(root, "passages", "", MOST_PASSAGES):
            found.append(
                Passage(
                    self.key(node, place, f"p{at}"),
                    self.text(node, "title", place, TITLE_CHARACTERS, needed=False) or "",
                    self.text(node, "text", place, PASSAGE_CHARACTERS) or "",
                )
            )
        self.distinct(root, "passages", "", [one.id for one in found])
        return found

    def questions(self, root: Node, passages: set[str]) -> list[Question]:
        found = []
        for at, node, place in self.items(root, "questions", "", MOST_QUESTIONS):
            type_ = self.type(node, place)
            passage_id = self.text(node, "passage_id", place, KEY_CHARACTERS, needed=False)
            if passage_id is not None and passage_id not in passages:
                where = _of(node, "passage_id")
                self.fail(where, f"{place}.passage_id", f"There is no passage “{passage_id}”.")
            found.append(
                Question(
                    id=self.key(node, place, f"q{at}"),
                    type=type_ or QuestionType.TEXT,
                    prompt=self.text(node, "prompt", place, PROMPT_CHARACTERS) or "",
                    choices=self.choices(node, place, type_),
                    passage_id=passage_id,
                )
            )
        self.distinct(root, "questions", "", [one.id for one in found])
        return found

    def type(self, node: Node, place: str) -> QuestionType | None:
        name = self.text(node, "type", place, KEY_CHARACTERS)
        if name is None:
            return None
        try:
            return QuestionType(name)
        except ValueError:
            known = ", ".join(QuestionType)
            self.fail(_of(node, "type"), f"{place}.type", f"type is one of {known}.")
            return None

    def choices(self, node: Node, place: str, type_: QuestionType | None) -> tuple[Choice, ...]:
        found = [
            Choice(
                self.key(choice, where, _letter(at)),
                self.text(choice, "text", where, CHOICE_CHARACTERS) or "",
            )
            for at, choice, where in self.items(node, "choices", f"{place}.", MOST_CHOICES)
        ]
        field = f"{place}.choices"
        if type_ in CHOICE_TYPES and not found:
            self.fail(_of(node, "choices"), field, f"A {type_} question has choices.")
        if type_ is not None and type_ not in CHOICE_TYPES and found:
            self.fail(_of(node, "choices"), field, f"A {type_} question has no choices.")
        self.distinct(node, "choices", f"{place}.", [one.id for one in found])
        return tuple(found)

    def items(
        self, node: Node, name: str, prefix: str, most: int
    ) -> Iterator[tuple[int, Node, str]]:
        """The objects of a list with their number from 1 and their place."""
        held = _of(node, name)
        if held is node or held.value is None:
            return
        if not isinstance(held.value, list):
            self.fail(held, f"{prefix}{name}", f"{name} is a list: [ … ].")
            return
        if len(held.value) > most:
            self.fail(held, f"{prefix}{name}", f"There are more than {most} {name}.")
            return
        for at, item in enumerate(held.value):
            place = f"{prefix}{name}[{at}]"
            if isinstance(item.value, dict):
                yield at + 1, item, place
            else:
                self.fail(item, place, "This is an object: { … }.")

    def key(self, node: Node, place: str, otherwise: str) -> str:
        return self.text(node, "id", place, KEY_CHARACTERS, needed=False) or otherwise

    def text(
        self, node: Node, name: str, place: str, most: int, *, needed: bool = True
    ) -> str | None:
        field = f"{place}.{name}" if place else name
        held = _of(node, name)
        if held is node or held.value is None:
            if needed:
                self.fail(node, field, f"{name} is missing.")
            return None
        if not isinstance(held.value, str):
            self.fail(held, field, f'{name} is a text: "…".')
            return None
        if needed and not held.value.strip():
            self.fail(held, field, f"{name} is empty.")
            return None
        if len(held.value) > most:
            self.fail(held, field, f"{name} has more than {most:,} characters.")
            return None
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in held.value):
            self.fail(held, field, f"{name} holds characters that cannot be stored.")
            return None
        return held.value

    def distinct(self, node: Node, name: str, prefix: str, ids: list[str]) -> None:
        held = _of(node, name).value
        nodes = (
            [item for item in held if isinstance(item.value, dict)]
            if isinstance(held, list)
            else []
        )
        known: set[str] = set()
        for at, (item, id_) in enumerate(zip(nodes, ids, strict=False)):
            if id_ in known:
                self.fail(item, f"{prefix}{name}[{at}].id", f"The id “{id_}” is there already.")
            known.add(id_)


def _of(node: Node, name: str) -> Node:
    """A field of an object, or the object itself where it is not there: its line is the best."""
    return node.value.get(name, node) if isinstance(node.value, dict) else node


def _letter(number: int) -> str:
    return chr(ord("a") + number - 1) if number <= 26 else f"c{number}"
