"""Values and records as fields of pydantic models."""

import json
import subprocess
import sys
from fractions import Fraction
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.rows import check_rows
from thbstats import Area, Count, Interval, Percent, Period, Source
from thbstats.records import Record, VictimCount, schema_of
from thbstats.testing import strategies as own
from thbstats.vocabulary import Classification

pytestmark = pytest.mark.traced  # values have fields too

pydantic = pytest.importorskip("pydantic")

_bounds = st.none() | st.integers() | st.fractions()
INTERVALS = st.tuples(_bounds, _bounds, st.booleans()).map(
    lambda drawn: Interval(
        *(sorted(drawn[:2]) if None not in drawn[:2] else drawn[:2]), undefined=drawn[2]
    )
)
STRATEGIES = {
    Count: own.counts(),
    Interval: INTERVALS,
    Percent: st.sampled_from(["56", "56.0", "75%"]).map(Percent) | st.just(Percent("56", "down")),
    Period: own.periods(),
    Area: st.sampled_from(own.AREAS).map(Area.parse),
    Source: own.sources(),
    VictimCount: own.records("victims"),
    Record: own.records(),
}


def model(kind: type) -> Any:
    return pydantic.create_model("Model", own=(kind, ...))


@pytest.mark.parametrize("kind", STRATEGIES, ids=lambda kind: kind.__name__)
@examples(20)
@given(data=st.data())
def test_an_object_is_equal_after_json_and_valid_for_the_schema(kind, data):
    cls, value = model(kind), data.draw(STRATEGIES[kind])
    item = cls(own=value)
    assert item.own is value
    assert item.model_dump()["own"] is value
    text = item.model_dump_json()
    assert cls.model_validate_json(text) == item
    for mode in ("validation", "serialization"):
        jsonschema.validate(json.loads(text), cls.model_json_schema(mode=mode))


INSTANCE = Classification(
    name="instance", kind="attribute", categories=["first_instance", "appeal"], is_required=False
)


def test_a_record_with_dimensions_of_a_user_is_a_field():
    courts = schema_of("justice", INSTANCE).record
    record = courts(count=12, area="MT", period=2021, stage="convicted", instance="appeal")
    cls = model(courts)
    assert cls.model_validate_json(cls(own=record).model_dump_json()).own == record
    data = {"count": {"lower": 12, "upper": 12, "reason": "known"}, "area": "MT", "period": "2021"}
    assert cls(own={**data, "stage": "convicted", "instance": "appeal"}).own == record


SHORT = [
    (Count, 5979, Count.known(5979)),
    (Interval, {"lower": "1/3", "upper": None}, Interval(Fraction(1, 3), None)),
    (Interval, {"lower": "-4", "upper": 2}, Interval(-4, 2)),
    (Percent, "56", Percent("56")),
    (Period, 2016, Period.calendar(2016)),
    (Area, "Poland", Area.parse("PL")),
    (Source, "UNODC GLOTIP", Source(title="UNODC GLOTIP")),
]


def test_short_forms_are_read_and_written_in_full():
    def check(kind: type, short: object, expected: object) -> None:
        cls = model(kind)
        item = cls(own=short)
        assert item.own == expected
        assert cls.model_validate_json(item.model_dump_json()) == item

    check_rows(check, SHORT)


WRONG = [
    (Count, -1, "must be 0 or more"),
    (Count, "5", "must be an integer"),
    (Count, 2.5, "must be an integer"),
    (Count, True, "must be an integer"),
    (Count, {"lower": 0, "upper": 4}, "must be a mapping with lower, upper, reason"),
    (Count, {"lower": 0, "upper": 4, "reason": "secret"}, "must be a valid reason"),
    (Count, {"lower": 5, "upper": 4, "reason": "rounded"}, "at most the upper bound 4"),
    (Interval, {"lower": 0.5, "upper": 1}, "must be an exact number"),
    (Interval, {"lower": "1/0", "upper": 1}, "must be an exact number"),
    (Interval, {"lower": "half", "upper": 1}, "must be an exact number"),
    (Interval, {"lower": "9" * 5000, "upper": None}, "must be an exact number"),
    (Interval, {"lower": 2, "upper": 1}, "lower bound of at most the upper bound"),
    (Interval, {"lower": 0}, "must be a mapping with lower, upper, optionally also undefined"),
    (Interval, {"lower": 0, "upper": 1, "undefined": "no"}, "must be true or false"),
    (Percent, 56, "must be a text"),
    (Percent, {"printed": "56", "rounding": "nearest"}, "must be a valid rounding"),
    (Period, True, "must be a period"),
    (Period, 2016.5, "must be a period"),
    (Period, "the year of 2016", "must be a reference period"),
    (Area, "Atlantis", "Atlantis"),
    (Area, 12, "12"),
    (Source, {"document": "COM(2018) 777"}, "must be a mapping with title"),
    (Source, "", "must not be empty"),
    (VictimCount, {"record": "justice"}, "must agree with VictimCount"),
    (VictimCount, {"count": 3}, "must be given"),
    (VictimCount, 3, "must be a mapping"),
    (Record, {"count": 3}, "must be a kind of record"),
]


def test_wrong_data_are_errors_with_the_place_in_the_model():
    def check(kind: type, wrong: object, message: str) -> None:
        with pytest.raises(pydantic.ValidationError) as caught:
            model(kind)(own=wrong)
        (error,) = caught.value.errors()
        assert error["loc"] == ("own",)
        assert message in error["msg"]

    check_rows(check, WRONG)


def test_the_library_does_not_import_pydantic():
    code = "import sys, thbstats; thbstats.Count, thbstats.CountTable; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "thbstats.values.model_fields" in run.stdout
    assert "pydantic" not in run.stdout
