"""The same columns as a frame of each installed library."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd
import pytest

from tests.tables.dtypes import usable

__all__ = ["ENGINES", "MIXED", "PLAIN", "Offered", "imported", "types_of"]

Column = tuple[str, list[Any]]
Make = Callable[[Mapping[str, Column]], Any]

# What a kind of column is called by pandas, polars, pyarrow and DuckDB.
NAMES = {
    "text": ("str", "String", "string", "VARCHAR"),
    "year": ("int64", "Int32", "int32", "INTEGER"),
    "int": ("Int64", "Int64", "int64", "BIGINT"),
    "small": ("UInt8", "UInt8", "uint8", "UTINYINT"),
    "unsigned": ("UInt64", "UInt64", "uint64", "UBIGINT"),
    "float": ("float64", "Float64", "float64", "DOUBLE"),
    "bool": ("bool", "Boolean", "bool_", "BOOLEAN"),
    "date": ("object", "Date", "date32", "DATE"),
}
_OPEN: list[Any] = []  # a relation of DuckDB 1 lives as long as its connection
PLACES = {"pandas": 0, "polars": 1, "pyarrow": 2, "duckdb": 3}


def types_of(engine: str) -> dict[str, str]:
    """Return what an engine calls each kind of column."""
    return {kind: names[PLACES[engine]] for kind, names in NAMES.items()}


def imported(name: str) -> Any:
    """Return a library, or skip the test where it is not installed or refuses to be imported."""
    return pytest.importorskip(name, exc_type=ImportError)


class Offered:
    """An object that is no frame and offers Arrow data."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def pandas(columns: Mapping[str, Column], **types: str) -> pd.DataFrame:
    dtypes = types_of("pandas") | types
    data = {name: pd.Series(values, dtype=dtypes[kind]) for name, (kind, values) in columns.items()}
    return pd.DataFrame(data)


def categories(columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return years as categories of integers, and text with a category that is in no row."""
    frame = pandas(columns, text="object").astype("category")
    spare = {
        name: frame[name].cat.add_categories(["nobody"])
        for name, (kind, _) in columns.items()
        if kind == "text"
    }
    return frame.assign(**spare)


def dictionaries(columns: Mapping[str, Column]) -> pd.DataFrame:
    pa = imported("pyarrow")
    if not usable("string[pyarrow]"):
        pytest.skip("pandas does not accept this pyarrow")
    dtype = pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string()))
    data = {
        name: pd.Series(values, dtype=dtype if kind == "text" else types_of("pandas")[kind])
        for name, (kind, values) in columns.items()
    }
    return pd.DataFrame(data)


def polars(columns: Mapping[str, Column], **types: str) -> Any:
    pl = imported("polars")
    dtypes = types_of("polars") | types
    return pl.DataFrame(
        [
            pl.Series(name, values, getattr(pl, dtypes[kind]), strict=False)
            for name, (kind, values) in columns.items()
        ]
    )


def enums(columns: Mapping[str, Column]) -> Any:
    """Return text as an Enum with a category that is in no row."""
    pl = imported("polars")
    frame = polars(columns)
    return frame.with_columns(
        pl.col(name).cast(pl.Enum([*dict.fromkeys(filter(None, values)), "nobody"]))
        for name, (kind, values) in columns.items()
        if kind == "text" and "" not in values
    )


def pyarrow(columns: Mapping[str, Column], **types: str) -> Any:
    pa = imported("pyarrow")
    dtypes = types_of("pyarrow") | types
    return pa.table(
        {
            name: pa.array(values, getattr(pa, dtypes[kind])())
            for name, (kind, values) in columns.items()
        }
    )


def encoded(columns: Mapping[str, Column]) -> Any:
    """Return text and years as dictionaries, a chunk per row, each with a dictionary of its own."""
    pa = imported("pyarrow")
    table = pyarrow(columns)
    chunks = []
    for row in range(len(table)):
        arrays = {
            name: array.dictionary_encode() if columns[name][0] in ("text", "year") else array
            for name, array in zip(table.column_names, table.slice(row, 1).columns, strict=True)
        }
        chunks.append(pa.table(arrays))
    return pa.concat_tables(chunks) if chunks else table


def duckdb(columns: Mapping[str, Column]) -> Any:
    connection = imported("duckdb").connect()
    _OPEN.append(connection)
    dtypes = types_of("duckdb")
    declared = ", ".join(f'"{name}" {dtypes[kind]}' for name, (kind, _) in columns.items())
    connection.execute(f"create table counts ({declared})")
    rows = list(zip(*(values for _, values in columns.values()), strict=True))
    if rows:
        marks = ", ".join("?" for _ in columns)
        connection.executemany(f"insert into counts values ({marks})", rows)
    return connection.sql("from counts")


def through(make: Make, *steps: Callable[[Any], Any]) -> Make:
    def made(columns: Mapping[str, Column]) -> Any:
        frame = make(columns)
        for step in steps:
            frame = step(frame)
        return frame

    return made


def _batch(table: Any) -> Any:
    columns = [column.combine_chunks() for column in table.columns]
    return imported("pyarrow").RecordBatch.from_arrays(columns, schema=table.schema)


def _narwhals(frame: Any) -> Any:
    import narwhals

    return narwhals.from_native(frame)


def _pandas() -> Iterator[tuple[str, Make]]:
    for text in ("object", "str", "string[python]", *usable("string[pyarrow]")):
        yield f"pandas {text}", partial(pandas, text=text)
    for whole in ("object", "Float64", *usable("int64[pyarrow]")):
        yield f"pandas {whole}", partial(pandas, int=whole, small=whole)
    yield "pandas float64", partial(pandas, int="float64", small="float64")
    yield "pandas categories", categories
    yield "pandas dictionaries", dictionaries


# One of each library: what goes wrong must be told alike by all.
PLAIN: dict[str, Make] = {"pandas": pandas, "polars": polars, "pyarrow": pyarrow, "duckdb": duckdb}
MIXED = {name: make for name, make in PLAIN.items() if name != "pandas"}

ENGINES: dict[str, Make] = {
    **dict(_pandas()),
    "pandas in narwhals": through(pandas, _narwhals),
    "polars String": polars,
    "polars Categorical": partial(polars, text="Categorical"),
    "polars Enum": enums,
    "polars float": partial(polars, int="Float64"),
    "polars lazy": through(polars, lambda frame: frame.lazy()),
    "polars in narwhals": through(polars, _narwhals),
    "polars lazy in narwhals": through(polars, lambda frame: frame.lazy(), _narwhals),
    "polars offered": through(polars, Offered),
    "pyarrow string": pyarrow,
    "pyarrow large_string": partial(pyarrow, text="large_string"),
    "pyarrow string_view": partial(pyarrow, text="string_view"),
    "pyarrow dictionaries in chunks": encoded,
    "pyarrow batch": through(pyarrow, _batch),
    "pyarrow reader": through(pyarrow, lambda table: table.to_reader()),
    "pyarrow offered": through(pyarrow, Offered),
    "duckdb": duckdb,
    "duckdb in narwhals": through(duckdb, _narwhals),
    "duckdb offered": through(duckdb, Offered),
}
