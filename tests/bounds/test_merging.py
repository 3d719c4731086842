"""Merged cells."""

from hypothesis import given
from hypothesis import strategies as st

from tests.bounds.systems import L, check_bounds, forms, sexes, tables
from tests.examples import examples
from thbstats.bounds import Constraint, Linear, System


def test_interchangeable_cells_are_merged():
    """Of the 24 cells, those of males and of others are alike wherever no share names males."""
    small = list(sexes().parts())
    assert [len(part.cells) for part in small] == [18]
    assert [constraint.name for constraint in small[0].constraints] == [
        constraint.name for constraint in sexes().constraints
    ]


def test_constraints_without_common_cells_are_components():
    constraints = [Constraint.count("ab", L("ab"), 3), Constraint.count("c", L("c"), 4)]
    parts = list(System("abcd", constraints).parts())
    assert [part.cells for part in parts] == [("a",), ("c",)]
    assert [[item.name for item in part.constraints] for part in parts] == [["ab"], ["c"]]


@st.composite
def systems(draw):
    """Draw bounds of sums of cells with interchangeable cells, and a sum to query."""
    sums = draw(
        st.lists(st.sampled_from(["ab", "abc", "cd", "abcd", "d"]), max_size=3, unique=True)
    )
    bounds = [sorted(draw(st.tuples(st.integers(0, 4), st.integers(0, 4)))) for _ in sums]
    constraints = [
        Constraint.between(name, L(name), *pair) for name, pair in zip(sums, bounds, strict=True)
    ]
    weights = draw(st.lists(st.integers(-2, 2), min_size=4, max_size=4))
    few = [Constraint.between("few", L("abcd"), 0, 3)]
    return System("abcd", [*few, *constraints]), Linear(zip("abcd", weights, strict=True))


@given(systems())
@examples(60)
def test_bounds_of_merged_systems_equal_enumeration(case):
    system, query = case
    values = [query.value(table) for table in tables(system, 3)]
    assert system.is_feasible == bool(values)
    assert (system.table is None) == (not values)
    if not values:
        return
    assert system.fits(system.table)
    check_bounds(system, query, (min(values), max(values)))


@given(systems())
@examples(20)
def test_known_table_does_not_change_bounds(case):
    system, query = case
    if system.is_feasible:
        check_bounds(system, query, check_bounds(system, query), known=system.table)


def test_infeasible_known_table_is_ignored():
    query = L("sloSLO")
    wrong = dict.fromkeys(forms().cells, 0)
    assert forms().bounds(query, known=wrong).interval == forms().bounds(query).interval
