"""Completions: bounds that integers for all counts attain, and bounds that none attains."""

import numpy as np
import pytest

import thbstats as thb
from tests.rows import check_rows
from thbstats.formulas import free_counts
from thbstats.panel import completions
from thbstats.panel.completions import SearchStep, completions_of
from thbstats.panel.query_systems import systems_of

FEW = thb.Count.fewer_than(5)
MISSING = thb.Count.not_reported()
SEX_FORM = ["sex", "exploitation"]
TWO_BY_TWO = [
    ("total", "total", 43), ("female", "total", 42), ("male", "total", FEW),
    ("total", "sexual", 41),
]  # fmt: skip


def table(
    rows: list[tuple[object, ...]], names: list[str], kind: object = "victims"
) -> thb.CountTable:
    return thb.CountTable.from_rows(
        rows, columns=[*names, "value"], kind=kind, area="AE", period=2008, status="detected"
    )


def test_bound_is_attained_if_all_counts_have_a_completion() -> None:
    def check(rows: list[tuple[object, ...]], bounds: tuple[str, str], attained: bool) -> None:
        found = thb.share(
            table(rows, SEX_FORM), sex="female", exploitation="sexual", base="all",
            by=["area", "period"],
        ).row(0)  # fmt: skip
        assert (str(found.bounds.lower), str(found.bounds.upper)) == bounds
        assert found.bounds_attained == attained

    check_rows(
        check,
        [
            # One person is not female, and can be one of the victims of sexual exploitation.
            (TWO_BY_TWO, ("40/43", "41/43"), True),
            # All persons are of sexual exploitation: all women are.
            ([*TWO_BY_TWO[:3], ("total", "sexual", 43)], ("42/43", "42/43"), True),
            # The total is not known: a share without persons outside is a limit.
            ([("female", "sexual", 3), ("male", "labour", MISSING)], ("0", "1"), False),
            # Forms overlap: each of them is at most all persons.
            (
                [
                    ("total", "total", 10), ("total", "sexual", 8), ("total", "labour", 9),
                    ("female", "total", 6), ("female", "labour", MISSING),
                ],
                ("2/5", "3/5"),
                True,
            ),
            # Men above their total contradict it: the bounds of women use neither count.
            (
                [
                    ("total", "total", 40), ("female", "total", 20), ("male", "total", 10),
                    ("male", "sexual", 15), ("total", "sexual", 20),
                ],
                ("0", "1/2"),
                False,
            ),
        ],
    )  # fmt: skip


def test_count_that_only_a_search_determines_is_derived() -> None:
    rows = [
        ("total", "total", 51), ("female", "total", 48), ("male", "total", FEW),
        ("total", "sexual", 51),
    ]  # fmt: skip
    women = thb.share(
        table(rows, SEX_FORM), sex="female", where={"exploitation": "sexual"}, base="all"
    )
    assert (women.numerator, women.denominator) == (thb.Interval.point(48), thb.Interval.point(51))
    assert women.derived
    total = thb.total(table(rows, SEX_FORM), sex="female", exploitation="sexual")
    assert total.value == thb.Interval.point(48)
    assert total.derived
    assert total.bounds_attained


def test_rows_of_two_open_dimensions_need_all_cells() -> None:
    rows = [
        ("total", "total", "total", 68), ("female", "labour", "RO", 8), ("male", "total", "NG", 20),
        ("male", "other", "total", 11), ("male", "other", "NG", 8),
    ]  # fmt: skip
    men = thb.total(
        table(rows, [*SEX_FORM, "citizenship"]), sex="male", exploitation="labour", citizenship="RO"
    )
    assert men.bounds == thb.Interval(0, 40)
    assert not men.bounds_attained


def test_rows_of_a_long_list_by_sex_are_not_searched() -> None:
    codes = [country.code for country in thb.geography.COUNTRIES][:50]
    rows = [("total", "total", 90), ("female", codes[0], 20), ("male", "total", FEW)]
    rows += [("total", code, 1) for code in codes[1:]]
    women = thb.total(table(rows, ["sex", "citizenship"]), sex="female")
    assert women.bounds == thb.Interval(20, 90)
    assert not women.bounds_attained


def test_groups_of_citizenship_and_countries_divide_the_same_persons() -> None:
    rows = [
        ("total", 10), ("reporting_country", MISSING), ("RO", 6), ("NG", MISSING), ("unknown", 1),
    ]  # fmt: skip
    found = thb.total(table(rows, ["citizenship"]), citizenship="NG")
    assert found.bounds == thb.Interval(0, 3)
    # A search would have to know which groups the citizens of a country belong to.
    assert not found.bounds_attained


def test_counts_of_known_persons_leave_unknown_persons_out() -> None:
    rows = [
        ("total", "total", 20), ("female", "total", 12), ("female", "child", FEW),
        ("male", "total", 8), ("male", "child", 2),
    ]  # fmt: skip
    girls = thb.share(
        table(rows, ["sex", "age"]), sex="female", age="child", base="known", by=["area", "period"]
    ).row(0)
    # Four girls and eight women of unknown age: men are known not to be girls.
    assert str(girls.bounds.upper) == "1/3"
    assert girls.bounds_attained


def test_search_that_does_not_end_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(**limits: int) -> bool:
        for name, limit in limits.items():
            monkeypatch.setattr(free_counts, name, limit)
        systems = systems_of(table(TWO_BY_TWO, SEX_FORM).columns)
        row = np.flatnonzero(systems.implied.lower < systems.implied.upper)[:1]
        low = systems.implied.lower[row]
        return bool(
            completions_of(systems).reach(
                [SearchStep(row=row, low=low, high=low, is_large=low >= 0)]
            )[0][0]
        )

    assert found()
    assert not found(_STEPS=0)
    assert not found(_STEPS=120, _SWEEPS=1)


def test_counts_of_a_step_depend_on_those_before() -> None:
    rows = [("total", 10), ("female", 3), ("male", FEW), ("unknown", MISSING)]
    search = completions_of(systems_of(table(rows, ["sex"]).columns))

    def counts(most: int) -> tuple[bool, list[list[int]]]:
        men, unknown, low, high = (np.array([number]) for number in (2, 3, 0, most))
        four, no = np.array([4]), np.array([False])
        reached, result = search.reach(
            [
                SearchStep(row=men, low=four, high=four, is_large=no),
                SearchStep(row=unknown, low=low, high=high, is_large=no),
            ]
        )
        return bool(reached[0]), result.tolist()

    # With 4 men, 3 of 10 victims are of unknown sex.
    assert counts(10) == (True, [[4], [3]])
    assert counts(2) == (False, [[4], [3]])


def test_number_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, numbers = table(TWO_BY_TWO, SEX_FORM), []
    search = completions.Completions._reach

    def counted(own: completions.Completions, steps: list[SearchStep]) -> object:
        numbers.append(len(steps[0].row))
        return search(own, steps)

    monkeypatch.setattr(completions.Completions, "_reach", counted)
    first, again = (
        thb.share(counts, sex="female", exploitation="sexual", base="all", by="area")
        for _ in range(2)
    )
    assert numbers == [2]  # The upper and the lower bound of the only number.
    assert again.bounds_attained.tolist() == first.bounds_attained.tolist() == [True]
