"""Primary and secondary suppression."""

from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
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
    with_margins,
)
from tests.examples import examples
from thbstats.disclosure import disclosure_audit, primary_suppression, suppress
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Count, Reason


def _published(
    truth: Truth, suppressed: set[int], limit: int
) -> dict[tuple[str, str], Count | int]:
    """Return the published table for suppressed rows, with an upper bound for each."""
    whole = sum(n for key, n in truth.items() if "total" not in key)
    few, others = Count.fewer_than(limit, at_least=1), Count.suppressed(limit, whole + 8)
    return {
        key: (few if 0 < n < limit else others) if row in suppressed else n
        for row, (key, n) in enumerate(truth.items())
    }


def _is_safe(truth: Truth, suppressed: set[int], limit: int, width: int) -> bool:
    """Whether feasible tables give each small count the width, by enumeration."""
    keys = [key for key, n in truth.items() if 0 < n < limit]
    least = dict.fromkeys(keys, limit)
    most = dict.fromkeys(keys, 0)
    for table in fitting(_published(truth, suppressed, limit)):
        for key in keys:
            least[key], most[key] = min(least[key], table[key]), max(most[key], table[key])
    return all(most[key] - least[key] >= width for key in keys)


@given(truths(most=6, size=2), st.integers(1, 2), st.sampled_from(["count", "cells"]))
@examples(12)
def test_no_cheaper_choice_is_safe(truth: Truth, width: int, least: str) -> None:
    """Every choice of secondary rows and every feasible table is tried."""
    limit = 4
    numbers = list(truth.values())
    few = {row for row, n in enumerate(numbers) if 0 < n < limit}
    try:
        result = suppress(
            table_of(truth),
            fewer_than=limit,
            protection_level=width,
            minimise=least,  # type: ignore[arg-type]
            protect_contributors=False,
        )
    except ImpossibleResult:
        others = {row for row, n in enumerate(numbers) if n >= limit}
        assert not _is_safe(truth, few | others, limit, width)
        return
    assert set(result.primary.rows.tolist()) == few
    assert result.is_safe
    assert result.is_optimal
    others = [row for row, n in enumerate(numbers) if n >= limit]
    costs = {row: numbers[row] if least == "count" else 1 for row in others}
    cheaper = (
        chosen
        for size in range(len(others) + 1)
        for chosen in combinations(others, size)
        if sum(costs[row] for row in chosen) < result.cost
    )
    assert not any(_is_safe(truth, few | set(chosen), limit, width) for chosen in cheaper)


@given(truths(most=30), st.booleans())
@examples(12)
def test_published_table_does_not_narrow_primary_cells(
    truth: Truth, protect_contributors: bool
) -> None:
    result = suppress(table_of(truth), fewer_than=5, protect_contributors=protect_contributors)
    few, others = Count.fewer_than(5, at_least=1), Count.suppressed(5)
    nothing = {key: (few if n < 5 else others) if n else 0 for key, n in truth.items()}
    audit, best = disclosure_audit(result.table), disclosure_audit(table_of(nothing))
    widest = dict(zip(best.rows.tolist(), best.width.tolist(), strict=True))
    for row, width in zip(audit.rows.tolist(), audit.width, strict=True):
        if row in result.primary.causes:
            assert width == widest[row]
    assert result.is_safe
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
    assert result.suppressed_total == 60 + 14 + 9 + 3


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
        ImpossibleResult, match=r"field 'protection_level'.* Use a lower `protection_level`"
    ):
        suppress(few, fewer_than=5, protection_level=3)
    with pytest.raises(
        ImpossibleResult,
        match=r"(?s)field 'always_publish'.* an outside attacker can derive this count even if.*"
        "Publish fewer rows",
    ):
        suppress(table_of(example()), fewer_than=5, always_publish={"sex": ["female", "total"]})


def test_person_alone_in_a_cell_does_not_learn_another_cell() -> None:
    """One man and two women: the man can subtract himself."""
    table = of_sex(total=33, male=1, female=2, unknown=30)
    outside = suppress(table, fewer_than=5, protection_level=1, protect_contributors=False)
    assert outside.suppressed.tolist() == [1, 2]
    inside = suppress(table, fewer_than=5, protection_level=1)
    assert inside.attackers == ("an outside attacker", "the person counted in FR 2020: male")
    assert inside.secondary.tolist() == [3]
    assert inside.insider_widths.tolist() == [np.inf, 3]


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
    assert result.attackers == ("an outside attacker", "FR")
    assert result.suppressed.tolist() == [0, 1, 2]


def test_table_without_sums_has_no_secondary_suppression() -> None:
    table = of_sex(female=3, male=40)
    result = suppress(table, fewer_than=5)
    assert result.suppressed.tolist() == [0]
    assert result.cost == result.bound == 0


def test_iteration_limit_gives_a_safe_table_and_states_the_gap() -> None:
    generator = np.random.default_rng(5)
    forms = ["sexual", "labour", "other", "unknown"]
    inside = {(s, f): int(generator.integers(0, 40)) for s in SEXES for f in forms}
    table = table_of(with_margins(inside))
    full, short = suppress(table, fewer_than=8), suppress(table, fewer_than=8, max_iterations=1)
    assert full.is_safe
    assert short.is_safe
    assert full.is_optimal
    assert short.bound <= full.cost <= short.cost
    assert not short.is_optimal
    assert "the minimum is not known" in str(short.confidential)


def test_counts_that_violate_the_assumptions_are_rejected() -> None:
    table = of_sex(total=50, female=3, male=40)
    with pytest.raises(
        ImpossibleResult, match=r"must satisfy the additivity.*remove it from `exhaustive`"
    ):
        suppress(table, fewer_than=5)
    assert suppress(table, fewer_than=5, unpublished_unknown=True).suppressed.tolist() == [1]


def test_count_without_an_upper_bound_needs_a_protection_level() -> None:
    table = of_sex("EU28", total=100, female=60, male=40)
    countries = made("area sex", [("UK", "female", 55), ("FR", "female", 5)], area=None)
    chosen = primary_suppression(table, dominance=(1, 90), contributors=countries)
    with pytest.raises(InvalidValue, match="without a published upper bound"):
        suppress(chosen)
    with pytest.raises(InvalidValue, match="must not be set for a PrimarySuppression"):
        suppress(chosen, fewer_than=5, protection_level=1)


def test_outputs_show_suppressed_rows_and_attacker_bounds() -> None:
    result = suppressed()
    bounds = result.to_frame()[["published_lower", "published_upper", "lower", "upper"]]
    assert bounds.loc[2].tolist() == [1, 4, 1, 4]
    assert result.to_dict()["is_safe"]
    assert len(result.to_dict()["suppressed"]) == 4
    text = " ".join(str(result).split())
    assert "4 of 12 rows are suppressed." in text
    assert "every suppressed cell has its protection level" in text
    assert "insiders who know a suppressed count" in text
    assert "insiders" not in str(suppressed(protect_contributors=False))
    assert repr(result) == "<SuppressedTable 4 of 12 rows suppressed; safe>"


def test_person_alone_in_a_cell_and_in_its_total_is_one_person() -> None:
    counts = zip(product(SEXES[:2], FORMS[:2]), (1, 0, 20, 30), strict=True)
    result = suppress(table_of(with_margins(dict(counts))), fewer_than=5, protection_level=1)
    assert result.attackers == (
        "an outside attacker",
        "the person counted in FR 2020: female, sexual",
    )
    assert result.is_safe


def test_three_dimensions_are_protected() -> None:
    table = in_three_dimensions([3, 25, 14, 19, 8, 0, 31, 40])
    result = suppress(table, fewer_than=5)
    audit = disclosure_audit(result.table)
    (row,) = result.primary.rows.tolist()
    index = audit.rows.tolist().index(row)
    assert (audit.lower[index], audit.upper[index]) == (1, 4)
    assert result.is_optimal


LEVEL = "field 'protection_level', value 0: `protection"
NO_ROW = {"fewer_than": 5, "always_publish": {"sex": "other"}}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"fewer_than": 5, "protection_level": 4}, "must be at most 3, the width"),
        ({"fewer_than": 5, "max_iterations": 0}, "`max_iterations` must be an integer"),
        ({"fewer_than": 5, "minimise": "persons"}, "`minimise` must be"),
        ({}, "at least one suppression rule must be set"),
        ({"fewer_than": "5"}, "field 'fewer_than', value '5': `fewer_than` must be"),
        ({"fewer_than": 2.5}, "field 'fewer_than', value 2.5: `fewer_than` must be"),
        ({"fewer_than": 5, "protection_level": 0}, LEVEL),
        ({"fewer_than": 5, "protection_level": -1}, "field 'protection_level', value -1"),
        ({"fewer_than": 5, "protection_level": 1.5}, "field 'protection_level', value 1.5"),
        ({"fewer_than": 5, "protection_level": "2"}, "field 'protection_level', value '2'"),
        ({"fewer_than": 5, "max_iterations": "x"}, "field 'max_iterations', value 'x'"),
        (NO_ROW, "`always_publish` must select rows"),
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
    assert result.audit.assumptions.overlapping == ("exploitation",)
    assert "one person can be counted in several categories of exploitation" in str(result)
    assert disclosure_audit(table).assumptions.overlapping == ("exploitation",)
    with pytest.raises(ImpossibleResult, match="additivity assumptions"):
        suppress(table, fewer_than=5, overlapping=())


def test_suppressed_counts_of_a_table_stay_suppressed_and_are_protected() -> None:
    counts: dict[tuple[str, str], Count | int] = {**example()}
    counts["male", "sexual"] = Count.fewer_than(5, at_least=1)
    result = suppress(table_of(counts), fewer_than=5)
    known = suppressed()
    assert result.suppressed.tolist() == known.suppressed.tolist()
    assert result.table.count(sex="male", exploitation="sexual") == Count.fewer_than(5, at_least=1)
    assert result.is_safe
    again = suppress(result.table, fewer_than=5, protection_level=3)
    assert again.table.lower.tolist() == result.table.lower.tolist()
    assert len(again.secondary) == 0


def test_missing_counts_do_not_prevent_suppression() -> None:
    counts: dict[tuple[str, str], Count | int] = {**example()}
    counts["female", "other"] = Count.not_reported()
    result = suppress(table_of(counts), fewer_than=5)
    assert result.table.count(sex="female", exploitation="other").reason is Reason.NOT_REPORTED
    assert result.is_safe
