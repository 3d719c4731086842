from fractions import Fraction
from functools import cache
from itertools import product
from random import Random
from time import process_time
from types import SimpleNamespace

import pytest
import scipy.optimize
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.bounds.systems import (
    KNOWN,
    L,
    added_up,
    by_milp,
    check_bounds,
    forms,
    rounded,
    tables,
)
from tests.examples import examples
from tests.rows import check_rows
from thbstats.bounds import Bounds, Constraint, Inequality, Linear, Proof, System, _program
from thbstats.bounds._program import HugeProgram
from thbstats.bounds.constraint import ProofTerm
from thbstats.errors import DuplicateKey, ImpossibleResult, InvalidValue, UnknownName
from thbstats.values import Interval, Percent

SUMS = ["sloSLO", "lL", "oO", "slo", "s", "l", "o", "u", "slou", "SLO"]
PRINTED = {
    "sloSLO": (17273, 17583),
    "lL": (4405, 4659),
    "oO": (3023, 3252),
    "slo": (4848, 6387),
    "s": (1448, 2701),
    "l": (2666, 2865),
    "o": (472, 1070),
}


@pytest.fixture
def solver(request, monkeypatch):
    """Both ways to solve a program, and no tables from floating point."""
    if request.param == "large":
        monkeypatch.setattr(_program, "_LARGE", 0)
    elif request.param == "without HiGHS":
        monkeypatch.setattr(_program.Program, "witness", lambda *_, **__: None)


@cache
def bounds_by_milp(cells, closed):
    return by_milp(forms(closed=closed), L(cells))


@pytest.mark.untraced
@pytest.mark.usefixtures("solver")
@pytest.mark.parametrize(
    ("solver", "closed"),
    [("usual", False), ("usual", True), ("large", False), ("without HiGHS", False)],
    indirect=["solver"],
)
def test_bounds_are_attained_proved_and_those_of_an_independent_integer_program(closed):
    system = forms(closed=closed)

    def check(cells):
        bounds = check_bounds(system, L(cells), bounds_by_milp(cells, closed))
        assert closed or bounds == PRINTED.get(cells, bounds)

    check_rows(check, [(cells,) for cells in SUMS])


@pytest.mark.parametrize(("part", "whole"), [("s", "slo"), ("o", "oO"), ("l", "lL")])
def test_objective_of_a_share_proof_is_the_excess(part, whole):
    result = forms().share(L(part), L(whole))
    for proof, end, sign in (
        (result.lower_proof, result.lower, -1),
        (result.upper_proof, result.upper, 1),
    ):
        excess = (L(part) * end.denominator - L(whole) * end.numerator) * sign
        assert (proof.objective, proof.is_valid, proof.total == added_up(proof)[1]) == (
            excess,
            True,
            True,
        )
        assert sign * proof.limit == sign * end + proof.total / end.denominator


def test_proof_without_a_cell_is_invalid():
    row = Inequality(L("a"), 3)
    assert not Proof(
        objective=L("ab"), terms=[ProofTerm("a", row, Fraction(1))], limit=Fraction(3)
    ).is_valid
    assert not Proof(
        objective=-L("a"), terms=[ProofTerm("a", row, Fraction(-1))], limit=Fraction(3)
    ).is_valid
    half = ProofTerm("a", Inequality(L("a") * 2, 6), Fraction(1, 2))
    assert Proof(objective=L("a"), terms=[half], limit=Fraction(3)).is_valid


@pytest.mark.parametrize(("part", "whole"), [("s", "slo"), ("o", "oO"), ("l", "lL")])
def test_bounds_of_shares_are_attained_and_sharp(part, whole):
    system = forms()
    result = system.share(L(part), L(whole))
    for end, table in ((result.lower, result.lower_table), (result.upper, result.upper_table)):
        assert system.fits(table)
        assert Fraction(L(part).value(table), L(whole).value(table)) == end
    for end, sign in ((result.lower, -1), (result.upper, 1)):
        beyond = (L(part) * end.denominator - L(whole) * end.numerator) * sign
        assert not system.with_constraints(
            Constraint.between("beyond", beyond, 1, None)
        ).is_feasible


def test_share_of_zero_is_undefined():
    system = System("ab", [Constraint.between("a", L("a"), 0, 1), Constraint.count("b", L("b"), 0)])
    assert system.share(L("a"), L("ab")).interval == Interval(1, 1, undefined=True)
    with pytest.raises(ImpossibleResult):
        system.share(L("a"), L("b"))


@pytest.mark.parametrize("whole", ["b", "bc"])
def test_unbounded_ratio_has_no_bound(whole):
    system = System("abc", [Constraint.between("b", L("b"), 1, 2)])
    result = system.share(L("a"), L(whole))
    assert result.interval == Interval(0, None)
    assert result.upper_table is result.upper_proof is None


def test_cell_without_constraints_is_unbounded():
    result = System("ab", [Constraint.count("a", L("a"), 3)]).bounds(L("b"))
    assert (result.lower, result.upper, result.upper_table, result.upper_proof) == (
        0,
        None,
        None,
        None,
    )
    assert str(result) == "0 or more"


@pytest.mark.parametrize("size", [10**6, 10**9, 10**12, 10**15])
def test_difference_of_one_is_not_tolerated(size):
    """An open end excludes the half itself, however large the numbers are."""
    whole = Constraint.count("whole", L("ab"), 200 * size)
    half = Constraint.percentage("half", L("a"), L("ab"), Percent("50"))
    result = System("ab", [whole, half]).bounds(L("a"))
    assert (result.lower, result.upper) == (99 * size, 101 * size - 1)
    both = Constraint.percentage("half", L("a"), L("ab"), Percent("50"), allow_tie_either_way=True)
    assert System("ab", [whole, both]).bounds(L("a")).upper == 101 * size


@pytest.mark.parametrize("size", [10**6, 10**9, 10**12])
def test_system_that_misses_by_one_is_infeasible(size):
    parts = [Constraint.count(name, L(name), size) for name in "ab"]
    assert System("ab", [*parts, Constraint.count("both", L("ab"), 2 * size)]).is_feasible
    assert not System("ab", [*parts, Constraint.count("both", L("ab"), 2 * size + 1)]).is_feasible


def test_integers_can_be_infeasible_if_fractions_are_not():
    system = System("ab", [Constraint.count("twice", Linear({"a": 2, "b": 4}), 7)])
    assert not system.is_feasible
    assert system.table is None
    with pytest.raises(ImpossibleResult, match="twice"):
        system.bounds(L("a"))


def test_kinds_of_constraints():
    a, b, c = L("a"), L("b"), L("c")
    system = System(
        "abc",
        [
            Constraint.change("change", b, a, Percent("-10")),
            Constraint.between("fewer than 5", c, 0, 4),
            Constraint.count("a", a, 100),
            Constraint.order("order", [c], [c]),
            Constraint.equality("equality", c * 2, c + c),
            Constraint.percentage("floor", b, a + b, Percent("47"), at_least=True),
        ],
    )
    assert system.bounds(b).interval == Interval(90, 90)
    assert system.bounds(c).interval == Interval(0, 4)
    with pytest.raises(InvalidValue):
        Constraint.order("nothing", [a], [])


def test_error_names_unknown_cells():
    with pytest.raises(UnknownName, match="'a'"):
        System("b", [Constraint.count("x", L("a"), 3)])
    with pytest.raises(UnknownName):
        forms().bounds(L("q"))
    with pytest.raises(DuplicateKey, match="twice"):
        System("a", [Constraint.count("twice", L("a"), 3), Constraint.count("twice", L("a"), 3)])
    with pytest.raises(InvalidValue):
        Linear({"a": Fraction(1, 2)})


def test_sums_are_sums():
    assert (L("ab") - L("b")) == L("a")
    assert (2 * L("ab")).terms == (("a", 2), ("b", 2))
    assert Inequality(L("ab"), 3).is_satisfied({"a": 1, "b": 2})


def test_constraints_can_be_added_and_removed():
    system = forms()
    assert system.only(["all"]).bounds(L("s")).upper == 20532
    assert len(system.without("all").constraints) == len(system.constraints) - 1
    assert isinstance(system.bounds(L("s")), Bounds)
    assert str(Constraint.count("x", L("a"), 3)) == "x"


CELLS = "abc"


@st.composite
def true_systems(draw):
    """A true table, and constraints about it, percentages rounded in any way."""
    table = {name: draw(st.integers(0, 9)) for name in CELLS}
    sums = ["a", "ab", "bc", "abc", "c"]
    constraints = [Constraint.between("few", L(CELLS), 0, 27)]
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["count", "share", "floor", "order", "least"]))
        part = draw(st.sampled_from(sums))
        name, true = f"{kind} {number}", L(part).value(table)
        whole = draw(st.sampled_from([w for w in sums if set(part) <= set(w)]))
        if kind == "count":
            constraints.append(Constraint.count(name, L(part), true))
        elif kind == "least":
            constraints.append(Constraint.between(name, L(part), max(0, true - 2), None))
        elif kind == "order":
            first, second = sorted("ab", key=lambda cell: -table[cell])
            constraints.append(Constraint.order(name, [L(first)], [L(second)]))
        elif L(whole).value(table):
            share, way = Fraction(true, L(whole).value(table)), draw(st.sampled_from(KNOWN))
            printed = Percent(str(rounded(100 * share, way)), way)
            constraints.append(
                Constraint.percentage(name, L(part), L(whole), printed, at_least=kind == "floor")
            )
    return table, System(CELLS, constraints)


@given(true_systems(), st.sampled_from(["a", "b", "ab", "bc"]))
@examples(40)
def test_bounds_contain_the_truth_and_grow_without_a_claim(case, cells):
    table, system = case
    assert system.fits(table)
    lower, upper = check_bounds(system, L(cells))
    assert lower <= L(cells).value(table) <= upper
    for constraint in system.constraints[1:]:
        wider = system.without(constraint.name).bounds(L(cells))
        assert wider.lower <= lower
        assert wider.upper >= upper


@given(true_systems(), st.sampled_from(["a", "ab", "bc"]))
@examples(25)
def test_bounds_equal_enumeration(case, cells):
    _, system = case
    few = list(tables(system, 12))
    small = system.with_constraints(*(Constraint.between(f"{n} small", L(n), 0, 12) for n in CELLS))
    values = [L(cells).value(table) for table in few]
    check_bounds(small, L(cells), (min(values), max(values)))
    shares = [Fraction(L("a").value(t), L(CELLS).value(t)) for t in few if L(CELLS).value(t)]
    assume(shares)
    share = small.share(L("a"), L(CELLS))
    assert (share.lower, share.upper) == (min(shares), max(shares))


@given(true_systems())
@examples(25)
def test_large_and_small_programs_are_answered_alike(case):
    _, system = case
    exact = check_bounds(system, L("a"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_program, "_LARGE", 0)
        check_bounds(System(system.cells, system.constraints), L("a"), exact)


def test_share_with_an_unbounded_denominator_can_be_approached_only():
    share = Constraint.percentage("half", L("a"), L("ab"), Percent("50"))
    result = System("ab", [share]).share(L("a"), L("ab"))
    assert result.interval == Interval(Fraction(99, 200), Fraction(101, 200))
    assert System("ab", [share]).fits(result.lower_table)
    assert result.upper_table is None


def test_share_with_an_unbounded_denominator_can_be_largest_for_a_small_one():
    more = Constraint("more", [Inequality(L("a") * 2 - L("b"), 1)])
    result = System("ab", [more]).share(L("a"), L("ab"))
    assert result.interval == Interval(0, Fraction(1, 2), undefined=True)
    assert result.upper_table == {"a": 1, "b": 1}


def test_largest_share_is_proved_by_pivots_if_the_solver_fails(monkeypatch):
    """The scaled program is larger than its own one, and is solved by the same method."""
    failed = SimpleNamespace(status=4, x=None)
    monkeypatch.setattr(scipy.optimize, "linprog", lambda *_, **__: failed)
    more = Constraint("more", [Inequality(L("a") * 2 - L("b"), 1)])
    for huge in range(1, 20):
        monkeypatch.setattr(_program, "_HUGE", huge)
        system = System("ab", [more])
        positive = system._with_positive(L("a"), L("ab"))
        if isinstance(positive._encoder.merged(L("a"), L("ab")).program, HugeProgram):
            continue
        result = system.share(L("a"), L("ab"))
        assert result.interval == Interval(0, Fraction(1, 2), undefined=True)


def multiway(random, sides=(5, 6, 8)):
    """A table in three dimensions with some published margins."""
    cells = list(product(*map(range, sides)))
    truth = {str(cell): random.randint(0, 9) for cell in cells}
    constraints = []
    for axes in ((0,), (1,), (0, 1), (0, 2), (1, 2)):
        for fixed in {tuple(cell[axis] for axis in axes) for cell in cells}:
            inside = [
                str(c) for c in cells if all(c[a] == n for a, n in zip(axes, fixed, strict=True))
            ]
            if random.random() < 0.8:
                total = L(inside)
                constraints.append(Constraint.count(f"{axes}{fixed}", total, total.value(truth)))
    return System(truth, sorted(constraints, key=str))


def test_bounds_of_a_huge_system_are_proved_and_those_of_an_integer_program():
    random = Random(5)
    system = multiway(random)
    assert isinstance(system._encoder.merged().program, _program.HugeProgram)
    for _ in range(3):
        cells = L(random.sample(system.cells, 2))
        result = system.bounds(cells)
        assert result.left_open == ()
        assert [result.lower, result.upper] == list(by_milp(system, cells))
        for table in (result.lower_table, result.upper_table):
            assert system.fits(table)
        assert result.lower_proof.is_valid
        assert result.upper_proof.is_valid


def test_bounds_of_1_400_cells_are_proved_and_a_time_limit_ends_their_search():
    random = Random(5)
    system = multiway(random, (7, 10, 20))
    truth = system.table
    assert len(system.cells) == 1_400
    cells = L(random.sample(system.cells, 3))
    result = system.bounds(cells)
    assert result.left_open == ()
    assert result.lower_proof.is_valid
    assert result.upper_proof.is_valid
    for table, bound in ((result.lower_table, result.lower), (result.upper_table, result.upper)):
        assert system.fits(table)
        assert cells.value(table) == bound
    start = process_time()
    short = system.bounds(L(system.cells[:700]), known=truth, time_limit=0.05)
    assert process_time() - start < 3
    assert short.interval.contains(L(system.cells[:700]).value(truth))


def test_a_search_without_time_has_proved_bounds_and_says_what_is_open():
    system = multiway(Random(5))
    cells = L(system.cells[:2])
    result, exact = system.bounds(cells, time_limit=0), system.bounds(cells)
    assert result.left_open
    assert result.interval.contains(exact.lower)
    assert result.interval.contains(exact.upper)
    share = system.share(cells, L(system.cells[:9]), time_limit=0)
    assert share.left_open == ("lower", "upper")


@pytest.mark.parametrize("status", [1, 3, 4])
def test_failure_of_the_solver_leaves_the_bounds_of_a_huge_system_open(status, monkeypatch):
    system = multiway(Random(5))
    truth = system.table
    cells = L(system.cells[:2])
    answer = SimpleNamespace(status=status, x=None)
    monkeypatch.setattr(scipy.optimize, "linprog", lambda *_, **__: answer)
    result = system.bounds(cells, known=truth)
    assert (result.lower, result.upper) == (None, None)
    assert result.left_open == ("lower", "upper")


def test_sum_without_a_bound_in_a_huge_system_is_proved_by_a_direction():
    system = multiway(Random(5))
    free = Constraint.between("free", L(["free"]), 3, None)
    larger = System([*system.cells, "free"], [*system.constraints, free])
    result = larger.bounds(L(["free", system.cells[0]]))
    assert result.left_open == ()
    assert result.upper is None
    assert result.lower >= 3


def test_coefficients_of_a_repeated_cell_are_added():
    twice = Linear([("a", 1), ("a", 1)])
    assert twice == Linear({"a": 2}) == Linear.sum(["a", "a"])
    assert Linear([("a", 1), ("a", -1)]) == Linear()
    system = System(["a"], [Constraint.between("a", Linear.sum(["a"]), 0, 5)])
    assert system.bounds(twice).interval == Interval(0, 10)
    system = System(["a"], [Constraint.between("2a", twice, 0, 5)])
    assert system.bounds(Linear.sum(["a"])).interval == Interval(0, 2)


def test_table_without_a_cell_is_refused():
    system = System(["a", "b"], [Constraint.between("a", Linear.sum(["a"]), 0, 5)])
    with pytest.raises(InvalidValue, match="The table must have a count of each cell"):
        system.fits({"a": 1})
    with pytest.raises(InvalidValue, match="Add b"):
        system.bounds(Linear.sum(["a"]), known={"a": 1})
