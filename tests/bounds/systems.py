"""Systems of constraints, and independent solutions."""

from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from decimal import Context as Arithmetic
from fractions import Fraction
from itertools import product

import numpy as np
from scipy.optimize import LinearConstraint, milp

from thbstats.bounds import Constraint, Inequality, Linear, System
from thbstats.values import Percent

L = Linear.sum

#: The ways of rounding that say what they do.
KNOWN = ("half_up", "half_away", "half_even", "down", "up")
_WAYS = {
    "half_away": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}


def rounded(number, way):
    """A fraction rounded to a whole number, by the decimal module and not by us."""
    exact = Arithmetic(prec=60)
    if way == "half_up":
        twice = exact.divide(2 * number.numerator + number.denominator, 2 * number.denominator)
        return int(twice.to_integral_value(ROUND_FLOOR, exact))
    value = exact.divide(Decimal(number.numerator), Decimal(number.denominator))
    return int(value.to_integral_value(_WAYS[way], exact))


#: Sexual, labour, other and unknown: small letters for the United Kingdom, capitals for the rest.
FORMS = "slouSLOU"


def forms(*, closed=False, **changed):
    """The percentages by form of COM(2018) 777 as a reader would write them down."""
    base, remainder = L("sloSLO"), L("SLO")
    printed = {
        "sexual-share": (L("sS"), base, "56"),
        "labour-share": (L("lL"), base, "26"),
        "other-share": (L("oO"), base, "18"),
        "sexual-without": (L("S"), remainder, "65"),
        "labour-without": (L("L"), remainder, "15"),
        "other-without": (L("O"), remainder, "20"),
        "labour-uk": (L("l"), L("lL"), "61"),
    }
    shares = [
        Constraint.percentage(
            name, part, whole, Percent(changed.get(name, text)), allow_tie_either_way=closed
        )
        for name, (part, whole, text) in printed.items()
    ]
    counts = [Constraint.count("all", L(FORMS), 20532), Constraint.count("sexual", L("sS"), 9759)]
    return System(FORMS, [*counts, *shares])


def by_milp(system, sum_):
    """Both bounds by scipy.optimize.milp on the inequalities as they are."""
    columns = {name: position for position, name in enumerate(system.cells)}
    rows = [row_ for constraint in system.constraints for row_ in constraint.inequalities]
    matrix = np.zeros((len(rows), len(columns)))
    for row, row_ in zip(matrix, rows, strict=True):
        for name, number in row_.left.terms:
            row[columns[name]] = number
    limits = [row_.limit for row_ in rows]
    bounds = []
    for sign in (1, -1):
        aim = np.zeros(len(columns))
        for name, number in sum_.terms:
            aim[columns[name]] = sign * number
        answer = milp(
            aim,
            integrality=np.ones(len(columns)),
            constraints=LinearConstraint(matrix, -np.inf, limits),
            options={"mip_rel_gap": 0},
        )
        bounds.append(sign * round(answer.fun))
    return tuple(bounds)


def check_bounds(system, query, expected=None, **options):
    """Return both bounds, which are attained by a table and proved by a sum of rows."""
    result = system.bounds(query, **options)
    rows = {row.lowest for constraint in system.constraints for row in constraint.inequalities}
    assert expected in (None, (result.lower, result.upper))
    for bound, table, proof, sign in (
        (result.lower, result.lower_table, result.lower_proof, -1),
        (result.upper, result.upper_table, result.upper_proof, 1),
    ):
        assert system.fits(table)
        assert query.value(table) == bound
        left, right = added_up(proof)
        assert all(
            left.get(cell, 0) >= sign * dict(query.terms).get(cell, 0) for cell in system.cells
        )
        assert (right, proof.total, proof.limit * sign) == (right, right, right)
        assert (proof.objective, proof.is_valid) == (query * sign, True)
        gap = sign * (proof.limit - bound)
        assert gap >= 0
        assert gap < 1 or proof.parts > 0
        assert {term.inequality for term in proof.terms} <= rows
        assert set(proof.constraints) <= {constraint.name for constraint in system.constraints}
    return result.lower, result.upper


def added_up(proof):
    """Return the weighted sum of a proof, cell by cell, and its limit."""
    left, right = {}, Fraction(0)
    for term in proof.terms:
        assert term.times > 0
        right += term.times * term.inequality.limit
        for cell, n in term.inequality.left.terms:
            left[cell] = left.get(cell, 0) + term.times * n
    return left, right


def tables(system, most):
    """Every table with cells up to a number that fits, one by one."""
    for values in product(range(most + 1), repeat=len(system.cells)):
        table = dict(zip(system.cells, values, strict=True))
        if system.fits(table):
            yield table


def sexes():
    """The same with females, males and others: cells such as ``sf`` and ``Sx``."""
    cells = [form + sex for form in FORMS for sex in "fmx"]

    def of(forms_, sexes_="fmx"):
        return L(form + sex for form in forms_ for sex in sexes_)

    wide = [
        Constraint(
            constraint.name,
            [
                Inequality(
                    Linear({cell: n for form, n in row_.left.terms for cell in of(form).cells}),
                    row_.limit,
                )
                for row_ in constraint.inequalities
            ],
        )
        for constraint in forms().constraints
    ]
    printed = [
        ("female", of(FORMS, "f"), of(FORMS), "68"),
        ("female-without", of("SLOU", "f"), of("SLOU"), "77"),
        ("female-of-sexual", of("sS", "f"), of("sS"), "95"),
        ("male-of-labour", of("lL", "m"), of("lL"), "80"),
    ]
    shares = [
        Constraint.percentage(n, part, whole, Percent(text)) for n, part, whole, text in printed
    ]
    return System(cells, [*wide, *shares])
