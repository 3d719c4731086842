from collections import Counter

import pytest

from tests.bounds.systems import L, tables
from thbstats.bounds import Constraint, System
from thbstats.bounds.denominators import feasible_denominators
from thbstats.bounds.enumeration import feasible_tables, sample_tables
from thbstats.errors import InvalidValue
from thbstats.values import Interval, Percent

SMALL = System(
    "abc",
    [
        Constraint.between("all", L("abc"), 5, 7),
        Constraint.percentage("share", L("a"), L("abc"), Percent("40")),
    ],
)


def test_every_feasible_table_is_listed_once():
    found = [tuple(table.values()) for table in feasible_tables(SMALL)]
    assert found == [tuple(table.values()) for table in tables(SMALL, 7)]


def test_infeasible_system_has_no_tables():
    assert list(feasible_tables(SMALL.with_constraints(Constraint.count("a", L("a"), 7)))) == []


def test_too_many_tables_raise():
    with pytest.raises(InvalidValue, match="must be at most `most`"):
        list(feasible_tables(SMALL, most=2))
    with pytest.raises(InvalidValue, match="must have an upper bound"):
        list(feasible_tables(System("a", [])))


def test_samples_are_uniform_and_reproducible():
    assert sample_tables(SMALL, 5, seed=1) == sample_tables(SMALL, 5, seed=1)
    drawn = Counter(tuple(table.values()) for table in sample_tables(SMALL, 4000, seed=2))
    expected = 4000 / len(list(feasible_tables(SMALL)))
    assert len(drawn) == len(list(feasible_tables(SMALL)))
    assert all(0.7 < times / expected < 1.3 for times in drawn.values())
    with pytest.raises(InvalidValue, match="must be feasible"):
        sample_tables(SMALL.with_constraints(Constraint.count("a", L("a"), 7)), 1, seed=1)


def test_feasible_denominator_is_identified():
    cells = System(
        "spu", [Constraint.count("s", L("s"), 9759), Constraint.count("t", L("spu"), 20532)]
    )
    bases = {"all": L("spu"), "known": L("sp")}
    found = feasible_denominators(cells, L("s"), Percent("56"), bases)
    assert found == {"all": None, "known": Interval(17273, 17583)}
    found = feasible_denominators(cells, L("s"), Percent("48"), bases)
    assert found["all"] == Interval(20532, 20532)


def test_values_without_a_table_are_excluded():
    even = System(
        "ab",
        [Constraint.equality("even", L("a"), 2 * L("b")), Constraint.between("few", L("a"), 0, 4)],
    )
    assert [table["a"] for table in feasible_tables(even)] == [0, 2, 4]
