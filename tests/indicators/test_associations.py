"""Association: shares with both denominators, residuals, Cramér's V and its bounds."""

import json
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats.contingency import association as scipy_association
from statsmodels.stats.contingency_tables import Table

from tests.examples import examples
from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable, Interval, association, breakdown
from thbstats.formulas import concentration
from thbstats.formulas.concentration import cramers_v_bounds, joined_bounds, residuals_of

ROWS, COLUMNS = ("female", "male"), ("sexual", "labour", "other")


def cross(rows, **constant):
    arguments = {"kind": "victims", "area": "BE", "period": 2016}
    columns = ["sex", "exploitation", "value"]
    if rows and len(rows[0]) == 4:
        columns, arguments = ["area", *columns], {"kind": "victims", "period": 2016}
    return CountTable.from_rows(rows, columns=columns, **{**arguments, **constant})


def cells(table):
    return [
        (row, column, count)
        for (row, column), count in zip(product(ROWS, COLUMNS), table, strict=True)
    ]


def related(table, **arguments):
    return association(table, rows="sex", columns="exploitation", rules=[], **arguments)


def ends_of(interval):
    return float(interval.lower), float(interval.upper)


def assert_extremes(bounds, values, sharp):
    """Assert that bounds contain some values, and attain them if they are sharp."""
    low, high = ends_of(bounds)
    if sharp:
        assert (low, high) == pytest.approx((min(values), max(values)), abs=1e-7)
    assert low <= min(values) + 1e-7
    assert high >= max(values) - 1e-9


def true_v(table, columns):
    """V of a table without its empty rows and columns, by scipy; None where there is none."""
    array = np.array(table).reshape(-1, columns)
    array = array[array.any(axis=1)][:, array.any(axis=0)]
    return scipy_association(array) if min(array.shape) > 1 else None


counts = st.lists(st.integers(0, 30), min_size=6, max_size=6)
ends = st.tuples(st.integers(0, 5), st.sampled_from([0, 0, 0, 1, 2])).map(
    lambda pair: Interval(pair[0], sum(pair))
)


@given(counts)
@examples(20)
def test_points_are_those_of_scipy_and_statsmodels(table):
    array = np.array(table).reshape(2, 3)
    assume(array.any(axis=0).all() and array.any(axis=1).all())
    result = related(cross(cells(table)))
    assert ({*result.rows}, {*result.columns}) == ({*ROWS}, {*COLUMNS})
    order = [result.names.index(cell) for cell in product(ROWS, COLUMNS)]
    other = Table(array, shift_zeros=False)
    assert float(result.cramers_v) == pytest.approx(scipy_association(array), abs=1e-7)
    assert result.cramers_v.value == result.cramers_v.bounds
    assert result.cramers_v.bounds_attained
    for calculated, expected in (
        (result.expected_counts, other.fittedvalues),
        (result.pearson, other.resid_pearson),
        (result.adjusted, other.standardized_resids),
    ):
        assert [float(calculated[index]) for index in order] == pytest.approx(
            list(np.ravel(expected))
        )
    statistic = other.test_nominal_association().statistic
    assert float(result.cramers_v.numerator.value) == pytest.approx(statistic)
    assert result.cramers_v.denominator.value == sum(table)


@given(counts)
@examples(15)
def test_each_cell_is_a_share_of_its_row_and_of_its_column_also_if_transposed(table):
    made = cross(cells(table))
    result = related(made)
    across, down = (
        breakdown(
            made,
            of=name,
            by=other,
            base="known",
            rules=[],
            complete_dimensions="exploitation",
        )
        for name, other in (("exploitation", "sex"), ("sex", "exploitation"))
    )
    for (row, column), count, item, other in zip(
        result.names, result.counts.intervals(), result, result.column_shares, strict=True
    ):
        assert item.value == across.where(sex=row, exploitation=column)[0].value
        assert other.value == down.where(sex=row, exploitation=column)[0].value
        assert item.label == f"{row}, {column}"
        assert item.numerator == other.numerator == count
        assert ("sex", row) in item.base.within
        assert ("exploitation", column) in other.base.within
    turned = association(made, rows="exploitation", columns="sex", rules=[])
    assert result.cramers_v.value == turned.cramers_v.value
    shares = dict(zip(turned.names, turned, strict=True))
    for (row, column), item in zip(result.names, result.column_shares, strict=True):
        assert shares[column, row].value == item.value


@pytest.mark.parametrize("limit", [20_000, 0])
@given(
    st.sampled_from([2, 3]).flatmap(
        lambda c: st.tuples(st.just(c), st.lists(ends, min_size=2 * c, max_size=2 * c))
    )
)
@examples(60)
def test_v_contains_every_table_and_attains_sharp_bounds(limit, drawn):
    columns, table = drawn
    ways = list(product(*(range(cell.lower, cell.upper + 1) for cell in table)))
    assume(len(ways) < 200)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(concentration, "_TABLES", limit)
        result, sharp = cramers_v_bounds(table, columns)
    every = [true_v(way, columns) for way in ways]
    defined = [v for v in every if v is not None]
    assert sharp == bool(limit)
    assert result.undefined or len(defined) == len(every)
    if defined:
        assert_extremes(result, defined, sharp)


@given(st.lists(st.integers(0, 4), min_size=4, max_size=4), st.integers(0, 3), st.integers(0, 3))
@pytest.mark.parametrize("limit", [20_000, 0])
@examples(60)
def test_unknown_can_be_in_any_compatible_cell(limit, table, anywhere, first_row):
    unknown = [(Interval.point(anywhere), range(4)), (Interval.point(first_row), [0, 1])]
    ways = [
        [
            count + first[index] + (two if index == 0 else 0)
            + (first_row - two if index == 1 else 0)
            for index, count in enumerate(table)
        ]
        for first in ({0: a, 1: b, 2: c, 3: anywhere - a - b - c}
                    for a, b, c in product(range(anywhere + 1), repeat=3) if a + b + c <= anywhere)
        for two in range(first_row + 1)
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(concentration, "_TABLES", limit)
        result, sharp = joined_bounds([Interval.point(count) for count in table], 2, unknown)
    defined = [v for way in ways if (v := true_v(way, 2)) is not None]
    assert sharp == bool(limit)
    assume(defined)
    assert_extremes(result, defined, sharp)


@pytest.mark.parametrize("limit", [20_000, 0])
def test_a_table_with_one_row_has_no_association(limit, monkeypatch):
    monkeypatch.setattr(concentration, "_TABLES", limit)
    table = [Interval.point(count) for count in (1, 2, 0, 0)]
    assert cramers_v_bounds(table, 2) == (Interval(0, 1, undefined=True), bool(limit))


def test_a_table_without_persons_has_no_residuals():
    assert residuals_of([0] * 6, 3) == [[None] * 6] * 3


def test_sum_excludes_tables_with_another_sum():
    cells = [Interval(0, 2), Interval.point(1), Interval.point(1), Interval.point(1)]
    free, _ = cramers_v_bounds(cells, 2)
    bounds, sharp = cramers_v_bounds(cells, 2, Interval.point(4))
    assert (bounds, sharp) == (Interval.point(0), True)
    assert free.upper > 0
    assert cramers_v_bounds(cells, 2, Interval.point(99))[1] is False


BE = [
    ("female", "sexual", 95),
    ("female", "labour", 20),
    ("male", "sexual", 5),
    ("male", "labour", 80),
]


def test_suppressed_counts_give_bounds_of_v():
    rows = [*BE[:2], ("male", "sexual", Count.fewer_than(5)), BE[3]]
    result = related(cross(rows))
    every = [true_v([95, 20, hidden, 80], 2) for hidden in range(5)]
    assert result.cramers_v.bounds_attained
    assert ends_of(result.cramers_v.bounds) == pytest.approx((min(every), max(every)))
    assert set(result.adjusted) == set(result.expected_counts) == {None}
    assert result.to_frame()["adjusted"].isna().all()
    assert result.cramers_v.denominator == Interval(195, 199)


def test_published_total_narrows_missing_counts_and_never_suppressed_counts():
    rows = [*BE[:2], ("male", "sexual", Count.fewer_than(5)), BE[3], ("total", "total", 200)]
    unknown = [
        cell for cell in product((*ROWS, "unknown"), (*COLUMNS[:2], "unknown")) if "unknown" in cell
    ]
    rows += [(*cell, 0) for cell in unknown]
    hidden = related(cross(rows))
    assert ends_of(hidden.cramers_v.bounds) == pytest.approx(
        (true_v([95, 20, 4, 80], 2), true_v([95, 20, 0, 80], 2))
    )
    assert not hidden.cramers_v.bounds_attained
    rows[2] = ("male", "sexual", Count.between(0, 6))
    closed = related(cross(rows))
    assert closed.cramers_v.bounds == related(cross(BE)).cramers_v.bounds
    assert closed.cramers_v.bounds_attained


def test_unknown_category_widens_the_bounds_of_v():
    rows = [*BE, ("female", "unknown", 3), ("male", "unknown", 0), ("unknown", "sexual", 0),
            ("unknown", "labour", 0), ("unknown", "unknown", 0)]  # fmt: skip
    result = related(cross(rows))
    every = [true_v([95 + n, 23 - n, 5, 80], 2) for n in range(4)]
    assert result.cramers_v.bounds.is_point
    assert ends_of(result.cramers_v.bounds_with_unknown) == pytest.approx((min(every), max(every)))
    assert result.cramers_v.unknown == Interval.point(3)


def test_unknown_without_a_row_is_the_remainder_of_the_total():
    rows = [*BE, ("total", "total", 202)]
    result = related(cross(rows))
    assert result.cramers_v.unknown == Interval.point(2)
    every = [
        true_v(np.add([95, 20, 5, 80], more), 2)
        for more in product(range(3), repeat=4)
        if sum(more) == 2
    ]
    assert ends_of(result.cramers_v.bounds_with_unknown) == pytest.approx((min(every), max(every)))


def test_country_with_missing_counts_gives_bounds_of_v():
    rows = [("BE", *row) for row in BE] + [("DE", "female", "sexual", 4)]
    result = related(cross(rows))
    assert result.cramers_v.reporters == {"BE"}
    assert result.cramers_v.value == related(cross(BE)).cramers_v.value
    assert not result.cramers_v.bounds_attained
    assert result.cramers_v.bounds == Interval(0, 1)
    result = related(cross([("DE", *row) for row in BE[:2]] + [("BE", *row) for row in BE[2:]]))
    assert result.cramers_v.value is None


def test_cell_without_a_row_is_missing():
    result = related(cross([*BE, ("female", "other", 7)]))
    assert result.names[-1] == ("male", "other")
    assert result["male", "other"].value is None
    assert result.cramers_v.value is None


def test_v_is_undefined_with_one_category():
    result = related(cross([("female", "sexual", 5), ("male", "sexual", 0), ("female", "labour", 3),
                           ("male", "labour", 0)]))  # fmt: skip
    assert result.cramers_v.value.undefined
    assert result.cramers_v.numerator == Interval.point(0)
    assert result["female", "sexual"].formatted == "5 of 8"
    assert result.pearson[result.names.index(("male", "sexual"))] is None
    assert result.adjusted[0] is None
    assert result.display_table().rows


def test_denominator_within_a_group_is_that_group():
    rows = [(*row[:2], "child", row[2]) for row in BE]
    table = counts_of(rows, "sex exploitation age", kind="victims", area="BE", period=2016)
    result = related(table, age="child")
    assert result.cramers_v.base.label == "victims (children) of known sex and form of exploitation"
    assert result[0].base.label == "victims (girls) of known form of exploitation"


def test_sheet_shows_both_denominators_and_each_warning_once():
    result = association(cross(BE), rows="sex", columns="exploitation")
    notes = result.display_table().notes
    assert "Denominator: victims (women and girls) of known form of exploitation." in notes
    assert "Denominator: victims of sexual exploitation of known sex." in notes
    assert len({note.split()[0] for note in notes if "(note)" in note}) == sum(
        "(note)" in note for note in notes
    )
    assert result.footnote().startswith("Cramér's V: 0.759")
    assert "NOT_DOCUMENTED" in result.limitations.codes
    assert "SMALL_DENOMINATOR" in result.warnings.codes
    frame = result.to_frame()
    assert (frame["sex"][0], frame["exploitation"][0]) == ("female", "sexual")
    assert frame["value_lower"][0] == 95 / 115
    assert frame["column_share_upper"][0] == 0.95
    assert json.loads(json.dumps(result.to_dict()))["cramers_v"]["kind"] == "index"


def test_sheet_names_the_countries_of_the_counts_if_shares_have_more():
    first = [("FR", *cell) for cell in cells((10, 5, 2, 5, 5, 2))]
    table = cross([*first, *(("IT", *row) for row in cells((10, 5, 2, 5, 5, 2))[:-1])])
    found = association(table, rows="sex", columns="exploitation", area="FR+IT")
    assert (found.cramers_v.reporters, found[0].reporters) == ({"FR"}, {"FR", "IT"})
    text = "Counts: 1 of 2 countries, which reported all of them. A share can have more."
    assert text in found.display_table().notes


def test_union_with_published_counts_has_the_bounds_of_one_country():
    rows = [*cells((20, 30, 0, 10, 35, 0)), ("unknown", "labour", 3)]
    union, country = (
        related(cross([(area, *row) for row in rows]), area=area).cramers_v
        for area in ("FR+IT", "BE")
    )
    assert union.bounds_with_unknown == country.bounds_with_unknown != country.bounds
