from __future__ import annotations

import uuid

import pytest

from monitor.identity.links import ALPHABET, LinkKeys, is_code

KEYS = LinkKeys("a secret of this school")
ID = str(uuid.UUID(int=7))


def test_a_link_and_code_are_the_same_each_time_they_are_printed() -> None:
    again = LinkKeys("a secret of this school")
    assert KEYS.token(ID) == again.token(ID)
    assert KEYS.code(ID) == again.code(ID)


def test_another_link_or_another_secret_makes_another_link_and_code() -> None:
    other = str(uuid.UUID(int=8))
    assert KEYS.token(ID) != KEYS.token(other)
    assert KEYS.code(ID) != KEYS.code(other)
    assert KEYS.code(ID) != LinkKeys("another").code(ID)


def test_what_is_stored_shows_neither_link_nor_code() -> None:
    stored = KEYS.token_hash(ID) + KEYS.code_hash(ID)
    assert KEYS.token(ID) not in stored
    assert KEYS.code(ID).replace("-", "").lower() not in stored.lower()
    assert LinkKeys("another").hash(KEYS.code(ID)) != KEYS.code_hash(ID)


def test_a_code_is_found_however_it_is_typed() -> None:
    code = KEYS.code(ID)
    for form in (code, code.lower(), code.replace("-", ""), code.replace("-", " ")):
        assert KEYS.hash(f" {form} ") == KEYS.code_hash(ID)
    assert KEYS.hash(code.replace("0", "o").replace("1", "l")) == KEYS.code_hash(ID)


def test_a_link_token_is_found_as_it_is() -> None:
    assert KEYS.hash(KEYS.token(ID)) == KEYS.token_hash(ID)
    assert KEYS.hash(KEYS.token(ID).lower()) != KEYS.token_hash(ID)


def test_a_code_has_eight_letters_that_nobody_mistakes() -> None:
    seen = "".join(KEYS.code(str(uuid.UUID(int=number))).replace("-", "") for number in range(500))
    assert len(seen) == 4000
    assert set(seen) == set(ALPHABET)
    assert not set(seen) & set("ILOU")


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "1234567U", "1234567é"])
def test_other_texts_are_no_codes(text: str) -> None:
    assert not is_code(text)
