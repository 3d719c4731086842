"""Disclosure audit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosure.tables import Truth, fitting, made, of_areas, of_sex, table_of, truths
from tests.examples import examples
from thbstats.bounds.many_sums import cell_bounds
from thbstats.disclosure import DisclosureRisk, disclosure_audit
from thbstats.errors import ImpossibleResult, InvalidValue, NarrowingForbidden, UnknownName
from thbstats.records import Source
from thbstats.tables import CountTable
from thbstats.values import Count

Drawn = tuple[Truth, dict[tuple[str, str], Count | int]]


@st.composite
def suppressed_tables(draw: st.DrawFn) -> Drawn:
    """Draw a table, and the same table with some of its small counts suppressed."""
    truth = draw(truths(most=6))
    small = [key for key, n in truth.items() if n < 4]
    suppressed = (
        set(draw(st.lists(st.sampled_from(small), unique=True, max_size=8))) if small else ()
    )
    return truth, {k: Count.fewer_than(4) if k in suppressed else n for k, n in truth.items()}


@examples(30)
@given(suppressed_tables())
def test_bounds_are_those_of_all_feasible_tables(drawn: Drawn) -> None:
    truth, counts = drawn
    keys, result = list(counts), disclosure_audit(table_of(counts))
    tables = list(fitting(counts))
    for row, lower, upper in zip(result.rows.tolist(), result.lower, result.upper, strict=True):
        values = [table[keys[row]] for table in tables]
        assert (lower, upper) == (min(values), max(values))
        assert lower <= truth[keys[row]] <= upper


@examples(6)
@given(suppressed_tables())
def test_exact_solver_agrees_and_gives_a_table_for_each_bound(drawn: Drawn) -> None:
    result = disclosure_audit(table_of(drawn[1]))
    for index, row in enumerate(result.rows.tolist()):
        bounds, label = result.bounds(row), result.lattice.label(row)
        assert (bounds.lower, bounds.upper) == (result.lower[index], result.upper[index])
        assert bounds.lower_table is not None
        assert bounds.upper_table is not None
        assert (bounds.lower_table[label], bounds.upper_table[label]) == (
            bounds.lower,
            bounds.upper,
        )


@examples(6)
@given(suppressed_tables())
def test_listed_sums_are_sufficient(drawn: Drawn) -> None:
    result = disclosure_audit(table_of(drawn[1]))
    lattice = result.lattice
    for index, row in enumerate(result.rows.tolist()):
        named = result.relations(row)
        moved = result.risks[index] in (DisclosureRisk.EXACT, DisclosureRisk.NARROWED)
        assert bool(named) == moved
        selected = np.array(
            [lattice.relation_text(r) in named for r in range(len(lattice.relations))]
        )
        only, _ = lattice.subset(selected, np.array([row]))
        first = np.arange(len(only.keys)) == 0
        bounds = cell_bounds(only.relations, only.lower, only.upper, first)
        assert (bounds.lower[0], bounds.upper[0]) == (result.lower[index], result.upper[index])


SMALL = Count.fewer_than(5)
RECALCULATED = of_sex(total=100, male=97, female=SMALL)


def test_total_and_other_categories_disclose_a_suppressed_cell() -> None:
    result = disclosure_audit(RECALCULATED)
    assert result.risks == (DisclosureRisk.EXACT,)
    assert (result.lower[0], result.upper[0]) == (3, 3)
    assert result.relations(2) == ("FR 2020: total = male + female",)
    assert result.warnings.codes == ("DISCLOSURE",)
    assert str(result.warnings[0].severity) == "blocking"
    assert result.warnings[0].evidence == (
        ("suppressed in", "FR"),
        ("bounds of the source", "0 to 4"),
    )


NO_FEMALE = of_sex(total=100, male=100, female=SMALL)
WITH_UNKNOWN = of_sex(total=100, male=97, female=SMALL, unknown=0)
TWO_AREAS = of_areas(BE_FR=100, BE=98, FR=Count.suppressed())
GROUPS = [("total", 20), ("eu", 12), ("non_eu", 5), ("unknown", SMALL), ("RO", 12)]
CITIZENSHIPS = made("citizenship", [*GROUPS, ("NG", Count.fewer_than(10))])
PROSTITUTION = [("sexual", 10), ("prostitution", 8), ("pornography", SMALL), ("labour", SMALL)]


@pytest.mark.parametrize(
    ("table", "assumed", "lower", "upper", "risks"),
    [
        (RECALCULATED, {"unknown_is_unpublished": True}, [0], [3], ["narrowed"]),
        (RECALCULATED, {"complete_dimensions": []}, [0], [3], ["narrowed"]),
        (RECALCULATED, {"overlapping": "sex"}, [3], [4], ["narrowed"]),
        (RECALCULATED, {"overlapping": "sex", "complete_dimensions": []}, [0], [4], ["unchanged"]),
        (RECALCULATED, {"dimensions": "age"}, [0], [4], ["unchanged"]),
        (WITH_UNKNOWN, {"unknown_is_unpublished": True}, [3], [3], ["exact"]),
        (NO_FEMALE, {}, [0], [0], ["exact"]),
        (NO_FEMALE, {"overlapping": "sex"}, [0], [4], ["unchanged"]),
        (TWO_AREAS, {}, [2], [2], ["exact"]),
        (TWO_AREAS, {"complete_dimensions": ["sex"]}, [0], [2], ["narrowed"]),
        (of_areas(BE_FR_NL=100, BE_FR=98, NL=SMALL), {}, [2], [2], ["exact"]),
        (CITIZENSHIPS, {}, [3, 0], [3, 5], ["exact", "narrowed"]),
        (made("exploitation", PROSTITUTION), {}, [2, 0], [2, 4], ["exact", "unchanged"]),
    ],
)
def test_bounds_follow_from_the_assumptions(
    table: CountTable,
    assumed: dict[str, Any],
    lower: list[int],
    upper: list[int],
    risks: list[str],
) -> None:
    result = disclosure_audit(table, **assumed)
    assert (result.lower.tolist(), result.upper.tolist()) == (lower, upper)
    assert list(result.risks) == risks
    assert bool(result.warnings) == (risks != ["unchanged"])


def test_relation_of_an_area_names_its_countries() -> None:
    assert disclosure_audit(TWO_AREAS).relations(2) == ("BE+FR 2020: total = BE + FR",)


def test_contradicting_cells_disclose_nothing() -> None:
    result = disclosure_audit(of_sex(total=100, male=90, female=SMALL))
    assert result.risks == (DisclosureRisk.CONTRADICTED,)
    assert (result.lower[0], result.upper[0]) == (0, 4)
    with pytest.raises(ImpossibleResult, match="FR 2020: total = male"):
        result.bounds(2)


def test_contradiction_affects_related_cells_only() -> None:
    tables = [
        of_sex(area, total=100, male=male, female=SMALL) for area, male in (("FR", 90), ("DE", 97))
    ]
    result = disclosure_audit(CountTable.concat(tables))
    assert result.risks == (DisclosureRisk.CONTRADICTED, DisclosureRisk.EXACT)


def test_only_a_cycle_of_four_cells_is_searched() -> None:
    counts: dict[tuple[str, str], Count | int] = {
        (sex, form): SMALL for sex in ("female", "male") for form in ("sexual", "labour")
    }
    counts |= {("female", "total"): 3, ("male", "total"): 5, ("total", "total"): 8}
    counts |= {("total", "sexual"): 4, ("total", "labour"): 4}
    result = disclosure_audit(table_of(counts))
    assert result.attacker_bounds.n_searched == 1
    pairs = list(zip(result.lower.tolist(), result.upper.tolist(), strict=True))
    assert pairs == [(0, 3), (0, 3), (1, 4), (1, 4)]


def test_unpublished_sums_are_used() -> None:
    """By age and sex; the totals by sex are not published, those by age are."""
    rows = [
        ("total", "total", 10),
        *(("female", "child", 3), ("female", "adult", 4)),
        *(("male", "child", 2), ("male", "adult", SMALL)),
    ]
    result = disclosure_audit(made("sex age", rows))
    assert (result.lower[0], result.upper[0]) == (1, 1)
    assert set(result.relations(4)) >= {"FR 2020: male = child + adult"}


def test_terms_that_prohibit_reidentification_are_respected() -> None:
    table = CountTable.from_rows(
        [("total", 100), ("female", SMALL)],
        columns=["sex", "value"],
        kind="victims",
        area="FR",
        period=2020,
        source=Source(title="Cases", terms="Nobody may try to identify victims"),
    )
    with pytest.raises(NarrowingForbidden, match="must keep the bounds"):
        disclosure_audit(table)


def test_missing_rows_are_not_suppressed() -> None:
    result = disclosure_audit(of_sex(total=100, male=97, female=Count.not_reported()))
    assert len(result) == 0
    assert repr(result) == "<DisclosureAudit 0 suppressed>"
    assert "0 suppressed cells." in str(result)


def test_cells_with_the_narrowest_bounds_come_first() -> None:
    german = of_sex("DE", total=3, male=SMALL, female=SMALL)
    result = disclosure_audit(CountTable.concat([RECALCULATED, german]))
    assert result.risks == (DisclosureRisk.EXACT, DisclosureRisk.NARROWED, DisclosureRisk.NARROWED)
    assert result.rows_below(1).tolist() == [2]
    assert result.rows_below(4).tolist() == [2, 4, 5]
    assert result.counts == {"exact": 1, "narrowed": 2, "unchanged": 0, "contradicted": 0}
    lines = str(result).splitlines()
    assert next(line for line in lines if "FR 2020: female" in line) == lines[4]
    assert "Assumed: the published categories of sex add up to the total." in lines
    assert "✗ 3" in str(result)
    assert "<table" in result._repr_html_()


def test_audit_is_a_tidy_frame_and_plain_data() -> None:
    result = disclosure_audit(of_sex(total=Count.suppressed(), male=97, female=SMALL))
    frame = result.to_frame()
    assert frame[["sex", "row", "risk"]].to_numpy().tolist() == [
        ["total", 0, "narrowed"],
        ["female", 2, "unchanged"],
    ]
    assert np.isinf(frame["published_upper"][0])
    assert result.to_dict()["cells"][0] == {
        "row": 0,
        "cell": "FR 2020: total",
        "published": [0, None],
        "attacker": [97, 101],
        "risk": "narrowed",
    }


def test_assumptions_and_arguments_are_validated() -> None:
    with pytest.raises(UnknownName, match="`dimensions` must name dimensions of victims"):
        disclosure_audit(RECALCULATED, dimensions="gender")
    with pytest.raises(InvalidValue, match="whose categories add up to a total"):
        disclosure_audit(RECALCULATED, dimensions="unit")
    with pytest.raises(
        InvalidValue, match="`complete_dimensions` must name dimensions of `dimensions`"
    ):
        disclosure_audit(RECALCULATED, dimensions="sex", complete_dimensions="age")
    with pytest.raises(InvalidValue, match="`row` must be a suppressed row"):
        disclosure_audit(RECALCULATED).bounds(0)
    with pytest.raises(InvalidValue, match="`risk` must be a disclosure risk"):
        disclosure_audit(RECALCULATED).rows_with("open")
    with pytest.raises(InvalidValue, match="must be at most"):
        disclosure_audit(of_sex(total=2**53, male=2**53, female=SMALL))


def _pairs(first: int, second: int, third: Count | int) -> CountTable:
    """Return three suppressed countries and the sum of each pair."""
    return of_areas(BE_FR=first, FR_NL=second, BE_NL=third, BE=SMALL, FR=SMALL, NL=SMALL)


def test_cycle_of_sums_discloses_more_than_single_sums() -> None:
    result = disclosure_audit(_pairs(3, 3, 4))
    assert result.lower.tolist() == result.upper.tolist() == [2, 1, 2]
    assert len(result.relations(3)) == 3
    assert result.bounds(3).lower_table == result.bounds(3).upper_table


def test_half_a_person_per_country_is_not_feasible() -> None:
    result = disclosure_audit(_pairs(1, 1, 1))
    assert set(result.risks) == {DisclosureRisk.CONTRADICTED}
    assert result.upper.tolist() == [4, 4, 4]


def test_bounds_are_integers_if_fractions_would_be_wider() -> None:
    """With 3 in two pairs and 2 or 3 in the third, halves are feasible and integers are not."""
    result = disclosure_audit(_pairs(3, 3, Count.between(2, 3)))
    assert result.lower.tolist() == result.upper.tolist() == [2, 1, 2, 1]


ADD_UP = "the published categories of sex add up to the total"


NOT_PUBLISHED = "persons can belong to categories of sex that are not published"
OVERLAP = "one person can be counted in several categories of sex"
EXCEPT = f"{ADD_UP}, except for persons of unknown sex if that category is not published"
COUNTRIES = "the countries of an area add up to the area if all of them are published"


@pytest.mark.parametrize(
    ("table", "assumed", "texts"),
    [
        (RECALCULATED, {}, (ADD_UP,)),
        (RECALCULATED, {"complete_dimensions": []}, (NOT_PUBLISHED,)),
        (RECALCULATED, {"overlapping": "sex"}, (OVERLAP, ADD_UP)),
        (RECALCULATED, {"unknown_is_unpublished": True}, (EXCEPT,)),
        (_pairs(3, 3, 4), {}, (COUNTRIES,)),
    ],
)
def test_assumptions_are_stated_for_the_dimensions_of_the_table(
    table: CountTable, assumed: dict[str, Any], texts: tuple[str, ...]
) -> None:
    assert disclosure_audit(table, **assumed).assumed == texts
