import contextlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.files import Limits, open_bytes
from thbstats.files.json_data import is_json, parse_json, pointer

characters = st.characters(exclude_categories=["Cs"])
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(characters),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(characters), inner),
    max_leaves=20,
)


def parsed(text: str | bytes, **limits: int) -> Any:
    data = text.encode() if isinstance(text, str) else text
    return parse_json(open_bytes(data, name="a.json", limits=Limits(**limits)))


@given(plain, st.booleans(), st.sampled_from([None, 2]))
def test_standard_library_json_is_read_without_change(
    data: object, ascii_only: bool, indent: int | None
) -> None:
    assert parsed(json.dumps(data, ensure_ascii=ascii_only, indent=indent)) == data


def test_numbers_are_exact() -> None:
    assert parsed("[0.1, 12.0, 1e2, 9007199254740993]") == [
        Decimal("0.1"),
        Decimal("12.0"),
        Decimal("1e2"),
        9007199254740993,
    ]


@pytest.mark.parametrize(
    ("text", "row", "problem"),
    [
        ('{"a": 1,\n "b": }', "line 2, column 7", "is not valid JSON"),
        ("", "line 1, column 1", "is not valid JSON"),
        ('{"a": [1, 2', "line 1, column 12", "is not valid JSON"),
        ('{"a": "NaN",\n "b": NaN}', "line 2, column 7", "must not contain NaN"),
        ("[1,\n-Infinity]", "line 2, column 1", "must not contain -Infinity"),
        ("[1] x", "line 1, column 5", "is not valid JSON"),
        ('["' + "1" * 1001 + '",\n' + "1" * 1001 + "]", "line 2, column 1", "1001 characters"),
        ("[\n1." + "1" * 1001 + "]", "line 2, column 1", "1003 characters"),
        ("[1e99999999999999999999]", "line 1, column 2", "must not have a number"),
        ('["a",\n"\\ud83d"]', "line 2, column 2", "a lone surrogate"),
        ('["\\\\\\udc00"]', "line 1, column 5", "a lone surrogate"),
        (
            '["' + r"\\" * 1000 + r'\ud83d\ude00\ud800"]',
            "line 1, column 2015",
            "a lone surrogate",
        ),
    ],
)
def test_invalid_json_is_rejected_with_its_line(text: str, row: str, problem: str) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        parsed(text)
    assert caught.value.row == row


def test_whole_characters_may_be_written_in_two_halves() -> None:
    assert parsed('["\\ud83d\\ude00", "\\\\ud83d"]') == ["\U0001f600", "\\ud83d"]


def test_duplicate_key_in_an_object_is_rejected() -> None:
    assert parsed('[{"a": 1}, {"a": 2}]') == [{"a": 1}, {"a": 2}]
    with pytest.raises(InvalidFile, match="twice") as caught:
        parsed('{"a": 1, "b": 2, "a": 1}')
    assert caught.value.field == "a"


@pytest.mark.parametrize("piece", ["[", '{"a":', "[{", '["]",['])
def test_deep_json_is_rejected_before_parsing(piece: str) -> None:
    with pytest.raises(InvalidFile, match="nested levels"):
        parsed(piece * 10**6)


def test_depth_is_that_of_brackets_outside_texts() -> None:
    assert parsed('["[[[[[", [], [], [], []]', depth=2) == ["[[[[[", [], [], [], []]
    with pytest.raises(InvalidFile, match="at most 2 nested levels"):
        parsed('["]]]", [[]]]', depth=2)
    assert parsed("[" * 50 + "]" * 50, depth=50)
    with pytest.raises(InvalidFile, match="at most 49 nested levels"):
        parsed("[" * 50 + "]" * 50, depth=49)


def test_depth_beyond_the_recursion_limit_is_an_error() -> None:
    with pytest.raises(InvalidFile, match="nested levels"):
        parsed("[" * 10**6, depth=10**7)


def test_too_many_values_are_rejected_before_parsing() -> None:
    assert parsed('["a,b,c,d,e"]', values=2) == ["a,b,c,d,e"]
    with pytest.raises(InvalidFile, match="at most 3 values"):
        parsed("[1,2,3,4]", values=3)


@pytest.mark.parametrize("tail", ['"', '"\\', '"\\"' * 10**5, '\\"' * 10**5])
def test_texts_without_an_end_take_no_time(tail: str) -> None:
    with pytest.raises(InvalidFile):
        parsed("[" * 101 + '"' + tail)


@given(st.binary(max_size=60) | st.text('[]{}:,"\\u d8a10.eE-+NI\n', max_size=60))
def test_any_contents_are_read_or_rejected(data: bytes | str) -> None:
    with contextlib.suppress(ThbstatsError):
        parsed(data, depth=3)


def test_pointers_escape_special_characters() -> None:
    assert pointer("a/b", "c~d", 0) == "/a~1b/c~0d/0"


def test_an_object_is_seen_by_its_first_sign() -> None:
    assert is_json(open_bytes(b"\xef\xbb\xbf \n{}"))
    assert not is_json(open_bytes(b"[1]"))
