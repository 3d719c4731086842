"""Disclosure audit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosure.tables import Truth, fitting, table_of, truths
from tests.examples import examples
from thbstats.bounds.sums import cell_bounds
from thbstats.disclosure import DisclosureRisk, disclosure_audit
from thbstats.errors import ImpossibleResult, InvalidValue, NarrowingForbidden, UnknownName
from thbstats.records import Source
from thbstats.tables import CountTable
from thbstats.values import Count


@st.composite
def suppressed_tables(draw: st.DrawFn) -> tuple[Truth, dict[tuple[str, str], Count | int]]:
    """Draw a table, and the same table with some of its small counts suppressed."""
    truth = draw(truths(most=6))
    small = [key for key, n in truth.items() if n < 4]
    suppressed = (
        set(draw(st.lists(st.sampled_from(small), unique=True, max_size=8))) if small else ()
    )
    return truth, {k: Count.fewer_than(4) if k in suppressed else n for k, n in truth.items()}


@examples(30)
@given(suppressed_tables())
def test_bounds_are_those_of_all_feasible_tables(
    drawn: tuple[Truth, dict[tuple[str, str], Count | int]],
) -> None:
    truth, counts = drawn
    keys, found = list(counts), disclosure_audit(table_of(counts))
    tables = list(fitting(counts))
    for row, lower, upper in zip(found.rows.tolist(), found.lower, found.upper, strict=True):
        values = [table[keys[row]] for table in tables]
        assert (lower, upper) == (min(values), max(values))
        assert lower <= truth[keys[row]] <= upper


@examples(6)
@given(suppressed_tables())
def test_exact_solver_agrees_and_gives_a_table_for_each_bound(
    drawn: tuple[Truth, dict[tuple[str, str], Count | int]],
) -> None:
    found = disclosure_audit(table_of(drawn[1]))
    for place, row in enumerate(found.rows.tolist()):
        bounds, label = found.bounds(row), found.lattice.label(row)
        assert (bounds.lower, bounds.upper) == (found.lower[place], found.upper[place])
        assert bounds.lower_table is not None
        assert bounds.upper_table is not None
        assert (bounds.lower_table[label], bounds.upper_table[label]) == (
            bounds.lower,
            bounds.upper,
        )


@examples(6)
@given(suppressed_tables())
def test_listed_sums_are_sufficient(
    drawn: tuple[Truth, dict[tuple[str, str], Count | int]],
) -> None:
    found = disclosure_audit(table_of(drawn[1]))
    lattice = found.lattice
    for place, row in enumerate(found.rows.tolist()):
        named = found.relations(row)
        moved = found.risks[place] in (DisclosureRisk.EXACT, DisclosureRisk.NARROWED)
        assert bool(named) == moved
        kept = np.array([lattice.relation_text(r) in named for r in range(len(lattice.relations))])
        only, _ = lattice.subset(kept, np.array([row]))
        asked = np.arange(len(only.keys)) == 0
        ends = cell_bounds(only.relations, only.lower, only.upper, asked)
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


def test_total_and_other_categories_disclose_a_suppressed_cell() -> None:
    found = disclosure_audit(_of_sex(total=100, male=97, female=Count.fewer_than(5)))
    assert found.risks == (DisclosureRisk.EXACT,)
    assert (found.lower[0], found.upper[0]) == (3, 3)
    assert found.relations(2) == ("FR 2020: total = male + female",)
    assert found.warnings.codes == ("DISCLOSURE",)
    assert str(found.warnings[0].severity) == "blocking"
    assert found.warnings[0].evidence == (
        ("suppressed in", "FR"),
        ("bounds of the source", "0 to 4"),
    )


def test_unpublished_unknown_sex_leaves_the_lower_bound_unchanged() -> None:
    table = _of_sex(total=100, male=97, female=Count.fewer_than(5))
    open_ = disclosure_audit(table, unpublished_unknown=True)
    assert (open_.lower[0], open_.upper[0]) == (0, 3)
    with_unknown = _of_sex(total=100, male=97, female=Count.fewer_than(5), unknown=0)
    assert disclosure_audit(with_unknown, unpublished_unknown=True).upper[0] == 3
    assert disclosure_audit(with_unknown, unpublished_unknown=True).lower[0] == 3
    assert disclosure_audit(table, exhaustive=[]).lower[0] == 0


def test_overlapping_categories_need_not_add_up() -> None:
    table = _of_sex(total=100, male=100, female=Count.fewer_than(5))
    assert disclosure_audit(table).upper[0] == 0
    assert disclosure_audit(table, overlapping="sex").risks == (DisclosureRisk.UNCHANGED,)


def test_overlapping_categories_cover_the_total() -> None:
    table = _of_sex(total=100, male=97, female=Count.fewer_than(5))
    found = disclosure_audit(table, overlapping="sex")
    assert (found.lower[0], found.upper[0]) == (3, 4)
    assert disclosure_audit(table, overlapping="sex", exhaustive=[]).risks == (
        DisclosureRisk.UNCHANGED,
    )


def test_nothing_is_disclosed_without_sums() -> None:
    found = disclosure_audit(_of_sex(total=100, male=97, female=Count.fewer_than(5)), along="age")
    assert found.risks == (DisclosureRisk.UNCHANGED,)
    assert not found.warnings


def test_contradicting_cells_disclose_nothing() -> None:
    found = disclosure_audit(_of_sex(total=100, male=90, female=Count.fewer_than(5)))
    assert found.risks == (DisclosureRisk.CONTRADICTED,)
    assert (found.lower[0], found.upper[0]) == (0, 4)
    with pytest.raises(ImpossibleResult, match="FR 2020: total = male"):
        found.bounds(2)


def test_contradiction_affects_related_cells_only() -> None:
    rows = [
        (area, sex, n)
        for area, female in (("FR", 90), ("DE", 97))
        for sex, n in (("total", 100), ("male", female), ("female", Count.fewer_than(5)))
    ]
    table = CountTable.from_rows(
        rows, columns=["area", "sex", "value"], kind="victims", period=2020
    )
    assert disclosure_audit(table).risks == (DisclosureRisk.CONTRADICTED, DisclosureRisk.EXACT)


def test_only_a_cycle_of_four_cells_is_searched() -> None:
    suppressed = Count.fewer_than(5)
    counts = {
        ("female", "sexual"): suppressed,
        ("female", "labour"): suppressed,
        ("male", "sexual"): suppressed,
        ("male", "labour"): suppressed,
        ("female", "total"): 3,
        ("male", "total"): 5,
        ("total", "sexual"): 4,
        ("total", "labour"): 4,
        ("total", "total"): 8,
    }
    found = disclosure_audit(table_of(counts))
    assert found.attacker_bounds.n_searched == 1
    ends = list(zip(found.lower.tolist(), found.upper.tolist(), strict=True))
    assert ends == [(0, 3), (0, 3), (1, 4), (1, 4)]


def test_total_of_countries_discloses_a_suppressed_country() -> None:
    rows = [("BE+FR", 100), ("BE", 98), ("FR", Count.suppressed())]
    table = CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2020)
    found = disclosure_audit(table)
    assert (found.lower[0], found.upper[0]) == (2, 2)
    assert found.relations(2) == ("BE+FR 2020: total = BE + FR",)
    assert disclosure_audit(table, exhaustive=["sex"]).risks == (DisclosureRisk.NARROWED,)


def test_two_areas_disclose_the_country_in_which_they_differ() -> None:
    rows = [("BE+FR+NL", 100), ("BE+FR", 98), ("NL", Count.fewer_than(5))]
    table = CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2020)
    assert disclosure_audit(table).lower.tolist() == [2]


def test_citizenship_groups_add_up_to_the_total_and_contain_countries() -> None:
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
    found = disclosure_audit(table)
    assert found.lower.tolist() == [3, 0]
    assert found.upper.tolist() == [3, 8]


def test_subforms_add_up_to_their_form() -> None:
    rows = [
        ("sexual", 10),
        ("prostitution", 8),
        ("pornography", Count.fewer_than(5)),
        ("labour", Count.fewer_than(5)),
    ]
    table = CountTable.from_rows(
        rows, columns=["exploitation", "value"], kind="victims", area="FR", period=2020
    )
    found = disclosure_audit(table)
    assert found.lower.tolist() == [2, 0]
    assert found.risks == (DisclosureRisk.EXACT, DisclosureRisk.UNCHANGED)


def test_unpublished_sums_are_used() -> None:
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
    found = disclosure_audit(table)
    assert (found.lower[0], found.upper[0]) == (1, 1)
    assert set(found.relations(4)) >= {"FR 2020: male = child + adult"}


def test_terms_that_prohibit_reidentification_are_respected() -> None:
    table = CountTable.from_rows(
        [("total", 100), ("female", Count.fewer_than(5))],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
        source=Source(title="Cases", terms="Nobody may try to identify victims"),
    )
    with pytest.raises(NarrowingForbidden, match="must keep the bounds"):
        disclosure_audit(table)


def test_missing_rows_are_not_suppressed() -> None:
    found = disclosure_audit(_of_sex(total=100, male=97, female=Count.not_reported()))
    assert len(found) == 0
    assert repr(found) == "<DisclosureAudit 0 suppressed>"
    assert "0 suppressed cells." in str(found)


def test_cells_with_the_narrowest_bounds_come_first() -> None:
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
    found = disclosure_audit(table)
    assert found.risks == (DisclosureRisk.EXACT, DisclosureRisk.NARROWED, DisclosureRisk.NARROWED)
    assert found.rows_below(1).tolist() == [2]
    assert found.rows_below(4).tolist() == [2, 4, 5]
    assert found.counts == {"exact": 1, "narrowed": 2, "unchanged": 0, "contradicted": 0}
    lines = str(found).splitlines()
    assert next(line for line in lines if "FR 2020: female" in line) == lines[4]
    assert "Assumed: the published categories of sex add up to the total." in lines
    assert "✗ 3" in str(found)
    assert "<table" in found._repr_html_()


def test_audit_is_a_tidy_frame_and_plain_data() -> None:
    found = disclosure_audit(_of_sex(total=Count.suppressed(), male=97, female=Count.fewer_than(5)))
    frame = found.to_frame()
    assert frame[["sex", "row", "risk"]].to_numpy().tolist() == [
        ["total", 0, "narrowed"],
        ["female", 2, "unchanged"],
    ]
    assert np.isinf(frame["published_upper"][0])
    assert found.to_dict()["cells"][0] == {
        "row": 0,
        "cell": "FR 2020: total",
        "published": [0, None],
        "attacker": [97, 101],
        "risk": "narrowed",
    }


def test_assumptions_are_validated() -> None:
    table = _of_sex(total=100, male=97, female=Count.fewer_than(5))
    with pytest.raises(UnknownName, match="`along` must name dimensions of victims"):
        disclosure_audit(table, along="gender")
    with pytest.raises(InvalidValue, match="whose categories add up to a total"):
        disclosure_audit(table, along="status")
    with pytest.raises(InvalidValue, match="`exhaustive` must name dimensions of `along`"):
        disclosure_audit(table, along="sex", exhaustive="age")
    with pytest.raises(InvalidValue, match="`row` must be a suppressed row"):
        disclosure_audit(table).bounds(0)
    with pytest.raises(InvalidValue, match="`risk` must be a disclosure risk"):
        disclosure_audit(table).rows_with("open")


def test_counts_with_an_inexact_sum_are_rejected() -> None:
    with pytest.raises(InvalidValue, match="must be at most"):
        disclosure_audit(_of_sex(total=2**53, male=2**53, female=Count.fewer_than(5)))


def _pairs(first: int, second: int, third: int) -> CountTable:
    """Return three suppressed countries and the sum of each pair."""
    rows = [("BE+FR", first), ("FR+NL", second), ("BE+NL", third)]
    rows += [(country, Count.fewer_than(5)) for country in ("BE", "FR", "NL")]
    return CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2020)


def test_cycle_of_sums_discloses_more_than_single_sums() -> None:
    found = disclosure_audit(_pairs(3, 3, 4))
    assert found.lower.tolist() == found.upper.tolist() == [2, 1, 2]
    assert len(found.relations(3)) == 3
    assert found.bounds(3).lower_table == found.bounds(3).upper_table


def test_half_a_person_per_country_is_not_feasible() -> None:
    found = disclosure_audit(_pairs(1, 1, 1))
    assert set(found.risks) == {DisclosureRisk.CONTRADICTED}
    assert found.upper.tolist() == [4, 4, 4]


def test_bounds_are_integers_if_fractions_would_be_wider() -> None:
    """With 3 in two pairs and 2 or 3 in the third, halves are feasible and integers are not."""
    rows = [("BE+FR", 3), ("FR+NL", 3), ("BE+NL", Count.between(2, 3))]
    rows += [(country, Count.fewer_than(5)) for country in ("BE", "FR", "NL")]
    table = CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2020)
    found = disclosure_audit(table)
    assert found.lower.tolist() == found.upper.tolist() == [2, 1, 2, 1]


def test_assumptions_are_stated_for_the_dimensions_of_the_table() -> None:
    table = _of_sex(total=100, male=97, female=Count.fewer_than(5))
    assert disclosure_audit(table).assumed == (
        "the published categories of sex add up to the total",
    )
    assert disclosure_audit(table, exhaustive=[]).assumed == (
        "persons can belong to categories of sex that are not published",
    )
    assert disclosure_audit(table, overlapping="sex").assumed == (
        "one person can be counted in several categories of sex",
        "the published categories of sex add up to the total",
    )
    assert disclosure_audit(table, unpublished_unknown=True).assumed == (
        "the published categories of sex add up to the total, except for persons of unknown sex "
        "if that category is not published",
    )
    assert disclosure_audit(_pairs(3, 3, 4)).assumed == (
        "the countries of an area add up to the area if all of them are published",
    )
