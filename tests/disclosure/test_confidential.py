"""Outputs of suppressed and rounded tables."""

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from hypothesis import given

import thbstats as thb
from tests.disclosure.tables import (
    Truth,
    example,
    made,
    of_sex,
    suppressed,
    table_of,
    truths,
    with_margins,
)
from tests.examples import examples
from thbstats.disclosure import (
    Exposure,
    SuppressedTable,
    SuppressionCause,
    disclosure_audit,
    primary_suppression,
    round_controlled,
    suppress,
)
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable
from thbstats.tables.origins import CellFinding
from thbstats.values import Count

NOTICE = "NOT FOR PUBLICATION"


def _outputs(result: Any) -> dict[str, str]:
    """Return the default outputs of a result."""
    return {
        "str": str(result),
        "repr": repr(result),
        "html": result._repr_html_(),
        "markdown": result.to_markdown(),
        "frame": result.to_frame().to_csv(),
        "dict": repr(result.to_dict()),
    }


def _with_other_counts(found: SuppressedTable, truth: Truth) -> SuppressedTable:
    """Return the suppression of another table with the same published table."""
    every = dict.fromkeys(found.suppressed.tolist(), SuppressionCause.ZERO)
    return evolve(
        found,
        primary=evolve(found.primary, table=table_of(truth), causes=every, untested=(0,)),
        secondary=np.array([], dtype=np.intp),
        minimise="cells",
        cost=found.cost + 1,
        extra_cost=7,
        unmet=tuple(every),
        exposures=(Exposure(1, "the person counted in FR 2020: male"),),
    )


@given(truths(most=12, size=2))
@examples(5)
def test_outputs_of_a_suppressed_table_do_not_depend_on_suppressed_counts(truth: Truth) -> None:
    result = suppress(table_of(truth), fewer_than=5, zeros=True, protection_level=1)
    other = {key: n + 3 * (row in result.suppressed) for row, (key, n) in enumerate(truth.items())}
    assert _outputs(_with_other_counts(result, other)) == _outputs(result)


@examples(5)
@given(truths(most=30))
def test_outputs_of_a_rounded_table_do_not_depend_on_the_counts(truth: Truth) -> None:
    result = round_controlled(table_of(truth), 5)
    other = {key: n + 1 for key, n in truth.items()}
    changed = evolve(result, original=table_of(other), bound=result.bound + 1)
    assert _outputs(changed) == _outputs(result)
    assert "adjusted" not in result.to_frame()


@pytest.mark.parametrize(
    "make",
    [
        lambda table: primary_suppression(table, fewer_than=5),
        lambda table: suppress(table, fewer_than=5).confidential,
        lambda table: round_controlled(table, 5).confidential,
    ],
    ids=["primary", "protection", "rounded"],
)
def test_every_output_of_confidential_results_has_the_notice(make: Any) -> None:
    confidential = make(table_of(example()))
    for text in _outputs(confidential).values():
        assert NOTICE in text
    assert (confidential.to_frame()["notice"] == NOTICE).all()


def test_confidential_part_of_a_suppressed_table_is_complete() -> None:
    result = suppressed().confidential
    frame, values, text = result.to_frame(), result.to_dict(), str(result)
    assert frame["role"].tolist() == ["secondary", "secondary", "primary", "secondary"]
    assert frame["count"].tolist() == [60, 9, 3, 14]
    assert not frame["unmet"].any()
    assert (values["cost"], values["is_safe"], values["suppressed_total"]) == (83, True, [86, 86])
    assert "1 primary and 3 secondary counts; their sum is 86." in text
    assert "The sum of the secondary counts is 83; no safe choice has less." in text


def test_report_rejects_counts_before_publication() -> None:
    safe = suppressed()
    for item in (safe, safe.primary, safe.confidential):
        with pytest.raises(InvalidValue, match=r"unprotected counts.*report\(safe\.table\)"):
            thb.report(item)
    html = thb.report(safe.table).to_html()
    assert NOTICE not in html


def test_report_on_a_rounded_table_has_no_marks() -> None:
    rounded = round_controlled(table_of(example()), 5)
    assert rounded.adjusted.any()
    text = thb.report(rounded).to_text()
    assert "Rounded to multiples of 5" in text
    assert "nearest" not in text
    assert "!" not in text


def test_findings_are_not_published() -> None:
    """Findings are sentences that contain counts, including suppressed ones."""
    table = table_of(example())
    finding = np.full(len(table), 1, dtype=np.uint32)
    sets = ((), (CellFinding("REPAIRED_CONFLICT", "1 and 2 are 3 men."),))
    table = CountTable(evolve(table.columns, finding=finding, findings=sets))
    for published in (suppress(table, fewer_than=5).table, round_controlled(table, 5).table):
        assert (published.to_frame()["findings"] == "").all()
        assert not published.columns.findings_at(slice(None))


def test_pickles_contain_the_counts() -> None:
    table = table_of(example())
    hidden, rounded = suppress(table, fewer_than=5), round_controlled(table, 5)
    primary = pickle.loads(pickle.dumps(primary_suppression(table, fewer_than=5)))
    assert primary.table.lower.tolist() == table.lower.tolist()
    again = pickle.loads(pickle.dumps(hidden)).primary.table
    assert again.lower.tolist() == hidden.primary.table.lower.tolist()
    assert pickle.loads(pickle.dumps(rounded)).changes.tolist() == rounded.changes.tolist()


@pytest.mark.parametrize("least", ["count", "cells"])
def test_seed_gives_safe_choices_of_at_most_twice_the_cost(least: Any) -> None:
    cheapest = suppressed(minimise=least)
    result = [suppressed(minimise=least, seed=seed) for seed in range(3)]
    if least == "cells":  # the rows have equal costs without the seed
        assert len({tuple(item.suppressed.tolist()) for item in result}) > 1
    for item in result:
        assert item.is_safe
        assert cheapest.cost <= item.cost <= 2 * cheapest.cost
    again = suppress(table_of(example()), fewer_than=5, minimise=least, seed=2)
    assert again.suppressed.tolist() == result[2].suppressed.tolist()


@pytest.mark.parametrize("seed", [-1, 1.5, "7"])
def test_seed_is_an_integer(seed: Any) -> None:
    with pytest.raises(InvalidValue, match="`seed`"):
        suppress(table_of(example()), fewer_than=5, seed=seed)


def test_count_that_was_suppressed_before_stays_unknown() -> None:
    counts = {"total": 100, "female": Count.fewer_than(5, at_least=1), "male": 90, "unknown": 8}
    result = suppress(of_sex(**counts), fewer_than=5)
    confidential = result.confidential
    assert confidential.to_frame()["count"].isna().tolist() == [True, False]
    assert confidential.to_dict()["suppressed_total"] == [9, 12]
    assert "1 primary and 1 secondary counts; their sum is 9 to 12." in str(confidential)


def test_cost_of_linked_tables_is_compared_with_the_bound_for_all_of_them() -> None:
    inside = {
        "exploitation": {("female", "sexual"): 47, ("female", "labour"): 13,
                         ("male", "sexual"): 3, ("male", "labour"): 37},
        "age": {("female", "child"): 28, ("female", "adult"): 32,
                ("male", "child"): 2, ("male", "adult"): 38},
    }  # fmt: skip
    tables = [
        made(f"sex {name}", [(*key, n) for key, n in with_margins(counts).items()])
        for name, counts in inside.items()
    ]
    first, second = suppress(tables, fewer_than=5)
    # All four cells inside each table, apart from the primary one: no row or column has one
    # suppressed cell.
    assert (first.cost, second.cost) == (47 + 13 + 37, 28 + 32 + 38)
    assert first.linked_cost == second.linked_cost == 195
    text = "The sum of the secondary counts is 97, and 195 in all linked tables; no safe choice"
    assert f"{text} for all of them has less." in str(first.confidential).replace("\n  ", " ")


def test_published_tables_of_multiple_response_keep_their_mark() -> None:
    answers = {"sexual": [1] * 6 + [0] * 6, "work": [1] * 10 + [0] * 2, "crime": [1] * 3 + [0] * 9}
    cases = pd.DataFrame({"country": "FR", "year": 2016, **answers})
    table = thb.count_cases(
        cases,
        by=["area", "period", "exploitation"],
        columns={"area": "country", "period": "year"},
        multi={"exploitation": {"sexual": "sexual", "labour": "work", "other": "crime"}},
        status="identified",
    )
    safe, rounded = suppress(table, fewer_than=5), round_controlled(table, 5)
    assert safe.table.multiple_response == rounded.table.multiple_response == ("exploitation",)
    # 3 cases of crime next to 10 of labour and 6 of sexual exploitation, of 12 cases in all
    audit = disclosure_audit(safe.table)
    assert (audit.lower.tolist(), audit.upper.tolist()) == ([0], [12])


@pytest.mark.parametrize(("marks", "listed"), [(1, ["[c]", "[c]"]), (2, ["<5", "[c]"])])
def test_list_of_suppressed_cells_shows_the_mark_of_each(marks: int, listed: list[str]) -> None:
    table = of_sex(female=3, male=50, unknown=40, total=93)
    result = suppress(table, fewer_than=5, marks=marks)
    assert [row.cells[1].text for row in result.display_table().rows] == listed
    assert str(result.table).count("[c]") == (3 if marks == 1 else 0)
