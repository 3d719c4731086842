"""Citizenships, whose groups contain countries, against an enumeration of all persons.

A world is one country and year with at most four victims. Each victim belongs to a kind; the table
has some categories of `KINDS`, reported, below 3 or without a count. An enumeration of all victims
that agree with the table gives the exact bounds of each number.

Worlds contain the groups of the EU, nationals, stateless persons, and persons of other countries
and of none that is listed. They leave out other dimensions, several countries and contradictions.
"""

import random
from collections.abc import Iterator
from fractions import Fraction

import pytest

import thbstats as thb
from thbstats import Count

_EU = {"FR", "RO", "other country of the EU", "other nationals", "no listed group of the EU"}
_NON_EU = {"NG", "VN", "stateless", "other country outside of the EU"}
KINDS = {
    "total": [*sorted(_EU | _NON_EU), "unknown", "not listed"],
    "eu": [*sorted(_EU)],
    "reporting_country": ["FR", "other nationals"],
    "other_eu": ["RO", "other country of the EU"],
    "non_eu": [*sorted(_NON_EU)],
    **{own: [own] for own in ("stateless", "unknown", "FR", "RO", "NG", "VN")},
}
"""The kinds of persons in each category."""

Victims = dict[str, int]


def every(n: int, kinds: list[str]) -> Iterator[Victims]:
    """Yield all numbers of victims by kind with a sum of n."""
    if len(kinds) == 1:
        yield {kinds[0]: n}
        return
    for own in range(n + 1):
        for others in every(n - own, kinds[1:]):
            yield {kinds[0]: own, **others}


def count(victims: Victims, category: str) -> int:
    return sum(victims[kind] for kind in KINDS[category])


def world(draw: random.Random) -> tuple[list[tuple[str, object]], list[Victims]]:
    """Return the rows of a table, and all victims that agree with them."""
    n, kinds = draw.randint(1, 4), KINDS["total"]
    truth = dict.fromkeys(kinds, 0)
    for _ in range(n):
        truth[draw.choice(kinds)] += 1
    rows: list[tuple[str, object]] = [("total", n)]
    limits = {}
    for category in [own for own in KINDS if own != "total" and draw.random() < 0.5]:
        own, chance = count(truth, category), draw.random()
        if chance < 0.65:
            rows.append((category, own))
            limits[category] = (own, own)
        elif chance < 0.85 and own < 3:
            rows.append((category, Count.fewer_than(3)))
            limits[category] = (0, 2)
        else:
            rows.append((category, Count.not_reported()))
    draw.shuffle(rows)
    agree = [
        victims
        for victims in every(n, kinds)
        if all(low <= count(victims, own) <= high for own, (low, high) in limits.items())
    ]
    return rows, agree


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(60))
def test_bounds_by_citizenship_contain_all_victims_that_agree(seed: int) -> None:
    rows, agree = world(random.Random(seed))
    if len(rows) == 1:
        return
    table = thb.CountTable.from_rows(
        rows, columns=["citizenship", "value"], kind="victims", area="FR", period=2018
    )
    for category in [own for own in KINDS if own not in ("total", "unknown")]:
        counts = [count(victims, category) for victims in agree]
        for base in ("all", "known"):
            unknown = [victims["unknown"] if base == "known" else 0 for victims in agree]
            shares = [
                Fraction(own, rows_total - out)
                for own, out in zip(counts, unknown, strict=True)
                if (rows_total := sum(agree[0].values())) > out
            ]
            result = thb.share(table, citizenship=category, base=base, by="period").row(0)
            assert "CONTRADICTED" not in result.warnings.codes
            if not shares or result.bounds is None:
                continue
            assert result.bounds.lower <= min(shares)
            assert max(shares) <= result.bounds.upper
            if result.bounds_attained:
                assert (result.bounds.lower, result.bounds.upper) == (min(shares), max(shares))
