"""Blanks in columns with several answers: counts against every way of filling them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from thbstats.cases import CaseStore, count_cases
from thbstats.errors import ThbstatsError
from thbstats.records import VictimCount, schema_of
from thbstats.sources import json_stat, sdmx_csv
from thbstats.tables import CountTable
from thbstats.testing import assert_tables_equal
from thbstats.values import Interval
from thbstats.vocabulary import Exploitation

FORMS = ("sexual", "labour", "prostitution", "organ_removal")
COLUMNS = {form: form for form in FORMS}
CONSTANTS: Mapping[str, Any] = {"area": "MT", "period": 2020}
BLANK = None

Row = tuple[str, tuple[int | None, ...]]

rows_of_cases = st.lists(
    st.tuples(
        st.sampled_from(["female", "male", "unknown"]),
        st.tuples(*[st.sampled_from([1, 0, BLANK])] * 4),
    ),
    min_size=1,
    max_size=6,
).filter(lambda rows: sum(row[1].count(BLANK) for row in rows) <= 6)


def frame_of(rows: list[Row], name: str = "sex") -> pd.DataFrame:
    frame = pd.DataFrame([answers for _, answers in rows], columns=list(FORMS), dtype=object)
    return frame.assign(**{name: [category for category, _ in rows]})


# The same categories as those of exploitation, in a dimension of a user.
PURPOSE = schema_of("victims", evolve(Exploitation.classification(), name="purpose"))


def store_of(rows: list[Row], name: str = "exploitation", **declared: Any) -> CaseStore:
    kind = PURPOSE if name == "purpose" else "victims"
    declared = {"kind": kind, "multi": {name: COLUMNS}, **CONSTANTS, **declared}
    return CaseStore.of(frame_of(rows), **declared)


def counted(rows: list[Row], area: str) -> CountTable:
    return store_of(rows, missing=[BLANK], area=area).count("exploitation")


def truths(answers: tuple[int | None, ...]) -> list[frozenset[str]]:
    """Return the forms of a case, for each way of filling its blanks.

    Who has a part has the whole; a whole that is answered with no leaves no blank part open.
    """
    result = []
    for filled in product(*[(0, 1) if single is BLANK else (single,) for single in answers]):
        yes = {form for form, single in zip(FORMS, filled, strict=True) if single}
        invented = "prostitution" in yes and answers[2] is BLANK and answers[0] == 0
        invented |= (
            "prostitution" in yes and "sexual" not in yes and BLANK in (answers[0], answers[2])
        )
        if not invented:
            result.append(frozenset(yes | ({"sexual"} if "prostitution" in yes else set())))
    return result


Way = list[tuple[str, frozenset[str]]]


def completions(rows: list[Row]) -> Iterator[Way]:
    for forms in product(*[truths(answers) for _, answers in rows]):
        yield [(sex, has) for (sex, _), has in zip(rows, forms, strict=True)]


def extremes(
    ways: Iterable[Way], applies: Callable[[str, frozenset[str]], bool], cases: int = 1
) -> Interval:
    """Return the smallest and the largest number, or share, of cases over all completions."""
    numbers = [sum(applies(sex, has) for sex, has in way) for way in ways]
    return Interval(Fraction(min(numbers), cases), Fraction(max(numbers), cases))


@given(rows_of_cases, st.sampled_from(["exploitation", "purpose"]))
@examples(15)
def test_counts_combinations_and_shares_are_the_extremes_of_all_completions(
    rows: list[Row], name: str
) -> None:
    store, ways = store_of(rows, name, missing=[BLANK]), list(completions(rows))
    table, result = store.count(["sex", name]), store.combinations(name)
    for form in FORMS:
        for sex in ["total", *{sex for sex, _ in rows}]:
            cell = table.cell(sex=sex, **{name: form})
            assert cell.unanswered is not None
            number = Interval(cell.count.lower, (cell.count.upper or 0) + cell.unanswered)
            assert number == extremes(
                ways, lambda other, has, sex=sex, form=form: form in has and sex in ("total", other)
            )
        has_form = lambda _, has, form=form: form in has  # noqa: E731
        assert result.with_all(form) == extremes(ways, has_form)
        share = thb.share(table, base="all", **{name: form})
        assert share.bounds_with_unknown == extremes(ways, has_form, len(rows))
        assert share.bounds_with_unknown.contains(share.bounds.lower or 0)
    both = extremes(ways, lambda _, has: {"sexual", "labour"} <= has)
    assert result.with_all("sexual", "labour") == both
    assert result.exactly("labour") == extremes(ways, lambda _, has: has == {"labour"})
    assert result.at_least_one == extremes(ways, lambda _, has: bool(has))


@given(rows_of_cases, st.sampled_from(["exploitation", "purpose"]))
@example([("female", (1, BLANK, 0, 0)), ("unknown", (BLANK, 0, 0, 1))], "exploitation")
@example([("female", (BLANK, BLANK, 0, 0)), ("male", (1, 0, 0, 0))], "purpose")
@examples(15)
def test_totals_with_the_unknown_are_the_extremes_of_all_completions(
    rows: list[Row], name: str
) -> None:
    ways = list(completions(rows))
    table = store_of(rows, name, missing=[BLANK]).count(["sex", name])
    for form in FORMS:
        total = thb.total(table, **{name: form})
        assert total.bounds_with_unknown == extremes(ways, lambda _, has, form=form: form in has)
        assert total.contradictions == ()
    if any(sex == "female" for sex, _ in rows):
        women = thb.total(table, sex="female", **{name: "sexual"})
        assert women.bounds_with_unknown == extremes_of_women(ways)


def extremes_of_women(ways: list[Way], cases: int = 1) -> Interval:
    """Return the extremes of women with a sexual form, if those of unknown sex may be women."""
    sexes = ({"female"}, {"female", "unknown"})
    least, most = (
        extremes(ways, lambda sex, has, own=own: "sexual" in has and sex in own, cases)
        for own in sexes
    )
    return Interval(least.lower, most.upper)


@given(rows_of_cases)
@examples(15)
def test_other_denominators_include_every_completion(rows: list[Row]) -> None:
    table, ways = store_of(rows, missing=[BLANK]).count("exploitation"), list(completions(rows))
    for form in FORMS[:2]:
        known = thb.share(table, exploitation=form, base="known").bounds_with_unknown
        shares = {
            Fraction(sum(form in has for _, has in way), mentions)
            for way in ways
            if (mentions := sum(len(has - {"prostitution"}) for _, has in way))
        }
        assert all(known.contains(Fraction(sum(form in h for _, h in w), len(rows))) for w in ways)
        if shares:
            mentioned = thb.share(table, exploitation=form, base="responses").bounds_with_unknown
            assert mentioned.contains(min(shares))
            assert mentioned.contains(max(shares))


@given(rows_of_cases)
@example([("female", (BLANK, 1, 0, 0)), ("unknown", (1, BLANK, 0, 0))])
@examples(15)
def test_shares_of_women_with_a_form_take_in_cases_of_unknown_sex(rows: list[Row]) -> None:
    rows = [*rows, ("female", (1, 0, 0, 0))]
    table = store_of(rows, missing=[BLANK]).count(["sex", "exploitation"])
    share = thb.share(table, sex="female", exploitation="sexual", base="all")
    assert share.bounds_with_unknown == extremes_of_women(list(completions(rows)), len(rows))


# Without a case of a sex, cases of unknown sex can have it, also without an answer for the form.
# A cell without any answer has no count, and each of its cases can belong to it.
@pytest.mark.parametrize(
    ("rows", "unknown", "wide"),
    [
        ([("male", (1, 0)), ("unknown", (BLANK, 1))], 1, Interval(0, Fraction(1, 2))),
        ([("unknown", (1, 0)), ("unknown", (BLANK, 1)), ("male", (1, 1))], 2,
         Interval(0, Fraction(2, 3))),
        ([("female", (BLANK, BLANK))], 1, Interval(0, 1)),
        ([("female", (BLANK, 1)), ("female", (BLANK, 0)), ("male", (1, 0))], 2,
         Interval(0, Fraction(2, 3))),
    ],
)  # fmt: skip
def test_cases_that_can_be_women_of_a_form_are_unknown(
    rows: list[Row], unknown: int, wide: Interval
) -> None:
    frame = pd.DataFrame([answers for _, answers in rows], columns=list(FORMS[:2]), dtype=object)
    frame["sex"] = [sex for sex, _ in rows]
    forms = {"exploitation": {form: form for form in FORMS[:2]}}
    table = count_cases(
        frame, ["sex", "exploitation"], missing=[BLANK], multi=forms, kind="victims", **CONSTANTS
    )
    women = {"sex": "female", "exploitation": "sexual", "by": "period"}
    share, total = thb.share(table, base="all", **women).row(0), thb.total(table, **women).row(0)
    assert share.unknown is not None
    assert share.unknown.upper == unknown
    assert share.bounds.lower == 0
    assert share.bounds_with_unknown == wide
    assert total.bounds_with_unknown == Interval(0, unknown)


@given(rows_of_cases)
@examples(15)
def test_blank_declared_as_no_is_an_answer(rows: list[Row]) -> None:
    store = store_of(rows, missing=[BLANK], no=[BLANK])
    full = [(sex, tuple(single or 0 for single in answers)) for sex, answers in rows]
    table = store.count(["sex", "exploitation"])
    assert_tables_equal(table, store_of(full).count(["sex", "exploitation"]))
    assert set(table.unanswered.tolist()) <= {-1, 0}
    assert not table.count(exploitation="unknown").lower
    result = store.combinations("exploitation")
    assert (result.unknown, result.none) == (0, sum(not any(answers) for _, answers in full))
    for form in FORMS:
        share = thb.share(table, exploitation=form, base="all")
        point = Interval.point(Fraction(result.with_all(form).lower or 0, len(rows)))
        assert share.bounds_with_unknown == share.bounds == point


@given(rows_of_cases)
@examples(15)
def test_case_without_a_form_is_only_in_the_total(rows: list[Row]) -> None:
    store = store_of(rows, missing=[BLANK])
    table, result = store.count("exploitation"), store.combinations("exploitation")
    assert result.none == sum(not any(truths(answers)) for _, answers in rows)
    assert table.count(exploitation="unknown").lower == result.unknown


@pytest.mark.traced
def test_bounds_of_ten_cases_with_missing_answers() -> None:
    rows: list[Row] = [("female", (BLANK, 1, 0, 0))] * 6
    rows += [("female", (1, BLANK, 0, 0))] * 2 + [("female", (BLANK, BLANK, 0, 0))] * 2
    store = store_of(rows, missing=[BLANK])
    table = store.count("exploitation")
    share = thb.share(table, exploitation="sexual", base="all")
    assert share.value == Interval.point(Fraction(1, 5))
    assert share.bounds_with_unknown == Interval(Fraction(1, 5), 1)
    cell = table.cell(exploitation="sexual")
    assert (cell.count.lower, cell.unanswered) == (2, 8)
    assert store.combinations("exploitation").with_all("sexual") == Interval(2, 10)


def test_blank_list_may_have_every_form() -> None:
    frame = pd.DataFrame({"forms": ["sexual", "labour", "", "?", "labour;?"]})
    declared = {"multi": {"exploitation": "forms"}, **CONSTANTS}
    open_ = count_cases(frame, "exploitation", missing=["", "?"], **declared)
    assert open_.cell(exploitation="sexual").unanswered == 3
    assert open_.count(exploitation="unknown").lower == 2
    closed = count_cases(frame, "exploitation", missing=["?"], no=[""], **declared)
    assert closed.cell(exploitation="sexual").unanswered == 2
    assert closed.count(exploitation="unknown").lower == 1


@given(rows_of_cases, rows_of_cases)
@examples(15)
def test_cases_without_an_answer_add_up_over_areas(one: list[Row], other: list[Row]) -> None:
    rows = [("MT", answers) for _, answers in one] + [("FR", answers) for _, answers in other]
    declared: Any = {"multi": {"exploitation": COLUMNS}, "missing": [BLANK], "period": 2020}
    apart = count_cases(frame_of(rows, "area"), ["area", "exploitation"], **declared)
    whole = counted(one + other, "FR+MT")
    summed = apart.sum(by=["exploitation"])
    for form in FORMS:
        cells = [table.cell(exploitation=form) for table in (summed, whole)]
        most = [(cell.count.upper or 0) + (cell.unanswered or 0) for cell in cells]
        assert most[0] == most[1]
        shares = [thb.share(table, exploitation=form, base="all") for table in (apart, whole)]
        assert shares[0].bounds_with_unknown == shares[1].bounds_with_unknown


@given(rows_of_cases, rows_of_cases)
@examples(15)
def test_cases_without_an_answer_are_subtracted_with_their_country(
    one: list[Row], other: list[Row]
) -> None:
    both = CountTable.concat([counted(one + other, "FR+MT"), counted(one, "MT")])
    left, french = both.without(area="MT"), counted(other, "FR")
    for form in FORMS:
        result, true = left.cell(exploitation=form), french.cell(exploitation=form)
        assert result.unanswered is not None
        most = [(cell.count.upper or 0) + (cell.unanswered or 0) for cell in (result, true)]
        assert result.count.lower <= true.count.lower
        assert most[0] >= most[1]


@given(rows_of_cases)
@examples(8)
def test_files_and_records_keep_the_cases_without_an_answer(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    table = store_of(rows, missing=[BLANK]).count(["sex", "exploitation"])
    assert_tables_equal(CountTable.from_records(list(table)), table)
    assert [thb.records.from_json(thb.records.to_json(record)) for record in table] == list(table)
    for backend in ("pandas", "polars", "pyarrow"):
        frame = table.to_frame(backend)
        assert_tables_equal(CountTable.from_frame(frame, kind="victims"), table)
    folder = Path(tmp_path_factory.mktemp("tables"))
    for name in ("own.json", "own.thb.parquet", "tidy.csv", "tidy.parquet"):
        thb.write(table, folder / name)
        assert_tables_equal(thb.read(folder / name).table, table)
    sdmx_csv.write(table, folder / "sdmx.csv")
    assert_tables_equal(sdmx_csv.read(folder / "sdmx.csv").table, table)
    assert json_stat.write(table, folder / "cube.json").lossless
    assert_tables_equal(json_stat.read(folder / "cube.json").table, table)
    assert_tables_equal(
        CountTable.concat([table.where(sex=sex) for sex in table.categories("sex")]), table
    )


@given(rows_of_cases, st.tuples(*[st.integers(0, 5)] * 3))
@examples(15)
def test_published_table_next_to_cases_has_no_unanswered_counts(
    rows: list[Row], published: tuple[int, int, int]
) -> None:
    sexual, labour, unknown = published
    total = sum(published)
    numbers = {"total": total, "sexual": sexual, "labour": labour, "unknown": unknown}
    french = CountTable.from_rows(
        numbers.items(),
        columns=["exploitation", "value"],
        kind="victims",
        area="FR",
        period=2020,
        unit="persons",
    )
    both = CountTable.concat([store_of(rows, missing=[BLANK]).count("exploitation"), french])
    share = thb.share(both, exploitation="sexual", base="all", area="FR+MT")
    own, everyone = extremes(completions(rows), lambda _, has: "sexual" in has), len(rows) + total
    lower, upper = (own.lower or 0) + sexual, (own.upper or 0) + sexual + unknown
    assert share.bounds_with_unknown == Interval(
        Fraction(lower, everyone), Fraction(upper, everyone)
    )


def test_table_without_multiple_response_has_no_unanswered_column() -> None:
    frame = pd.DataFrame({"sex": ["female", None]})
    table = count_cases(frame, "sex", missing=[None], **CONSTANTS)
    assert "unanswered" not in table.to_frame()
    assert set(table.unanswered.tolist()) == {-1}
    assert table.cell(sex="female").unanswered is None


def test_unanswered_is_an_integer_of_0_or_more() -> None:
    with pytest.raises(ThbstatsError, match="unanswered"):
        VictimCount(count=1, area="MT", period=2020, unanswered=-1)
    with pytest.raises(ThbstatsError, match="unanswered"):
        CountTable.from_rows(
            [("sexual", 2, -3)],
            columns=["exploitation", "value", "unanswered"],
            kind="victims",
            **CONSTANTS,
        )
