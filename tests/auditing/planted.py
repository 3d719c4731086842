"""Publications of a true table with one figure changed, and an integer program that finds it."""

from itertools import product

import numpy as np
from attrs import evolve, frozen
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from thbstats.claims import Claim, Publication
from thbstats.testing.strategies import SyntheticPublication, publications
from thbstats.values import Percent

__all__ = ["Planted", "is_feasible", "names_every_base", "planted"]

PERIODS = ("2015", "2016")
AREAS = ("UK", "EU28 without UK")
FORMS = ("sexual", "labour", "other", "unknown")
SEXES = ("female", "male", "other", "unknown")
CELLS = list(product(PERIODS, AREAS, FORMS, SEXES))


@frozen
class Planted:
    """A publication with one wrong figure.

    Parameters
    ----------
    printed : SyntheticPublication
        The publication without the error.
    report : Publication
        The publication with the error.
    wrong : str
        The id of the claim with the error.
    """

    printed: SyntheticPublication
    report: Publication
    wrong: str


@st.composite
def planted(draw: st.DrawFn, most: int = 3000, max_size: int = 3) -> Planted:
    """Draw a publication and change one of its figures beyond rounding."""
    printed = draw(publications(max_count=most, max_size=max_size, by_year=True))
    numbers = [
        claim
        for claim in printed.publication.claims
        if claim.count is not None or (claim.percent is not None and claim.base != "not_stated")
    ]
    claim = draw(st.sampled_from(numbers))
    wrong = evolve(claim, printed=draw(_wrong(claim)))
    claims = [wrong if item.id == claim.id else item for item in printed.publication.claims]
    return Planted(printed, evolve(printed.publication, claims=claims), claim.id)


def _wrong(claim: Claim) -> "st.SearchStrategy[str]":
    """Draw another number for a claim: off by a little or by a factor."""
    if claim.count is not None:
        near = st.integers(max(0, claim.count - 5), claim.count + 5)
        far = st.integers(0, 2 * claim.count + 20)
        return (near | far).filter(lambda number: number != claim.count).map(str)
    number = Percent(claim.printed)
    scale = 10**number.decimals
    digits = round(number.value * 100 * scale)
    steps = st.integers(-3 * scale, 3 * scale) | st.integers(-digits, 100 * scale - digits)
    result = steps.filter(lambda step: step != 0 and 0 <= digits + step <= 100 * scale)
    return result.map(lambda step: f"{(digits + step) / scale:.{number.decimals}f}%")


def _vector(period, area, codes, recorded=()):
    """The cells of a count, 1 for each that is counted."""
    named = dict(codes)
    return np.array(
        [
            period in (when, "2015-2016")
            and area in (position, "EU28")
            and named.get("exploitation", form) == form
            and named.get("sex", sex) == sex
            and not ("exploitation" in recorded and form == "unknown")
            and not ("sex" in recorded and sex == "unknown")
            for when, position, form, sex in CELLS
        ],
        dtype=int,
    )


def _sides(claim: Claim):
    """The numerator and the base of a share."""
    recorded = (claim.base_dimension or " ".join(claim.category),) if claim.base == "known" else ()
    period = str(claim.period)
    of = {name: code for name, code in claim.of.items() if name != "area"}
    whole = _vector(period, claim.of.get("area", claim.area), of, recorded)
    return _vector(period, claim.area, claim.category), whole


def _rows(claims):
    """The inequalities that claims are: coefficients, lower and upper end."""
    for claim in claims:
        if claim.count is not None:
            yield _vector(str(claim.period), claim.area, claim.category), claim.count, claim.count
        elif claim.percent is not None and claim.base != "not_stated":
            part, whole = _sides(claim)
            low, high = Percent(claim.printed).lower, Percent(claim.printed).upper
            yield part * low.denominator - whole * low.numerator, 0, np.inf
            yield part * high.denominator - whole * high.numerator, -np.inf, -1
            yield whole, 1, np.inf
        elif claim.ranks:
            # A remainder such as "other" is no single form that could have been listed.
            for code, other in product(claim.ranks, {"sexual", "labour"} - set(claim.ranks)):
                first = _vector(str(claim.period), claim.area, {"exploitation": code})
                second = _vector(str(claim.period), claim.area, {"exploitation": other})
                yield first - second, 0, np.inf


def is_feasible(report: Publication) -> bool:
    """Return whether some table of whole numbers has all figures of a publication."""
    rows = [
        (np.array([int(n) for n in left]), low, high) for left, low, high in _rows(report.claims)
    ]
    if not rows:
        return True
    left, low, high = map(np.array, zip(*rows, strict=True))
    result = milp(
        np.zeros(len(CELLS)),
        constraints=LinearConstraint(left, low, high),
        integrality=np.ones(len(CELLS)),
        bounds=Bounds(0, 10**6),
    )
    return result.x is not None


def names_every_base(report: Publication) -> bool:
    """Return whether the base of every percentage is named."""
    return all(claim.base != "not_stated" for claim in report.claims)
