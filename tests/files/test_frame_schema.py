"""Schemas of pandera for the frames of tables."""

import sys
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from tests.rows import check_rows
from thbstats.errors import MissingExtra, UnknownName
from thbstats.files import pandera_schema
from thbstats.records import KINDS, schema_of
from thbstats.testing import strategies as own
from thbstats.vocabulary import Classification

pandera = pytest.importorskip("pandera.pandas")
SCHEMAS = {kind: pandera_schema(kind) for kind in KINDS}


def test_missing_pandera_is_an_error_with_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandera.pandas", None)
    with pytest.raises(MissingExtra, match=r"pip install 'thbstats\[pandera\]'"):
        pandera_schema("victims")


@pytest.mark.parametrize("kind", KINDS)
@examples(5)
@given(data=st.data())
def test_the_frame_of_every_table_is_valid(kind, data):
    table = data.draw(own.tables(kind, max_size=10))
    valid = SCHEMAS[kind].validate(table.to_frame(), lazy=True)
    assert thb.CountTable.from_frame(valid, kind=kind) == table


def test_integers_with_missing_values_are_valid():
    frame = pd.DataFrame(
        {
            **dict.fromkeys(schema_of("justice").names, "total"),
            "area": ["PL", "ES", "LU"],
            "period": "2016",
            "unit": "persons",
            "register": "not_stated",
            "stage": "convicted",
            "offence": "trafficking",
            "age_concept": "not_stated",
            "value": [5.0, None, None],  # as pandas reads them from CSV
            "lower": [5, 0, 0],
            "upper": [5.0, 4.0, float("inf")],
            "reason": ["known", "fewer_than", "suppressed"],
        }
    )
    frame = frame[[*schema_of("justice").names, "value", "lower", "upper", "reason"]]
    valid = SCHEMAS["justice"].validate(frame, lazy=True)
    assert valid["value"].dtype == "Int64"
    assert valid["value"].isna().tolist() == [False, True, True]
    assert thb.CountTable.from_frame(valid, kind="justice").count(area="ES").upper == 4


def test_dimensions_of_a_user_are_columns():
    instance = Classification(
        name="instance", kind="attribute", categories=["first_instance", "appeal"]
    )
    columns = pandera_schema(schema_of("justice", instance)).columns
    assert "instance" in columns
    assert "sex" in columns


VICTIMS = thb.CountTable.from_rows(
    [("total", 199), ("female", 74)],
    columns=["sex", "value"], kind="victims", area="PL", period=2016,
).to_frame()  # fmt: skip

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"sex": ["total", "women"]}, "women"),
    ({"lower": [-1, 74]}, "greater_than_or_equal_to"),
    ({"lower": [300, 74]}, "lower must be at most upper"),
    ({"value": [198, 74]}, "value must equal lower and upper"),
    ({"value": [198.5, 74]}, "Int64"),
    ({"reason": ["known", "secret"]}, "secret"),
    ({"reason": ["known", None]}, "null"),
    ({"flags": ["E!", ""]}, "str_matches"),
    ({"sex": ["total", "total"]}, "unique"),
    ({"gender": ["total", "female"]}, "gender"),
]


def test_wrong_frames_are_errors():
    def check(frame: pd.DataFrame, message: str) -> None:
        with pytest.raises(pandera.errors.SchemaErrors) as caught:
            SCHEMAS["victims"].validate(frame, lazy=True)
        assert message in str(caught.value)

    changed = [(VICTIMS.assign(**columns), message) for columns, message in WRONG]
    check_rows(check, [*changed, (VICTIMS.drop(columns="reason"), "reason")])


def test_an_unknown_kind_is_an_error():
    with pytest.raises(UnknownName, match="kind of table"):
        pandera_schema("victim")
