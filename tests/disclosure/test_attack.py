"""Attack by difference between two releases."""

import numpy as np
import pytest

import thbstats as thb
from tests.disclosure.release_pairs import FEW, FORMS, HIDDEN, SEXES, reported_and_expected
from tests.disclosure.tables import made, of_sex
from thbstats.disclosure import difference, suppress
from thbstats.errors import InvalidValue, NarrowingForbidden, UnknownName


def test_known_old_count_reveals_a_suppressed_one() -> None:
    old = of_sex(total=100, male=93, female=7)
    new = of_sex(total=100, male=HIDDEN, female=HIDDEN)
    found = difference(old, new)
    assert found.counts == {"exact": 2, "narrowed": 0, "contradicted": 0, "moved_by_one": 0}
    rows = [(row.sex, row.release, row.lower, row.upper, row.single_upper) for row in found]
    assert rows == [("male", "new", 93, 93, 100), ("female", "new", 7, 7, 100)]
    assert repr(found) == "<DifferenceAttack: 2 exact>"
    assert "cells that show no change have one count" in found.notes[-1]
    assert len(difference(old, new, assume="nothing")) == 0
    assert repr(difference(old, old)) == "<DifferenceAttack: nothing disclosed>"


def test_changed_margin_shows_that_a_suppressed_cell_changed() -> None:
    old = of_sex(total=100, male=93, female=7)
    new = of_sex(total=102, male=HIDDEN, female=HIDDEN)
    assert len(difference(old, new)) == 0
    # The change of the men explains the one of the total.
    new = of_sex(total=102, male=95, female=HIDDEN, unknown=HIDDEN)
    old = of_sex(total=100, male=93, female=7, unknown=0)
    assert difference(old, new).counts["exact"] == 2
    # A category that is new can take the difference.
    new = of_sex(total=102, male=93, female=HIDDEN, unknown=HIDDEN)
    found = difference(of_sex(total=100, male=93, female=7), new)
    assert {row.sex: (row.lower, row.upper) for row in found} == {
        "female": (7, 7), "unknown": (2, 2)
    }  # fmt: skip


def test_releases_that_contradict_each_other_are_not_assessable() -> None:
    old = made("sex age", [("total", "total", 9), ("female", "total", 4), ("male", "total", 5)])
    new = made(
        "sex age",
        [("total", "total", 9), ("female", "total", FEW), ("male", "total", HIDDEN),
         ("female", "child", 3), ("female", "adult", 3)],
    )  # fmt: skip
    assert difference(old, new).counts["contradicted"] >= 1


def test_small_cell_that_moved_by_one_within_its_total_is_reported() -> None:
    # Referrals of the fourth quarter of 2010: 0 to 1, and 130 to 129.
    old, new = (of_sex(total=160, male=a, female=b, unknown=30) for a, b in ((0, 130), (1, 129)))
    [row] = difference(old, new)
    assert (row.sex, row.risk, row.single_lower, row.lower) == ("male", "moved_by_one", 0, 1)
    assert (
        difference(of_sex(total=160, male=30, female=130), new, few=1).counts["moved_by_one"] == 0
    )
    changed = of_sex(total=161, male=2, female=129, unknown=30)
    assert len(difference(new, changed)) == 0
    seven, eight = (of_sex(total=160, male=a, female=160 - a) for a in (7, 8))
    assert len(difference(seven, eight)) == 0
    assert len(difference(seven, eight, few=7)) == 1


def test_bad_arguments_are_refused() -> None:
    table = of_sex(total=3, male=2, female=1)
    justice = thb.CountTable.from_rows(
        [("convicted", 3)], columns=["stage", "value"], kind="justice", area="FR", period=2020
    )
    with pytest.raises(InvalidValue, match="must be a table of victims"):
        difference(table, justice)
    with pytest.raises(InvalidValue, match="'unchanged' or 'nothing'"):
        difference(table, table, assume="same")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="`few` must be an integer"):
        difference(table, table, few=0)
    with pytest.raises(UnknownName, match="dimensions of victims"):
        difference(table, table, dimensions="place")
    secret = thb.CountTable.from_rows(
        [{"value": 3}], kind="victims", area="FR", period=2020,
        source=thb.Source(title="A", terms="No re-identification"),
    )  # fmt: skip
    with pytest.raises(NarrowingForbidden):
        difference(secret, secret)


@pytest.mark.parametrize("block", range(10))
def test_reported_cells_are_those_of_integer_programs(block: int) -> None:
    # `python -m tests.disclosure.release_pairs 300 0` draws 300 pairs; the tests use 50 of them.
    for seed in range(30 * block, 30 * block + 5):
        reported, expected = reported_and_expected(seed)
        assert reported == expected


def test_protected_release_tells_no_suppressed_count_with_the_old_one() -> None:
    unprotected = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        first = rng.integers(0, 25, (3, 3))
        second = first.copy()
        second[rng.integers(3), rng.integers(3)] += 3
        tables = []
        for inner in (first, second):
            grid = np.pad(inner, ((0, 1), (0, 1)))
            grid[-1, :-1], grid[:-1, -1], grid[-1, -1] = inner.sum(0), inner.sum(1), inner.sum()
            rows = [
                (sex, form, int(grid[i, j]))
                for i, sex in enumerate((*SEXES, "total"))
                for j, form in enumerate((*FORMS, "total"))
            ]
            tables.append(made("sex exploitation", rows))
        old = suppress(tables[0], fewer_than=5, time_limit=0)
        for previous in ((), (old,)):
            new = suppress(tables[1], fewer_than=5, time_limit=0, previous=previous)
            found = difference(old.table, new.table).where(risk="exact", release="new")
            told = [
                row.row
                for row in found
                if row.row in new.primary.rows and row.lower == tables[1].lower[row.row]
            ]
            unprotected += len(told) * (not previous)
            assert not told or not previous
    assert unprotected


def test_a_part_of_contradictory_releases_has_no_exact_bounds() -> None:
    def release(*lines: str) -> thb.CountTable:
        cells = zip((*SEXES, "total"), lines, strict=True)
        rows = [
            (sex, age, {"c": HIDDEN, "<5": FEW}.get(text) or int(text))
            for sex, line in cells
            for age, text in zip(("child", "adult", "unknown", "total"), line.split(), strict=True)
        ]
        return made("sex age", rows)

    old = release("3 5 7 c", "3 <5 2 c", "c 5 4 12", "9 11 c c")
    new = release("3 5 7 c", "3 0 c 5", "3 5 <5 12", "9 c 13 32")
    found = difference(old, new)
    assert {row.risk for row in found} == {"contradicted"}
