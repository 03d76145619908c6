from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from monitor.errors import InvalidRequest
from monitor.exchange.text_files import text_of

WORDS = "Zoë Müller; Čapek"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_however_it_was_saved(encoding: str) -> None:
    assert text_of(WORDS.encode(encoding)) == WORDS


def test_what_is_no_utf_8_is_what_excel_writes_in_the_west() -> None:
    assert text_of("Zoë Müller – 5 €".encode("cp1252")) == "Zoë Müller – 5 €"


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00", b"\xff\xfea", b"\xff\x81\xfe"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRequest) as caught:
        text_of(data)
    assert caught.value.field == "file"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    assert text_of(text.encode()) == text
