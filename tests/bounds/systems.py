"""Systems for tests, and other ways to answer them."""

from itertools import product

import numpy as np
from scipy.optimize import LinearConstraint, milp

from thbstats.bounds import Linear, Statement, System
from thbstats.values import Percent

L = Linear.sum

#: Sexual, labour, other and unknown: small letters for the United Kingdom, capitals for the rest.
FORMS = "slouSLOU"


def forms(*, closed=False, **changed):
    """The percentages by form of COM(2018) 777 as a reader would write them down."""
    base, rest = L("sloSLO"), L("SLO")
    printed = {
        "sexual-share": (L("sS"), base, "56"),
        "labour-share": (L("lL"), base, "26"),
        "other-share": (L("oO"), base, "18"),
        "sexual-without": (L("S"), rest, "65"),
        "labour-without": (L("L"), rest, "15"),
        "other-without": (L("O"), rest, "20"),
        "labour-uk": (L("l"), L("lL"), "61"),
    }
    shares = [
        Statement.percentage(name, part, whole, Percent(changed.get(name, text)), closed=closed)
        for name, (part, whole, text) in printed.items()
    ]
    counts = [Statement.count("all", L(FORMS), 20532), Statement.count("sexual", L("sS"), 9759)]
    return System(FORMS, [*counts, *shares])


def by_milp(system, sum_):
    """Both ends by scipy.optimize.milp on the inequalities as they are."""
    places = {name: place for place, name in enumerate(system.cells)}
    rows = [each for statement in system.statements for each in statement.inequalities]
    matrix = np.zeros((len(rows), len(places)))
    for row, each in zip(matrix, rows, strict=True):
        for name, number in each.left.terms:
            row[places[name]] = number
    limits = [each.limit for each in rows]
    ends = []
    for sign in (1, -1):
        aim = np.zeros(len(places))
        for name, number in sum_.terms:
            aim[places[name]] = sign * number
        found = milp(
            aim,
            integrality=np.ones(len(places)),
            constraints=LinearConstraint(matrix, -np.inf, limits),
            options={"mip_rel_gap": 0},
        )
        ends.append(sign * round(found.fun))
    return tuple(ends)


def tables(system, most):
    """Every table with cells up to a number that fits, one by one."""
    for values in product(range(most + 1), repeat=len(system.cells)):
        table = dict(zip(system.cells, values, strict=True))
        if system.fits(table):
            yield table
