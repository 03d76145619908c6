"""A test as a request gives it, and whether it makes sense."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from monitor.api.fields import Key
from monitor.domain.test import Choice, Passage, Question, QuestionType
from monitor.errors import InvalidRequest

_CHOICE_TYPES = {QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE}


class NewPassage(Struct, frozen=True, kw_only=True):
    """A text to read."""

    id: Key
    title: Annotated[str, Meta(max_length=255)] = ""
    text: Annotated[str, Meta(max_length=200_000)]


class NewChoice(Struct, frozen=True, kw_only=True):
    """One choice of a question."""

    id: Key
    text: Annotated[str, Meta(max_length=2_000)]


class NewQuestion(Struct, frozen=True, kw_only=True):
    """A question; `choices` for the two choice types only."""

    id: Key
    type: QuestionType
    prompt: Annotated[str, Meta(min_length=1, max_length=20_000)]
    choices: Annotated[list[NewChoice], Meta(max_length=100)] = []
    passage_id: Key | None = None


Passages = Annotated[list[NewPassage], Meta(max_length=100)]
Questions = Annotated[list[NewQuestion], Meta(max_length=500)]


def passages_of(given: Iterable[NewPassage]) -> tuple[Passage, ...]:
    """The passages, none with the id of another."""
    passages = tuple(Passage(one.id, one.title, one.text) for one in given)
    _require_distinct((one.id for one in passages), "passages")
    return passages


def questions_of(given: Iterable[NewQuestion]) -> tuple[Question, ...]:
    """The questions, none with the id of another, with choices where their type has some."""
    questions = tuple(_question(one, f"questions[{at}]") for at, one in enumerate(given))
    _require_distinct((one.id for one in questions), "questions")
    return questions


def require_passages(questions: Iterable[Question], passages: Iterable[Passage]) -> None:
    """Raise InvalidRequest where a question is about a passage that is not there."""
    known = {passage.id for passage in passages}
    for at, question in enumerate(questions):
        if question.passage_id is not None and question.passage_id not in known:
            field = f"questions[{at}].passage_id"
            raise InvalidRequest(f"{field}: there is no passage {question.passage_id}.", field)


def _question(given: NewQuestion, place: str) -> Question:
    field = f"{place}.choices"
    if given.type in _CHOICE_TYPES and not given.choices:
        raise InvalidRequest(f"{field}: a {given.type} question has choices.", field)
    if given.type not in _CHOICE_TYPES and given.choices:
        raise InvalidRequest(f"{field}: a {given.type} question has no choices.", field)
    _require_distinct((choice.id for choice in given.choices), field)
    return Question(
        id=given.id,
        type=given.type,
        prompt=given.prompt,
        choices=tuple(Choice(choice.id, choice.text) for choice in given.choices),
        passage_id=given.passage_id,
    )


def _require_distinct(ids: Iterable[str], field: str) -> None:
    for id_, times in Counter(ids).items():
        if times > 1:
            raise InvalidRequest(f"{field}: the id {id_} is there {times} times.", field)
