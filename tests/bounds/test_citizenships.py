"""Inferred counts of citizenships and their groups."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

import thbstats as thb
from thbstats.claims import Claim, Publication
from thbstats.tables import CountTable

EUROSTAT = {"total": 40, "reporting_country": 12, "other_eu": 3, "non_eu": 25}
GROUPS = {"total": 40, "eu": 10, "non_eu": 30}
ALBANIA = {"total": 40, "eu": 3, "non_eu": 37, "reporting_country": 30}
EUROPE = {"total": 40, "reporting_country": 12, "other_eu": 3, "non_eu": 25}


def made(counts, area="FR", period=2019):
    return CountTable.from_rows(
        list(counts.items()),
        columns=["citizenship", "value"],
        kind="victims",
        area=area,
        period=period,
    )


@pytest.mark.parametrize(
    ("table", "code", "bounds"),
    [
        (made(EUROSTAT), "FR", (12, 12)),
        (made(EUROSTAT), "RO", (0, 3)),
        (made(EUROSTAT), "NG", (0, 25)),
        (made(EUROSTAT | {"RO": 2}), "BG", (0, 1)),
        # The United Kingdom was a Member State until 31 January 2020.
        (made(GROUPS), "UK", (0, 10)),
        (made(GROUPS, period=2020), "UK", (0, 40)),
        (made(GROUPS, period=2021), "UK", (0, 30)),
        (made(GROUPS | {"UK": 25}, period=2021), "RO", (0, 10)),
        (made(GROUPS, period="not stated"), "UK", (0, 40)),
        (made(GROUPS, period="not stated"), "DE", (0, 10)),
        (made(ALBANIA, area="AL"), "RO", (0, 3)),
        (made(ALBANIA, area="AL"), "AL", (30, 30)),
        # Romanians in the EU are nationals in Romania, and other citizens of the EU elsewhere.
        (made(EUROPE, area="EU28", period=2016), "RO", (0, 15)),
    ],
)
def test_country_is_in_the_groups_of_its_area_and_period(table, code, bounds):
    result = thb.infer(table, citizenship=code).bounds
    assert (result.lower, result.upper) == bounds


def test_correct_publications_of_citizenships_are_not_contradicted():
    for counts, period in ((EUROSTAT | {"RO": 2}, "2020"), (GROUPS | {"UK": 25}, "2021")):
        claims = [
            Claim(
                id=code.lower(),
                section="1",
                paragraph="1",
                wording=f"{n} victims.",
                kind="count",
                subject="victims",
                category={} if code == "total" else {"citizenship": code},
                area="FR",
                period=period,
                status="registered",
                printed=str(n),
            )
            for code, n in counts.items()
        ]
        publication = Publication(id="e", title="E", claims=claims)
        assert "0 contradicted" in repr(thb.audit(publication))


INNER = ("RO", "DE", "other EU", "NG", "other", "unknown")
CODES = {
    "total": INNER,
    "eu": INNER[:3],
    "non_eu": INNER[3:5],
    "RO": INNER[:1],
    "NG": INNER[3:4],
    "unknown": INNER[5:],
}


@pytest.mark.parametrize("seed", range(6))
def test_bounds_are_those_of_an_integer_program(seed):
    generator = np.random.default_rng(seed)
    numbers = generator.integers(0, 30, len(INNER))
    matrix = np.array([[name in codes for name in INNER] for codes in CODES.values()], dtype=float)
    counts = dict(zip(CODES, (matrix @ numbers).astype(int).tolist(), strict=True))
    for rows in combinations(CODES, 4):
        if {"total", "eu", "non_eu"} <= set(rows):
            known = [list(CODES).index(code) for code in rows]
            table, ends = made({code: counts[code] for code in rows}), []
            for sign in (1, -1):
                answer = milp(
                    sign * np.array([name == "DE" for name in INNER], dtype=float),
                    integrality=np.ones(len(INNER)),
                    bounds=Bounds(0, np.inf),
                    constraints=LinearConstraint(
                        matrix[known], *[[counts[code] for code in rows]] * 2
                    ),
                )
                ends.append(round(sign * answer.fun))
            result = thb.infer(table, citizenship="DE").exact_bounds
            assert [result.lower, result.upper] == ends
