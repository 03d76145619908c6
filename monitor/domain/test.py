"""A test is passages and questions; what fits a question is decided here."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class QuestionType(StrEnum):
    """The kinds of question and so of value."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    TEXT = "text"
    NUMBER = "number"


class Choice(Struct, frozen=True):
    """One choice of a question."""

    id: str
    text: str


class Passage(Struct, frozen=True):
    """A text to read."""

    id: str
    title: str
    text: str


class Question(Struct, frozen=True, kw_only=True):
    """A question; `choices` only for the two choice types."""

    id: str
    type: QuestionType
    prompt: str
    choices: tuple[Choice, ...] = ()
    passage_id: str | None = None


class Test(Struct, frozen=True, kw_only=True):
    """A whole test."""

    __test__ = False  # not a pytest class

    id: str
    title: str
    passages: tuple[Passage, ...] = ()
    questions: tuple[Question, ...] = ()
    created_by: str | None = None
