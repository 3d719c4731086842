import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import records
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName
from thbstats.records import Record, VictimCount, from_dict, from_json, to_dict, to_json
from thbstats.values import Count

PLAIN = {
    "record": "victims",
    "count": {"lower": 1, "upper": 1, "reason": "known"},
    "area": "UK",
    "period": "2015",
}


@given(st.lists(records(), max_size=3))
def test_records_survive_json_and_become_plain_data_only(several: list[Record]) -> None:
    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(type(key) is str and plain(item) for key, item in value.items())
        if isinstance(value, list):
            return all(plain(item) for item in value)
        return type(value) in (str, int, type(None))

    assert from_json(to_json(several)) == several
    for record in several:
        assert from_json(to_json(record)) == record
        assert plain(to_dict(record))


def test_a_count_without_upper_bound_is_null_and_json_has_no_infinity() -> None:
    record = VictimCount(count=Count.not_reported(), area="UK", period=2015)
    assert json.loads(to_json(record))["count"]["upper"] is None


def test_fields_not_in_a_file_have_defaults() -> None:
    assert from_dict(PLAIN) == VictimCount(count=1, area="UK", period=2015)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"record": "victim"}, UnknownName, "victims"),
        ({"record": None}, UnknownName, "victims"),
        ({"sx": "female"}, UnknownName, "Did you mean 'sex'"),
        ({"sex": "femal"}, UnknownName, "Did you mean 'female'"),
        ({"sex": 5}, UnknownName, "sex"),
        ({"citizenship": 5}, UnknownName, "citizenship"),
        ({"period": "soon"}, InvalidValue, "period"),
        (
            {"count": {"lower": 1.5, "upper": 2, "reason": "rounded"}},
            InvalidValue,
            "must be an integer",
        ),
        (
            {"count": {"lower": 2, "upper": 1, "reason": "rounded"}},
            InvalidValue,
            "at most the upper bound",
        ),
        ({"count": {"lower": 1}}, InvalidValue, "with lower, upper"),
        ({"count": {"lower": 1, "upper": 1, "why": "known"}}, InvalidValue, "why"),
        ({"count": 1}, InvalidValue, "with lower, upper"),
        ({"reporters": "AT"}, InvalidValue, "list"),
        ({"flags": ["1"]}, InvalidValue, "letter"),
        ({"sources": ["A"]}, InvalidValue, "each item is an object"),
        ({"sources": [{"title": ""}]}, InvalidValue, "must not be empty"),
        ({"sources": [{"titel": "A"}]}, UnknownName, "Did you mean `title=`"),
        ({"sources": [{"title": "A", "published": "then"}]}, InvalidValue, "must be a date"),
    ],
)
def test_an_invalid_record_raises_a_thbstats_error(
    change: dict[str, object], error: type[ThbstatsError], words: str
) -> None:
    with pytest.raises(error, match=words):
        from_dict({**PLAIN, **change})


def test_a_missing_field_is_named() -> None:
    with pytest.raises(InvalidValue, match=r"`area` must be given"):
        from_dict({name: value for name, value in PLAIN.items() if name != "area"})


def test_an_error_contains_the_row_of_the_record() -> None:
    text = json.dumps([PLAIN, {**PLAIN, "sex": "femal"}, PLAIN])
    with pytest.raises(UnknownName) as caught:
        from_json(text)
    assert caught.value.row == 1
    assert caught.value.field == "sex"


@pytest.mark.parametrize("text", ["", "{", b"\xff"])
def test_a_text_that_is_not_json_raises(text: str | bytes) -> None:
    with pytest.raises(InvalidFile):
        from_json(text)


@pytest.mark.parametrize("text", ["1", '"victims"', "[1]", "null"])
def test_json_that_is_not_a_record_raises(text: str) -> None:
    with pytest.raises(InvalidValue, match="must be a mapping"):
        from_json(text)
