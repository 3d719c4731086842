"""Values of other libraries: the errors are those of thbstats, with the name of the column."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

import thbstats as thb
from thbstats.cases import CaseStore
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.files import open_bytes

pa = pytest.importorskip("pyarrow")

RANGE = "Python can represent"
NUMBERS = {
    "date after 9999": (2932897, "int32", pa.date32()),
    "date before 1": (-(10**6), "int32", pa.date32()),
    "date in milliseconds": (2932897 * 86_400_000, "int64", pa.date64()),
    "time stamp": (2**62, "int64", pa.timestamp("us")),
    "time stamp in seconds": (2**62, "int64", pa.timestamp("s")),
    "negative time stamp": (-(2**62), "int64", pa.timestamp("ms")),
    "time zone": (1, "int64", pa.timestamp("us", "No/Where")),
    "duration": (2**63 - 1, "int64", pa.duration("s")),
}


def of_arrow(table: Any) -> Any:
    return thb.CountTable.from_frame(table, kind="victims")


def of_parquet(table: Any) -> Any:
    from pyarrow import parquet

    file = io.BytesIO()
    parquet.write_table(table, file)
    return thb.read(open_bytes(file.getvalue(), name="x.parquet"), kind="victims")


def of_pandas(table: Any) -> Any:
    return of_arrow(table.to_pandas(types_mapper=pd.ArrowDtype))


def of_polars(table: Any) -> Any:
    return of_arrow(pytest.importorskip("polars").from_arrow(table))


def of_cases(table: Any) -> Any:
    return CaseStore.of(table, period=2020).count(["area"])


@pytest.mark.parametrize("read", [of_arrow, of_parquet, of_pandas, of_polars, of_cases])
@pytest.mark.parametrize("column", ["area", "period", "value"])
@pytest.mark.parametrize("name", NUMBERS)
def test_dates_that_python_cannot_represent_are_refused(
    read: Callable[[Any], Any], column: str, name: str
) -> None:
    number, plain, type_ = NUMBERS[name]
    if read is of_parquet and name == "time stamp in seconds":
        pytest.skip("Parquet has no seconds")
    if read is of_polars and "zone" in name:
        pytest.skip("polars refuses the time zone itself")
    columns = {"area": pa.array(["MT"]), "period": pa.array(["2020"]), "value": pa.array([1])}
    columns[column] = pa.array([number], getattr(pa, plain)()).cast(type_)
    table = pa.table(columns)
    if read is of_cases:
        table = pa.table({"area": columns[column]})
    with pytest.raises(ThbstatsError) as raised:
        read(table)
    assert read is of_polars or RANGE in str(raised.value)  # polars has numbers of seconds


@pytest.mark.parametrize("column", ["value", "lower", "upper"])
@pytest.mark.parametrize(
    "value", [Decimal("sNaN"), np.array([1]), np.array([1, 2]), int, np.timedelta64(1, "D")]
)
def test_values_other_than_counts_are_refused_with_their_row(column: str, value: Any) -> None:
    rows = [{"value": 1, "sex": "total"}, {"value": 1, "sex": "female", column: value}]
    with pytest.raises(InvalidValue, match=f"row 1: `{column}`.*must be an integer"):
        thb.CountTable.from_rows(rows, kind="victims", area="MT", period=2020)


@pytest.mark.parametrize(
    "value",
    [Decimal("sNaN"), 10**400, -(10**400), np.array([1, 2]), np.timedelta64(1, "D"), int, None],
)
def test_weights_other_than_numbers_are_refused_with_their_row(value: Any) -> None:
    weights = np.fromiter([1, value], dtype=object, count=2)
    frame = pd.DataFrame({"sex": ["female", "male"], "w": weights})
    with pytest.raises(InvalidValue, match=r"row 1: `w`.*must be an integer of 0 or more"):
        CaseStore.of(frame, weights="w", area="MT", period=2020).count(["sex"])


def test_a_duration_among_texts_is_refused_as_a_category() -> None:
    rows = [{"value": 1, "sex": np.timedelta64(1, "D")}, {"value": 1, "sex": "female"}]
    with pytest.raises(ThbstatsError, match="row 0: `sex`"):
        thb.CountTable.from_rows(rows, kind="victims", area="MT", period=2020)


@pytest.mark.parametrize("source", [5, Decimal(1), np.datetime64("2020")])
def test_a_source_of_another_type_is_refused(source: Any) -> None:
    with pytest.raises(InvalidValue, match=r"`source`.*must be a source"):
        thb.CountTable.from_rows(
            [{"value": 1}], kind="victims", area="MT", period=2020, source=source
        )
