"""Sums of periods, registering bodies, statuses and citizenships in suppression and audits."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from thbstats.disclosure import disclosure_audit, round_controlled, suppress
from thbstats.tables import CountTable
from thbstats.values import Count

SECRET = Count.suppressed()


def made(column: str, counts: dict[str, Any], **attributes: Any) -> CountTable:
    fixed = {"kind": "victims", "area": "FR", "period": 2016} | attributes
    fixed.pop(column, None)
    return CountTable.from_rows(list(counts.items()), columns=[column, "value"], **fixed)


SUMS = [
    ("period", {"2015": 3, "2016": 70, "2015-2016": 73}),
    ("register", {"all": 73, "police": 70, "ngo": 3}),
    ("status", {"registered": 73, "identified": 70, "presumed": 3}),
]


@pytest.mark.parametrize(("column", "counts"), SUMS)
def test_parts_of_a_period_of_bodies_and_of_statuses_are_protected(
    column: str, counts: dict[str, int]
) -> None:
    result = suppress(made(column, counts), fewer_than=5)
    # The reader of two of the three counts subtracts.
    assert len(result.suppressed) == 2
    assert result.is_safe
    naive = made(column, {code: SECRET if n == 3 else n for code, n in counts.items()})
    audit = disclosure_audit(naive)
    assert (audit.lower.tolist(), audit.upper.tolist()) == ([3], [3])
    assert disclosure_audit(naive, dimensions="sex").upper.tolist() == [np.inf]
    # One person can be counted in both parts: 73 persons, of whom 70 in the other part.
    audit = disclosure_audit(naive, overlapping=column)
    assert (audit.lower.tolist(), audit.upper.tolist()) == ([3], [73])


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("period", "the counts of several periods add up to the count of the whole period"),
        ("register", "the counts of the registering bodies add up to the count of all bodies"),
        ("status", "identified and presumed victims add up to registered victims"),
    ],
)
def test_assumption_on_the_sum_is_stated_only_if_the_table_has_one(column: str, text: str) -> None:
    counts = dict(SUMS)[column]
    result = suppress(made(column, counts), fewer_than=5)
    assert text in result.assumed
    assert text in result.audit.assumed
    [whole] = [code for code, n in counts.items() if n == 73]
    parts = {code: n for code, n in counts.items() if code != whole}
    assert text not in suppress(made(column, parts), fewer_than=5).assumed
    assert text not in suppress(made(column, counts), fewer_than=5, overlapping=column).assumed


def test_quarters_add_up_to_a_year_without_a_row() -> None:
    # 2015 is 50 of 73, and its quarters are 20, 20, 7 and 3.
    counts = {"2015-Q1": 20, "2015-Q2": 20, "2015-Q3": 7, "2015-Q4": SECRET, "2016": 23}
    audit = disclosure_audit(made("period", counts | {"2015-2016": 73}))
    assert (audit.lower.tolist(), audit.upper.tolist()) == ([3], [3])


def test_periods_that_are_not_exact_do_not_add_up() -> None:
    audit = disclosure_audit(made("period", {"~2015": SECRET, "2016": 70, "2015-2016": 73}))
    assert audit.upper.tolist() == [np.inf]


def test_teams_of_several_years_are_counted_once_in_their_sum() -> None:
    counts = [("2015", SECRET), ("2016", 9), ("2015-2016", 10)]
    rows = [(period, "eurojust", "joint_investigation_teams", n) for period, n in counts]
    table = CountTable.from_rows(
        rows, columns=["period", "body", "kind", "value"], kind="cooperation", area="EU28"
    )
    audit = disclosure_audit(table)
    assert (audit.lower.tolist(), audit.upper.tolist()) == ([1], [10])


def test_counts_of_bodies_that_register_the_same_victims_need_not_add_up() -> None:
    result = suppress(made("register", {"all": 73, "police": 72, "ngo": 3}), fewer_than=5)
    assert result.is_safe
    assert result.suppressed.tolist() == [1, 2]  # 73 - 72 are victims of the other body alone


def test_years_of_some_categories_add_up_with_two_years_of_others() -> None:
    # Men have counts for both years together only; women 2015 are 73 - 69 - 1 = 3.
    rows = [("2015", "female", SECRET), ("2016", "female", 1), ("2015-2016", "male", 69)]
    table = CountTable.from_rows(
        [*rows, ("2015-2016", "total", 73)],
        columns=["period", "sex", "value"],
        kind="victims",
        area="FR",
    )
    audit = disclosure_audit(table)
    assert (audit.lower.tolist(), audit.upper.tolist()) == ([3], [3])


def test_a_category_that_only_the_year_lists_is_a_part_of_the_quarter() -> None:
    # Men of the quarter: 13 + 10 + 9 unknown = 32. Women of unknown form: 11 - 9 = 2.
    def table(women: Any) -> CountTable:
        counts = [
            ("2016", "female", "labour", 26), ("2016", "male", "unknown", 32),
            ("2016-Q3", "female", "unknown", women), ("2016-Q3", "total", "unknown", 11),
            ("2016-Q3", "male", "sexual", 13), ("2016-Q3", "male", "labour", 10),
            ("2016-Q3", "male", "total", 32),
        ]  # fmt: skip
        names = ["period", "sex", "exploitation", "value"]
        return CountTable.from_rows(counts, columns=names, kind="victims", area="FR")

    audit = disclosure_audit(table(SECRET))
    assert (audit.lower.tolist(), audit.upper.tolist()) == ([2], [2])
    result = suppress(table(2), fewer_than=5)
    assert result.is_safe
    assert len(result.suppressed) == 2  # the women, and a count of men or the total of the quarter


@pytest.mark.parametrize(
    ("name", "parts", "whole"),
    [
        ("area", ("BE", "FR"), "BE+FR"),
        ("register", ("police", "ngo"), "all"),
        ("status", ("identified", "presumed"), "registered"),
    ],
)
def test_a_category_that_only_the_parts_list_is_a_part_of_the_whole(
    name: str, parts: tuple[str, str], whole: str
) -> None:
    # 23 of 73 persons of the whole are in labour, and 50 in sexual exploitation.
    counts = [
        (parts[0], "sexual", 30), (parts[0], "labour", 20), (parts[0], "total", 50),
        (parts[1], "sexual", 20), (parts[1], "labour", 3), (parts[1], "total", 23),
        (whole, "labour", 23), (whole, "total", 73),
    ]  # fmt: skip
    fixed = {"kind": "victims", "period": 2016} | ({} if name == "area" else {"area": "FR"})
    names = [name, "exploitation", "value"]
    result = suppress(CountTable.from_rows(counts, columns=names, **fixed), fewer_than=5)
    assert result.is_safe
    assert len(result.suppressed) == 3


def test_rounded_years_add_up() -> None:
    table = made("period", {"2015": 2, "2016": 2, "2015-2016": 4})
    first, second, both = round_controlled(table, 5).rounded.tolist()
    assert first + second == both


def test_new_release_of_a_sum_protects_an_earlier_release_of_its_years() -> None:
    earlier = suppress(made("period", {"2015": 3, "2016": 70}), fewer_than=5)
    sums = made("period", {"2016": 70, "2015-2016": 73})
    # With 73 next to 70, the suppressed 3 of the earlier release is known.
    assert suppress(sums, fewer_than=5, previous=earlier).unmet or len(
        suppress(sums, fewer_than=5, previous=earlier).suppressed
    )


# Citizenships.

ALBANIA = {"area": "AL", "period": 2020}
BRITAIN = {"area": "UK", "period": 2021}
EUROPE = {"area": "EU28", "period": 2016}


def test_nationals_of_a_country_outside_the_eu_are_next_to_the_groups() -> None:
    table = made(
        "citizenship", {"total": 40, "reporting_country": 30, "eu": 3, "non_eu": 7}, **ALBANIA
    )
    result = suppress(table, fewer_than=5)
    assert result.is_safe
    assert sorted(result.suppressed.tolist()) == [2, 3]
    total, *parts = round_controlled(table, 5).rounded.tolist()
    assert total == sum(parts)


@pytest.mark.parametrize(
    ("counts", "attributes", "bounds"),
    [
        # The British are among 37 others, or there are none.
        ({"total": 40, "reporting_country": SECRET, "eu": 3, "non_eu": 37}, BRITAIN, (0, 37)),
        # Three groups next to each other.
        ({"total": 40, "reporting_country": SECRET, "eu": 3, "non_eu": 7}, BRITAIN, (30, 30)),
        # On some days of 2020 the United Kingdom was a Member State.
        (
            {"total": 40, "reporting_country": SECRET, "eu": 37, "non_eu": 3},
            BRITAIN | {"period": 2020},
            (0, 40),
        ),
        # Romanians in the EU can be nationals in Romania.
        ({"total": 100, "reporting_country": 40, "RO": SECRET, "unknown": 0}, EUROPE, (0, 100)),
        # Romanians in France are not.
        ({"total": 100, "reporting_country": 40, "RO": SECRET, "unknown": 0}, {}, (60, 60)),
        ({"total": 100, "reporting_country": 40, "FR": SECRET, "RO": 60}, {}, (40, 40)),
        # Other citizens of the EU are not published.
        ({"total": 13, "eu": 10, "reporting_country": SECRET, "non_eu": 3}, {}, (0, 10)),
        ({"total": 13, "eu": 3, "stateless": SECRET, "non_eu": 10}, {}, (0, 10)),
        (
            {"total": 13, "eu": 10, "reporting_country": SECRET, "other_eu": 9, "non_eu": 3},
            {},
            (1, 1),
        ),
        ({"total": 60, "eu": 53, "non_eu": 7, "RO": 50, "BG": SECRET}, {}, (0, 3)),
        ({"total": 60, "eu": 53, "non_eu": 7, "NG": SECRET}, {}, (0, 7)),
        # Some sources count the British of 2016 outside the EU.
        ({"total": 60, "eu": 53, "non_eu": 7, "UK": SECRET}, {}, (0, 60)),
    ],
)
def test_citizenships_belong_to_groups_of_their_country_and_period(
    counts: dict[str, Any], attributes: dict[str, Any], bounds: tuple[int, int]
) -> None:
    audit = disclosure_audit(made("citizenship", counts, **attributes))
    assert (audit.lower.tolist(), audit.upper.tolist()) == ([bounds[0]], [bounds[1]])


def test_listed_countries_of_a_group_that_add_up_are_protected() -> None:
    # 53 - 50 is the count of Bulgaria, as no other citizens of the EU are counted.
    counts = {"total": 103, "eu": 53, "RO": 50, "BG": 3, "non_eu": 50}
    result = suppress(made("citizenship", counts), fewer_than=5)
    assert result.is_safe
    assert 3 in result.suppressed
    assert {1, 2} & set(result.suppressed.tolist())


# An attack that shares no code with the sums: each row counts some of the inner cells.

YEARS = {
    "2015": "2015",
    "2016": "2016",
    "2017": "2017",
    "2015-2016": "2015 2016",
    "2016-2017": "2016 2017",
    "2015-2017": "2015 2016 2017",
}
FRENCH = {
    "total": "FR RO BG other NG stateless unknown",
    "eu": "FR RO BG other",
    "non_eu": "NG stateless",
    "reporting_country": "FR",
    "other_eu": "RO BG other",
    "RO": "RO",
    "BG": "BG",
    "NG": "NG",
    "stateless": "stateless",
    "unknown": "unknown",
}
ALBANIAN = {
    "total": "AL RO BG NG unknown",
    "eu": "RO BG",
    "non_eu": "NG",
    "reporting_country": "AL",
    "RO": "RO",
    "NG": "NG",
    "unknown": "unknown",
}
WORLDS = [
    ("period", YEARS, {}),
    ("citizenship", FRENCH, {}),
    ("citizenship", ALBANIAN, ALBANIA),
    ("citizenship", ALBANIAN | {"non_eu": "NG AL"}, ALBANIA),
]


@pytest.mark.parametrize(("world", "seed"), [*product(range(len(WORLDS)), range(8))])
def test_integer_program_does_not_narrow_the_protection_interval(world: int, seed: int) -> None:
    column, codes, attributes = WORLDS[world]
    generator = np.random.default_rng(seed)
    inner = sorted({name for names in codes.values() for name in names.split()})
    sexes = ("female", "male")
    small = generator.random((len(inner), 2)) < 0.4
    numbers = np.where(
        small, generator.integers(0, 5, small.shape), generator.integers(5, 60, small.shape)
    )
    rows = [(code, sex) for code in codes for sex in (*sexes, "total")]
    matrix = np.array(
        [
            [
                name in codes[code].split() and sex in (own, "total")
                for name, own in product(inner, sexes)
            ]
            for code, sex in rows
        ],
        dtype=float,
    )
    counts = (matrix @ numbers.ravel()).astype(int).tolist()
    fixed = {"kind": "victims", "area": "FR", "period": 2016} | attributes
    fixed.pop(column, None)
    table = CountTable.from_rows(
        [(*row, n) for row, n in zip(rows, counts, strict=True)],
        columns=[column, "sex", "value"],
        **fixed,
    )
    result = suppress(table, fewer_than=5, time_limit=0.5, protect_contributors=False)
    published = LinearConstraint(matrix, result.table.lower.astype(float), result.table.upper)
    for row in set(result.primary.rows.tolist()) - set(result.unmet):
        for end in (0, 4):  # a world exists in which the count has this end
            fixed_count = LinearConstraint(matrix[row], end, end)
            found = milp(
                np.zeros(matrix.shape[1]),
                integrality=np.ones(matrix.shape[1]),
                bounds=Bounds(0, np.inf),
                constraints=[published, fixed_count],
            )
            assert found.x is not None, (rows[row], end)
