"""Printed percentages as results: numerator and base are what the counts around them allow."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import evolve

from thbstats.claims.cells import dimension_of
from thbstats.claims.claim import Claim
from thbstats.claims.figures import Figures
from thbstats.claims.tables import Cite
from thbstats.comparability import assess
from thbstats.errors import AmbiguousCell, ImpossibleResult, InvalidValue, NoSuchCell
from thbstats.geography import Area, parse_area
from thbstats.results import Base, Breakdown, Context, Measure, Series, Share, base_of, words
from thbstats.values import Interval, Period
from thbstats.vocabulary import Overlap

__all__ = ["printed_breakdown", "printed_share", "series_of"]

_ATTRIBUTES = ("status", "unit", "stage", "offence", "measure", "outcome", "body", "kind")

_PRINTED = {False: "as printed", True: "printed as at least that"}


def printed_share(figures: Figures, claim: Claim, cite: Cite) -> Share:
    """Return a printed percentage as a share.

    Parameters
    ----------
    figures : Figures
        The claims of the publication.
    claim : Claim
        A share with a number.
    cite : callable
        From claims to the places where they stand.

    Returns
    -------
    Share
        `reported` is what rounds to the printed text, or all from there where it is said to be
        at least that; numerator and denominator are printed
        counts, or what counts and percentages around them allow, one at a time.

    Raises
    ------
    InvalidValue
        If the claim prints no percentage.
    ImpossibleResult
        If no base that the publication allows makes the percentage true.
    """
    if claim.percent is None or not claim.area:
        raise InvalidValue(
            "this claim prints no percentage of an area",
            field="claim",
            value=claim.id,
            mend="Choose a share with a number",
        )
    base, numerator = figures.base(claim), figures.numerator(claim)
    if base is None or numerator is None:
        raise ImpossibleResult(
            "no base that the publication allows gives this percentage",
            field="printed",
            value=claim.printed,
            mend=f"Audit {claim.id} in {claim.place}",
        )
    within = {name: code for name, code in claim.of.items() if name not in ("area", *_ATTRIBUTES)}
    category = {name: code for name, code in claim.category.items() if claim.of.get(name) != code}
    category = category or {"area": claim.area}
    printed = None if claim.at_least else claim.percent
    most = 1 if printed is None else printed.upper
    share = Interval(claim.percent.lower, most).intersect(Interval(0, 1))
    unknown = _unknown(figures, claim, base)
    found = Share(
        indicator="printed",
        label=words(category),
        measure=Measure.SHARE,
        category=tuple(claim.category.items()),
        numerator=numerator,
        denominator=base,
        base=_base(claim, within),
        estimand=f"recorded as {words(category)}, {_PRINTED[claim.at_least]}",
        reported=share,
        bounds=share,
        possible=share if claim.base == "all" else _possible(figures, claim, numerator, unknown),
        unknown=unknown,
        gap=_gap(figures, claim),
        printed=printed,
        context=_context(claim, cite),
        sharp=False,
    )
    return assess(found)


def printed_breakdown(
    figures: Figures,
    cite: Cite,
    *,
    by: str,
    base: str,
    area: str | Area,
    period: str | Period | None,
) -> Breakdown:
    """Return the percentages that a publication prints for the categories of a dimension.

    Parameters
    ----------
    figures : Figures
        The claims of the publication.
    cite : callable
        From claims to the places where they stand.
    by : str
        The dimension.
    base : {"all", "recorded", "not_stated"}
        What the publication says, or is read to say, of their base.
    area : str or Area
        The area, such as ``"EU28 without UK"``.
    period : str or Period, optional
        The reference period, where there are several.

    Returns
    -------
    Breakdown
        Each category once, in the order printed, with its percentage as `printed`.

    Raises
    ------
    NoSuchCell
        If no such percentages are printed; the error says which are.
    AmbiguousCell
        If they are printed for several periods, subjects or statuses.
    """
    plain = _plain(figures)
    when = None if period is None else Period.parse(period)
    chosen = [
        claim
        for claim in plain
        if by in claim.category
        and claim.base == base
        and parse_area(claim.area) == parse_area(area)
        and when in (None, claim.period)
    ]
    if not chosen:
        there = {f"by={dimension_of(c)!r} base={c.base!r} area={c.area!r}" for c in plain}
        raise NoSuchCell(
            f"no percentages by {by} with base {base!r} are printed for {area}",
            mend=f"What is printed: {'; '.join(sorted(there)) or 'none of any'}",
        )
    _check_one_whole(chosen)
    first = {claim.category[by]: claim for claim in reversed(chosen)}
    shares = [printed_share(figures, claim, cite) for claim in chosen if claim in first.values()]
    caption = f"{shares[0].base.label} by {by}, as printed"
    return Breakdown(caption=caption, items=shares)


def _check_one_whole(claims: list[Claim]) -> None:
    wholes = {(str(c.subject), c.status, str(c.period)): c for c in claims}
    if len(wholes) > 1:
        there = "; ".join(" ".join(filter(None, whole)) for whole in sorted(wholes))
        raise AmbiguousCell(
            "percentages of several wholes are printed",
            value=there,
            mend="Name the period, or ask for the share of each claim",
        )


def _plain(figures: Figures) -> list[Claim]:
    """The percentages of one category of one dimension among everyone."""
    return [s for s in figures.shares if s.area and len(s.category) == 1 and not s.of]


def _base(claim: Claim, within: Mapping[str, str]) -> Base:
    dimension = (dimension_of(claim),) if dimension_of(claim) else ()
    rule = claim.base or "not_stated"
    base = base_of(series_of(claim), rule, dimension, within, Overlap.EXCLUSIVE)
    return evolve(base, label=f"{base.label}, base not stated") if rule == "not_stated" else base


def series_of(claim: Claim) -> Series:
    """Return the kind of count of which a claim speaks."""
    said = {"status": claim.status, **claim.of, **claim.category}
    said["unit"] = claim.unit or ("persons" if claim.subject == "victims" else "")
    return Series(
        str(claim.subject), [(name, said[name]) for name in _ATTRIBUTES if said.get(name)]
    )


def _context(claim: Claim, cite: Cite) -> Context:
    series = series_of(claim)
    listed = frozenset(claim.reporters) if isinstance(claim.reporters, tuple) else None
    return Context(
        area=parse_area(claim.area),
        period=claim.period,
        counted=series,
        against=series,
        reporters=listed,
        expected=parse_area(claim.area).members,
        n_reporters=claim.n_reporters,
        sources=cite([claim]),
    )


def _unknown(figures: Figures, claim: Claim, base: Interval) -> Interval | None:
    """The whole minus its recorded base, where the whole is known."""
    whole = figures.whole(claim)
    if claim.base != "recorded" or not whole.is_point:
        return None
    return (whole - base).intersect(Interval.at_least(0))


def _possible(
    figures: Figures, claim: Claim, numerator: Interval, unknown: Interval | None
) -> Interval:
    """The share among everyone once the unknown are counted in the category, or outside it."""
    whole = figures.whole(claim).value
    if not whole or unknown is None:
        return Interval(0, 1)
    most = min(whole, (numerator.upper or 0) + (unknown.upper or 0))
    return Interval(Fraction(numerator.lower or 0, whole), Fraction(most, whole))


def _gap(figures: Figures, claim: Claim) -> Interval | None:
    """What is missing from 100 % in the group of shares that should make it."""
    parts = [
        other.percent for other in figures.claims if claim.makes and other.makes == claim.makes
    ]
    whole = Interval.point(1)
    for part in parts:
        if part is None:
            return None
        whole = whole - part.interval
    return whole if parts else None
