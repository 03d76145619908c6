from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.exchange.json_lines import DEEPEST, JsonError, Node, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def plain(node: Node) -> Any:
    value = node.value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


@given(JSON, st.sampled_from([None, 2]))
def test_what_json_is_comes_back_as_it_was(value: Any, indent: int | None) -> None:
    assert plain(parse(json.dumps(value, indent=indent))) == value


@given(st.text(alphabet='{}[]",:0123456789.-eE\\ntrufalse \n', max_size=60))
def test_what_it_takes_is_what_the_standard_library_takes(text: str) -> None:
    try:
        found = plain(parse(text))
    except JsonError:
        return
    assert found == json.loads(text)


def test_every_value_knows_its_line() -> None:
    root = parse('{\n "a": [1,\n  2],\n\n "b": "x"}')
    assert isinstance(root.value, dict)
    assert (root.line, root.value["a"].line, root.value["b"].line) == (1, 2, 5)
    assert isinstance(root.value["a"].value, list)
    assert [item.line for item in root.value["a"].value] == [2, 3]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("{", 1),
        ('{"a": 1,\n}', 2),
        ('{"a" 1}', 1),
        ("[1\n2]", 2),
        ("[1,]", 1),
        ('\n\n["a\nb"]', 3),
        ("{}\nmore", 2),
        ('{"a": 1,\n"a": 2}', 2),
        ("nope", 1),
        ("[" * (DEEPEST + 2), 1),
        ("01", 1),
        ("NaN", 1),
    ],
)
def test_what_is_no_json_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(JsonError) as caught:
        parse(text)
    assert caught.value.line == line
