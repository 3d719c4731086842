from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.tables.dtypes import usable
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Count, Reason

ARROW = usable("int64[pyarrow]", "double[pyarrow]")
INF = float("inf")
YEARS = range(2003, 2023)


def counts(frame: pd.DataFrame) -> list[Count]:
    table = CountTable.from_frame(
        frame.assign(period=list(YEARS)[: len(frame)]), kind="victims", area="UK"
    )
    return [record.count for record in table]


def one(**columns: Any) -> Count:
    (count,) = counts(pd.DataFrame({name: [value] for name, value in columns.items()}))
    return count


@pytest.mark.parametrize(
    "dtype",
    [
        "int8",
        "uint8",
        "uint64",
        "float32",
        "float64",
        "object",
        "Int16",
        "UInt64",
        "Float64",
        *ARROW,
    ],
)
def test_integers_of_any_dtype_are_counts(dtype: str) -> None:
    frame = pd.DataFrame({"value": pd.Series([0, 5, 120], dtype=dtype)})
    assert counts(frame) == [Count.known(0), Count.known(5), Count.known(120)]


@pytest.mark.parametrize("dtype", ["float64", "object", "Int64", "Float64", *ARROW])
def test_a_missing_count_without_reason_raises_with_a_hint(dtype: str) -> None:
    frame = pd.DataFrame({"value": pd.Series([1, None], dtype=dtype)})
    with pytest.raises(InvalidValue, match="'not_reported'") as caught:
        counts(frame)
    assert (caught.value.row, caught.value.field) == (1, "value")


@pytest.mark.parametrize("dtype", ["float64", "object", "Int64", *ARROW])
def test_a_missing_count_has_the_bounds_of_its_reason(dtype: str) -> None:
    reasons = ["not_reported", "Not reported", "suppressed", "breakdown-not-reported"]
    frame = pd.DataFrame(
        {
            "value": pd.Series([None, None, None, None, None, 7], dtype=dtype),
            "reason": [*reasons, "not_applicable", None],
        }
    )
    assert counts(frame) == [
        Count.not_reported(),
        Count.not_reported(),
        Count.suppressed(),
        Count.breakdown_not_reported(),
        Count.not_applicable(),
        Count.known(7),
    ]


@pytest.mark.parametrize(
    ("columns", "count"),
    [
        ({"lower": 0, "upper": 4, "reason": "fewer_than"}, Count.fewer_than(5)),
        ({"upper": 4, "reason": "fewer_than", "value": None}, Count.fewer_than(5)),
        ({"lower": 3, "upper": 5, "reason": "rounded"}, Count.between(3, 5)),
        ({"lower": 3, "upper": INF, "reason": "rounded"}, Count.between(3, None)),
        ({"lower": 3, "upper": 3}, Count.known(3)),
        ({"lower": 3, "reason": "suppressed"}, Count.suppressed(3)),
        ({"upper": 9.0, "reason": "breakdown_not_reported"}, Count.breakdown_not_reported(9)),
        ({"value": 3, "reason": "rounded"}, Count.between(3, 3)),
        ({"value": 3, "lower": 3, "upper": 3, "reason": "known"}, Count.known(3)),
        ({"value": None, "lower": 2, "upper": 2, "reason": "rounded"}, Count.between(2, 2)),
        ({"value": 0, "reason": "not_applicable"}, Count.not_applicable()),
        ({"value": 2**53}, Count.known(2**53)),
    ],
)
def test_bounds_and_reasons_are_read(columns: dict[str, Any], count: Count) -> None:
    assert one(**columns) == count


@pytest.mark.parametrize(
    ("columns", "field", "words"),
    [
        ({"value": -1}, "value", "must be 0 or more"),
        ({"value": -0.5}, "value", "must be an integer"),
        ({"value": 1.5}, "value", "rates or percentages"),
        ({"value": INF}, "value", "only `upper` can be infinite"),
        ({"value": -INF}, "value", "must be 0 or more"),
        (
            {"lower": INF, "upper": INF, "reason": "rounded"},
            "lower",
            "only `upper` can be infinite",
        ),
        ({"value": True}, "value", "must be an integer"),
        ({"value": "5"}, "value", "must be an integer"),
        ({"value": "<5"}, "value", "must be an integer"),
        ({"value": Decimal("5.5")}, "value", "must be an integer"),
        ({"value": pd.Timestamp("2015-01-01")}, "value", "must be an integer"),
        ({"value": 2**53 + 1}, "value", r"2\*\*53"),
        ({"value": 2**63}, "value", r"2\*\*53"),
        ({"value": 2**70}, "value", r"2\*\*53"),
        ({"value": 1e300}, "value", r"2\*\*53"),
        ({"lower": 5, "upper": 4, "reason": "rounded"}, "lower", "at most the upper bound"),
        ({"lower": 3, "upper": 5}, "reason", "must not be 'known'"),
        ({"lower": 3, "upper": 5, "reason": "known"}, "reason", "must not be 'known'"),
        (
            {"value": 3, "lower": 2, "upper": 4, "reason": "rounded"},
            "lower",
            "must agree with the value",
        ),
        ({"value": 3, "upper": 4}, "lower", "must agree with the value"),
        ({"value": None, "reason": "fewer_than"}, "upper", "must be given for this reason"),
        (
            {"value": None, "reason": "rounded", "upper": 3},
            "upper",
            "must be given for this reason",
        ),
        ({"value": None, "reason": "known"}, "upper", "must be given for this reason"),
        ({"lower": 3}, "value", "must be given for a count without a reason"),
        ({"upper": 3, "value": None}, "value", "must be given for a count without a reason"),
        ({"value": 3, "reason": "not_applicable"}, "upper", "must be 0"),
    ],
)
def test_an_invalid_count_raises(columns: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(InvalidValue, match=words) as caught:
        one(**columns)
    assert (caught.value.row, caught.value.field) == (0, field)
    assert caught.value.hint


def test_mixed_objects_are_checked_one_by_one() -> None:
    values = [1, np.int64(2), 3.0, None, float("nan"), pd.NA, np.float64(4)]
    reasons = [None, None, None, *["not_reported"] * 3, None]
    frame = pd.DataFrame({"value": pd.Series(values, dtype=object), "reason": reasons})
    assert [count.value for count in counts(frame)] == [1, 2, 3, None, None, None, 4]
    wrong = pd.DataFrame({"value": pd.Series([1, True, np.bool_(True), 2.5, [3]], dtype=object)})
    with pytest.raises(InvalidValue, match="4 problems"):
        counts(wrong)


def test_a_row_is_reported_once() -> None:
    with pytest.raises(InvalidValue) as caught:
        one(value=3, lower=5, upper=4, reason="not_applicable")
    assert "problems" not in str(caught.value)


def test_an_infinite_upper_bound_can_be_an_object() -> None:
    frame = pd.DataFrame(
        {
            "lower": pd.Series([1, 2], dtype=object),
            "upper": pd.Series([INF, 3], dtype=object),
            "reason": "rounded",
        }
    )
    assert counts(frame) == [Count.between(1, None), Count.between(2, 3)]


def test_a_reason_can_be_a_constant() -> None:
    frame = pd.DataFrame({"sex": ["F", "M"], "reason": "not_reported"})
    table = CountTable.from_frame(frame, kind="victims", area="UK", period=2015)
    assert table.reason.tolist() == [Reason.NOT_REPORTED.severity] * 2
    reason = {"area": "UK", "period": 2015, "reason": "not_reported"}
    assert CountTable.from_frame(frame[["sex"]], kind="victims", **reason) == table
    frame["reason"] = ["suppressed", "not_reported"]
    table = CountTable.from_frame(frame, kind="victims", area="UK", period=2015)
    assert table.reason.tolist() == [Reason.SUPPRESSED.severity, Reason.NOT_REPORTED.severity]


def test_flags_are_letters_or_sets_or_missing() -> None:
    frame = pd.DataFrame(
        {"value": 1, "flags": pd.Series(["ep", None, "", frozenset("b")], dtype=object)}
    )
    frame["period"] = list(YEARS)[:4]
    table = CountTable.from_frame(frame, kind="victims", area="UK")
    assert [record.flags for record in table] == [{"e", "p"}, frozenset(), frozenset(), {"b"}]


def test_flags_that_are_not_hashable_raise() -> None:
    frame = pd.DataFrame({"value": [1], "flags": pd.Series([["e"]], dtype=object)})
    with pytest.raises(InvalidValue, match="one text per row"):
        CountTable.from_frame(frame, kind="victims", area="UK", period=2015)
