"""Ages and groups of citizenship that engines make themselves are those that are made in memory."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.cases.engines import ENGINES
from tests.examples import examples
from tests.tables.engines import imported
from thbstats.cases import AgeAt, CaseStore, CitizenshipGroupAt, count_cases, engines
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.geography import Area

pa = imported("pyarrow")
pytestmark = pytest.mark.filterwarnings("ignore:Dask support is moving:FutureWarning")

PUSHING = [name for name in ENGINES if name not in ("pyarrow in chunks", "polars")]
AT = AgeAt(birth="born", event="seen", concept="at_registration")
CONSTANTS = {"area": "MT", "period": "not stated"}
DECLARED = {"missing": [None, "", -99, "1900-01-01"], "unknown": ["?", "2001-W09-4"]}


def outcome(data: Any, derive: dict[str, Any], **options: Any) -> tuple[Any, Any]:
    """Return the table and what is seen of some cases, or the kind of error."""
    try:
        store = CaseStore.of(data, derive=derive, **CONSTANTS, **options)
        table = store.count([*derive, "sex"]).to_frame().to_csv(index=False)
        seen = store.value_counts(list(derive)).to_frame()
    except ThbstatsError as error:
        return type(error), error.field
    return table, sorted(map(tuple, seen.astype(str).to_numpy().tolist()))


def same_everywhere(
    columns: dict[str, Any], derive: dict[str, Any], engines: Sequence[str], **options: Any
) -> None:
    size = len(next(iter(columns.values())))
    table = pa.table({**columns, "sex": ["male", "female"] * (size // 2) + ["male"] * (size % 2)})
    here = outcome(table.to_pandas(), derive, **options)
    with TemporaryDirectory() as folder:
        for engine in engines:
            assert outcome(ENGINES[engine](table, Path(folder)), derive, **options) == here, engine


# Ages


days = st.dates(date(1890, 1, 1), date(2030, 12, 31)) | st.sampled_from(
    [date(2000, 2, 29), date(1900, 2, 28), date(1900, 1, 1), date(2018, 2, 28), date(2018, 3, 1)]
)
WAYS = [
    date.isoformat,
    lambda day: day.isoformat()[:7],
    lambda day: day.isoformat()[:4],
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day}T23:59:59",
    lambda day: f"{day} 00:00",
]
nothing = st.sampled_from([None, "", "-99", "?"])


def written_day(day: date) -> Any:
    return st.sampled_from(WAYS).map(lambda write: write(day))


written = days.flatmap(written_day) | nothing
UNREADABLE = [
    "2001-W09-3",
    "2001-W09-4",
    "2000-02-29T10:11:12+02:00",
    "2000-02-29T10:11:12.123456",
    "2000-02-29T24:00:00",
    "2001-02-29",
    "1900-02-29",
    "2000-13-01",
    "2000-00-01",
    "0000-02-29",
    "0000",
    "2000\n",
    "2000-02-28\n",
    " 2000",
    "٢٠٠٠",
    "2000-2-3",
    "200002",
    "20000229T101112",
    "soon",
]


def pairs(births: Any, events: Any = None, size: int = 8) -> Any:
    events = births if events is None else events
    return st.lists(st.tuples(births, events), min_size=1, max_size=size)


# One impossible row makes the whole frame an error, so these rows contain possible ages only.
ages = st.tuples(days, days).map(sorted).filter(lambda life: life[1].year - life[0].year < 120)
lives = st.lists(ages.map(tuple), min_size=5, max_size=20)
written_lives = st.lists(
    ages.flatmap(lambda life: st.tuples(*(written_day(day) | nothing for day in life))),
    min_size=5,
    max_size=20,
)


@given(rows=written_lives | pairs(written))
@example(rows=[("2000-02-29", "2018-02-28"), ("2000-02-29", "2018-03-01"), ("2000", "2018")])
@example(rows=[("2000-02-29", "2000-02-29"), ("2000-01-02", "2000-01")])
@example(rows=[("1900-01-01", "2018"), ("2000-06-15", "2018-06-14"), (None, "?")])
@examples(3)
def test_ages_of_texts_of_engine_and_memory_are_equal(rows: list[tuple]):
    born, seen = zip(*rows, strict=True)
    columns = {"born": pa.array(born, pa.string()), "seen": pa.array(seen, pa.string())}
    same_everywhere(columns, {"age": AT}, ["polars lazy", "duckdb"], **DECLARED)


@pytest.mark.parametrize("engine", ["polars lazy", "duckdb"])
def test_each_other_text_is_read_as_in_memory(engine: str):
    readable = []
    for texts in (UNREADABLE[:9], UNREADABLE[9:]):  # an error lists up to ten problems
        table = pa.table({"born": texts, "seen": ["2020-02-29"] * len(texts)})
        problems = []
        for data in (table.to_pandas(), ENGINES[engine](table, Path())):
            with pytest.raises(ThbstatsError) as caught:
                count_cases(data, "age", derive={"age": AT}, **CONSTANTS, **DECLARED)
            problems.append(sorted(line.rstrip(".") for line in str(caught.value).splitlines()))
        assert problems[0] == problems[1]
        wrong = "\n".join(problems[0])
        readable += [text for text in texts if f", got {text!r}. " not in wrong and text != "0000"]
    assert len(readable) == 6
    columns = {"born": readable, "seen": ["2020-02-29"] * len(readable)}
    same_everywhere(columns, {"age": AT}, [engine], **DECLARED)


@given(rows=lives | pairs(days | st.none()))
@example(rows=[(date(1900, 1, 1), date(2018, 1, 1)), (None, date(2018, 1, 1))])
@examples(2)
def test_ages_of_dates_and_timestamps_of_engine_and_memory_are_equal(rows: list[tuple]):
    born, seen = zip(*rows, strict=True)
    moments = [day and datetime.combine(day, time(23, 59)) for day in seen]
    columns = {"born": pa.array(born, pa.date32()), "seen": pa.array(moments, pa.timestamp("us"))}
    engines = ["polars lazy", "duckdb", "parquet"]
    same_everywhere(columns, {"age": AT}, engines, **DECLARED)
    same_everywhere(columns, {"age": AT}, engines, missing=[None, "1900-01-01 23:59:00"])


years = st.sampled_from([1900, 2000, 2005, -99, 20000229, 19000229, None, 7])
births, events = st.sampled_from([1900, 1999, 2005, -99]), st.sampled_from([2005, 2018, -99, None])


@given(rows=pairs(births, events, size=12) | pairs(years))
@example(rows=[(1900, 2018), (1999, 2005), (2005, None), (-99, 2018)])
@examples(2)
def test_years_as_numbers_are_read_as_in_memory(rows: list[tuple]):
    born, seen = zip(*rows, strict=True)
    engines = ["polars lazy", "duckdb"]
    columns = {"born": pa.array(born, pa.int32()), "seen": pa.array(seen, pa.float64())}
    same_everywhere(columns, {"age": AT}, engines, **DECLARED)


def test_fractions_of_years_are_read_as_in_memory():
    columns = {"born": pa.array([2000.5, None], pa.float64()), "seen": pa.array([2020] * 2)}
    same_everywhere(columns, {"age": AT}, ["polars lazy", "duckdb"], **DECLARED)


BIRTHS = ["2000-02-29", "2000-06", "2000", "", "1900-01-01", "?", "2000-06-15"]


def test_ages_and_groups_of_every_engine_and_memory_are_equal():
    columns = {
        "born": BIRTHS,
        "seen": ["2018-02-28", "2018", "2019", "2018", "?", "2018-03-01", "2018"],
        "who": pa.array(["IT", "Croatia", "NG", "?", "", None, "stateless"]),
        "reporting": ["IT", "IT", "HR", "HR", "HR", "UK", "UK"],
        "when": [2012, 2013, 2013, 2014, 2015, 2016, -99],
    }
    group = CitizenshipGroupAt(citizenship="who", area="reporting", period="when")
    same_everywhere(columns, {"age": AT, "citizenship": group}, PUSHING, **DECLARED)
    born = [date(2000, 2, 29), date(2000, 6, 15), None, date(1900, 1, 1)]
    columns = {"born": pa.array(born), "seen": [2018, 2018, 2018, 2018]}
    same_everywhere(columns, {"age": AT}, PUSHING, **DECLARED)


@pytest.mark.parametrize(
    ("born", "seen", "what"),
    [
        (
            "2019-01-01",
            "2018-12-31",
            r"`seen`.*on or after the birth.*2019-01-01",
        ),
        ("1890-01-01", "2018-01-01", "at most 120 years after"),
        ("28/02/2001", "2018-01-01", r"`born` must be a date"),
        (None, "2018-01-01", "`born`: empty cells must be declared"),
    ],
)
@pytest.mark.parametrize("make", ["polars lazy", "duckdb"])
def test_impossible_or_invalid_date_in_an_engine_raises_with_its_value(
    make: str, born: str | None, seen: str, what: str, monkeypatch: pytest.MonkeyPatch
):
    sizes = spied(monkeypatch)
    table = pa.table({"born": pa.array([born] * 999, pa.string()), "seen": [seen] * 999})
    with pytest.raises(InvalidValue, match=what):
        count_cases(ENGINES[make](table, Path()), "age", derive={"age": AT}, **CONSTANTS)
    assert max(sizes) <= 10


@pytest.mark.parametrize("day", ["12000-01-01", "0044-03-15 (BC)"])
@pytest.mark.parametrize(
    "derive", [{"age": AT}, {"citizenship": CitizenshipGroupAt(citizenship="sex", period="born")}]
)
def test_day_outside_the_years_of_python_raises(day: str, derive: dict[str, Any]):
    rows = duckdb.connect().sql(
        f"SELECT DATE '{day}' AS born, DATE '2018-01-01' AS seen, 'IT' AS sex"
    )
    with pytest.raises(InvalidValue, match="outside the years 1 to 9999"):
        count_cases(rows, list(derive), derive=derive, **CONSTANTS)


def test_tables_of_the_user_are_not_read_as_codes_of_values():
    connection = duckdb.connect()
    for name in ("value_numbers", "columns", "rows"):
        connection.execute(f"CREATE TABLE {name} AS SELECT '2000' AS made0from0value, 5 AS n")
    relation = connection.sql("SELECT '2000-01-01' AS born, '2010-01-01' AS seen")
    result = count_cases(relation, "age", derive={"age": AT}, **CONSTANTS)
    assert result == count_cases(relation.df(), "age", derive={"age": AT}, **CONSTANTS)


def spied(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many rows each answer of an engine has, as they come."""
    sizes: list[int] = []
    real = engines.FrameRows.of

    def of(frame: Any) -> Any:
        result = real(frame)
        sizes.append(result.size)
        return result

    monkeypatch.setattr(engines.FrameRows, "of", staticmethod(of))
    return sizes


MANY = """
    SELECT (DATE '1950-01-01' + (i * 7 % 4000 * 5)::INT)::{} AS born,
           (DATE '2015-01-01' + (i % 900)::INT)::{} AS seen,
           CASE WHEN i % 3 = 0 THEN 'IT' WHEN i % 3 = 1 THEN 'Croatia' ELSE 'NG' END AS who,
           CASE WHEN i % 2 = 0 THEN 'IT' ELSE 'UK' END AS reporting,
           DATE '2013-01-01' + (i % 700)::INT AS day
    FROM range(9000) t(i)
"""


@pytest.mark.parametrize(
    ("born", "seen"),
    [
        ("DATE", "DATE"),
        ("DATE", "VARCHAR"),
        ("VARCHAR", "VARCHAR"),
        ("VARCHAR", "TIMESTAMP"),
        ("TIMESTAMP", "TIMESTAMP"),
    ],
)
def test_engine_returns_age_groups_and_no_pairs_of_dates(
    born: str, seen: str, monkeypatch: pytest.MonkeyPatch
):
    relation = duckdb.connect().sql(MANY.format(born, seen))
    rows = relation.df()
    for data in (relation, pl.from_pandas(rows).lazy()):
        with monkeypatch.context() as patch:
            sizes = spied(patch)
            result = count_cases(data, "age", derive={"age": AT}, **CONSTANTS)
        # The distinct texts, and the answer; a polars frame of dates has no texts.
        texts = [4_000] * (born == "VARCHAR") + [900] * (seen == "VARCHAR")
        assert sizes == [*texts, 2]
        assert result == count_cases(rows, "age", derive={"age": AT}, **CONSTANTS)


# Groups of citizenship


WHO = ["IT", "Italian", "Croatia", "UK", "NG", "stateless", "non-EU", "", "?", None, "Yugoslav"]
GROUP = CitizenshipGroupAt(citizenship="who", area="reporting", period="when")
groups = st.sampled_from(
    [
        GROUP,
        CitizenshipGroupAt(citizenship="who", period="when"),
        CitizenshipGroupAt(citizenship="who", area="reporting", eu=Area.parse("EU28")),
        CitizenshipGroupAt(citizenship="who", area="reporting", period="when", on="end"),
        CitizenshipGroupAt(citizenship="who", area=Area.parse("HR"), period="when"),
        CitizenshipGroupAt(citizenship="who", area="reporting", period="2013"),
        CitizenshipGroupAt(citizenship="who", area="reporting", period="not stated"),
    ]
)
times = st.sampled_from(["2012", "2013", "2013-06-30", "2013-07", "2020-01-31", "2021", "", "?"])


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(WHO), st.sampled_from(["IT", "Croatia", "HR", "UK", "", None]), times
        ),
        min_size=1,
        max_size=12,
    ),
    group=groups,
)
@example(rows=[("Italian", "IT", "2013"), ("UK", "UK", "2021")], group=GROUP)
@examples(6)
def test_groups_of_citizenship_of_engine_and_memory_are_equal(rows: list[tuple], group: Any):
    columns = dict(zip(("who", "reporting", "when"), zip(*rows, strict=True), strict=True))
    columns = {name: pa.array(column, pa.string()) for name, column in columns.items()}
    words = {"citizenship": {"Yugoslav": "unknown"}} if len(rows) % 2 else {}
    engines = ["polars lazy", "duckdb"]
    derive = {"citizenship": group}
    same_everywhere(columns, derive, engines, recode=words, **DECLARED)


@given(rows=st.lists(st.tuples(st.sampled_from(["IT", "HR", "UK"]), days | st.none()), min_size=5))
@examples(2)
def test_groups_of_citizenship_on_a_day_of_engine_and_memory_are_equal(rows: list[tuple]):
    who, when = zip(*rows, strict=True)
    columns = {"who": who, "when": pa.array(when, pa.date32())}
    group = CitizenshipGroupAt(citizenship="who", area=Area.parse("IT"), period="when")
    engines = ["polars lazy", "duckdb"]
    same_everywhere(columns, {"citizenship": group}, engines, **DECLARED)


def test_engine_returns_groups_of_citizenship_only(monkeypatch: pytest.MonkeyPatch):
    group = CitizenshipGroupAt(citizenship="who", area="reporting", period="day")
    relation = duckdb.connect().sql(MANY.format("DATE", "DATE"))
    dated = MANY.format("DATE", "DATE")
    texts = duckdb.connect().sql(f"SELECT who, reporting, day::TEXT AS day FROM ({dated})")
    rows = relation.df()
    options = {"by": "citizenship", "derive": {"citizenship": group}, **CONSTANTS}
    for data, days in ((relation, []), (texts, [700]), (pl.from_pandas(rows).lazy(), [])):
        with monkeypatch.context() as patch:
            sizes = spied(patch)
            result = count_cases(data, **options)
        # The distinct texts, and their groups: 3 countries, 2 reporting countries, 2 compositions.
        assert sizes == [3, 2, *days, 12]
        assert result == count_cases(rows, **options)


def test_derived_columns_use_filtered_rows():
    rows = pd.DataFrame(
        {"born": ["2000", "2001", "soon"], "seen": ["2012"] * 3, "n": [3, 4, 5], "sex": "male"}
    )
    frame = pl.from_pandas(rows).lazy()
    chosen = nw.col("born") != "soon"
    options = {"derive": {"age": AT}, "weights": "n", "filter": chosen, **CONSTANTS}
    result = count_cases(frame, ["sex", "age"], **options)
    assert result.count(age="child", sex="male").lower == 7
    assert result == count_cases(rows, ["sex", "age"], **options)
    assert count_cases(frame, "sex", where={"age": "child"}, **options).count(sex="male").lower == 7
