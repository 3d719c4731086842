"""Primary and secondary suppression."""

import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from itertools import combinations, product
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.disclosure.attack import Attack, World, trial, use_basic_moves, world
from tests.disclosure.tables import (
    FORMS,
    SEXES,
    Truth,
    example,
    fitting,
    in_three_dimensions,
    made,
    of_sex,
    suppressed,
    table_of,
    truths,
    two_years,
    with_margins,
)
from tests.examples import examples
from thbstats.disclosure import (
    Exposure,
    _linear_program,
    disclosure_audit,
    primary_suppression,
    round_controlled,
    suppress,
)
from thbstats.disclosure._basic_moves import BasicMoves, both_directions, product_costs
from thbstats.disclosure._choice_search import ChoiceSearch
from thbstats.disclosure._linear_program import LinearProgram
from thbstats.disclosure._moves import MoveResult, Moves
from thbstats.disclosure._suppression_block import Cross, Requirement, moves_along
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.suppression import one_person
from thbstats.errors import EngineFailed, ImpossibleResult, InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Count, Interval, Reason


def _published(
    truth: Truth, suppressed: set[int], limit: int, marks: int
) -> dict[tuple[str, str], Count | int]:
    """Return the published table for suppressed rows, with an upper bound for each."""
    whole = sum(n for key, n in truth.items() if "total" not in key)
    few, others = Count.fewer_than(limit, at_least=1), Count.suppressed(limit, whole + 8)
    if marks == 1:
        few = others = Count.suppressed(0, whole + 8)
    return {
        key: (few if 0 < n < limit else others) if row in suppressed else n
        for row, (key, n) in enumerate(truth.items())
    }


def _is_safe(
    truth: Truth, suppressed: set[int], limit: int, width: int | None, marks: int = 1
) -> bool:
    """Whether feasible tables give each small count its interval, by enumeration."""
    keys = [key for key, n in truth.items() if 0 < n < limit]
    least = dict.fromkeys(keys, limit)
    most = dict.fromkeys(keys, 0)
    for table in fitting(_published(truth, suppressed, limit, marks)):
        for key in keys:
            least[key], most[key] = min(least[key], table[key]), max(most[key], table[key])
    if width is None:
        return all(least[key] <= marks - 1 and most[key] >= limit - 1 for key in keys)
    return all(most[key] - least[key] >= width for key in keys)


@given(
    truths(most=6, size=2),
    st.sampled_from([None, 1, 2]),
    st.sampled_from(["count", "cells"]),
    st.sampled_from([1, 2]),
)
@examples(20)
def test_choice_is_safe_and_near_the_cheapest_one(
    truth: Truth, width: int | None, least: str, marks: Any
) -> None:
    """Every choice of secondary rows and every feasible table is tried."""
    limit = 4
    numbers = list(truth.values())
    few = {row for row, n in enumerate(numbers) if 0 < n < limit}
    others = [row for row, n in enumerate(numbers) if n >= limit]
    try:
        result = suppress(
            table_of(truth),
            fewer_than=limit,
            marks=marks,
            protection_level=width,
            minimise=least,  # type: ignore[arg-type]
            protect_contributors=False,
        )
    except ImpossibleResult:
        assert not _is_safe(truth, few | set(others), limit, width, marks)
        return
    assert set(result.primary.rows.tolist()) == few
    hidden = set(result.suppressed.tolist())
    assert result.is_safe == _is_safe(truth, few | set(others), limit, width, marks)
    assert result.is_safe == _is_safe(truth, hidden, limit, width, marks)
    costs = {row: numbers[row] if least == "count" else 1 for row in others}
    assert result.cost == sum(costs[row] for row in result.secondary.tolist())
    if result.is_safe:
        best = min(
            sum(costs[row] for row in chosen)
            for size in range(len(others) + 1)
            for chosen in combinations(others, size)
            if _is_safe(truth, few | set(chosen), limit, width, marks)
        )
        assert best <= result.cost <= 2 * best


@given(truths(most=30), st.booleans())
@examples(12)
def test_published_table_leaves_each_protection_interval(
    truth: Truth, protect_contributors: bool
) -> None:
    result = suppress(table_of(truth), fewer_than=5, protect_contributors=protect_contributors)
    audit = disclosure_audit(result.table)
    for row, lower, upper in zip(audit.rows.tolist(), audit.lower, audit.upper, strict=True):
        if row in result.primary.causes and row not in result.unmet:
            assert lower == 0
            assert upper >= 4
    for row, number in enumerate(truth.values()):
        count = result.table.record(row).count
        assert (count.value == number) == (row not in result.suppressed)
        assert count.interval.contains(number)


@given(truths(most=30))
@examples(8)
def test_no_secondary_row_can_be_published(truth: Truth) -> None:
    result = suppress(table_of(truth), fewer_than=5, protection_level=2, protect_contributors=False)
    for row in result.secondary.tolist():
        counts = {
            key: number if position == row else result.table.record(position).count
            for position, (key, number) in enumerate(truth.items())
        }
        audit = disclosure_audit(table_of(counts))
        width = audit.width[np.isin(audit.rows, result.primary.rows)]
        assert width.min() < 2


def test_one_small_count_needs_three_secondary_counts() -> None:
    result = suppressed()
    keys = list(example())
    assert {keys[row] for row in result.suppressed.tolist()} == set(
        product(("male", "female"), ("sexual", "other"))
    )
    assert result.cost == 60 + 14 + 9
    assert result.suppressed_total == Interval.point(60 + 14 + 9 + 3)


def test_rows_to_publish_are_published() -> None:
    keys = list(example())
    result = suppress(table_of(example()), fewer_than=5, always_publish={"sex": "female"})
    secondary = {keys[row] for row in result.secondary.tolist()}
    sums = [{"sex": "total"}, {"exploitation": "total"}]
    inside = suppress(table_of(example()), fewer_than=5, always_publish=sums)
    assert not any("total" in keys[row] for row in inside.secondary.tolist())
    assert secondary == {("male", "other"), ("total", "other"), ("total", "sexual")}


def test_hint_mentions_published_rows_only_if_there_are_some() -> None:
    few = of_sex(total=3, male=1, female=2)
    with pytest.raises(
        ImpossibleResult, match=r"`protection_level`.* Use a lower `protection_level`"
    ):
        suppress(few, fewer_than=5, marks=2, protection_level=3)
    published = {"sex": ["female", "total"]}
    with pytest.raises(
        ImpossibleResult,
        match=r"(?s)`always_publish`.* an attacker can derive the count of FR 2020: .* even if.*"
        "Publish fewer rows",
    ):
        suppress(table_of(example()), fewer_than=5, protection_level=1, always_publish=published)


def test_count_that_published_counts_narrow_in_any_case_is_named() -> None:
    published = {"sex": ["female", "total"]}
    result = suppress(table_of(example()), fewer_than=5, always_publish=published)
    assert not result.is_safe
    assert result.unmet == tuple(result.primary.rows.tolist())
    assert "1 primary cells have narrower bounds than required" in str(result.confidential)
    assert "narrower" not in str(result.to_dict())


def test_person_alone_in_a_cell_does_not_learn_another_cell() -> None:
    """One man and two women: the man can subtract himself."""
    table = of_sex(total=33, male=1, female=2, unknown=30)
    outside = suppress(table, fewer_than=5, protection_level=1, protect_contributors=False)
    assert outside.suppressed.tolist() == [1, 2]
    inside = suppress(table, fewer_than=5, protection_level=1)
    assert inside.secondary.tolist() == [3]
    assert inside.is_safe
    assert "outside attackers and insiders" in " ".join(str(inside.confidential).split())


def test_count_that_an_insider_derives_in_any_case_is_named() -> None:
    """A woman, six men and a total of zero unknown persons: she can subtract herself."""
    counted = made("sex", [("female", 1), ("male", 6), ("total", 7)])
    published = {"sex": "total"}
    rules = {"fewer_than": 7, "protection_level": 1, "always_publish": published}
    assert suppress(counted, **rules, protect_contributors=False).is_safe
    result = suppress(counted, **rules)
    assert not result.is_safe
    assert result.exposures == (Exposure(1, "the person counted in FR 2020: female"),)
    assert "Insiders can derive 1 primary cells exactly" in str(result.confidential)
    assert result.confidential.to_frame()["exposed"].tolist() == [False, True]


def test_single_contributor_does_not_learn_another_count() -> None:
    table = of_sex("EU28", total=100, female=60, male=40)
    countries = made(
        "area sex", [("UK", "female", 55), ("FR", "female", 5), ("FR", "male", 40)], area=None
    )
    chosen = primary_suppression(table, dominance=(1, 90), contributors=countries)
    assert chosen.rows.tolist() == [1, 2]
    outside = suppress(chosen, protection_level=10, protect_contributors=False)
    assert outside.suppressed.tolist() == [1, 2]
    result = suppress(chosen, protection_level=10)
    assert result.suppressed.tolist() == [0, 1, 2]


def test_table_without_sums_has_no_secondary_suppression() -> None:
    table = of_sex(female=3, male=40)
    result = suppress(table, fewer_than=5)
    assert result.suppressed.tolist() == [0]
    assert result.cost == 0


def test_counts_that_violate_the_assumptions_are_rejected() -> None:
    table = of_sex(total=50, female=3, male=40)
    with pytest.raises(
        ImpossibleResult, match=r"must satisfy the additivity.*remove it from `complete_dimensions`"
    ):
        suppress(table, fewer_than=5)
    assert suppress(table, fewer_than=5, unknown_is_unpublished=True).suppressed.tolist() == [1]


def test_count_without_an_upper_bound_needs_a_protection_level() -> None:
    table = of_sex("EU28", total=100, female=60, male=40)
    countries = made("area sex", [("UK", "female", 55), ("FR", "female", 5)], area=None)
    chosen = primary_suppression(table, dominance=(1, 90), contributors=countries)
    with pytest.raises(InvalidValue, match="for counts without a threshold"):
        suppress(chosen)
    with pytest.raises(InvalidValue, match="must not be set for a PrimarySuppression"):
        suppress(chosen, fewer_than=5, protection_level=1)


def test_outputs_show_suppressed_rows_and_assumptions() -> None:
    result = suppressed()
    frame = result.to_frame()
    assert frame[["lower", "reason"]].drop_duplicates().to_numpy().tolist() == [[0, "suppressed"]]
    assert sorted(result.to_dict()) == [
        "assumptions",
        "marks",
        "protect_contributors",
        "suppressed",
    ]
    assert len(result.to_dict()["suppressed"]) == 4
    text = " ".join(str(result).split())
    assert "4 of 12 rows are suppressed." in text
    assert "Assumed: the same cases are not published in other tables." in text
    assert "Assumed: readers do not use that counts of 0 are published." in text
    assert repr(result) == "<SuppressedTable 4 of 12 rows suppressed>"


@pytest.mark.parametrize("level", [None, 1])
@pytest.mark.parametrize("inside", [(3, 25, 14, 19), (4, 11, 9, 2)])
def test_cost_is_that_of_the_cheapest_choice(inside: tuple[int, ...], level: int | None) -> None:
    """All sets of cells are tried: a set is safe if nothing more must be suppressed with it."""
    truth = with_margins(dict(zip(product(SEXES[:2], FORMS[:2]), inside, strict=True)))
    table = table_of(truth)
    rules = {"fewer_than": 5, "protect_contributors": False, "protection_level": level}
    found = suppress(table, **rules)
    cells = [row for row in range(len(table)) if row not in found.primary.rows]
    costs = [found.cost]
    for chosen in product((False, True), repeat=len(cells)):
        kept = [row for row, is_chosen in zip(cells, chosen, strict=True) if not is_chosen]
        cost = int(table.lower[np.setdiff1d(cells, kept)].sum())
        if cost >= found.cost:
            continue
        published = [table.columns.key(row) for row in kept]
        try:
            own = suppress(table, **rules, always_publish=published, time_limit=0)
        except ImpossibleResult:
            continue
        costs += [cost] * own.is_safe
    assert 0 < found.cost_bound == min(costs) == found.cost
    assert "no safe choice has less." in " ".join(str(found.confidential).split())


def test_second_mark_costs_counts() -> None:
    truth = with_margins(dict(zip(product(SEXES, FORMS), (1, 8, 2, 9, 1, 7, 3, 6, 2), strict=True)))
    single = suppress(table_of(truth), fewer_than=5, protect_contributors=False)
    double = suppress(table_of(truth), fewer_than=5, marks=2, protect_contributors=False)
    assert single.extra_cost is None
    assert double.extra_cost == double.cost - single.cost
    assert f"The second mark costs {double.extra_cost}" in str(double.confidential)
    reasons = {double.table.record(row).count.reason for row in double.suppressed.tolist()}
    assert reasons == {Reason.FEWER_THAN, Reason.SUPPRESSED}


def test_person_alone_in_a_cell_and_in_its_total_is_one_person() -> None:
    counts = zip(product(SEXES[:2], FORMS[:2]), (1, 0, 20, 30), strict=True)
    result = suppress(table_of(with_margins(dict(counts))), fewer_than=5, protection_level=1)
    assert result.is_safe


def test_three_dimensions_are_protected() -> None:
    table = in_three_dimensions([3, 25, 14, 19, 8, 0, 31, 40])
    result = suppress(table, fewer_than=5)
    audit = result.audit
    (row,) = result.primary.rows.tolist()
    index = audit.rows.tolist().index(row)
    assert audit.lower[index] == 0
    assert audit.upper[index] >= 4


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(14))
def test_independent_attack_finds_no_narrow_cell(seed: int) -> None:
    """A sample of the 500 tables; each kind of table is attacked twice."""
    result = trial(seed)
    assert result.violations == []


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(7))
def test_independent_attack_on_basic_moves_finds_no_narrow_cell(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search for large blocks keeps the same promise, with hierarchies and linked tables."""
    monkeypatch.setattr(ChoiceSearch, "_needs_basic_moves", use_basic_moves)
    result = trial(seed)
    assert result.violations == []


def test_person_who_is_alone_in_cells_of_two_tables_is_one_insider() -> None:
    """The only man from Bulgaria is also its only person of unknown age, which he knows."""
    codes = {"sex": ("female", "male", "unknown"), "age": ("child", "adult", "unknown")}
    codes["citizenship"] = ("RO", "BG", "NG")
    inner = [11, 2, 0, 3, 0, 10, 0, 0, 0, 2, 0, 7, 1, 0, 9, 0, 1, 1, 0, 5, 0, 0, 0, 2, 0, 0, 0]
    own = {name: {c: (c,) for c in each} | {"total": each} for name, each in codes.items()}
    case = World(own, np.array(inner))
    tables = [case.table((name, "citizenship")) for name in ("sex", "age")]
    safe = suppress(tables, fewer_than=5, marks=2, minimise="cells")
    attack = Attack([case])
    for item in safe:
        attack.add(0, item.table)
    his = {"citizenship": "BG"}
    inside = attack.know(0, his | {"sex": "male"}, 1).know(0, his | {"age": "unknown"}, 1)
    lower, upper = inside.bounds(0, his | {"sex": "female"})
    assert lower < upper
    assert not safe[0].exposures


def test_one_person_is_in_compatible_cells_without_a_common_row() -> None:
    rows = [
        *(
            ("female", "total", "total", 1),
            ("male", "total", "total", 1),
            ("total", "child", "total", 1),
        ),
        *(
            ("total", "adult", "sexual", 1),
            ("total", "total", "sexual", 1),
            ("male", "child", "total", 0),
        ),
    ]
    table = made("sex age exploitation", rows)
    lattice = Lattice.of(table, Assumptions.of(table))
    found = [sorted(map(sorted, own)) for own in one_person(lattice, [{0}, {1}, {2}, {3, 4}])]
    # The man is not a child; each other pair of a sex and an age can be one person.
    assert sorted(found) == [[[0], [2]], [[0], [3, 4]], [[1], [3, 4]]]
    overlapping = [({0, 1}), {2}]
    assert list(one_person(lattice, overlapping)) == []


def test_basic_moves_of_many_dear_cells_are_possible() -> None:
    """A basic move in nine dimensions changes 512 cells; suppressed ones can become as dear."""
    cells = np.ones(512, dtype=bool)
    room = np.full(512, 3)
    block = SimpleNamespace(
        prices=lambda suppressed: np.where(suppressed, 1.0, 900.0), down=room, up=room
    )
    along = [np.array([[1, -1]]), np.array([[-1, 1]])]
    cross = Cross((2,) * 9, np.arange(512), [along] * 9)
    for before in (~cells, cells):
        moves = BasicMoves(block, cross, unknown=cells, suppressed=before)  # type: ignore[arg-type]
        moves.reprice(np.arange(512), suppressed=False)
        with moves.closed([5]):
            assert moves._find(0, 2, thorough=False, most=np.inf, start=None).move is None
        move = moves._find(0, 2, thorough=False, most=np.inf, start=None).move
        assert move is not None
        assert np.abs(move).tolist() == [2] * 512


def test_basic_moves_follow_hierarchies() -> None:
    """Along an axis, a code changes with all its totals, alone or against another one."""
    total, north, a, b, c = range(5)  # a and b are in the north
    pairs = {(north, total), (a, north), (b, north), (c, total)}
    moves = moves_along([total, north, a, b, c], pairs)
    assert moves[a].tolist() == [[1, 1, 1, 0, 0], [0, 0, 1, -1, 0], [0, 1, 1, 0, -1]]
    assert moves[north].tolist() == [
        *([1, 1, 1, 0, 0], [1, 1, 0, 1, 0]),
        *([0, 1, 1, 0, -1], [0, 1, 0, 1, -1]),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_costs_of_products_are_those_of_their_cells(seed: int) -> None:
    """Each product is evaluated cell by cell: its sign there decides the direction of the cost."""
    rng = np.random.default_rng(seed)
    axes = [moves_along([0, 1, 2, 3], {(1, 0), (2, 0), (3, 0)}), moves_along([0, 1], set())]
    axes.append(moves_along([0, 1, 2, 3], {(1, 0), (2, 1), (3, 1)}))
    moves = [axis[rng.integers(len(axis))] for axis in axes]
    costs = rng.integers(-9, 100, (2, 4, 2, 4)).astype(np.float32)  # own and contrary direction
    expected = np.zeros([len(own) for own in moves])
    for choice in np.ndindex(expected.shape):
        for cell in np.ndindex(4, 2, 4):
            sign = 1
            for own, row, code in zip(moves, choice, cell, strict=True):
                sign *= int(own[row, code])
            if sign:
                expected[choice] += costs[0 if sign > 0 else 1][cell]
    result = product_costs(costs, [both_directions(own) for own in moves])
    assert result.tolist() == expected.tolist()


def test_block_of_five_dimensions_is_protected() -> None:
    """Programs find moves with fractions in such a block, and basic moves have integers."""
    names = ("sex", "age", "citizenship", "means", "place")
    table = world(np.random.default_rng(5), *names, size=5).table(names)
    result = suppress(table, fewer_than=5, protect_contributors=False, time_limit=1)
    assert len(table) > 1_000
    assert not result.unmet
    # Half of all counts that are not primary would be more than this.
    candidates = np.flatnonzero(result.primary.candidates)
    assert 0 < result.cost < table.lower[candidates].sum() / 2


def test_linked_tables_are_protected_together() -> None:
    """One at a time, the common total by sex gives the count away."""
    forms = made(
        "sex exploitation",
        [
            ("female", "sexual", 30),
            ("female", "labour", 20),
            ("female", "total", 50),
            ("male", "sexual", 3),
            ("male", "labour", 9),
            ("male", "total", 12),
            ("total", "sexual", 33),
            ("total", "labour", 29),
            ("total", "total", 62),
        ],
    )
    ages = made("sex age", [
        ("female", "child", 10), ("female", "adult", 40), ("female", "total", 50),
        ("male", "child", 6), ("male", "adult", 6), ("male", "total", 12),
        ("total", "child", 16), ("total", "adult", 46), ("total", "total", 62),
    ])  # fmt: skip
    prices = {"always_publish": {"exploitation": "labour", "sex": ["female", "male"]}}
    alone = suppress(forms, fewer_than=5, **prices)
    assert 5 in alone.suppressed  # the total of men, which the second table publishes
    both = suppress([forms, ages], fewer_than=5, **prices)
    assert [len(item.table) for item in both] == [9, 9]
    assert 5 in both[0].suppressed
    assert 5 in both[1].suppressed
    assert len(both[1].secondary) > 1
    assert "2 tables of the same cases were protected together" in str(both[0])
    with pytest.raises(InvalidValue, match=r"same count of FR 2020: female, got 50 and 51\. Pass"):
        suppress([forms, made("sex", [("female", 51)])], fewer_than=5)


def test_earlier_release_fixes_what_it_published() -> None:
    truth = example()
    first = suppress(table_of(truth), fewer_than=5)
    again = suppress(table_of(truth), fewer_than=5, previous=first.table)
    assert set(again.secondary.tolist()) >= set(first.secondary.tolist())
    assert again.is_safe
    other = suppress(table_of(truth), fewer_than=5, minimise="cells", seed=3)
    known = suppress(table_of(truth), fewer_than=5, previous=[first.table, other.table])
    published = set(range(12)) - set(first.suppressed.tolist())
    published |= set(range(12)) - set(other.suppressed.tolist())
    assert known.is_safe == (not published & set(known.primary.rows.tolist()) and known.is_safe)
    disclosed = suppress(table_of(truth), fewer_than=5, previous=table_of(truth))
    assert not disclosed.is_safe


def test_earlier_release_can_contradict_all_of_its_suppressed_counts_together() -> None:
    """The women in labour and the men in sexual exploitation cannot both be as before."""

    def release(inside: Sequence[int], hidden: int) -> CountTable:
        truth = with_margins(dict(zip(product(SEXES[:2], FORMS[:2]), inside, strict=True)))
        counts = zip(truth.items(), [True] * hidden + [False] * 9, strict=False)
        few = Count.fewer_than(5, at_least=1)
        return table_of({key: few if is_few else n for (key, n), is_few in counts})

    old, new = release((4, 3, 1, 4), 4), release((20, 4, 3, 40), 0)
    safe = suppress(new, fewer_than=5, previous=old)
    assert safe.is_safe
    assert set(safe.primary.rows.tolist()) == {1, 2}
    # One of them alone agrees with the sums of the old release.
    assert suppress(release((20, 3, 3, 40), 0), fewer_than=5, previous=old).is_safe


def test_earlier_release_of_other_cases_is_refused() -> None:
    """The counts of another year do not relate to those of the table."""
    later = thb.CountTable.from_rows(
        [("female", 21)], columns=["sex", "value"], kind="victims", area="FR", period=2021
    )
    with pytest.raises(InvalidValue, match=r"`previous` must have cells in common.*got 'FR 2021:"):
        suppress(table_of(example()), fewer_than=5, previous=later)


def test_results_are_not_written_for_the_table_to_publish(tmp_path: Path) -> None:
    safe, small = suppressed(), primary_suppression(table_of(example()), fewer_than=5)
    for result, hint in ((safe, r"Use its \.table$"), (small, r"Use \.published_table\(\)")):
        with pytest.raises(InvalidValue, match=f"`data` must be a CountTable, got .*{hint}"):
            thb.write(result, tmp_path / "table.csv")
    thb.write(safe.table, tmp_path / "table.csv")


def test_suppressed_count_of_an_earlier_release_stays_protected() -> None:
    """The new release may not publish the count that hid the old one."""
    old = of_sex(total=24, female=21, male=3)
    first = suppress(old, fewer_than=5, always_publish={"sex": "total"})
    assert first.suppressed.tolist() == [1, 2]
    new = of_sex(total=29, female=21, male=8)
    assert suppress(new, fewer_than=5).suppressed.tolist() == []
    second = suppress(new, fewer_than=5, previous=first, minimise="cells")
    assert 1 in second.suppressed
    assert second.is_safe


def test_blocks_in_processes_give_the_same_choice() -> None:
    steps: list[float] = []
    double = suppress(
        two_years(), fewer_than=5, workers=2, progress=lambda _, done: steps.append(done)
    )
    assert suppress(two_years(), fewer_than=5).suppressed.tolist() == double.suppressed.tolist()
    assert steps == [0.5, 1.0]


def test_one_more_year_does_not_change_the_choice_of_other_years() -> None:
    alone = suppressed().suppressed.tolist()
    both = suppress(two_years(), fewer_than=5)
    assert both.suppressed.tolist() == [*alone, *(row + 12 for row in alone)]


def test_interruption_returns_the_choice_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(step: str, _done: float) -> None:
        if step == "searching for a cheaper choice":
            raise KeyboardInterrupt

    result = suppress(table_of(example()), fewer_than=5, progress=interrupted)
    assert result.is_safe
    full = suppressed()
    assert result.cost >= full.cost


def test_time_limit_ends_the_search() -> None:
    start = monotonic()
    result = suppress(table_of(example()), fewer_than=5, time_limit=0)
    assert result.is_safe
    assert monotonic() - start < 5


def test_nothing_reaches_standard_output() -> None:
    code = "from tests.disclosure.attack import trial; trial(0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b""


def test_choice_not_found_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that fails without a proof is told apart from a proof that no choice exists."""

    monkeypatch.setattr(Moves, "find", lambda *_, **__: MoveResult())
    with pytest.raises(EngineFailed, match=r"^The search found no safe set of cells.* Set a lower"):
        suppress(table_of(example()), fewer_than=5)


def test_invalid_witness_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Requirement, "is_met", lambda *_: True)
    monkeypatch.setattr(ChoiceSearch, "clean", lambda self, *_: self.suppressed.fill(False))
    with pytest.raises(EngineFailed, match="does not agree with the published counts"):
        suppress(table_of(example()), fewer_than=5, protect_contributors=False)


@pytest.mark.parametrize("warm", [True, False])
def test_public_and_private_solver_give_the_same_cost(
    warm: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if warm and _linear_program._core is None:
        pytest.skip("this scipy has no bindings")
    original = LinearProgram.__init__
    monkeypatch.setattr(
        LinearProgram, "__init__", lambda self, **given: original(self, **given, warm=warm)
    )
    truth = with_margins(dict(zip(product(SEXES, FORMS), (1, 8, 2, 9, 1, 7, 3, 6, 2), strict=True)))
    assert suppress(table_of(truth), fewer_than=5).is_safe
    assert suppress(table_of(example()), fewer_than=5).cost == 83


LEVEL = "^`protection_level` must be an integer of 1 or more, got"
FEWER_THAN = "^`fewer_than` must be an integer of 2 or more, got"
NO_DATA = {"fewer_than": 5, "always_publish": {"sex": "other"}}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"fewer_than": 5, "protection_level": 4, "marks": 2}, "must be at most 3, the width"),
        ({"fewer_than": 5, "marks": 3}, "`marks` must be 1 or 2"),
        ({"fewer_than": 5, "workers": 0}, "`workers` must be an integer of 1 or more"),
        ({"fewer_than": 5, "time_limit": -1}, "`time_limit` must be 0 or more"),
        ({"fewer_than": 5, "minimise": "persons"}, "`minimise` must be"),
        (
            {"fewer_than": 5, "always_publish": "total"},
            "a mapping of dimensions to codes, got 'total'",
        ),
        (
            {"fewer_than": 5, "always_publish": ["sex"]},
            "a mapping of dimensions to codes, got 'sex'",
        ),
        ({"fewer_than": 5, "progress": True}, "`progress` must be a function .*, got True"),
        ({}, "^`fewer_than`: at least one suppression rule must be set. Set `fewer_than`"),
        ({"fewer_than": "5"}, f"{FEWER_THAN} '5'. Use fewer_than=5"),
        ({"fewer_than": 2.5}, f"{FEWER_THAN} 2.5. Use fewer_than=5"),
        ({"fewer_than": 5, "protection_level": 0}, f"{LEVEL} 0. Use protection_level=1"),
        ({"fewer_than": 5, "protection_level": -1}, f"{LEVEL} -1. Use protection_level=1"),
        ({"fewer_than": 5, "protection_level": 1.5}, f"{LEVEL} 1.5. Use protection_level=1"),
        ({"fewer_than": 5, "protection_level": "2"}, f"{LEVEL} '2'. Use protection_level=1"),
        (NO_DATA, "`always_publish` must select rows"),
    ],
)
def test_invalid_arguments_are_rejected(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        suppress(table_of(example()), **arguments)


def _counted_cases() -> CountTable:
    """Return cases with several forms of exploitation per person."""
    frame = pd.DataFrame(
        {
            "sex": ["female"] * 30 + ["male"] * 30,
            "sexual": [1] * 25 + [0] * 5 + [1] * 3 + [0] * 27,
            "labour": [0] * 20 + [1] * 10 + [1] * 30,
        }
    )
    forms = {"exploitation": {"sexual": "sexual", "labour": "labour"}}
    by = ["sex", "exploitation"]
    return thb.count_cases(frame, by=by, multi=forms, area="MT", period=2020)


def test_overlap_is_known_from_counted_cases() -> None:
    """The forms overlap, so that 5 of 60 persons are not an upper bound of a form."""
    table = _counted_cases()
    result = suppress(table, fewer_than=5)
    assert result.is_safe
    assert result.assumptions.overlapping == ("exploitation",)
    assert "one person can be counted in several categories of exploitation" in str(result)
    assert disclosure_audit(table).assumptions.overlapping == ("exploitation",)
    with pytest.raises(ImpossibleResult, match="additivity assumptions"):
        suppress(table, fewer_than=5, overlapping=())


def test_difference_without_a_lower_bound_raises_no_warning() -> None:
    """The persons in several forms of exploitation have no upper bound."""
    table = made(
        "sex exploitation",
        [
            *(("female", "sexual", 15), ("female", "labour", 22), ("female", "total", 25)),
            *(("male", "sexual", 30), ("male", "labour", 4), ("male", "total", 31)),
            *(("total", "sexual", 45), ("total", "labour", 26), ("total", "total", 56)),
        ],
    )
    result = suppress(table, fewer_than=5, overlapping="exploitation")
    assert result.is_safe
    frame = result.audit.to_frame().set_index("row")
    (row,) = result.primary.rows.tolist()
    assert frame.loc[row, "lower"] == 0
    assert frame.loc[row, "upper"] >= 4


def test_suppressed_counts_of_a_table_stay_suppressed_and_are_protected() -> None:
    counts: dict[tuple[str, str], Count | int] = {**example()}
    counts["male", "sexual"] = Count.fewer_than(5, at_least=1)
    result = suppress(table_of(counts), fewer_than=5)
    known = suppressed()
    assert result.suppressed.tolist() == known.suppressed.tolist()
    assert result.table.count(sex="male", exploitation="sexual") == Count.fewer_than(5, at_least=1)
    assert result.is_safe
    again = suppress(result.table, fewer_than=5)
    assert again.table.lower.tolist() == result.table.lower.tolist()
    assert len(again.secondary) == 0


def test_missing_counts_do_not_prevent_suppression() -> None:
    counts: dict[tuple[str, str], Count | int] = {**example()}
    counts["female", "other"] = Count.not_reported()
    result = suppress(table_of(counts), fewer_than=5)
    assert result.table.count(sex="female", exploitation="other").reason is Reason.NOT_REPORTED
    assert result.is_safe


@pytest.mark.parametrize("data", [pd.DataFrame({"area": ["MT"], "value": [3]}), None, 3])
@pytest.mark.parametrize(
    "call",
    [
        thb.disclosure.disclosure_audit,
        partial(thb.disclosure.suppress, fewer_than=5),
        partial(thb.disclosure.round_controlled, base=5),
        partial(thb.sensitivity.extreme_scenarios, base="all", by="sex"),
    ],
)
def test_other_object_than_a_table_is_refused(call: Any, data: object) -> None:
    with pytest.raises(InvalidValue, match=r"^`(table|numbers)` must .*, got (an? |None)"):
        call(data)


def test_suppressed_count_is_not_the_zero_of_a_linked_table() -> None:
    known = {"total": 100, "male": 92, "unknown": 8}
    tables = [of_sex(**known, female=Count.fewer_than(5)), of_sex(**known, female=0)]
    for several in (tables, tables[::-1]):
        with pytest.raises(
            InvalidValue, match=r"same count of FR 2020: female, got (0 to 4|0) and"
        ):
            suppress(several, fewer_than=5)


def test_tables_without_rows_have_no_suppressed_rows() -> None:
    empty, table = made("sex", []), of_sex(total=100, female=3, male=97)
    for marks in (1, 2):
        assert len(suppress(empty, fewer_than=5, marks=marks).suppressed) == 0
    assert [len(own.suppressed) for own in suppress([empty, table], fewer_than=5)] == [0, 2]
    assert len(round_controlled(empty).rounded) == 0
    with pytest.raises(
        InvalidValue, match="must have cells in common with the table, got 'no rows'"
    ):
        suppress(table, fewer_than=5, previous=empty)


def test_primary_counts_are_suppressed_also_in_rows_to_publish() -> None:
    table = of_sex(total=100, female=3, male=97)
    result = suppress(table, fewer_than=5, always_publish={"sex": "female"})
    assert 1 in result.suppressed
