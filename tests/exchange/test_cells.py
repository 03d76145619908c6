from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, strategies as st

from monitor.exchange.cells import BOM, cell, csv_text

FORMULAS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "\ufeff=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    '=HYPERLINK("http://example.test","click")',
]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_would_calculate_is_kept_as_text(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "Ada", "1-2", "'quoted", "é", "x\n=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_numbers_stay_numbers() -> None:
    assert [cell(-1), cell(2.5), cell(-1e-9), cell(0)] == ["-1", "2.5", "-1e-09", "0"]


def test_nothing_is_an_empty_cell_and_truth_a_word() -> None:
    assert [cell(None), cell(True), cell(False)] == ["", "yes", "no"]


def test_a_table_begins_with_the_mark_that_excel_needs() -> None:
    assert csv_text([["a", "b"], [1, None]]) == f"{BOM}a,b\r\n1,\r\n"


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), min_size=1))
def test_a_table_read_back_holds_the_same_and_no_formula(rows: list[list[str]]) -> None:
    text = csv_text(rows).removeprefix(BOM)
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert [[cell_.removeprefix("'") for cell_ in row] for row in read] == [
        [cell_.removeprefix("'") for cell_ in row] for row in rows
    ]
    for row in read:
        for field in row:
            assert not field.lstrip()[:1] or field.lstrip()[0] not in "=+-@"
