from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from monitor.exchange.student_list import MOST_STUDENTS, student_list


def names(text: str) -> list[str]:
    return [student.name for student in student_list(text).students]


def people(text: str) -> list[tuple[str, str | None]]:
    return [(student.name, student.email) for student in student_list(text).students]


def errors(text: str) -> list[tuple[int, str]]:
    return [(error.line, error.code) for error in student_list(text).errors]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\ufeff\r\n \r\n;;\r\n", []),
        ("Ada Lovelace", [("Ada Lovelace", None)]),
        ("Ada  Lovelace \n\n Bo Karlsson\n", [("Ada Lovelace", None), ("Bo Karlsson", None)]),
        ("Ada,ada@x.example", [("Ada", "ada@x.example")]),
        ("ADA@X.example;Ada;Lovelace", [("Ada Lovelace", "ada@x.example")]),
        ("name,email\nAda,ada@x.example", [("Ada", "ada@x.example")]),
        ("E-Mail;Nachname;Vorname\na@x.de;Müller;Änne", [("Änne Müller", "a@x.de")]),
        ("Name;Vorname\nMüller;Änne", [("Änne Müller", None)]),
        ("Nom;Prénom\nDupont;Zoé", [("Zoé Dupont", None)]),
        ("First name\tLast name\nAda\tLovelace", [("Ada Lovelace", None)]),
        ("No.;Name;Class\n1;Ada;7B\n2;Bo;7B", [("Ada", None), ("Bo", None)]),
        ("sep=|\nname|email\nAda|a@x.example", [("Ada", "a@x.example")]),
        ('name;email\n"Lovelace; Ada";a@x.example', [("Lovelace; Ada", "a@x.example")]),
        ('name\n"Ada ""Countess"" Lovelace"', [('Ada "Countess" Lovelace', None)]),
        ('Ada "Countess" Lovelace', [('Ada "Countess" Lovelace', None)]),
        ("name,email\nAda", [("Ada", None)]),
        ("\ufeffName;E-Mail\r\nAda;a@x.example\r\n", [("Ada", "a@x.example")]),
        ("Name\rAda\rBo", [("Ada", None), ("Bo", None)]),
        ("A\u0308nne", [("Änne", None)]),
    ],
)
def test_a_list_is_read_in_any_dialect(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert people(text) == expected
    assert errors(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,email\n,a@x.example", [(2, "no_name")]),
        ("name,email\nAda,here", [(2, "bad_email")]),
        ("name,email\nAda,a@x@y", [(2, "bad_email")]),
        ("a@x.example,b@x.example,Ada", [(1, "bad_email")]),
        ("name,email\nAda,a@x.example\n\nBo,A@X.example", [(4, "double_email")]),
        ('name,email\n"Ada,a@x.example\nBo,b@x.example', [(2, "open_quote")]),
        ("name\n" + "x" * 256, [(2, "long_name")]),
        ("name\nA\x07da", [(2, "bad_text")]),
        ("name\nA\ud800da", [(2, "bad_text")]),
    ],
)
def test_a_wrong_line_is_named_and_spoils_no_other(
    text: str, expected: list[tuple[int, str]]
) -> None:
    assert errors(text) == expected
    assert errors(text + "\nLast One") == expected
    assert names(text + "\nLast One")[-1] == "Last One"


def test_two_of_the_same_name_are_two_students() -> None:
    assert names("Anna Müller\nAnna Müller") == ["Anna Müller", "Anna Müller"]


def test_more_than_a_class_holds_are_errors() -> None:
    read = student_list("\n".join(f"Student {number}" for number in range(MOST_STUDENTS + 2)))
    assert len(read.students) == MOST_STUDENTS
    assert [(error.line, error.code) for error in read.errors] == [
        (MOST_STUDENTS + 1, "too_many"),
        (MOST_STUDENTS + 2, "too_many"),
    ]


@given(st.text())
def test_any_text_is_read_and_each_line_is_a_student_or_an_error_at_most_once(text: str) -> None:
    read = student_list(text)
    lines = [one.line for one in read.students] + [one.line for one in read.errors]
    assert len(lines) == len(set(lines))
    assert all(student.name.strip() == student.name != "" for student in read.students)


WORD = st.text(st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=8).filter(
    lambda word: word.strip() == word
)


@given(
    st.lists(st.tuples(WORD, WORD), min_size=1, max_size=20),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_every_student_of_a_sheet_comes_back_in_order(
    rows: list[tuple[str, str]], delimiter: str, newline: str, quoted: bool
) -> None:
    mark = '"' if quoted else ""
    lines = [
        "First name" + delimiter + "Last name",
        *(f"{mark}{a}{mark}{delimiter}{mark}{b}{mark}" for a, b in rows),
    ]
    read = student_list(newline.join(lines))
    assert read.errors == ()
    assert len(read.students) == len(rows)
    assert [one.line for one in read.students] == list(range(2, len(rows) + 2))
