from __future__ import annotations

from monitor.demo import names
from monitor.demo.reading_test import PASSAGES, QUESTIONS, body
from monitor.domain.test import QuestionType


def test_there_are_two_passages_that_take_a_few_minutes_to_read() -> None:
    assert len(PASSAGES) == 2
    for title, text in PASSAGES.values():
        assert title
        assert 200 <= len(text.split()) <= 350
        assert "  " not in text


def test_a_dozen_questions_of_all_four_types() -> None:
    assert len(QUESTIONS) == 12
    assert {question.type for question in QUESTIONS} == {kind.value for kind in QuestionType}
    assert len({question.id for question in QUESTIONS}) == 12


def test_every_question_is_about_a_passage() -> None:
    assert {question.passage_id for question in QUESTIONS} == set(PASSAGES)


def test_every_answer_fits_its_question() -> None:
    for question in QUESTIONS:
        for value in (*question.right, *question.wrong):
            match question.type:
                case "single_choice":
                    assert value in question.choices
                case "multiple_choice":
                    assert set(value) <= set(question.choices)
                    assert len(set(value)) == len(value) > 0
                case "number":
                    assert isinstance(value, int)
                case _:
                    assert isinstance(value, str)
                    assert len(value.split()) > 5


def test_no_wrong_answer_is_right() -> None:
    for question in QUESTIONS:
        assert not [value for value in question.wrong if value in question.right], question.id


def test_what_is_asked_for_is_in_the_passages() -> None:
    bicycle, harbour = (text for _, text in PASSAGES.values())
    assert "nineteen kilometres" in bicycle
    assert "empty on seven rides out of twelve" in bicycle
    assert "about twenty minutes" in harbour


def test_the_api_gets_no_answers() -> None:
    for question in body()["questions"]:
        assert set(question) == {"id", "type", "passage_id", "prompt", "choices"}


def test_thirty_students_of_different_names() -> None:
    assert len(set(names.STUDENTS)) == 30
    assert len({name.split()[0] for name in names.STUDENTS}) == 30
