from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.domain.test import Choice, Passage, Question, QuestionType, Test
from monitor.exchange import test_file as files

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
WORDS = TEXTS.filter(lambda text: bool(text.strip()))


@st.composite
def some_test(draw: st.DrawFn) -> Test:
    passages = tuple(
        Passage(f"p{at}", draw(TEXTS), draw(WORDS)) for at in range(draw(st.integers(0, 3)))
    )
    questions = []
    for at in range(draw(st.integers(0, 5))):
        type_ = draw(st.sampled_from(QuestionType))
        with_choices = type_ in files.CHOICE_TYPES
        choices = [Choice(f"c{n}", draw(WORDS)) for n in range(draw(st.integers(1, 3)))]
        about = draw(st.sampled_from([None, *(passage.id for passage in passages)]))
        questions.append(
            Question(
                id=f"q{at}",
                type=type_,
                prompt=draw(WORDS),
                choices=tuple(choices) if with_choices else (),
                passage_id=about,
            )
        )
    title = draw(WORDS).strip()
    return Test(id="t", title=title, passages=passages, questions=tuple(questions))


@given(some_test())
def test_what_is_written_is_read_again(test: Test) -> None:
    read = files.read_test_file(files.test_file(test))
    assert read.errors == ()
    assert (read.title, read.passages, read.questions) == (
        test.title,
        test.passages,
        test.questions,
    )


def test_ids_may_be_left_out() -> None:
    question = {"type": "single_choice", "prompt": "?", "choices": [{"text": "A"}, {"text": "B"}]}
    read = files.read_test_file(json.dumps({"questions": [question, question], "other": 1}))
    assert read.errors == ()
    assert read.title is None
    assert [one.id for one in read.questions] == ["q1", "q2"]
    assert [one.id for one in read.questions[0].choices] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "field", "line"),
    [
        ([], "", 1),
        ({"format": "monitor-session"}, "format", 2),
        ({"format_version": 2}, "format_version", 2),
        ({"title": 5}, "title", 2),
        ({"title": "x" * 256}, "title", 2),
        ({"passages": {}}, "passages", 2),
        ({"passages": [{"title": "A"}]}, "passages[0].text", 3),
        ({"questions": ["?"]}, "questions[0]", 3),
        ({"questions": [{"type": "text"}]}, "questions[0].prompt", 3),
        ({"questions": [{"type": "text", "prompt": " "}]}, "questions[0].prompt", 5),
        ({"questions": [{"type": "essay", "prompt": "?"}]}, "questions[0].type", 4),
        ({"questions": [{"prompt": "?"}]}, "questions[0].type", 3),
        ({"questions": [{"type": "single_choice", "prompt": "?"}]}, "questions[0].choices", 3),
        (
            {"questions": [{"type": "text", "prompt": "?", "choices": [{"text": "A"}]}]},
            "questions[0].choices",
            6,
        ),
        (
            {"questions": [{"type": "text", "prompt": "?", "passage_id": "p"}]},
            "questions[0].passage_id",
            6,
        ),
        (
            {"passages": [{"id": "p", "text": "A"}, {"id": "p", "text": "B"}]},
            "passages[1].id",
            7,
        ),
    ],
)
def test_an_error_names_its_field_and_line(content: Any, field: str, line: int) -> None:
    read = files.read_test_file(json.dumps(content, indent=1))
    assert [(error.field, error.line) for error in read.errors] == [(field, line)]
    assert read.questions == ()


def test_every_error_is_told() -> None:
    questions = [{"type": "text"}, {"type": "essay", "prompt": "?"}, {"type": "text", "prompt": 1}]
    read = files.read_test_file(json.dumps({"questions": questions}, indent=1))
    assert [error.field for error in read.errors] == [
        "questions[0].prompt",
        "questions[1].type",
        "questions[2].prompt",
    ]


@given(st.text())
def test_any_text_is_a_test_or_an_error(text: str) -> None:
    read = files.read_test_file(text)
    assert read.errors or read.questions == ()
