"""What published cells tell of hidden ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosure.tables import Truth, fitting, table_of, truths
from tests.examples import examples
from thbstats.disclosure import Outcome, exposure
from thbstats.disclosure._attack import attack
from thbstats.errors import ImpossibleResult, InvalidValue, NarrowingForbidden, UnknownName
from thbstats.records import Source
from thbstats.tables import CountTable
from thbstats.values import Count


@st.composite
def published(draw: st.DrawFn) -> tuple[Truth, dict[tuple[str, str], Count | int]]:
    """Draw a true table, and the same with some of its small counts hidden."""
    truth = draw(truths(most=6))
    small = [key for key, n in truth.items() if n < 4]
    hidden = set(draw(st.lists(st.sampled_from(small), unique=True, max_size=8))) if small else ()
    return truth, {k: Count.fewer_than(4) if k in hidden else n for k, n in truth.items()}


@examples(30)
@given(published())
def test_ends_are_those_of_all_tables_that_fit(
    drawn: tuple[Truth, dict[tuple[str, str], Count | int]],
) -> None:
    truth, counts = drawn
    keys, found = list(counts), exposure(table_of(counts))
    tables = list(fitting(counts))
    for row, low, high in zip(found.rows.tolist(), found.lower, found.upper, strict=True):
        values = [table[keys[row]] for table in tables]
        assert (low, high) == (min(values), max(values))
        assert low <= truth[keys[row]] <= high


@examples(6)
@given(published())
def test_the_engine_agrees_with_a_whole_table_for_each_end(
    drawn: tuple[Truth, dict[tuple[str, str], Count | int]],
) -> None:
    found = exposure(table_of(drawn[1]))
    for place, row in enumerate(found.rows.tolist()):
        bounds, label = found.bounds(row), found.lattice.label(row)
        assert (bounds.lower, bounds.upper) == (found.lower[place], found.upper[place])
        assert bounds.low is not None
        assert bounds.high is not None
        assert (bounds.low[label], bounds.high[label]) == (bounds.lower, bounds.upper)


@examples(6)
@given(published())
def test_the_sums_that_are_named_suffice(
    drawn: tuple[Truth, dict[tuple[str, str], Count | int]],
) -> None:
    found = exposure(table_of(drawn[1]))
    lattice = found.lattice
    for place, row in enumerate(found.rows.tolist()):
        named = found.relations(row)
        moved = found.outcomes[place] in (Outcome.FIXED, Outcome.NARROWED)
        assert bool(named) == moved
        kept = np.array([lattice.says(r) in named for r in range(len(lattice.relations))])
        only = lattice.only(kept, np.array([row]))
        asked = np.arange(len(only.keys)) == 0
        ends = attack(only, only.lower, only.upper, asked)
        assert (ends.lower[0], ends.upper[0]) == (found.lower[place], found.upper[place])


def _of_sex(**counts: Count | int) -> CountTable:
    return CountTable.from_rows(
        list(counts.items()),
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
        source=Source(title="A table"),
    )


def test_a_total_and_all_others_fix_the_one_that_is_hidden() -> None:
    found = exposure(_of_sex(total=100, male=97, female=Count.fewer_than(5)))
    assert found.outcomes == (Outcome.FIXED,)
    assert (found.lower[0], found.upper[0]) == (3, 3)
    assert found.relations(2) == ("FR 2020: total = male + female",)
    assert found.warnings.codes == ("DISCLOSURE",)
    assert str(found.warnings[0].severity) == "blocking"
    assert found.warnings[0].evidence == (
        ("suppressed in", "FR"),
        ("bounds of the source", "0 to 4"),
    )


def test_an_unknown_sex_that_is_not_printed_leaves_the_lower_end_open() -> None:
    table = _of_sex(total=100, male=97, female=Count.fewer_than(5))
    open_ = exposure(table, unprinted_unknown=True)
    assert (open_.lower[0], open_.upper[0]) == (0, 3)
    with_unknown = _of_sex(total=100, male=97, female=Count.fewer_than(5), unknown=0)
    assert exposure(with_unknown, unprinted_unknown=True).upper[0] == 3
    assert exposure(with_unknown, unprinted_unknown=True).lower[0] == 3
    assert exposure(table, exhaustive=[]).lower[0] == 0


def test_categories_that_overlap_need_not_add_up() -> None:
    table = _of_sex(total=100, male=100, female=Count.fewer_than(5))
    assert exposure(table).upper[0] == 0
    assert exposure(table, overlapping="sex").outcomes == (Outcome.KEPT,)


def test_overlapping_categories_still_cover_the_whole() -> None:
    table = _of_sex(total=100, male=97, female=Count.fewer_than(5))
    found = exposure(table, overlapping="sex")
    assert (found.lower[0], found.upper[0]) == (3, 4)
    assert exposure(table, overlapping="sex", exhaustive=[]).outcomes == (Outcome.KEPT,)


def test_nothing_is_told_where_nobody_adds() -> None:
    found = exposure(_of_sex(total=100, male=97, female=Count.fewer_than(5)), along="age")
    assert found.outcomes == (Outcome.KEPT,)
    assert not found.warnings


def test_cells_that_contradict_each_other_tell_nothing() -> None:
    found = exposure(_of_sex(total=100, male=90, female=Count.fewer_than(5)))
    assert found.outcomes == (Outcome.CONTRADICTED,)
    assert (found.lower[0], found.upper[0]) == (0, 4)
    with pytest.raises(ImpossibleResult, match="FR 2020: total = male"):
        found.bounds(2)


def test_a_contradiction_stays_with_those_it_concerns() -> None:
    rows = [
        (area, sex, n)
        for area, female in (("FR", 90), ("DE", 97))
        for sex, n in (("total", 100), ("male", female), ("female", Count.fewer_than(5)))
    ]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", period=2020
    )
    assert exposure(table).outcomes == (Outcome.CONTRADICTED, Outcome.FIXED)


def test_only_a_circle_of_four_cells_is_searched() -> None:
    hidden = Count.fewer_than(5)
    counts = {
        ("female", "sexual"): hidden,
        ("female", "labour"): hidden,
        ("male", "sexual"): hidden,
        ("male", "labour"): hidden,
        ("female", "total"): 3,
        ("male", "total"): 5,
        ("total", "sexual"): 4,
        ("total", "labour"): 4,
        ("total", "total"): 8,
    }
    found = exposure(table_of(counts))
    assert found.ends.n_searched == 1
    ends = list(zip(found.lower.tolist(), found.upper.tolist(), strict=True))
    assert ends == [(0, 3), (0, 3), (1, 4), (1, 4)]


def test_a_total_of_countries_tells_the_country_that_is_hidden() -> None:
    rows = [("BE+FR", 100), ("BE", 98), ("FR", Count.suppressed())]
    table = CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2020)
    found = exposure(table)
    assert (found.lower[0], found.upper[0]) == (2, 2)
    assert found.relations(2) == ("BE+FR 2020: total = BE + FR",)
    assert exposure(table, exhaustive=["sex"]).outcomes == (Outcome.NARROWED,)


def test_a_country_is_told_by_two_areas_that_differ_in_it() -> None:
    rows = [("BE+FR+NL", 100), ("BE+FR", 98), ("NL", Count.fewer_than(5))]
    table = CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2020)
    assert exposure(table).lower.tolist() == [2]


def test_groups_of_citizenship_make_the_whole_and_countries_are_inside_them() -> None:
    rows = [
        ("total", 20),
        ("eu", 12),
        ("non_eu", 5),
        ("unknown", Count.fewer_than(5)),
        ("RO", 12),
        ("NG", Count.fewer_than(10)),
    ]
    table = CountTable.from_rows(
        rows, columns=["citizenship", "value"], kind="victims", area="FR", period=2020
    )
    found = exposure(table)
    assert found.lower.tolist() == [3, 0]
    assert found.upper.tolist() == [3, 8]


def test_subforms_make_their_form() -> None:
    rows = [
        ("sexual", 10),
        ("prostitution", 8),
        ("pornography", Count.fewer_than(5)),
        ("labour", Count.fewer_than(5)),
    ]
    table = CountTable.from_rows(
        rows, columns=["exploitation", "value"], kind="victims", area="FR", period=2020
    )
    found = exposure(table)
    assert found.lower.tolist() == [2, 0]
    assert found.outcomes == (Outcome.FIXED, Outcome.KEPT)


def test_sums_that_nobody_prints_tie_cells_too() -> None:
    """By age and sex; the totals by sex are not printed, those by age are."""
    rows = [
        ("total", "total", 10),
        ("female", "child", 3),
        ("female", "adult", 4),
        ("male", "child", 2),
        ("male", "adult", Count.fewer_than(5)),
    ]
    table = CountTable.from_rows(
        rows, columns=["sex", "age", "value"], kind="victims", area="FR", period=2020
    )
    found = exposure(table)
    assert (found.lower[0], found.upper[0]) == (1, 1)
    assert set(found.relations(4)) >= {"FR 2020: male = child + adult"}


def test_terms_that_forbid_to_identify_anybody_refuse() -> None:
    table = CountTable.from_rows(
        [("total", 100), ("female", Count.fewer_than(5))],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
        source=Source(title="Cases", terms="Nobody may try to identify victims"),
    )
    with pytest.raises(NarrowingForbidden, match="must keep their bounds"):
        exposure(table)


def test_rows_that_are_missing_are_not_hidden() -> None:
    found = exposure(_of_sex(total=100, male=97, female=Count.not_reported()))
    assert len(found) == 0
    assert repr(found) == "<ExposedCells 0 hidden: none>"
    assert "Of 0 hidden cells: none." in str(found)


def test_what_is_told_most_closely_comes_first() -> None:
    table = CountTable.concat(
        [
            _of_sex(total=100, male=97, female=Count.fewer_than(5)),
            CountTable.from_rows(
                [("total", 3), ("male", Count.fewer_than(5)), ("female", Count.fewer_than(5))],
                columns=["sex", "value"],
                kind="victims",
                area="DE",
                period=2020,
            ),
        ]
    )
    found = exposure(table)
    assert found.outcomes == (Outcome.FIXED, Outcome.NARROWED, Outcome.NARROWED)
    assert found.narrower_than(1).tolist() == [2]
    assert found.narrower_than(4).tolist() == [2, 4, 5]
    assert found.counts == {"fixed": 1, "narrowed": 2, "kept": 0, "contradicted": 0}
    lines = str(found).splitlines()
    assert next(line for line in lines if "FR 2020: female" in line) == lines[4]
    assert "Assumed: the printed categories of sex make the whole." in lines
    assert "✗ 3" in str(found)
    assert "<table" in found._repr_html_()


def test_it_is_a_tidy_frame_and_plain_data() -> None:
    found = exposure(_of_sex(total=Count.suppressed(), male=97, female=Count.fewer_than(5)))
    frame = found.to_frame()
    assert frame[["sex", "row", "outcome"]].to_numpy().tolist() == [
        ["total", 0, "narrowed"],
        ["female", 2, "kept"],
    ]
    assert np.isinf(frame["stated_upper"][0])
    assert found.to_dict()["cells"][0] == {
        "row": 0,
        "cell": "FR 2020: total",
        "stated": [0, None],
        "implied": [97, 101],
        "outcome": "narrowed",
    }


def test_assumptions_name_what_exists() -> None:
    table = _of_sex(total=100, male=97, female=Count.fewer_than(5))
    with pytest.raises(UnknownName, match="no such dimension"):
        exposure(table, along="gender")
    with pytest.raises(InvalidValue, match="no parts of a whole"):
        exposure(table, along="status")
    with pytest.raises(InvalidValue, match="nothing is added"):
        exposure(table, along="sex", exhaustive="age")
    with pytest.raises(InvalidValue, match="not hidden"):
        exposure(table).bounds(0)
    with pytest.raises(InvalidValue, match="no such outcome"):
        exposure(table).of("open")


def test_counts_that_cannot_be_added_exactly_are_refused() -> None:
    with pytest.raises(InvalidValue, match="too large"):
        exposure(_of_sex(total=2**53, male=2**53, female=Count.fewer_than(5)))


def _pairs(first: int, second: int, third: int) -> CountTable:
    """Three hidden countries and the sum of each two of them."""
    rows = [("BE+FR", first), ("FR+NL", second), ("BE+NL", third)]
    rows += [(country, Count.fewer_than(5)) for country in ("BE", "FR", "NL")]
    return CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2020)


def test_a_circle_of_sums_tells_what_no_single_one_does() -> None:
    found = exposure(_pairs(3, 3, 4))
    assert found.lower.tolist() == found.upper.tolist() == [2, 1, 2]
    assert len(found.relations(3)) == 3
    assert found.bounds(3).low == found.bounds(3).high


def test_half_a_person_in_each_country_is_no_table() -> None:
    found = exposure(_pairs(1, 1, 1))
    assert set(found.outcomes) == {Outcome.CONTRADICTED}
    assert found.upper.tolist() == [4, 4, 4]


def test_ends_are_whole_where_fractions_would_reach_further() -> None:
    """With 3 in two pairs and 2 or 3 in the third, halves would fit and whole numbers do not."""
    rows = [("BE+FR", 3), ("FR+NL", 3), ("BE+NL", Count.between(2, 3))]
    rows += [(country, Count.fewer_than(5)) for country in ("BE", "FR", "NL")]
    table = CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2020)
    found = exposure(table)
    assert found.lower.tolist() == found.upper.tolist() == [2, 1, 2, 1]


def test_what_is_assumed_is_said_of_the_dimensions_that_matter() -> None:
    table = _of_sex(total=100, male=97, female=Count.fewer_than(5))
    assert exposure(table).assumed == ("the printed categories of sex make the whole",)
    assert exposure(table, exhaustive=[]).assumed == (
        "somebody can be of a category of sex that is not printed",
    )
    assert exposure(table, overlapping="sex").assumed == (
        "one person can be counted in several categories of sex",
        "the printed categories of sex make the whole",
    )
    assert exposure(table, unprinted_unknown=True).assumed == (
        "the printed categories of sex make the whole, but somebody can be of unknown sex where "
        "that is not printed",
    )
    assert exposure(_pairs(3, 3, 4)).assumed == (
        "all countries of an area make the area, where each is printed",
    )
