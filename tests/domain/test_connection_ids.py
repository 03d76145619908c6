from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from monitor.domain.presence import next_connection_id, split_connection_id

LINE = "7f9c24e8-3b1d-4b52-9f2c-0d7f1a6f1c11"
FRESH = "0b5e8a9e-63c6-4d0e-8a4e-6a1f5a0f3c22"


@pytest.mark.parametrize(
    ("former", "following"),
    [
        (None, f"{FRESH}.1"),
        (f"{LINE}.1", f"{LINE}.2"),
        (f"{LINE}.999", f"{LINE}.1000"),
        ("", f"{FRESH}.1"),
        (LINE, f"{FRESH}.1"),
        (f"{LINE}.", f"{FRESH}.1"),
        (f"{LINE}.-1", f"{FRESH}.1"),
        (f"{LINE}.12345678901", f"{FRESH}.1"),
        (f"{LINE}.²", f"{FRESH}.1"),
        (f"{LINE}.1\n", f"{FRESH}.1"),
        ("x" * 8000, f"{FRESH}.1"),
    ],
)
def test_a_new_connection_goes_on_with_its_line_or_begins_another(
    former: str | None, following: str
) -> None:
    assert next_connection_id(former, FRESH) == following


@given(st.text())
def test_whatever_a_client_names_as_its_former_connection_the_next_is_well_formed(
    former: str,
) -> None:
    line, number = split_connection_id(next_connection_id(former, FRESH))
    assert len(line) == 36
    assert number >= 1


@given(st.text())
def test_any_text_has_a_line_and_a_number(text: str) -> None:
    line, number = split_connection_id(text)
    assert text.startswith(line)
    assert number >= 0


@pytest.mark.parametrize(
    ("connection_id", "parts"),
    [
        (f"{LINE}.12", (LINE, 12)),
        ("a.b.3", ("a.b", 3)),
        ("", ("", 0)),
        ("7", ("7", 0)),
        ("a.", ("a.", 0)),
        ("a.²", ("a.²", 0)),
        ("a.٣", ("a.٣", 0)),
        ("a.+1", ("a.+1", 0)),
        ("a." + "9" * 19, ("a." + "9" * 19, 0)),
    ],
)
def test_an_id_without_a_plain_number_is_a_line_of_its_own(
    connection_id: str, parts: tuple[str, int]
) -> None:
    assert split_connection_id(connection_id) == parts
