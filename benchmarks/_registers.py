"""Synthetic registers with the shape of real ones, as tables with all margins."""

from itertools import product

import numpy as np
import pandas as pd

import thbstats as thb
from thbstats.records import schema_of

__all__ = ["SIZES", "register"]

SEXES = (("female", "male", "unknown"), (0.60, 0.37, 0.03))
AGES = (("child", "adult", "unknown"), (0.2, 0.75, 0.05))
FORMS = (("sexual", "labour", "criminality", "begging", "other"), (0.45, 0.35, 0.1, 0.03, 0.07))
TWO_FORMS = (FORMS[0][:2], FORMS[1][:2])
COUNTRIES = (
    *("RO", "BG", "NG", "HU", "PL", "VN", "CN", "AL", "UA", "BR", "IN", "PK", "MA", "SN", "GH"),
    *("CI", "CM", "ET", "ER", "SD", "SO", "KE", "UG", "TZ", "PH", "TH", "BD", "LK", "NP", "MD"),
    *("RS", "TR"),
)
FORM = thb.Classification(name="form", categories=[{"code": code} for code in FORMS[0]])
YEAR = thb.Classification(
    name="year", categories=[{"code": f"y{year}"} for year in range(2015, 2023)]
)


def citizenships(number):
    """Return citizenships with the long tail of a real register."""
    weights = 1 / np.arange(1, number + 1) ** 1.1
    return COUNTRIES[:number], tuple(weights / weights.sum())


SIZES = {
    # cells: dimensions, cases a year, years, total of the years
    48: ((SEXES, AGES, citizenships(2)), 200, 1, False),
    208: ((SEXES, AGES, citizenships(12)), 3_000, 1, False),
    192: ((SEXES, AGES, citizenships(3), TWO_FORMS), 600, 1, False),
    768: ((SEXES, AGES, citizenships(7), FORMS), 2_000, 1, False),
    1_056: ((SEXES, AGES, citizenships(10), FORMS), 3_000, 1, False),
    3_072: ((SEXES, AGES, citizenships(7), FORMS), 2_000, 3, True),
    3_168: ((SEXES, AGES, citizenships(32), FORMS), 8_000, 1, False),
    9_984: ((SEXES, AGES, citizenships(12), FORMS), 3_000, 8, False),
    10_080: ((SEXES, AGES, citizenships(20), FORMS), 6_000, 4, True),
}


def cases(size, seed=0):
    """Return the codes of each case; forms depend on citizenship, as in real registers."""
    dimensions, number, years, _ = SIZES[size]
    generator = np.random.default_rng(seed)
    for year in range(years):
        drawn = [
            generator.choice(len(codes), number, p=np.array(shares) / sum(shares))
            for codes, shares in dimensions
        ]
        last = len(dimensions[-1][0])
        linked = (drawn[2] * 7 + drawn[0]) % last
        drawn[-1] = np.where(generator.random(number) < 0.5, linked, drawn[-1])
        columns = [
            np.array(codes)[index] for (codes, _), index in zip(dimensions, drawn, strict=True)
        ]
        yield year, columns


def register(size, seed=0):
    """Return a table of all cells with margins."""
    dimensions, _, years, with_total = SIZES[size]
    names = ["sex", "age", "citizenship", "form"][: len(dimensions)]
    levels = [[*codes, "total"] for codes, _ in dimensions]
    shape = tuple(len(codes) for codes in levels)
    counts = np.zeros((years + with_total, *shape), dtype=np.int64)
    for year, columns in cases(size, seed):
        index = [
            np.array([codes.index(code) for code in column])
            for codes, column in zip(levels, columns, strict=True)
        ]
        np.add.at(counts[year], tuple(index), 1)
    for axis in range(1, counts.ndim):
        place = [slice(None)] * counts.ndim
        place[axis] = -1
        counts[tuple(place)] = counts.sum(axis=axis)
    if with_total:
        counts[-1] = counts[:-1].sum(axis=0)
    labels = [*(f"y{2015 + year}" for year in range(years)), *(["total"] if with_total else [])]
    frame = pd.DataFrame(list(product(labels, *levels)), columns=["year", *names])
    frame["value"] = counts.ravel()
    own = [FORM] if "form" in names else []
    context = {"area": "NL"}
    if with_total:
        own, context = [*own, YEAR], {"area": "NL", "period": 2020}
    else:
        frame["period"] = frame.pop("year").str[1:]
    kind = schema_of("victims", *own) if own else "victims"
    return thb.CountTable.from_frame(
        frame, kind=kind, status="identified", unit="persons", **context
    )
